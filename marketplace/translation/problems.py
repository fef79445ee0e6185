"""What is wrong with the Thai texts, each as one line that says where and what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

from marketplace.translation.catalogues import first, is_translated, obsolete_of
from marketplace.translation.extraction import singular

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd](?![a-z])|\{\w*(?::[^}]*)?\}")
# Civil servants write plainly: the glossary's tone.
AGAINST_THE_TONE = {
    # Not the end of เท่านั้น, "only".
    re.compile("(?<!เ)ท่าน"): "say it without ท่าน",
    re.compile("!"): "no exclamation marks",
}


def problems_of(room: str, wanted: Catalog, present: Catalog) -> Iterator[str]:
    """Yield the faults of one room's catalogue."""
    for message in wanted:
        if not message.id:
            continue
        found = present.get(message.id, message.context)
        for fault in faults_of(found):
            yield f"{room}: {fault}: {singular(message)!r}"
    for _key, message in obsolete_of(present, wanted):
        yield f"{room}: nothing asks for it any more: {singular(message)!r}"
    for message in present.obsolete.values():
        yield f"{room}: obsolete, and still kept: {singular(message)!r}"


def faults_of(message: Message | None) -> Iterator[str]:
    if message is None or not is_translated(message):
        yield "no Thai"
        return
    if message.fuzzy:
        yield "marked fuzzy"
    thai = first(message.string)
    # Where there is a plural, it is what the one Thai form stands for.
    english = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    missing = set(PLACEHOLDER.findall(english)) ^ set(PLACEHOLDER.findall(thai))
    if missing:
        yield f"placeholders differ ({', '.join(sorted(missing))})"
    for pattern, advice in AGAINST_THE_TONE.items():
        if pattern.search(thai):
            yield advice


def differences(catalogs: dict[str, Catalog]) -> Iterator[str]:
    """One English text, one Thai text: a second meaning needs a context (pgettext)."""
    seen: dict[tuple[str, str | None], tuple[str, str]] = {}
    for room, catalog in catalogs.items():
        for message in catalog:
            if not message.id or not is_translated(message):
                continue
            thai = first(message.string)
            other_room, other = seen.setdefault((singular(message), message.context), (room, thai))
            if other != thai:
                yield f"{room} and {other_room} differ: {singular(message)!r}: {thai!r} and {other!r}"
