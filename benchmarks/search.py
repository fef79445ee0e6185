"""How fast search answers: our engines beside what is beneath them and what others would use, in one run.

``python3 dev.py bench search [1000 10000 100000]``: numbers of services; the last takes half an hour. All get
the same generated services and questions, and take turns question by question, so that a slow minute slows
all of them. Only the ratios of one run mean something. Servers run where their programs are installed.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="marketplace-bench-"))
os.environ.update(
    DJANGO_SETTINGS_MODULE="marketplace.settings",
    VAR_DIR=str(FOLDER),
    SECRET_KEY="only for this benchmark",
    DEBUG="0",
    SITE_URL="http://localhost",
)
os.environ.pop("DATABASE_URL", None)
os.environ.pop("SEARCH_URL", None)

import django  # noqa: E402 - the environment above has to stand first

django.setup()

from benchmarks import search_corpus, search_servers  # noqa: E402 - as above
from benchmarks.relevance_engines import quiet  # noqa: E402 - as above
from benchmarks.search_others import PlainMeilisearch, PostgreSQL, SQLite  # noqa: E402 - as above
from benchmarks.search_systems import BareTantivy, Ours, System, WithMeaning, percentile  # noqa: E402 - as above
from search.embedding import enabled  # noqa: E402 - as above

ROUNDS = 2
#: Seconds after which a system is not asked the rest of the questions of a kind: some would need minutes.
BUDGET = 12.0
KINDS = ("faceted, filtered", "keystroke", "sentence")
_MB = 1_000_000

Times = dict[str, dict[str, list[float]]]  # kind → system → seconds of each answer


@dataclass
class Measured:
    """What one size of the corpus gave. `built`, `disk` and `memory` by system: seconds, bytes, bytes."""

    size: int
    times: Times
    built: dict[str, float] = field(default_factory=dict)
    disk: dict[str, int] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    say(f"| {' | '.join(titles)} |")
    say(f"|{' --- |' * len(titles)}")
    for row in rows:
        say(f"| {' | '.join(row)} |")
    say()


def systems(stack: ExitStack) -> list[System]:
    """All that can run on this machine. The bare call comes after ours, whose index it reads."""
    ours = Ours("our tantivy engine", f"tantivy://{FOLDER}/index", folder=FOLDER / "index")
    found: list[System] = [ours, BareTantivy(ours)]
    if enabled():
        found.append(WithMeaning(ours, FOLDER))
    server = stack.enter_context(search_servers.meilisearch())
    if server:
        url = f"meilisearch://{server.key}@{server.address}/bench"
        found.append(Ours("our Meilisearch engine", url, server=server))
        plain = stack.enter_context(search_servers.meilisearch())
        assert plain is not None
        found.append(PlainMeilisearch(plain))
    else:
        say("No Meilisearch: name its program in MEILISEARCH_BIN to have it measured.")
    database = stack.enter_context(search_servers.postgresql())
    if database:
        postgresql = PostgreSQL(database)
        stack.callback(postgresql.close)
        found.append(postgresql)
    else:
        say("No PostgreSQL: install Debian's postgresql-15 to have it measured.")
    return [*found, SQLite(FOLDER)]


def questions() -> dict[str, list[Callable[[System], int]]]:
    """Kind → questions, each a function of the system asked."""

    def faceted(asked: search_corpus.Asked, system: System) -> int:
        return system.faceted(asked)

    def keystroke(text: str, system: System) -> int:
        return system.keystroke(text)

    def sentence(text: str, system: System) -> int:
        return system.sentence(text)

    return {
        KINDS[0]: [partial(faceted, one) for one in search_corpus.faceted()],
        KINDS[1]: [partial(keystroke, one) for one in search_corpus.keystrokes()],
        KINDS[2]: [partial(sentence, one) for one in search_corpus.sentences()],
    }


def ask_all(asked: Sequence[Callable[[System], int]], compared: Sequence[System]) -> dict[str, list[float]]:
    """Seconds of each answer by system; a first question to each goes unmeasured."""
    taken: dict[str, list[float]] = {system.name: [] for system in compared}
    chance = random.Random(7)
    order = [one for _ in range(ROUNDS) for one in chance.sample(list(asked), len(asked))]
    for system in compared:
        order[0](system)
    gc.collect()
    gc.freeze()
    for question in order:
        for system in compared:
            if sum(taken[system.name]) < BUDGET:
                began = time.perf_counter()
                question(system)
                taken[system.name].append(time.perf_counter() - began)
    gc.unfreeze()
    return taken


def measure(size: int, compared: Sequence[System]) -> Measured:
    found = Measured(size, {})
    documents = list(search_corpus.services(size))
    for system in compared:
        began = time.perf_counter()
        system.build(documents)
        found.built[system.name] = time.perf_counter() - began
        say(f"  {system.name}: {size:,} services in {found.built[system.name]:.1f} s")
    for kind, asked in questions().items():
        found.times[kind] = ask_all(asked, compared)
    for system in compared:
        found.disk[system.name], found.memory[system.name] = system.disk(), system.memory()
    return found


def show(found: Measured) -> None:
    say(f"\n{found.size:,} services: p50 / p95 in ms, and p95 as a multiple of the bare tantivy call\n")
    rows = []
    for name in found.built:
        row = [name]
        for kind in KINDS:
            taken = found.times[kind][name]
            bare = percentile(found.times[kind][BareTantivy.name], 0.95)
            low, high = percentile(taken, 0.5), percentile(taken, 0.95)
            row.append(f"{low * 1000:.2f} / {high * 1000:.2f} ({high / bare:.2f} ×)")
        disk, memory = found.disk[name] / _MB, found.memory[name] / _MB
        row += [f"{found.built[name]:.1f}", f"{disk:.0f}", f"{memory:.0f}"]
        rows.append(row if name != BareTantivy.name else [*row[:-3], "", "", ""])
    table(["", *KINDS, "build, s", "disk, MB", "memory, MB"], rows)


def show_growth(smaller: Measured, larger: Measured) -> None:
    say(f"Growth of p95 from {smaller.size:,} to {larger.size:,}\n")
    rows = []
    for name in larger.built:
        growth = [
            percentile(larger.times[kind][name], 0.95) / percentile(smaller.times[kind][name], 0.95)
            for kind in KINDS
        ]
        rows.append([name, *(f"{one:.1f} ×" for one in growth)])
    table(["", *KINDS], rows)


def probe(name: str, folder: Path) -> None:
    """Prints the bytes that one engine needs to answer everything once. Runs in a process of its own."""
    system: System
    if name == "tantivy":
        system = Ours(name, f"tantivy://{folder}", folder=folder)
    else:
        system = kept = SQLite(folder)
        kept.open()
    asked = [one for kind in questions().values() for one in kind]
    before = search_servers.resident(os.getpid())
    for one in asked[::5]:
        one(system)
    say(str(max(0, search_servers.resident(os.getpid()) - before)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000], help="numbers of services")
    parser.add_argument("--probe", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    quiet()
    try:
        if options.probe:
            probe(options.probe[0], Path(options.probe[1]))
            return
        with ExitStack() as stack:
            compared = systems(stack)
            before: Measured | None = None
            for size in options.sizes:
                found = measure(size, compared)
                show(found)
                if before:
                    show_growth(before, found)
                before = found
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
