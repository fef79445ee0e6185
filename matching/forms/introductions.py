"""What the sides of an introduction say: a message, a consent, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """The official asks, and by that consents."""

    message = forms.CharField(
        label=_("Message to the broker and the vendor"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you would like to see or ask first. Do not write telephone numbers here."),
    )
    consent = forms.BooleanField(
        label=_("I agree that my contact is shown to this vendor once it has accepted."),
        error_messages={"required": _("Tick the consent: without it the other side cannot reach you.")},
    )


class AcceptForm(forms.Form):
    """A side says yes and consents to be reached."""

    note = forms.CharField(
        label=_("Message to the other side"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(
        label=_("I agree that my contact is shown to the other side of this introduction."),
        error_messages={"required": _("Tick the consent: without it the other side cannot reach you.")},
    )


class NoteForm(forms.Form):
    """A move with its reason, or with an optional note."""

    note = forms.CharField(label=_("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, required: bool = True, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if label:
            self.fields["note"].label = label


class SuggestForm(forms.Form):
    """A broker or a vendor suggests a service to a city."""

    message = forms.CharField(
        label=_("Why this fits"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The city reads this before it decides."),
    )

    def __init__(self, *args: Any, why_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].required = why_needed
