"""What a verb refuses, beside the fields of a form."""

from __future__ import annotations

from django import forms

from marketplace.errors import Invalid


def refuse(form: forms.Form, problem: Invalid) -> None:
    """Put each message beside its field, or above the form where there is no such field."""
    errors = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for field, messages in errors.items():
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
