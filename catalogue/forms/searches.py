"""Another name for a capability."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.wording import Wording
from marketplace.thai.text import localized
from search import thesaurus


class NameForm(forms.Form):
    """A term and the capability that it is to mean, by dimension."""

    term = forms.CharField(label=_("Word or words that people use"), max_length=80)
    capability = forms.ChoiceField(label=_("Capability that it means"))

    def __init__(self, *args: Any, wording: Wording, **options: Any) -> None:
        super().__init__(*args, **options)
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in thesaurus.capabilities().values():
            groups.setdefault(one.dimensions[0], []).append((one.code, str(localized(one, "name"))))
        choices = [
            (wording.name("dimension", dimension), sorted(rows, key=lambda row: row[1]))
            for dimension, rows in groups.items()
        ]
        field = self.fields["capability"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *choices]
