"""Description → tantivy schema, and document → tantivy document."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import tantivy

from search.analysis import tokens
from search.documents import Document, Field, IndexDescription, Kind, values_of

ID, SOURCE, TIE, JITTER = "id", "source", "tie__rank", "tie__weight"
_TIE_BITS = 20
_SORT_LIMIT = 8_000_000_000_000


def sort_field(name: str) -> str:
    """The companion field by which `name` is sorted, ties already broken in it."""
    return f"{name}__sort"


def build_schema(description: IndexDescription) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(SOURCE, stored=True)
    builder.add_integer_field(TIE, fast=True)
    builder.add_float_field(JITTER, fast=True)
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
    if field.sort and field.kind is Kind.KEYWORD:
        builder.add_text_field(sort_field(field.name), fast=True, tokenizer_name="raw", index_option="basic")
    elif field.sort:
        builder.add_integer_field(sort_field(field.name), fast=True)


def build_document(document: Document, description: IndexDescription) -> tantivy.Document:
    """The tantivy document of a checked document."""
    tie = _tie(document.id)
    made = tantivy.Document()
    made.add_text(ID, document.id)
    made.add_integer(TIE, tie)
    # log2(2 + jitter) multiplies the score: at most 1.0007, enough to part equals, too little to pass others.
    made.add_float(JITTER, tie / (1 << _TIE_BITS) / 1000)
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
                _add_sort(made, field, values[0], tie)
    made.add_bytes(SOURCE, json.dumps(texts, ensure_ascii=False).encode())
    return made


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


def _add_sort(made: Any, field: Field, value: Any, tie: int) -> None:
    if field.kind is Kind.KEYWORD:
        made.add_text(sort_field(field.name), f"{value}\x01{tie:07d}")
        return
    whole = seconds(value) if field.kind is Kind.DATE else round(value * 100)
    made.add_integer(sort_field(field.name), (max(-_SORT_LIMIT, min(_SORT_LIMIT, whole)) << _TIE_BITS) | tie)


def _tie(public_id: str) -> int:
    """A rank that follows from the id alone and favours neither names nor age; stable whatever is updated."""
    return int.from_bytes(hashlib.blake2b(public_id.encode(), digest_size=4).digest()) >> (32 - _TIE_BITS)
