"""A CSV or TSV file as rows of text. Whatever is wrong is said with its line; nothing is guessed."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.utils.translation import gettext as _

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_CELL = 10_000
MAX_COLUMNS = 60
# What a spreadsheet would calculate. "- item" of a Markdown list and "+66 2 …" are text.
FORMULA = re.compile(r"^\s*[=@]|^\s*[+-][^\s\d]*[A-Za-z]\w*\s*[(|!]|^[\t\r]")


class Unreadable(Exception):
    """The file as a whole can't be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its first line in the file (from 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its first line in the file, and its cells by column name, trimmed."""

    number: int
    cells: dict[str, str]


def read(path: Path) -> tuple[list[str], list[Line], list[Fault]]:
    """Columns, rows, and rows that can't be read.

    Tab or comma is told by the first line. Column names are compared in lower case.

    Raises:
        Unreadable: no file, too large, not text, not UTF-8, broken quotes, or no header.
    """
    text = _text_of(path)
    header, _newline, _rest = text.partition("\n")
    rows = csv.reader(StringIO(text, newline=""), delimiter="\t" if "\t" in header else ",", strict=True)
    try:
        columns = _columns(next(rows, []))
        lines, faults = _lines(rows, columns)
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)s: a quotation mark is open or out of place (%(error)s).")
            % {"line": rows.line_num, "error": error}
        ) from error
    return columns, lines, faults


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(
                _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024 // 1024}
            )
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            _("The file can't be opened: %(error)s") % {"error": error.strerror or error}
        ) from error
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is an Excel workbook. Save it as CSV (UTF-8) and import that."))
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        raise Unreadable(
            _("Line %(line)s has a zero byte: this is not a text file in UTF-8.") % {"line": line}
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(
            _("Line %(line)s is not UTF-8. Save the file as CSV (UTF-8) and import that.") % {"line": line}
        ) from error


def _columns(header: list[str]) -> list[str]:
    names = [clean(cell).lower().replace(" ", "_") for cell in header]
    if not any(names):
        raise Unreadable(_("The first line must name the columns."))
    if len(names) > MAX_COLUMNS:
        raise Unreadable(_("More than %(limit)s columns.") % {"limit": MAX_COLUMNS})
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Unreadable(_("The first line names a column twice: %(names)s") % {"names": ", ".join(twice)})
    return names


def _lines(rows: Iterator[list[str]], columns: list[str]) -> tuple[list[Line], list[Fault]]:
    lines: list[Line] = []
    faults: list[Fault] = []
    before: int = rows.line_num  # type: ignore[attr-defined]  # of csv's reader
    for cells in rows:
        number, before = before + 1, rows.line_num  # type: ignore[attr-defined]  # as above
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) + len(faults) >= MAX_ROWS:
            raise Unreadable(_("More than %(limit)s rows. Divide the file.") % {"limit": MAX_ROWS})
        problem = _problem(cells, columns)
        if problem:
            faults.append(Fault(number, problem))
        else:
            named = zip(columns, map(clean, cells), strict=True)
            lines.append(Line(number, {name: cell for name, cell in named if name}))
    return lines, faults


def _problem(cells: list[str], columns: list[str]) -> str:
    if len(cells) != len(columns):
        return _("%(cells)s cells, but the first line names %(columns)s columns.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
    for name, cell in zip(columns, cells, strict=True):
        if len(cell) > MAX_CELL:
            return _("%(column)s: more than %(limit)s characters.") % {"column": name, "limit": MAX_CELL}
        if FORMULA.match(cell):
            return _("%(column)s: this looks like a formula of a spreadsheet: %(cell)s") % {
                "column": name,
                "cell": cell[:40],
            }
    return ""


def clean(cell: str) -> str:
    """The cell without characters that nobody sees, such as zero-width spaces, and without outer space."""
    kept = (c for c in cell if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return "".join(kept).strip()
