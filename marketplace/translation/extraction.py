"""Which texts the program and its templates ask to have translated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def texts_of(files: Iterable[Path]) -> Catalog:
    """A catalogue of the texts in Python files and templates, without translations."""
    catalog = Catalog(locale="th")
    for path in files:
        for text, context in texts_of_file(path):
            catalog.add(text, context=context)
    return catalog


def texts_of_file(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Yield (text, context); a text with a plural is a pair.

    Raises ValueError, naming the file, where a template tag is malformed.
    """
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = as_python(source, path)
    stream = BytesIO(source.encode())
    try:
        for _line, text, _comments, context in extract(
            "python", stream, KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield text, context
    except SyntaxError as error:
        raise ValueError(f"{path}: {error}") from error


def as_python(template: str, path: Path) -> str:
    """The calls to gettext that a template stands for.

    Everything else is blanked out by Django; what is left keeps its indentation, which means
    nothing in a template and would mean something in Python.
    """
    return "\n".join(line.strip() for line in templatize(template, origin=str(path)).splitlines())


def singular(message: Message) -> str:
    """The text itself, or the first of its two numbers."""
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id
