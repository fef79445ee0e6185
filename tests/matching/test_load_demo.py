"""The demo as a whole: every state is there with its events, and nobody was mailed for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from catalogue.models import AccountStatus, Certificate, Claim, Service, ServiceVersion
from marketplace import events, outbox
from marketplace.demo.logins import logins
from marketplace.files import open_stored
from marketplace.models import (
    AffiliationRequest,
    Event,
    Membership,
    Organisation,
    Outbox,
    Region,
    User,
    database_now,
)
from matching import runs
from matching.demo_world import files
from matching.demo_world.requests import small_pdf
from matching.demo_world.world import spread
from matching.models import Introduction, MatchRun, Need
from search.engine import Query, get_engine

TABLES: tuple[Any, ...] = (User, Organisation, Membership, ServiceVersion, MatchRun, Introduction, Event)


def sizes() -> list[int]:
    return [table.objects.count() for table in TABLES]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the tests of this file, which change nothing in it."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.DEMO", True)
        call_command("load_reference")
        call_command("load_demo")
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("demo")
class TestTheWorld:
    def test_there_is_as_much_as_was_promised(self) -> None:
        published = Service.objects.public().filter(is_example=True)
        assert published.count() >= 60
        assert published.values("vendor").distinct().count() >= 25
        assert Need.objects.filter(is_example=True).count() >= 20
        assert Introduction.objects.count() >= 14

    def test_services_rest_in_every_state(self) -> None:
        states = Counter(Service.objects.values_list("state", flat=True))
        assert set(states) == set(Service.State.values) - {"refused"}
        assert states["submitted"] >= 3
        assert Service.objects.filter(revision__isnull=False).count() == 2

    def test_needs_and_introductions_rest_where_their_files_say(self) -> None:
        assert Counter(Need.objects.values_list("state", flat=True)) == Counter(
            row["state"] for row in files.needs()
        )
        assert Counter(Introduction.objects.values_list("state", flat=True)) == Counter(
            row["state"] for row in files.introductions()
        )

    def test_every_move_has_its_event_and_the_chain_holds(self) -> None:
        assert list(events.broken_links()) == []
        moves = Counter(Event.objects.values_list("subject_kind", "move"))
        assert moves["service", "add"] == Service.objects.count()
        assert moves["need", "add"] == Need.objects.count()
        assert moves["certificate", "verify"] == Certificate.objects.exclude(verified_at=None).count()
        assert moves["service", "record_account_status"] == AccountStatus.objects.count()
        for introduction in Introduction.objects.all():
            last = events.of(introduction).last()
            assert last is not None
            assert last.to_state == introduction.state

    def test_the_people_are_those_of_the_file_and_can_sign_in(self) -> None:
        people = files.people()["people"]
        assert User.objects.count() == EmailAddress.objects.filter(verified=True, primary=True).count()
        assert User.objects.count() == len(people)
        user = User.objects.get(email="owner.khaya@example.com")
        assert user.check_password(files.people()["password"])

    def test_staff_sign_in_with_the_codes_that_are_shown(self) -> None:
        for login in logins():
            user = User.objects.get(email=login.email)
            factors = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
            assert factors == ({"totp", "recovery_codes"} if user.is_depa else set())
            assert bool(login.code) == user.is_depa
            if login.code:
                stored = Authenticator.objects.get(user=user, type="totp")
                assert TOTP(stored).validate_code(login.code)

    def test_all_that_is_invented_says_so(self) -> None:
        assert not Service.objects.filter(is_example=False).exists()
        assert not Need.objects.filter(is_example=False).exists()
        assert not Organisation.objects.filter(is_example=False).exists()

    def test_something_waits_for_each_kind_of_staff(self) -> None:
        letters = AffiliationRequest.objects.filter(state="requested")
        assert sorted(letter.city is None for letter in letters) == [False, True]
        assert all(open_stored(letter.letter_scan).read().startswith(b"%PDF-") for letter in letters)
        claim = Claim.objects.get(state="requested")
        assert claim.unclaimed.claimed is False
        assert claim.unclaimed.tax_id == claim.vendor.tax_id
        assert claim.unclaimed.services.get().state == "published"
        assert Introduction.objects.filter(state="requested").count() >= 3

    def test_every_need_has_a_ranking_that_computes_again(self) -> None:
        assert not MatchRun.objects.filter(state="waiting").exists()
        assert MatchRun.objects.count() == Need.objects.count()
        run = MatchRun.objects.select_related("need").order_by("pk").first()
        assert run is not None
        assert runs.recompute(run).to_json() == runs.unpacked(run.result)
        published = Need.objects.filter(state="published")
        fits = [need.runs.get().matches.filter(kept=True).count() for need in published]
        assert sum(count > 0 for count in fits) > len(fits) * 0.9

    def test_requests_from_a_match_point_to_it(self) -> None:
        for introduction in Introduction.objects.filter(origin="match"):
            assert introduction.match is not None
            assert introduction.match.service_id == introduction.service_id

    def test_ages_look_alive_and_nothing_lies_in_the_future(self) -> None:
        now = database_now()
        for rows in (Service, Need, Introduction, Claim, AffiliationRequest):
            ages = [(now - since).days for since in rows.objects.values_list("state_since", flat=True)]
            assert min(ages) >= 0
            assert len(set(ages)) > 1 or len(ages) < 3
        for introduction in Introduction.objects.exclude(forwarded_at=None):
            assert introduction.forwarded_at is not None
            assert introduction.created_at <= introduction.forwarded_at <= introduction.state_since
        stale = now - timedelta(days=45)
        assert not Introduction.objects.filter(
            state__in=("suggested", "requested", "forwarded"), state_since__lt=stale
        ).exists()
        assert not Need.objects.filter(state="published", deadline__lt=now).exists()

    def test_an_introductions_history_says_the_moments_of_its_row(self) -> None:
        for row in Introduction.objects.all():
            told = [event.at for event in events.of(row).order_by("number")]
            assert told == sorted(told)
            # Events keep milliseconds, rows microseconds.
            assert abs(told[0] - row.created_at) < timedelta(milliseconds=1)
            assert abs(told[-1] - row.state_since) < timedelta(milliseconds=1)

    def test_only_one_mail_and_one_rebuild_of_the_index_are_due(self) -> None:
        due = Outbox.objects.order_by("handler", "pk").values_list("handler", "payload")
        assert [(handler, payload.get("template")) for handler, payload in due] == [
            ("catalogue.reindex", None),  # of the cities that load_reference brought
            ("catalogue.reindex", None),
            ("marketplace.mail", "need_confirm"),
        ]

    def test_a_second_time_changes_nothing(self) -> None:
        before = sizes()
        call_command("load_demo")
        assert sizes() == before

    def test_the_index_finds_what_was_loaded(self) -> None:
        with transaction.atomic():
            outbox.drain()
            found = get_engine("services").search(Query(text="แจ้งขยะตกค้างผ่านมือถือ"))
            assert Service.objects.get(name_en__startswith="Keb Hai Khrop").public_id in found.ids[:3]
            assert get_engine("services").count() == Service.objects.public().count()
            transaction.set_rollback(True)
        get_engine("services").rebuild([])


def test_a_fault_leaves_nothing_behind(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Any]:
        raise ValueError("a damaged file")

    settings.DEMO = True
    call_command("load_reference")
    monkeypatch.setattr(files, "services", broken)
    with pytest.raises(ValueError, match="damaged"):
        call_command("load_demo")
    assert sizes() == [0] * len(TABLES)


def test_a_real_site_refuses(db: None, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="public"):
        call_command("load_demo")


def test_a_database_with_people_refuses(db: None, settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_demo")
    Region.objects.create(code="X", name_th="x", name_en="x", source="test")
    User.objects.create_user("real@example.org")
    with pytest.raises(CommandError, match="people"):
        call_command("load_demo")


def test_days_are_spread_alike_each_time() -> None:
    assert spread(3, 2, 40) == spread(3, 2, 40)
    assert all(2 <= spread(number, 2, 40) <= 40 for number in range(200))
    assert len({round(spread(number, 2, 40)) for number in range(40)}) > 25


def test_the_letter_is_a_pdf_with_right_places() -> None:
    content = small_pdf("Example")
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start:].startswith(b"xref")
    places = [int(line[:10]) for line in content[start:].split(b"\n")[3:8]]
    assert [content[place:].split()[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]
