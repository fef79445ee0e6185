"""Description → tantivy schema, and document → tantivy document."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import tantivy

from search.analysis import tokens_and_wholes, wholes
from search.documents import Document, Field, IndexDescription, Kind, values_of
from search.ties import LOT_BITS, LOTS, lots

ID, SOURCE, WHOLE, ANYWHERE = "id", "source", "whole__terms", "anywhere__words"
#: Changes when an index made before no longer fits this code.
FORMAT = 4
# A sort field holds a value and, below it, as much of the lot as fits beside it.
_TIE_BITS = 20
_SORT_LIMIT = 8_000_000_000_000
# Ten of the letters of an id fit a whole number; an id has 64 at most.
_ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
_ID_BASE, _ID_PIECE, _ID_COLUMNS = len(_ID_LETTERS), 10, 7
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
    # The words of all text fields together: what a document must have is asked of one field, not of each.
    builder.add_text_field(ANYWHERE, tokenizer_name="whitespace", index_option="basic")
    for column in range(_ID_COLUMNS):
        builder.add_integer_field(id_field(column), fast=True)
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
    for column, number in enumerate(_id_numbers(document.id)):
        made.add_integer(id_field(column), number)
    texts: dict[str, str] = {}
    anywhere: set[str] = set()
    terms: set[str] = set()
    for field in description.fields:
        values = values_of(document.fields.get(field.name))
        if field.kind is Kind.TEXT:
            texts[field.name] = "\n".join(map(str, values))
            found, found_wholes = tokens_and_wholes(texts[field.name], compounds=field.boost >= _HEAVY)
            made.add_text(field.name, " ".join(found))
            anywhere.update(found)
            terms |= found_wholes
        else:
            for value in values:
                _add_value(made, field, value)
            if field.sort and values:
                _add_sort(made, field, values[0], drawn)
    made.add_text(ANYWHERE, " ".join(anywhere))
    made.add_text(WHOLE, " ".join(terms))
    made.add_bytes(SOURCE, json.dumps(texts, ensure_ascii=False).encode())
    return made


def wholes_of(texts: dict[str, str], description: IndexDescription) -> set[str]:
    """The terms of a document that a mistyped run is held against."""
    found: set[str] = set()
    for field in description.texts:
        found |= wholes(texts.get(field.name, ""), compounds=field.boost >= _HEAVY)
    return found


def id_field(column: int) -> str:
    """A field with a piece of the id: columns of numbers are read at once, stored documents unpacked."""
    return f"id__{column}"


def _id_numbers(public_id: str) -> list[int]:
    numbers = []
    for begin in range(0, len(public_id), _ID_PIECE):
        number = 0
        for letter in public_id[begin : begin + _ID_PIECE]:
            number = number * _ID_BASE + _ID_LETTERS.index(letter) + 1
        numbers.append(number)
    return numbers


def ids_of(searcher: tantivy.Searcher, addresses: list[Any]) -> list[str]:
    """The ids of documents, in order."""
    found = [""] * len(addresses)
    for column in range(_ID_COLUMNS):
        numbers = searcher.fast_field_values(id_field(column), addresses) if addresses else []
        pieces = [_id_piece(int(number or 0)) for number in numbers]
        if not any(pieces):
            break
        found = [before + piece for before, piece in zip(found, pieces, strict=True)]
    return found


def _id_piece(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, _ID_BASE)
        letters = _ID_LETTERS[letter] + letters
    return letters


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
