"""What relevance is measured on: documents, and questions with the grades of those that answer them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.relevance_metrics import DEPTH
from catalogue.documents import search_document
from catalogue.indexing import INDEX
from search.documents import Document, Field, IndexDescription, Kind

ROOT = Path(__file__).resolve().parents[1]
JUDGED = Path(__file__).resolve().parent / "judged"
COMPOUNDS = ROOT / "tests" / "search" / "compounds.csv"
#: Queries of this kind rightly find nothing.
NONE_EXPECTED = "none"
#: The age of listings plays no part in ranking; a fixed day keeps runs alike.
_PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """`grades`: document id → 0 (of no use) to 3 (exactly this); what is not named has 0."""

    id: str
    kind: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """`sentences`: the questions are whole sentences of which any word counts, not words typed in a box.

    `depth`: how many answers are looked at.
    """

    name: str
    description: IndexDescription
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]
    sentences: bool = False
    depth: int = DEPTH


def judged_set() -> Collection:
    """The project's own: officials' queries over the demo's public services and some in one language."""
    grades: dict[str, dict[str, int]] = {}
    for row in _rows(JUDGED / "judgements.csv"):
        grades.setdefault(row["query"], {})[row["service"]] = int(row["grade"])
    questions = tuple(
        Question(row["id"], row["kind"], row["text"], grades.get(row["id"], {}))
        for row in _rows(JUDGED / "queries.csv")
    )
    return Collection("judged", INDEX, tuple(map(_document, listings())), questions)


def listings() -> list[dict[str, Any]]:
    """The demo's services that everybody may see, and those written in one language for this set."""
    demo = ROOT / "catalogue" / "demo"
    rows = [row for path in sorted(demo.glob("services-*.json")) for row in _json(path)]
    gone = {row["service"] for row in _json(demo / "afterwards.json")["withdrawals"]}
    public = [row for row in rows if row.get("state", "published") == "published" and row["key"] not in gone]
    return public + _json(JUDGED / "listings.json")


def _document(row: Mapping[str, Any]) -> Document:
    """The document that the catalogue's index has of this listing, under its key instead of its random id."""
    vendor = _vendors()[row["vendor"]]
    fields = search_document(
        row["answers"],
        vendor_names=(vendor["name_th"], vendor["name_en"]),
        sort_key=row["key"],
        published_at=_PUBLISHED,
    )
    return Document(row["key"], fields)


def _vendors() -> dict[str, Any]:
    return {row["key"]: row for row in _json(ROOT / "catalogue" / "demo" / "vendors.json")}


NAMES = IndexDescription("names", (Field("name", Kind.TEXT, boost=4.0),))
PARAGRAPHS = IndexDescription("paragraphs", (Field("body", Kind.TEXT),))


def compounds() -> Collection:
    """Words inside longer words: of kind "yes" where a search has to find the text, "no" where it must not.

    A question's only grade names its text, whether it is right to find it or not.
    """
    rows = list(_rows(COMPOUNDS))
    texts = sorted({row["written"] for row in rows})
    documents = tuple(Document(f"d{number}", {"name": text}) for number, text in enumerate(texts))
    questions = tuple(
        Question(f"c{number}", row["found"], row["asked"], {f"d{texts.index(row['written'])}": 3})
        for number, row in enumerate(rows)
    )
    return Collection("compounds", NAMES, documents, questions, depth=100)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """XQuAD: the same paragraphs and questions in two languages. Questions: (number, paragraph, text)."""

    paragraphs: Mapping[str, tuple[str, ...]]
    asked: Mapping[str, tuple[tuple[str, int, str], ...]]

    def collection(self, asked: str, languages: Sequence[str], wanted: str) -> Collection:
        """Questions in the language `asked` over paragraphs in `languages`; the answer stands in `wanted`."""
        documents = tuple(
            Document(f"{language}-{number}", {"body": text})
            for language in languages
            for number, text in enumerate(self.paragraphs[language])
        )
        questions = tuple(
            Question(one, f"{asked}→{wanted}", text, {f"{wanted}-{number}": 3})
            for one, number, text in self.asked[asked]
        )
        return Collection(f"{asked}→{'+'.join(languages)}", PARAGRAPHS, documents, questions, sentences=True)


def xquad(folder: Path, every: int = 1) -> Paragraphs:
    """The files xquad.th.json and xquad.en.json in a folder, with each question or every so many.

    Raises:
        FileNotFoundError: one is missing.
    """
    paragraphs: dict[str, tuple[str, ...]] = {}
    asked: dict[str, tuple[tuple[str, int, str], ...]] = {}
    for language in ("th", "en"):
        articles = _json(folder / f"xquad.{language}.json")["data"]
        rows = [paragraph for article in articles for paragraph in article["paragraphs"]]
        paragraphs[language] = tuple(row["context"] for row in rows)
        questions = [
            (one["id"], number, one["question"]) for number, row in enumerate(rows) for one in row["qas"]
        ]
        asked[language] = tuple(questions[::every])
    return Paragraphs(paragraphs, asked)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
