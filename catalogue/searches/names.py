"""Names of capabilities that staff add. Every process reads them from a file, which the worker writes:
search reads them for queries, and must not wait for the database there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.models import AddedTerm
from marketplace import events, outbox
from marketplace.errors import Invalid
from marketplace.permissions import Actor, require
from search import thesaurus
from search.analysis import fold, terms

ROLES = ("reviewer",)


def add(term: str, capability: str, *, by: Actor) -> AddedTerm:
    """Another name of a capability, for everyone's queries from about half a minute on.

    Raises:
        NotAllowed; Invalid under ``term`` or ``capability``.
    """
    require(by.is_depa(*ROLES))
    written = " ".join(term.split())[:80]
    if not terms(written):
        raise Invalid({"term": _("Write at least one word that says something.")})
    if capability not in thesaurus.capabilities():
        raise Invalid({"capability": _("Choose a capability from the list.")})
    try:
        with transaction.atomic():
            row = AddedTerm.objects.create(
                term=written, folded=fold(written)[:160], capability=capability, created_by=by.user
            )
            events.record(row, "add", by=by, to_state="used", data=_said(row))
            outbox.put("catalogue.write_terms", {})
    except IntegrityError:
        raise Invalid({"term": _("This capability has that name already.")}) from None
    return row


def remove(row: AddedTerm, *, by: Actor) -> None:
    """Queries no longer understand it. What it was stays in the log of events."""
    require(by.is_depa(*ROLES))
    with transaction.atomic():
        events.record(row, "remove", by=by, from_state="used", to_state="removed", data=_said(row))
        row.delete()
        outbox.put("catalogue.write_terms", {})


def _said(row: AddedTerm) -> dict[str, str]:
    return {"term": row.term, "capability": row.capability}


def path() -> Path:
    """The file with all added terms."""
    return Path(settings.VAR_DIR) / "added_terms.json"


def write_terms(_payload: dict[str, Any]) -> None:
    """Outbox handler: the file says what the database says now."""
    rows = list(AddedTerm.objects.order_by("pk").values_list("term", "capability"))
    draft = path().with_suffix(".new")
    draft.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    os.replace(draft, path())


def added_terms() -> list[tuple[str, str]]:
    """(term, capability) pairs for the vocabulary of queries; none before the first was added."""
    try:
        rows = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [(term, capability) for term, capability in rows]
