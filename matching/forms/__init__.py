"""Forms of needs and introductions."""

from matching.forms.criteria import CriterionForm, criterion_rows, initial_of
from matching.forms.introductions import AcceptForm, AskForm, NoteForm, SuggestForm
from matching.forms.needs import DraftForm, NeedForm

__all__ = [
    "AcceptForm",
    "AskForm",
    "CriterionForm",
    "DraftForm",
    "NeedForm",
    "NoteForm",
    "SuggestForm",
    "criterion_rows",
    "initial_of",
]
