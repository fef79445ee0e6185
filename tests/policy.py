"""The policy table, tests/policy.txt, as rows that tests ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse
from django.utils import translation

from tests.world import World

# The site's addresses with those that only the demo and DEBUG have.
ADDRESSES = "tests.every_address"
# A status, or the name of where a redirect leads.
Answer = int | str

ORGANISATIONS = {
    "owner.org": "owner teammate",
    "rival.org": "rival",
    "official.org": "official colleague",
    "stranger.org": "stranger",
    "reviewer.org": "reviewer broker administrator",
}
VENDORS, CITIES = "owner teammate rival", "official colleague stranger"
DEPA = "reviewer broker administrator"
GROUPS = {
    "vendor": "owner teammate",
    "vendors": VENDORS,
    "city": "official colleague",
    "cities": CITIES,
    "brokers": "broker administrator",
    "reviewers": "reviewer administrator",
    "depa": DEPA,
    "members": f"{VENDORS} {CITIES} {DEPA}",
    "signed-in": f"newcomer {VENDORS} {CITIES} {DEPA}",
    "people": f"newcomer {VENDORS} {CITIES} {DEPA} unready",
}
PAGE_METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What staff reach without a second factor: its set-up, and the way out.
WITHOUT_SECOND_FACTOR = ("mfa_", "account_")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    about: str
    cells: tuple[str, ...]

    @property
    def arguments(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.about.split("?")[0].split())

    @property
    def query(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.about.partition("?")[2].split())

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api_") or self.name == "schema"

    @property
    def methods(self) -> tuple[str, ...]:
        return API_METHODS if self.is_api else PAGE_METHODS

    def serves(self, method: str) -> bool:
        """Whether the table says what this method does here, rather than that it does nothing."""
        return self.cells[API_METHODS.index(method)] not in ("", "-")

    def __str__(self) -> str:
        return f"{self.name} {self.about}".strip()

    def answer(self, audience: str, method: str) -> Answer:
        """What the table says, by the rules in its head."""
        cell = self.cells[API_METHODS.index(method)]
        if not cell and method == "POST" and not self.is_api:
            cell = self.cells[0] if self.name in WRITING else "405"
        if audience == "unready" and (self.is_api or not self.name.startswith(WITHOUT_SECOND_FACTOR)):
            return 403 if self.is_api else "enrol"
        if cell in ("", "-"):
            return self._not_served(audience, method)
        if len(cell.split()) == 1:
            return _answer(cell)
        for part in cell.split(","):
            *names, said = part.split()
            if audience in {one for name in names for one in _people(name)}:
                return _answer(said)
        return self._for_others(audience, method)

    def _not_served(self, audience: str, method: str) -> Answer:
        """405 for those who could use the page's other method; the rest learn nothing."""
        other = "" if self.is_api else self.cells[method == "GET"]
        named = {one for part in other.split(",") for name in part.split() for one in _people(name)}
        if len(other.split()) < 2 or audience in named:
            return 405
        return self._for_others(audience, method)

    def _for_others(self, audience: str, method: str) -> Answer:
        if audience == "anonymous":
            return 403 if self.is_api or method == "POST" else "login"
        organisation = self.arguments.get("org", "")
        return 403 if audience in ORGANISATIONS.get(organisation, "").split() else 404


def _people(name: str) -> list[str]:
    return GROUPS.get(name, name).split()


def _answer(said: str) -> Answer:
    return int(said) if said.isdecimal() else said


def _rows() -> Iterator[Row]:
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, about, *cells = (cell.strip() for cell in line.split("|"))
            yield Row(name, about, tuple([*cells, "", "", "", ""][:5]))


TABLE = tuple(_rows())
# Pages that take a POST; allauth's answer one as their GET where the table says nothing.
WRITING = frozenset(
    row.name for row in TABLE if row.name.startswith(("mfa_", "account_")) or row.serves("POST")
)


def address(row: Row, world: World, audience: str, language: str = "th") -> str:
    """The row's address; in the API each audience acts for its own organisation."""
    with translation.override(language):
        path = reverse(row.name, kwargs=world.fill(row.arguments), urlconf=ADDRESSES)
    query = world.fill(row.query)
    if row.is_api:
        query["organisation"] = world.own(audience)
    return path + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")
