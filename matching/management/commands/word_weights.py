"""Count, once for a new version of the weights, which words many listings and needs say."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from catalogue.documents import at_once, longer
from search.analysis import said_terms

WIDTH = 110


class Command(BaseCommand):
    """Fills the classes of a weights file that have `at_least` from the texts of the demo data.

    A version in use is never counted again: copy its file under the next number, count, and say why there.
    """

    help = "Fill the word classes of a weights file (JSON) from the demo data's listings and needs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        version = json.loads(path.read_text(encoding="utf-8"))
        texts = [said_terms(text) for text in _texts(Path(settings.BASE_DIR))]
        classify(version["text"]["classes"], texts)
        path.write_text(written(version), encoding="utf-8")
        for one in version["text"]["classes"]:
            bound = f"from {one['at_least']} of {len(texts)} texts" if one["at_least"] else "chosen by hand"
            self.stdout.write(f"weight {one['weight']}: {len(one['words'])} words, {bound}")


def classify(classes: list[dict[str, Any]], texts: list[frozenset[str]]) -> None:
    """Put each word that no hand has placed into the first class that its share of the texts reaches."""
    placed = {word for one in classes if not one["at_least"] for word in one["words"]}
    counted = [one for one in classes if one["at_least"]]
    for one in counted:
        one["words"] = []
    ladder = sorted(counted, key=lambda one: Fraction(one["at_least"]), reverse=True)
    for word, times in sorted(Counter(word for text in texts for word in text).items()):
        share = Fraction(times, len(texts))
        reached = next((one for one in ladder if share >= Fraction(one["at_least"])), None)
        if reached and word not in placed:
            reached["words"].append(word)


def _texts(root: Path) -> Iterator[str]:
    for path in sorted((root / "catalogue" / "demo").glob("services-*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield f"{at_once(row['answers'])}\n{longer(row['answers'])}"
    needs = json.loads((root / "matching" / "demo" / "needs.json").read_text(encoding="utf-8"))["needs"]
    for need in needs:
        yield "\n".join([need["title"], need["problem"], need["success"]])


def written(version: dict[str, Any]) -> str:
    """The file, with words side by side so that a person can read them."""
    text = json.dumps(version, ensure_ascii=False, indent=1)
    for one in version["text"]["classes"]:
        spread = json.dumps(one["words"], ensure_ascii=False, indent=1).replace("\n", "\n    ")
        text = text.replace(f'"words": {spread}', f'"words": [\n{_wrapped(one["words"])}\n    ]')
    return f"{text}\n"


def _wrapped(words: list[str]) -> str:
    lines = [""]
    for word in words:
        item = json.dumps(word, ensure_ascii=False) + ", "
        if len(lines[-1]) + len(item) > WIDTH:
            lines.append("")
        lines[-1] += item
    return "\n".join(f"     {line.rstrip()}" for line in lines).removesuffix(",")
