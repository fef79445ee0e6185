"""Which capabilities a text is about, by the terms that stand in it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from search.analysis import MAX_TEXT, fold, units
from search.analysis.capabilities import broader, capabilities
from search.analysis.vocabulary import CONCEPT, vocabulary

#: Different lines of one text that are read.
MAX_LINES = 200
# All words of a term in one line, but not as it is written in the list, say half as much.
APART = 0.5
# What has less than this part of the best one's evidence is only touched upon.
WORTH_SUGGESTING = 0.4
# The evidence at which a score is one half: about two rare words.
HALF = 12.0


class Suggestion(NamedTuple):
    """A capability by its code. `score`: 0 to 1, for ordering only. `words`: what in it speaks for it."""

    code: str
    score: float
    words: tuple[str, ...]


class _Evidence(NamedTuple):
    """Words of the text that are a term of a capability, how much they weigh, and how they were written."""

    words: frozenset[str]
    weight: float
    written: str


def suggest(text: str, limit: int = 5) -> tuple[Suggestion, ...]:
    """The capabilities that a text is about, the likeliest first, at most `limit`; often none.

    Lines are a set: their order and their repetition change nothing. Reads the first MAX_TEXT characters;
    never raises. A broader capability is left out where the words for it speak for a narrower one.
    """
    found: dict[str, dict[frozenset[str], _Evidence]] = {}
    lines = sorted({fold(line) for line in text[:MAX_TEXT].splitlines()} - {""})
    for line in lines[:MAX_LINES]:
        for code, evidence in _evidence(line):
            told = found.setdefault(code, {})
            best = told.get(evidence.words)
            # The written form decides between equals, so that no order of lines does.
            if best is None or (-evidence.weight, evidence.written) < (-best.weight, best.written):
                told[evidence.words] = evidence
    said = {code: frozenset().union(*told) for code, told in found.items()}
    covered = {wide for code in said for wide in broader(code) if said.get(wide, frozenset()) <= said[code]}
    totals = {code: _total(told.values()) for code, told in found.items() if code not in covered}
    least = max(totals.values(), default=0.0) * WORTH_SUGGESTING
    ranked = sorted((-total, code) for code, total in totals.items() if total >= least)
    return tuple(
        Suggestion(code, round(-total / (HALF - total), 3), _written(found[code].values()))
        for total, code in ranked[: max(limit, 0)]
    )


def known(codes: Iterable[object]) -> list[str]:
    """Those of `codes` that are capabilities, each once, in the order of the list."""
    wanted = {code for code in codes if isinstance(code, str)}
    return [code for code in capabilities() if code in wanted]


def with_broader(codes: Iterable[str]) -> list[str]:
    """`codes` with everything of which they are a kind, each once: what a filter finds them by."""
    return list(dict.fromkeys(one for code in codes for one in (code, *broader(code))))


def narrower(code: str) -> list[str]:
    """`code` with everything that is a kind of it, in the order of the list; an unknown code stays alone."""
    return [code, *(one for one in capabilities() if code in broader(one))]


def _evidence(line: str) -> Iterator[tuple[str, _Evidence]]:
    """The capabilities of which a term stands in a folded line, as it is listed or with words between."""
    read = units(line)
    for unit in read:
        words = frozenset(word.text for word in unit.words)
        for name in unit.names:
            if name.removeprefix(CONCEPT) in capabilities() and name.startswith(CONCEPT):
                evidence = _Evidence(words, _weight(words), line[unit.start : unit.end])
                yield name.removeprefix(CONCEPT), evidence
    present = frozenset(word.text for unit in read for word in unit.words)
    for word in present:
        for words, code, form in _terms_by_word().get(word, ()):
            if words <= present:
                yield code, _Evidence(words, _weight(words) * APART, form)


def _total(told: Iterable[_Evidence]) -> float:
    """The strongest evidence, half of the next, a quarter of the third …: many weak are no strong one."""
    weights = sorted((one.weight for one in told), reverse=True)
    return math.fsum(weight / 2**place for place, weight in enumerate(weights))


def _written(told: Iterable[_Evidence]) -> tuple[str, ...]:
    ranked = sorted(told, key=lambda one: (-one.weight, one.written))
    return tuple(dict.fromkeys(one.written for one in ranked))[:3]


def _weight(words: frozenset[str]) -> float:
    """Words that few capabilities share say more."""
    shares = _shares()
    return math.fsum(sorted(math.log2(len(capabilities()) / shares.get(word, 1)) for word in words))


@cache
def _shares() -> dict[str, int]:
    """Word → the number of capabilities in whose terms it stands."""
    words = {code: frozenset().union(*(s for s, _ in found)) for code, found in _sequences().items()}
    return dict(Counter(word for one in words.values() for word in one))


@cache
def _terms_by_word() -> dict[str, tuple[tuple[frozenset[str], str, str], ...]]:
    """The rarest word of a term of several words → such terms: their words, code, written form."""
    stop, shares = vocabulary().stopwords, _shares()
    found: dict[str, list[tuple[frozenset[str], str, str]]] = {}
    for code, sequences in _sequences().items():
        for sequence, form in sequences:
            words = sequence - stop
            if len(words) > 1:
                rarest = min(words, key=lambda word: (shares[word], word))
                found.setdefault(rarest, []).append((words, code, form))
    return {word: tuple(terms) for word, terms in found.items()}


@cache
def _sequences() -> dict[str, list[tuple[frozenset[str], str]]]:
    segmenter = vocabulary().segmenter
    return {
        code: [(frozenset(word.text for word in segmenter.words(fold(form))[0]), form) for form in one.forms]
        for code, one in capabilities().items()
    }
