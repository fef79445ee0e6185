"""Filters of ``components/field.html``: a control in our design, and how its field is laid out."""

from __future__ import annotations

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField, kind: str = "") -> SafeString:
    """The control of a form field with the classes of our design. ``kind``: money · counted."""
    widget = field.field.widget
    if isinstance(widget, forms.Select):
        classes = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        classes = "form-check-input"
    else:
        classes = "form-control"
    names = [classes, widget.attrs.get("class", ""), "money" if kind == "money" else ""]
    attrs: dict[str, str | bool] = {
        "class": " ".join(filter(None, [*names, "is-invalid" if field.errors else ""]))
    }
    if widget.attrs.get("placeholder") == field.label:
        # A placeholder that repeats the label vanishes when it is needed.
        attrs["placeholder"] = False
    return field.as_widget(attrs=attrs)


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: choices (radio, many ticks) · check (one tick) · control."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "control"
