"""What a few letters may mean: services, vendors, needs and cities, as anyone may see them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue import browsing, offered, places, searches, vendors
from catalogue.models import Service
from marketplace.models import City, Organisation
from marketplace.thai.text import localized
from matching import finding, links
from matching.models import Need
from search.analysis import Segment, highlight, terms
from search.engine import Query, Results, SearchError, get_engine

logger = logging.getLogger(__name__)

# Fewer letters begin too many words.
SHORTEST = 2
CAPABILITIES = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One suggestion: its name with what was typed marked, a word on it, and where it leads."""

    parts: tuple[Segment, ...]
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one kind. ``total`` counts all that was found; ``href`` leads to them if a list does."""

    kind: str
    label: str
    items: tuple[Item, ...]
    total: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``away``: the search engine left at least one question unanswered."""

    groups: tuple[Group, ...] = ()
    away: bool = False

    @property
    def count(self) -> int:
        return sum(len(group.items) for group in self.groups)


# Public id → (name, note, address) of the rows among them that anyone may see.
Rows = Callable[[Sequence[str]], Mapping[str, tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that is suggested: its index, that index's field of names, how many are shown."""

    kind: str
    label: str | Promise
    index: str
    names: str
    limit: int
    rows: Rows
    find: Callable[..., Results]
    page: str = ""


def _services(ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    rows = Service.objects.visible_to(None).filter(public_id__in=ids).select_related("vendor")
    return {
        row.public_id: (localized(row, "name"), localized(row.vendor, "name"), links.service(row))
        for row in rows
    }


def _vendors(ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    rows = Organisation.objects.visible_to(None).filter(public_id__in=ids, kind="vendor")
    return {
        row.public_id: (localized(row, "name"), "", reverse("vendor", args=[row.public_id])) for row in rows
    }


def _needs(ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    rows = Need.objects.visible_to(None).filter(public_id__in=ids).select_related("city")
    return {row.public_id: (row.title, localized(row.city, "name"), links.need(row)) for row in rows}


def _cities(ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    rows = City.objects.filter(public_id__in=ids).select_related("province")
    return {
        row.public_id: (localized(row, "name"), localized(row.province, "name"), links.city(row))
        for row in rows
    }


SOURCES = (
    Source(
        *("service", gettext_lazy("Digital services"), "services", "name", 5, _services),
        browsing.find,
        page="services",
    ),
    Source("vendor", gettext_lazy("Vendors"), "vendors", "name", 3, _vendors, vendors.find),
    Source(
        *("need", gettext_lazy("Needs of cities"), "needs", "title", 3, _needs), finding.find, page="needs"
    ),
    Source("city", gettext_lazy("Cities"), "cities", "name", 3, _cities, places.find, page="cities"),
)


def while_typing(text: str) -> Suggestions:
    """Suggestions for unfinished words; none of a kind whose index does not answer."""
    return _suggestions(text, lambda source: _search(source, text), unfinished=True)


def everywhere(text: str) -> Suggestions:
    """The first few of every kind for finished words; the database answers while the engine is away."""
    return _suggestions(text, lambda source: source.find(text, per_page=source.limit))


def counted(found: Suggestions, text: str) -> Suggestions:
    """Writes the search down; the links of what was found then tell that they were opened from it."""
    answer = Results(total=sum(group.total for group in found.groups), degraded=found.away)
    ref = searches.note("everywhere", text, filters=(), results=answer)
    ranks = count(1)
    groups = (
        replace(
            group,
            items=tuple(
                replace(item, href=searches.link(item.href, ref, next(ranks))) for item in group.items
            ),
        )
        for group in found.groups
    )
    return replace(found, groups=tuple(groups))


def _capabilities(text: str, words: frozenset[str], *, unfinished: bool) -> Group:
    """Capabilities that some service has; they lead to these services."""
    items = tuple(
        Item(
            highlight(one.name, words),
            ngettext("%(n)s service", "%(n)s services", one.count) % {"n": one.count},
            one.href,
        )
        for one in offered.capabilities(text, CAPABILITIES, unfinished=unfinished)
    )
    return Group("capability", _("Capabilities"), items, len(items))


def _suggestions(
    text: str, ask: Callable[[Source], Results | None], *, unfinished: bool = False
) -> Suggestions:
    if len(text) < SHORTEST:
        return Suggestions()
    words = terms(text)
    groups, away = [], False
    for source in SOURCES:
        if source.kind == "vendor":
            groups.append(_capabilities(text, words, unfinished=unfinished))
        results = ask(source)
        away = away or results is None or results.degraded
        if results is not None and results.ids:
            groups.append(_group(source, results, text, words))
    return Suggestions(tuple(group for group in groups if group.items), away)


def _search(source: Source, text: str) -> Results | None:
    query = Query(text=text, per_page=source.limit, highlight=(source.names,))
    try:
        return get_engine(source.index).search(query)
    except SearchError:
        logger.warning("Search is away; nothing of kind %s is suggested.", source.kind, exc_info=True)
        return None


def _group(source: Source, results: Results, text: str, words: frozenset[str]) -> Group:
    rows = source.rows(results.ids)
    items = []
    for public_id in results.ids:
        if public_id in rows:
            name, note, href = rows[public_id]
            found = results.highlights.get(public_id, {}).get(source.names, ())
            items.append(Item(_line(found, name) or highlight(name, words), note, href))
    more = f"{reverse(source.page)}?{urlencode({'q': text})}" if source.page else ""
    return Group(source.kind, str(source.label), tuple(items), results.total, more)


def _line(segments: Sequence[Segment], name: str) -> tuple[Segment, ...]:
    """The line of an engine's highlight that is ``name``: documents hold a name in both languages."""
    line: list[Segment] = []
    for segment in [*segments, Segment("\n", False)]:
        first, *rest = segment.text.split("\n")
        line.append(Segment(first, segment.marked))
        for following in rest:
            if "".join(piece.text for piece in line) == name:
                return tuple(piece for piece in line if piece.text)
            line = [Segment(following, segment.marked)]
    return ()
