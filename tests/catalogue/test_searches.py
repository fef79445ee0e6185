"""What is searched for is noted without a person, counted for staff, and answered with more names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue import searches
from catalogue.models import AddedTerm, Search
from catalogue.searches import figures, log, names
from catalogue.searches.personal import looks_personal
from marketplace import outbox
from marketplace.errors import Invalid, NotAllowed
from marketplace.models import Event
from marketplace.permissions import Actor
from search.analysis import query_units, vocabulary
from search.engine import get_engine, registered
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
WORD = "กังหันลม"


@pytest.fixture(autouse=True)
def nothing_noted(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    for name in registered():
        get_engine(name).rebuild([])
    yield
    vocabulary.refresh_sources()


def noted() -> list[tuple[Any, ...]]:
    searches.collect()
    columns = ("place", "text", "filters", "found", "degraded", "clicked_rank", "clicked_kind")
    return list(Search.objects.order_by("pk").values_list(*columns))


def address(cast: Cast) -> str:
    """The page of the one city, as a link in the results of a search has it."""
    city = cast.official.organisation.city  # type: ignore[union-attr]
    text = Client().get("/cities/", {"q": city.name_th}).content.decode()
    start = text.index(f'href="/cities/{city.public_id}/?s=') + len('href="')
    return text[start : text.index('"', start)].replace("&amp;", "&")


@pytest.fixture
def city(cast: Cast) -> Cast:
    outbox.put("catalogue.reindex", {})
    outbox.drain()
    return cast


def test_a_search_is_noted_with_what_it_found_and_nothing_of_who_asked(city: Cast, sign_in: SignIn) -> None:
    sign_in(city.official).get("/needs/", {"q": "  CCTV  ๒๕๖๘ ", "dimension": "energy", "region": "LS"})
    Client().get("/cities/", {"q": "สงขลา"})
    Client().get("/suggest/", {"q": "สงขลา"})
    assert noted() == [
        ("needs", "cctv 2568", "dimension,region", 0, False, None, ""),
        ("cities", "สงขลา", "", 2, False, None, ""),
        ("everywhere", "สงขลา", "", 2, False, None, ""),
    ]
    assert {field.name for field in Search._meta.get_fields()} == {
        *("id", "day", "place", "text", "filters", "found", "degraded", "took_ms", "ref"),
        *("clicked_rank", "clicked_kind"),
    }
    # Collecting twice counts once.
    assert (searches.collect(), Search.objects.count()) == (0, 3)


def test_lists_without_words_further_pages_and_letters_are_no_searches(city: Cast) -> None:
    for number in range(21):
        factories.need(city.official, state="published", title=f"เรื่องที่ {number}")
    outbox.drain()
    for path in ("/needs/", "/needs/?dimension=energy", "/cities/?q=++", "/needs/?q=เรื่อง&page=2"):
        Client().get(path)
    Client().get("/suggest/", {"q": "สงขลา"}, headers={"HX-Request": "true"})
    assert noted() == []


def test_opening_a_result_is_noted_and_its_address_is_plain_again(city: Cast) -> None:
    link = address(city)
    answer = Client().get(link)
    assert answer.status_code == 302
    assert answer.headers["Location"] == link.split("?")[0]
    Client().get(link)
    assert [row[5:] for row in noted()] == [(1, "city")]
    assert Client().get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["s=0123456789abcdef&r=1", "s=x&r=1", "s=../../x&r=1", "s=0123456789abcdef&r=-1", "s=a&r=99999999"],
)
def test_an_invented_opening_counts_nowhere(city: Cast, query: str) -> None:
    address(city)
    plain = f"/cities/{city.official.organisation.city.public_id}/"  # type: ignore[union-attr]
    answer = Client().get(f"{plain}?{query}&x=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{plain}?x=1")
    assert [row[5:] for row in noted()] == [(None, "")]


@pytest.mark.parametrize(
    "text",
    [
        *("0812345678", "081-234-5678", "๐๘๑ ๒๓๔ ๕๖๗๘", "1 1017 00230 70 8", "สมชาย@example.com", "a@b"),
        *("นายสมชาย ใจดี", "น.ส. สุดา", "เด็กหญิงดาว", "Mr. Smith", "line id: somchai", "บ้านเลขที่ 12 หมู่ 3"),
        "ก" * 101,
    ],
)
def test_what_looks_like_data_of_a_person_is_never_written(city: Cast, text: str) -> None:
    for path in ("/needs/", "/cities/", "/suggest/", "/services/"):
        assert Client().get(path, {"q": text}).status_code == 200
    assert not log.path().exists()
    assert noted() == []


@pytest.mark.parametrize(
    "text", ["นายกเทศมนตรี", "กล้อง CCTV 2568", "ไฟถนน", "อบต. 5 แห่ง", "น้ำท่วม", "smart city 4.0", "ภาษีที่ดิน 2569"]
)
def test_ordinary_searches_are_not_taken_for_persons(text: str) -> None:
    assert not looks_personal(text)


def test_lines_that_were_cut_off_or_are_of_others_harm_nothing(city: Cast) -> None:
    Client().get("/cities/", {"q": "สงขลา"})
    with log.path().open("ab") as file:
        file.write(
            b'{"what": "search", "da\n[1]\n\xff\xfe\n' + json.dumps({"what": "other"}).encode() + b"\n"
        )
    assert len(noted()) == 1


def test_a_file_that_cannot_be_written_stops_no_search(city: Cast, settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path / "missing"
    assert Client().get("/cities/", {"q": "สงขลา"}).status_code == 200


def test_old_searches_are_dropped_and_none_are_noted_when_switched_off(city: Cast, settings: Any) -> None:
    row = {"place": "needs", "text": "x", "found": 0, "ref": "r"}
    today = timezone.localdate()
    Search.objects.create(day=today - timedelta(days=181), **row)
    Search.objects.create(day=today - timedelta(days=180), **row)
    searches.collect()
    assert list(Search.objects.values_list("day", flat=True)) == [today - timedelta(days=180)]
    settings.SEARCH_LOG_DAYS = 0
    Client().get("/cities/", {"q": "สงขลา"})
    assert noted() == []


def test_figures_count_by_text_in_the_period(db: None) -> None:
    today = timezone.localdate()
    for text, found, rank, days in (("ก", 0, None, 0), ("ก", 0, None, 1), ("ข", 5, 3, 0), ("ข", 4, None, 8)):
        Search.objects.create(
            *(), day=today - timedelta(days=days), place="services", text=text, found=found, ref="r",
            took_ms=found, clicked_rank=rank, clicked_kind="service" if rank else "",
        )  # fmt: skip
    week = figures.since(7)
    assert figures.totals(week) == {"all": 3, "without": 2, "clicked": 1, "degraded": 0}
    assert [(r["text"], r["times"], r["last"]) for r in figures.without_result(week)] == [("ก", 2, today)]
    month = figures.most_asked(figures.since(30))
    assert [(r["text"], r["times"], r["results"], r["openings"], r["rank"]) for r in month] == [
        ("ก", 2, 0, 0, None),
        ("ข", 2, 5, 1, 3.0),
    ]
    assert [(r["text"], r["slowest"]) for r in figures.slow(week)] == [("ข", 5), ("ก", 0)]


def understood(text: str) -> bool:
    return any("=flood-warning" in unit.names for unit in query_units(text))


def test_staff_add_a_name_and_searches_understand_it_until_it_is_taken_out(
    city: Cast, sign_in: SignIn
) -> None:
    client, base = sign_in(city.reviewer), f"/o/{city.reviewer.organisation.public_id}/searches/"  # type: ignore[union-attr]
    assert not understood("ป้อมจับตา")
    added = client.post(f"{base}names/", {"term": " ป้อมจับตา ", "capability": "flood-warning"})
    assert added.status_code == 302
    outbox.drain()
    vocabulary.refresh_sources()
    assert understood("ป้อมจับตา")
    row = AddedTerm.objects.get()
    assert (row.term, row.capability, row.created_by) == ("ป้อมจับตา", "flood-warning", city.reviewer.user)
    assert "ป้อมจับตา" in client.get(base).content.decode()
    again = client.post(f"{base}names/", {"term": "ป้อมจับตา", "capability": "flood-warning"})
    assert (again.status_code, AddedTerm.objects.count()) == (400, 1)
    assert 'value="ป้อมจับตา"' in again.content.decode()
    assert client.post(f"{base}names/{row.public_id}/remove/", {"x": "1"}).status_code == 302
    outbox.drain()
    vocabulary.refresh_sources()
    assert not understood("ป้อมจับตา")
    moves = Event.objects.filter(subject_kind="addedterm").order_by("number").values_list("move", flat=True)
    assert list(moves) == ["add", "remove"]


@pytest.mark.parametrize(("term", "capability"), [("!!!", "flood-warning"), ("คำ", "no_such"), ("", "")])
def test_a_wrong_name_is_refused_beside_its_field(
    city: Cast, sign_in: SignIn, term: str, capability: str
) -> None:
    client = sign_in(city.administrator)
    path = f"/o/{city.administrator.organisation.public_id}/searches/names/"  # type: ignore[union-attr]
    answer = client.post(path, {"term": term, "capability": capability})
    assert answer.status_code == 400
    assert "aria-invalid" in answer.content.decode()
    assert not AddedTerm.objects.exists()


@pytest.mark.parametrize("who", ["owner", "official", "broker"])
def test_others_add_and_remove_no_names(city: Cast, who: str) -> None:
    row = names.add("ป้อมจับตา", "flood-warning", by=city.reviewer)
    events = Event.objects.count()
    with pytest.raises(NotAllowed):
        names.add("หอคอย", "flood-warning", by=getattr(city, who))
    with pytest.raises(NotAllowed):
        names.remove(row, by=getattr(city, who))
    with pytest.raises(Invalid):
        names.add("หอคอย", "no_such", by=city.reviewer)
    assert (AddedTerm.objects.count(), Event.objects.count()) == (1, events)


def test_the_page_costs_the_same_with_one_row_and_twenty(city: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(city.reviewer), f"/o/{city.reviewer.organisation.public_id}/searches/"  # type: ignore[union-attr]

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    def more(number: int) -> None:
        Search.objects.create(
            day=timezone.localdate(), place="needs", text=f"เรื่อง {number}", found=0, ref="r"
        )
        names.add(f"ป้อมที่ {number}", "flood-warning", by=city.reviewer)

    more(0)
    outbox.drain()
    one = queries()
    for number in range(1, 20):
        more(number)
    outbox.drain()
    assert queries() == one
    assert one <= 10
