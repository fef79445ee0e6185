"""Forms of facts that rest on evidence: certificates, and the entry in the digital services account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Category
from marketplace.fields import ThaiDateField
from marketplace.thai.text import localized


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Certificate"))
    number = forms.CharField(label=_("Number"), max_length=80, required=False)
    valid_from = ThaiDateField(label=_("Valid from"), required=False)
    valid_to = ThaiDateField(label=_("Valid until"), required=False)
    evidence = forms.FileField(
        label=_("Document"),
        required=False,
        help_text=_("PDF, PNG or JPEG. Only depa and your own people can open it; depa checks it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = Category.objects.filter(axis=Category.Axis.CERTIFICATE).order_by("order")
        field: Any = self.fields["kind"]
        field.choices = [("", _("Choose")), *((c.code, localized(c, "name")) for c in listed)]


class VerifyForm(forms.Form):
    """On what a certificate counts as checked: the vendor's document, or a public register's entry."""

    register_link = forms.URLField(
        label=_("Address of the register's entry"), max_length=300, required=False, assume_scheme="https"
    )
    note = forms.CharField(label=_("What was compared, and with what"), max_length=1000, required=False)


class AccountForm(forms.Form):
    listed = forms.TypedChoiceField(
        label=_("What the register says today"),
        choices=[("yes", _("The service is in the account")), ("no", _("The service is not in the account"))],
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect,
    )
    register_number = forms.CharField(label=_("Register number"), max_length=60, required=False)
    item_group = forms.CharField(label=_("Item group"), max_length=200, required=False)
    valid_from = ThaiDateField(label=_("Valid from"), required=False)
    valid_to = ThaiDateField(label=_("Valid until"), required=False)
    evidence = forms.FileField(
        label=_("Document"), required=False, help_text=_("PDF, PNG or JPEG, such as the announcement.")
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What was compared, and with what"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
