"""Description → tantivy schema, and document → tantivy document."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import tantivy

from search.analysis import tokens, wholes
from search.documents import Document, Field, IndexDescription, Kind, values_of
from search.ties import LOT_BITS, LOTS, lots

ID, SOURCE, WHOLE = "id", "source", "whole__terms"
#: Changes when an index made before no longer fits this code.
FORMAT = 3
# A sort field holds a value and, below it, as much of the lot as fits beside it.
_TIE_BITS = 20
_SORT_LIMIT = 8_000_000_000_000
#: Compounds of several words are kept of what weighs at least this much; of the rest, single words.
_HEAVY = 2.0


def fingerprint(description: IndexDescription) -> str:
    """Changes when an index built before has to be rebuilt for its shape."""
    return f"{FORMAT}-{description.fingerprint}"


def lot_field(week: int) -> str:
    """The field of the week's lots: log2(2 + lot) multiplies a score by at most 1.0007.

    Enough to part equals, too little to pass others.
    """
    return f"lot__{week}"


def sort_field(name: str, week: int) -> str:
    """The companion field by which `name` is sorted in a week, ties already broken in it."""
    return f"{name}__sort{week}"


def build_schema(description: IndexDescription) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(SOURCE, stored=True)
    builder.add_text_field(WHOLE, tokenizer_name="whitespace", index_option="basic")
    for week in range(LOTS):
        builder.add_float_field(lot_field(week), fast=True)
    for field in description.fields:
        _add_field(builder, field)
    return builder.build()


def _add_field(builder: Any, field: Field) -> None:
    if field.kind is Kind.TEXT:
        # The text arrives as our own tokens joined by spaces: nothing else may cut or change it.
        builder.add_text_field(field.name, tokenizer_name="whitespace", index_option="position")
    elif field.kind is Kind.KEYWORD:
        builder.add_text_field(field.name, fast=True, tokenizer_name="raw", index_option="basic")
    elif field.kind is Kind.NUMBER:
        builder.add_float_field(field.name, indexed=True, fast=True)
    elif field.kind is Kind.DATE:
        builder.add_integer_field(field.name, indexed=True, fast=True)
    else:
        builder.add_boolean_field(field.name, indexed=True, fast=True)
    for week in range(LOTS if field.sort else 0):
        name = sort_field(field.name, week)
        if field.kind is Kind.KEYWORD:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        else:
            builder.add_integer_field(name, fast=True)


def build_document(document: Document, description: IndexDescription) -> tantivy.Document:
    """The tantivy document of a checked document."""
    drawn = lots(document.id)
    made = tantivy.Document()
    made.add_text(ID, document.id)
    for week, lot in enumerate(drawn):
        made.add_float(lot_field(week), lot / (1 << LOT_BITS) / 1000)
    texts = {}
    for field in description.fields:
        values = values_of(document.fields.get(field.name))
        if field.kind is Kind.TEXT:
            texts[field.name] = "\n".join(map(str, values))
            made.add_text(field.name, " ".join(tokens(texts[field.name])))
        else:
            for value in values:
                _add_value(made, field, value)
            if field.sort and values:
                _add_sort(made, field, values[0], drawn)
    made.add_text(WHOLE, " ".join(wholes_of(texts, description)))
    made.add_bytes(SOURCE, json.dumps(texts, ensure_ascii=False).encode())
    return made


def wholes_of(texts: dict[str, str], description: IndexDescription) -> set[str]:
    """The terms of a document that a mistyped run is held against."""
    found: set[str] = set()
    for field in description.texts:
        found |= wholes(texts.get(field.name, ""), compounds=field.boost >= _HEAVY)
    return found


def texts_of(stored: Any) -> dict[str, str]:
    """The texts of a stored document as they were written, by field."""
    texts: dict[str, str] = json.loads(bytes(stored.get_first(SOURCE)))
    return texts


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _add_value(made: Any, field: Field, value: Any) -> None:
    if field.kind is Kind.KEYWORD:
        made.add_text(field.name, value)
    elif field.kind is Kind.NUMBER:
        made.add_float(field.name, value)
    elif field.kind is Kind.DATE:
        made.add_integer(field.name, seconds(value))
    else:
        made.add_boolean(field.name, value)


def _add_sort(made: Any, field: Field, value: Any, drawn: tuple[int, ...]) -> None:
    for week, lot in enumerate(drawn):
        name, tie = sort_field(field.name, week), lot >> (LOT_BITS - _TIE_BITS)
        if field.kind is Kind.KEYWORD:
            made.add_text(name, f"{value}\x01{tie:07d}")
        else:
            whole = seconds(value) if field.kind is Kind.DATE else round(value * 100)
            bounded = max(-_SORT_LIMIT, min(_SORT_LIMIT, whole))
            made.add_integer(name, (bounded << _TIE_BITS) | tie)
