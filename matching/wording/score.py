"""The words of a score and of a status."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

BANDS = {"strong": _("Fits well"), "medium": _("Fits partly"), "weak": _("Fits little")}
STATUSES = {"met": _("Met"), "partly": _("Partly met"), "unmet": _("Not met"), "unknown": _("Unknown")}


def band(code: str) -> str:
    """The word of a band of scores; the code of a band that later weights may bring."""
    return str(BANDS.get(code, code))


def kept_words(code: str, questions: int) -> str:
    """``Fits well · 2 questions to ask``: how a match is spoken of where there is no drawing."""
    words = band(code)
    if not questions:
        return words
    asked = ngettext("%(count)s question to ask", "%(count)s questions to ask", questions)
    return f"{words} · {asked % {'count': questions}}"
