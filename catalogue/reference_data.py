"""Reference data of the catalogue: dimensions, kinds of supply, certificates and standards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalogue.models import Category
from marketplace.reference_data import Outcome, read, store

FOLDER = Path(__file__).parent / "reference"
# The axis of a file, and its columns that say what a code means.
FILES = (
    ("certificates.csv", Category.Axis.CERTIFICATE, "covers"),
    ("standards.csv", Category.Axis.STANDARD, "note"),
)


def load() -> list[Outcome]:
    """All lists, by axis and code. Runs inside the caller's transaction."""
    fields = ("name_th", "name_en", "note_th", "note_en", "order", "source", "source_date")
    return [store(_categories(), key=lambda category: (category.axis, category.code), fields=fields)]


def _categories() -> Iterator[Category]:
    for row in read(FOLDER / "categories.csv"):
        yield _category(row, row["axis"], "about")
    for name, axis, note in FILES:
        for row in read(FOLDER / name):
            yield _category(row, axis, note)


def _category(row: dict[str, str], axis: str, note: str) -> Category:
    return Category(
        axis=axis,
        code=row["code"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        note_th=row[f"{note}_th"],
        note_en=row[f"{note}_en"],
        order=int(row["order"]),
        source=row["source"],
        source_date=row["recorded_on"],
    )
