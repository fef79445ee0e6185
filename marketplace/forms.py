"""Forms of people and organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from geothai import districts

from marketplace.fields import FilesField, TaxIdField, ThaiDateField
from marketplace.models import CityKind, Organisation, Province, User
from marketplace.thai.text import localized


class SignupDetails(forms.Form):
    """What signing up asks besides e-mail and password."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("How others will address you, such as คุณสมหญิง")
    )

    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: Any, user: User) -> None:
        """Called by allauth with the new user."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class AccountForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "phone", "language")
        help_texts = {"phone": _("Shown to the other side of an introduction only with your consent.")}


class ProfileForm(forms.ModelForm[Organisation]):
    """The public profile of an organisation."""

    province = forms.ModelChoiceField(Province.objects.all(), label=_("Province"), required=False)
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = (
            "name_th",
            "name_en",
            "province",
            "about_th",
            "about_en",
            "sales_phone",
            "sales_email",
            "sales_line",
            "website",
        )
        widgets = {
            "about_th": forms.Textarea(attrs={"rows": 4}),
            "about_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "sales_phone": _("The company's contact is public. Do not write a person's own number here."),
        }


class VendorForm(ProfileForm):
    """A vendor's account."""

    tax_id = TaxIdField(label=_("Tax ID"), help_text=_("13 digits, as on the company's certificate"))

    field_order = ("tax_id",)


class PapersForm(forms.Form):
    """Private papers that show who a vendor is."""

    papers = FilesField(
        label=_("Papers to send"),
        help_text=_("PDF, PNG or JPEG, each at most 10 MB. Several can be chosen at once."),
    )


class InvitationForm(forms.Form):
    """Whom to bring into an organisation, and in which role."""

    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=roles)


class ReasonForm(forms.Form):
    """A reason that the other side reads."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads this."),
    )


class LetterForm(forms.Form):
    """The official letter by which a local government says that somebody acts for it."""

    position = forms.CharField(label=_("Your position"), max_length=120, required=False)
    letter_number = forms.CharField(
        label=_("Number of the letter"), max_length=80, help_text=_("Such as สข 52001/123")
    )
    letter_date = ThaiDateField(label=_("Date of the letter"))
    letter_scan = forms.FileField(
        label=_("Scan of the letter"), help_text=_("PDF, PNG or JPEG, at most 10 MB")
    )


class BodyForm(LetterForm):
    """A local government that is not in the list yet, with its letter."""

    body_name_th = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        help_text=_("In full, such as องค์การบริหารส่วนตำบล…"),
    )
    body_name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    body_kind = forms.ChoiceField(label=_("Kind of organisation"))
    body_district = forms.ChoiceField(label=_("District"))
    body_dla_code = forms.RegexField(
        r"^[0-9]{8}$",
        label=_("DLA code"),
        required=False,
        help_text=_("Eight digits, if you know it"),
        error_messages={"invalid": _("The DLA code has eight digits.")},
    )

    field_order = ("body_name_th", "body_name_en", "body_kind", "body_district", "body_dla_code", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(value, label) for value, label in CityKind.choices if value != CityKind.UNKNOWN]
        self.fields["body_kind"] = forms.ChoiceField(
            label=_("Kind of organisation"), choices=[("", "—"), *kinds]
        )
        self.fields["body_district"] = forms.ChoiceField(label=_("District"), choices=district_choices())


def district_choices() -> list[tuple[str, Any]]:
    """Districts in groups by province, from the packaged list of the provincial administration."""
    groups = [
        (localized_name(province), [(str(d.code), localized_name(d)) for d in districts(province.code)])
        for province in Province.objects.all()
    ]
    return [("", "—"), *groups]


def localized_name(row: Any) -> str:
    """The row's name in the reader's language."""
    return str(localized(row, "name"))
