"""A person's text → what a document has to say: clauses of words, phrases, completions, and words to mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from search.analysis import Unit, asked, fold, is_spelled, query_units, tokens
from search.analysis.vocabulary import vocabulary
from search.engine import Match
from search.meilisearch_engine import filters
from search.meilisearch_engine.lexicon import Words
from search.shadow import encode, encode_all

_OTHER_NAME = 0.8  # what was typed comes before what means the same
BEGINNING = 0.4  # a word that only begins as typed comes last
_MAX_PHRASE = 8
_MAX_COMPLETIONS = 12
_MAX_WHOLES = 3
_TOO_SHORT = 2
# The server looks at no more words of a search than this.
_SERVER_WORDS = 10
_MAX_LEADS = 6
# Combinations of many clauses make long filters: "three of nine" is the longest that is asked for.
_MAX_COMBINED = 9
_MAX_LEAST = 3


@dataclass(frozen=True, slots=True)
class Option:
    """One way of saying it: all of `words`."""

    words: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for; any of the options says it, and any of the wholes (see search.analysis.wholes)."""

    options: tuple[Option, ...]
    wholes: tuple[str, ...] = ()

    @property
    def filter(self) -> str:
        single = [option.words[0] for option in self.options if len(option.words) == 1]
        several = [filters.says(option.words) for option in self.options if len(option.words) > 1]
        wholes = [filters.has_whole(self.wholes)] if self.wholes else []
        return filters.any_of([*([filters.says_any(single)] if single else []), *several, *wholes])


@dataclass(frozen=True, slots=True)
class Question:
    """`phrases` must stand in sequence; `near` is better in sequence; `beginning` may be completed."""

    clauses: tuple[Clause, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    near: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    beginning: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that counts in the score, each once."""
        each = [word for clause in self.clauses for option in clause.options for word in option.words]
        return tuple(dict.fromkeys([*each, *self.near]))

    def least(self, match: Match) -> int:
        """How many of the clauses a document must meet."""
        count = len(self.clauses)
        if match is Match.ANY:
            return min(1, count)
        if match is Match.ALL or count <= 2:
            return count
        least = max(2, math.ceil(count * 0.4))
        return least if least == count else min(least, _MAX_LEAST if count <= _MAX_COMBINED else 2)

    def filter(self, least: int) -> str:
        return filters.at_least(least, [clause.filter for clause in self.clauses])

    @property
    def sequences(self) -> str:
        """The phrases as the server is asked for them; "" without one."""
        return " ".join(f'"{encode_all(phrase)}"' for phrase in self.phrases)

    def leads(self, words: Words, least: int) -> list[str]:
        """Searches of the server for those documents that are likely to rank first.

        The server drops words from the end until enough is found, so the rarest come first. What has not the
        rarest is found by the next search, which begins with the second, and so on.
        """
        chosen: set[tuple[int, str]] = set()
        for clause in self.clauses:
            written, *others = clause.options
            names = [option.words[0] for option in others if option.weight == _OTHER_NAME]
            known = [name for name in names if words.is_known(name)][:1]
            known = known or [word for word in written.words if words.is_known(word)]
            chosen |= {(words.frequency(word), word) for word in known}
        rarest = [encode(word) for _, word in sorted(chosen)]
        count = max(1, min(_MAX_LEADS, len(rarest))) if least == 1 else 1
        # A word without a space after it may go on.
        last = encode(self.beginning) if self.beginning else ""
        return [
            " ".join(
                [*([self.sequences] if self.phrases else []), *rarest[start:][: _SERVER_WORDS - 1], last]
            )
            for start in range(count)
        ]


@dataclass(frozen=True, slots=True)
class Begun:
    """The clauses from number `first` on may be the beginning of one of `completions` or `wholes`."""

    first: int = 0
    beginning: str = ""
    completions: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()


_NOTHING_BEGUN = Begun()


def question_of(text: str, words: Words, *, typing: bool) -> Question | None:
    """What a text asks for; None if none was given; without a clause if it says nothing.

    `typing`: the last word may be unfinished.
    """
    read = asked(text)
    if not read.text.strip():
        return None
    found = query_units(read.text)
    words.learn(name for unit in found for name in (*(word.text for word in unit.words), *unit.names))
    clauses = [_clause(unit) for unit in found]
    begun = _typing(found, read.text, words) if typing and not read.phrases else _NOTHING_BEGUN
    if begun.completions or begun.wholes:
        written = tuple(word.text for unit in found[begun.first :] for word in unit.words)
        names = clauses[begun.first].options[1:] if begun.first == len(clauses) - 1 else ()
        completed = [Option((word,), BEGINNING) for word in begun.completions]
        clauses[begun.first :] = [Clause((Option(written), *names, *completed), begun.wholes)]
    near = tuple(word.text for unit in found for word in unit.words)
    # A unit that goes by a name is marked as a whole: วงจร and ปิด on their own were not asked for.
    marks = {mark for unit in found for mark in (unit.names or [word.text for word in unit.words])}
    return Question(
        tuple(clauses),
        tuple(filter(None, map(_sequence, read.phrases))),
        near if 2 <= len(near) <= _MAX_PHRASE else (),
        frozenset({*marks, *begun.completions, *(word for whole in begun.wholes for word in tokens(whole))}),
        begun.beginning if begun.completions else "",
    )


def _sequence(phrase: str) -> tuple[str, ...]:
    return tuple(word.text for word in vocabulary().segmenter.words(fold(phrase))[0][:_SERVER_WORDS])


def _clause(unit: Unit) -> Clause:
    written = Option(tuple(word.text for word in unit.words))
    return Clause((written, *(Option((name,), _OTHER_NAME) for name in unit.names)))


def _typing(found: Sequence[Unit], text: str, words: Words) -> Begun:
    """What the end of the text may be the beginning of.

    Latin words always (sensor, sensors); Thai only what is no word yet: น้ำ does not begin น้ำตาล.
    A half-typed Thai word is cut anywhere (ท่อง|เที): its whole run is tried then.
    """
    folded = fold(text)
    if not found or text[-1:].isspace() or found[-1].end != len(folded):
        return _NOTHING_BEGUN
    last = found[-1].words[-1]
    written = folded[last.start : last.end]  # as typed, not its singular
    if not _is_thai(written):
        return _begun(len(found) - 1, written, words) if len(written) > _TOO_SHORT else _NOTHING_BEGUN
    first = len(found) - 1
    while first and found[first - 1].end == found[first].start and _is_thai(found[first - 1].words[0].text):
        first -= 1
    run = [word.text for unit in found[first:] for word in unit.words]
    together = "".join(run)
    if all(words.is_known(word) for word in run) or len(together) <= _TOO_SHORT or is_spelled(together):
        return _NOTHING_BEGUN
    whole = _begun(first, together, words)
    # แดชบอร์ด is two words, and แดชบอร์ the beginning of neither.
    if not whole.completions and (wholes := words.begun_wholes(together, _MAX_WHOLES)):
        return Begun(first, wholes=wholes)
    if whole.completions or words.is_known(last.text) or len(last.text) < 2:
        return whole
    return _begun(len(found) - 1, last.text, words)


def _begun(first: int, beginning: str, words: Words) -> Begun:
    return Begun(first, beginning, words.completions(beginning, _MAX_COMPLETIONS))


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0e7f"
