"""Text → units: a unit is one thing that was said, with every name by which it may be found."""

from __future__ import annotations

from typing import NamedTuple

from search.analysis.folding import fold
from search.analysis.segmentation import Token
from search.analysis.vocabulary import CONCEPT, Concept, Vocabulary, asked_vocabulary, vocabulary

_Found = list[tuple[tuple[str, ...], Concept]]

#: Changes with the code of the analysis or its words; an index built under another one should be rebuilt.
ANALYSIS_VERSION = f"2-{vocabulary().fingerprint}"
#: Words of one text that count as its terms: repeating and padding gain nothing.
MAX_TERMS = 200


class Unit(NamedTuple):
    """`words` were written; any one of `names` stands for all of them; `also` are broader names.

    A text is found by words, names and also; a query asks for its words or one of its names, never for also.
    """

    words: tuple[Token, ...]
    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def known_as(self) -> frozenset[str]:
        return frozenset((*(word.text for word in self.words), *self.names, *self.also))


def units(folded: str, known: Vocabulary | None = None) -> list[Unit]:
    """The units of folded text, in order and without overlap, by the shipped vocabulary or `known`."""
    known = known or vocabulary()
    words, joined_at = known.segmenter.words(folded)
    said = tuple([word.text for word in words])
    parts = [known.parts_of(word) if word > "ก" else () for word in said]
    concepts = {
        place: _concepts_at(known, said, place) for place, word in enumerate(said) if word in known.concepts
    }
    found: list[Unit] = []
    place = 0
    while place < len(words):
        joined_form = joined_at.get(place)
        named = concepts.get(place, ())
        if joined_form is None and not named and not parts[place]:
            found.append(Unit((words[place],)))
            place += 1
            continue
        length = max([1, *(len(sequence) for sequence, _ in named), joined_form[0] if joined_form else 0])
        inside_concepts = [concepts.get(at, []) for at in range(place, place + length)]
        found.append(_unit(known, words[place : place + length], inside_concepts, joined_form))
        place += length
    return found


def tokens(text: str) -> list[str]:
    """What a text is indexed and asked by: its words in order, then the names and parts they imply.

    The same for an index and a query, for any str; never raises. A name begins with "=", a word never does.
    """
    return tokens_of(units(fold(text)))


def tokens_of(found: list[Unit]) -> list[str]:
    """`tokens` of a text whose units are known already."""
    words = [word.text for unit in found for word in unit.words]
    extra = dict.fromkeys(name for unit in found for name in (*unit.names, *unit.also))
    written = set(words)
    return words + [name for name in extra if name not in written]


def terms(text: str) -> frozenset[str]:
    """The words and concepts of a text as a set, without stop words; the first MAX_TERMS of them.

    Order and repetition change nothing: meant for measuring how much two texts share.
    """
    stop = vocabulary().stopwords
    found: dict[str, None] = {}
    for unit in units(fold(text)):
        for name in (*(word.text for word in unit.words), *unit.names):
            if name not in stop:
                found[name] = None
        if len(found) >= MAX_TERMS:
            break
    return frozenset(list(found)[:MAX_TERMS])


def said_terms(text: str) -> frozenset[str]:
    """Everything that a text says, for comparing with `asked_terms`: words, concepts, and what they imply.

    Of the first MAX_TERMS different things said; order and repetition change nothing. No stop words.
    """
    found: set[str] = set()
    for unit in _first_units(text):
        # The words of a concept mean nothing alone: there is no บ้าน, a house, in ชาวบ้าน, the residents.
        found |= _concepts(unit) or {*unit.names, *(word.text for word in unit.words)}
        found |= {*unit.also, *_broader(unit)}
    return frozenset(found - vocabulary().stopwords)


def asked_terms(text: str) -> frozenset[str]:
    """What a text asks for, each thing once: its concepts, else its words.

    A broader concept that it implies is asked for as well, so that what nearly fits is nearly as good.
    """
    found: set[str] = set()
    for unit in _first_units(text):
        concepts = _concepts(unit)
        found |= {*concepts, *_broader(unit)} if concepts else set(unit.names) or {w.text for w in unit.words}
    return frozenset(found - vocabulary().stopwords)


def _first_units(text: str) -> list[Unit]:
    """The first MAX_TERMS different units of a text."""
    once: dict[tuple[str, ...], Unit] = {}
    for unit in units(fold(text)):
        once.setdefault(tuple(word.text for word in unit.words), unit)
        if len(once) == MAX_TERMS:
            break
    return list(once.values())


def _concepts(unit: Unit) -> set[str]:
    return {name for name in unit.names if name.startswith(CONCEPT)}


def _broader(unit: Unit) -> set[str]:
    """The concepts that a unit implies; a single word stands for the concepts of which it is a name."""
    found = {name for name in unit.also if name.startswith(CONCEPT)}
    for word in unit.also:
        found |= {concept.name for one, concept in vocabulary().concepts.get(word, ()) if one == (word,)}
    return found


def query_units(text: str, limit: int = 24) -> list[Unit]:
    """The units of a query without stop words (unless there is nothing else), each once, at most `limit`.

    Terms that staff have added count here and nowhere else: neither indexes nor stored scores depend on them.
    """
    found = units(fold(text), asked_vocabulary())
    stop = vocabulary().stopwords
    meant = [unit for unit in found if not all(word.text in stop for word in unit.words)]
    once = {tuple(word.text for word in unit.words): unit for unit in reversed(meant or found)}
    return list(reversed(once.values()))[:limit]


def _unit(
    known: Vocabulary, inside: list[Token], concepts: list[_Found], joined: tuple[int, str] | None
) -> Unit:
    whole: list[Concept] = []
    nested: list[Concept] = []
    for offset, found in enumerate(concepts):
        for sequence, concept in found:
            if len(sequence) == len(inside):
                whole.append(concept)
            elif offset + len(sequence) <= len(inside):
                nested.append(concept)
    names = [concept.name for concept in whole]
    also = [concept.name for concept in nested]
    if joined:
        (names if joined[0] == len(inside) else also).append(joined[1])
        names += [
            concept.name for _, concept in known.concepts.get(joined[1], ()) if joined[0] == len(inside)
        ]
    also += [word for concept in whole + nested for word in concept.implies]
    also += [part for word in inside for part in known.parts_of(word.text)]
    return Unit(
        tuple(inside), tuple(dict.fromkeys(names)), tuple(w for w in dict.fromkeys(also) if w not in names)
    )


def _concepts_at(known: Vocabulary, said: tuple[str, ...], place: int) -> _Found:
    """The concepts whose words begin at `place`, the longest first."""
    following = said[place + 1] if place + 1 < len(said) else ""
    found = []
    for one in known.concepts[said[place]]:
        sequence = one[0]
        # Most candidates fail at their second word.
        if len(sequence) == 1 or (
            sequence[1] == following and said[place : place + len(sequence)] == sequence
        ):
            found.append(one)
    return found
