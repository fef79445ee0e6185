"""Forms of people and organisations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupDetails(forms.Form):
    """What signing up asks besides e-mail and password."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("How others will address you, such as คุณสมหญิง")
    )

    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request, user) -> None:  # type: ignore[no-untyped-def]
        """Called by allauth with the new user."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
