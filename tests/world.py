"""One world with a thing in every state, for tests that walk over all pages: who may see and do what.

Built once a module and never changed: every request that `World.ask` makes is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from catalogue import certificates, claims, services
from catalogue.models import Service
from catalogue.searches import names
from marketplace import affiliations, files, organisations, outbox, papers
from marketplace.models import Organisation, Outbox
from marketplace.permissions import Actor
from matching import introductions, needs
from matching.models import Introduction, Match, Need
from tests import factories
from tests.conftest import Cast

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
TAX_ID = "0994000617721"
UNKNOWN = "000000000000"
AUDIENCES = (
    *("anonymous", "newcomer", "owner", "teammate", "rival", "official", "colleague", "stranger"),
    *("reviewer", "broker", "administrator", "unready"),
)


@dataclass
class World:
    """``people`` by audience (anonymous: None), and public ids of things by name, as in "service.draft"."""

    people: dict[str, Actor | None]
    ids: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    mails: list[Any] = field(default_factory=list)

    def own(self, audience: str) -> str:
        """Public id of the organisation that an audience acts for; an unknown one where it has none."""
        actor = self.people[audience]
        return actor.organisation.public_id if actor and actor.organisation else UNKNOWN

    def fill(self, about: Mapping[str, str]) -> dict[str, str]:
        """Arguments of an address: names of things become their ids, everything else stays."""
        return {key: self.ids.get(value, value) for key, value in about.items()}

    def client(self, audience: str, **options: Any) -> Client:
        client = Client(raise_request_exception=False, **options)
        if audience in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[audience]
        return client

    def ask(self, audience: str, method: str, path: str, **request: Any) -> HttpResponse:
        """A request of somebody, after which everything is as before. What is sent is empty unless given."""
        if path.startswith("/api/") and method != "GET":
            request = {"content_type": "application/json", "data": {}} | request
        elif method == "POST":
            # As in a browser, where a form is never without its token.
            request = {"data": {"csrfmiddlewaretoken": "-"}} | request
        with transaction.atomic():
            response: HttpResponse = getattr(self.client(audience), method.lower())(path, **request)
            # A download is read while its file is open.
            if response.streaming:
                response.getvalue()
            transaction.set_rollback(True)
        return response


def build(cast: Cast) -> World:
    """The cast, and what each of them has."""
    newcomer = Actor(factories.UserFactory())
    depa = cast.administrator.organisation
    assert depa is not None
    people: dict[str, Actor | None] = {
        "anonymous": None,
        "newcomer": newcomer,
        **{name: getattr(cast, name) for name in AUDIENCES if hasattr(cast, name)},
        "unready": factories.member(depa, "administrator"),
    }
    world = World(people)
    for name, actor in people.items():
        if actor is not None:
            world.ids[f"{name}.user"] = actor.user.public_id
            if actor.membership is not None:
                world.ids[f"{name}.membership"] = actor.membership.public_id
    for name in ("owner", "rival", "official", "stranger", "reviewer"):
        world.ids[f"{name}.org"] = world.own(name)
    for name in ("reviewer", "broker", "administrator"):
        enrol(people[name])
    for add in (add_services, add_needs, add_introductions, add_papers):
        world.ids |= add(cast)
    world.ids |= add_invitation(cast) | add_effect() | add_name(cast)
    world.sessions = {name: session_of(actor) for name, actor in people.items() if actor is not None}
    return world


def enrol(actor: Actor | None) -> None:
    """Give a person of depa the second factor without which nothing opens."""
    assert actor is not None
    TOTP.activate(actor.user, generate_totp_secret())
    RecoveryCodes.activate(actor.user)


def session_of(actor: Actor) -> str:
    client = Client()
    client.force_login(actor.user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def add_services(cast: Cast) -> dict[str, str]:
    """A service in every state, all of the owner's vendor, and one of the rival's."""
    made: dict[str, Service] = {}
    for state in ("draft", "submitted", "changes_requested", "refused"):
        made[state] = factories.draft(cast.owner, name_th=f"บริการ {state}", name_en=f"Service {state}")
    for state in ("submitted", "changes_requested", "refused"):
        services.submit(made[state], by=cast.owner)
    services.request_changes(made["changes_requested"], by=cast.reviewer, note="เพิ่มราคา")
    services.refuse(made["refused"], by=cast.reviewer, note="ไม่ใช่บริการดิจิทัล")
    for state in ("published", "revised", "suspended", "withdrawn"):
        made[state] = factories.published(
            cast.owner, cast.reviewer, name_th=f"บริการ {state}", name_en=f"Service {state}"
        )
    services.suspend(made["suspended"], by=cast.reviewer, note="ตรวจสอบ")
    services.withdraw(made["withdrawn"], by=cast.owner, note="เลิกให้บริการ")
    revised = services.save(
        made["revised"], factories.content(name_th="ชื่อใหม่", name_en="New name"), by=cast.owner, seen=1
    )
    services.submit_revision(revised, by=cast.owner)
    made["rival"] = factories.published(cast.rival, cast.reviewer, name_th="บริการของคู่แข่ง", name_en="Rival's")
    made["rival_draft"] = factories.draft(cast.rival, name_th="ร่างของคู่แข่ง")
    certificate = certificates.state(made["published"], by=cast.owner, kind="dsure", number="D-1")
    ids = {f"service.{state}": service.public_id for state, service in made.items()}
    return ids | {"certificate": certificate.public_id, "slug": made["published"].slug}


def add_needs(cast: Cast) -> dict[str, str]:
    """A need in every state and visibility, of the official's city."""
    title = {state: {"title": f"ความต้องการ {state}"} for state in ("draft", "published", "private", "closed")}
    made = {
        "draft": factories.need(cast.official, **title["draft"]),
        "published": factories.need(
            cast.official, state="published", dimensions=["environment"], **title["published"]
        ),
        "private": factories.need(cast.official, state="published", visibility="private", **title["private"]),
        "closed": factories.need(cast.official, state="published", **title["closed"]),
        "withdrawn": factories.need(cast.official, state="published", title="ความต้องการ withdrawn"),
        "stranger": factories.need(cast.stranger, title="ความต้องการของเมืองอื่น"),
    }
    needs.close(made["closed"], by=cast.official)
    needs.withdraw(made["withdrawn"], by=cast.official, note="ยกเลิกโครงการ")
    city = cast.official.organisation
    assert city is not None
    made["broker"] = needs.add(
        city.city, factories.need_content(), by=cast.broker, confirm_email="official@example.com"
    )
    factories.empty_indexes()
    outbox.drain()
    match = Match.objects.get(run__need=made["published"], service__name_en="Service published")
    ids = {f"need.{state}": need.public_id for state, need in made.items()}
    return ids | {
        "match": match.public_id,
        "run": match.run.public_id,
        "city": city.city.public_id,
        "city.stranger": made["stranger"].city.public_id,
        "need.slug": made["published"].slug,
        "confirm.secret": secret_of("need_confirm"),
    }


def secret_of(template: str) -> str:
    """The secret in the address that a mail of this kind leads to."""
    return str(Outbox.objects.get(payload__template=template).payload["path"].split("/")[2])


STEPS: dict[str, tuple[Callable[[Introduction, Cast], Any], ...]] = {
    "requested": (),
    "forwarded": (lambda i, c: introductions.forward(i, by=c.broker),),
    "introduced": (
        lambda i, c: introductions.forward(i, by=c.broker),
        lambda i, c: introductions.accept(i, by=c.owner, consent=True),
    ),
    "closed": (
        lambda i, c: introductions.forward(i, by=c.broker),
        lambda i, c: introductions.accept(i, by=c.owner, consent=True),
        lambda i, c: introductions.close(i, by=c.official, note="นัดสาธิตแล้ว"),
    ),
    "declined": (
        lambda i, c: introductions.forward(i, by=c.broker),
        lambda i, c: introductions.decline(i, by=c.owner, note="ไม่มีทีมในพื้นที่"),
    ),
    "stopped": (lambda i, c: introductions.stop(i, by=c.broker, note="ซ้ำกับคำขอเดิม"),),
    "withdrawn": (lambda i, c: introductions.withdraw(i, by=c.official, note="เลือกวิธีอื่น"),),
}


def add_introductions(cast: Cast) -> dict[str, str]:
    """An introduction in every state that stays; each is about a need of its own."""
    service = Service.objects.get(name_en="Service published")
    ids = {}
    for state, steps in STEPS.items():
        need = factories.need(cast.official, visibility="private", state="published", title=f"เรื่อง {state}")
        row = introductions.request(service, by=cast.official, consent=True, need=need)
        for step in steps:
            step(row, cast)
        ids[f"introduction.{state}"] = row.public_id
    need = Need.objects.get(title="ความต้องการ published")
    assert need.organisation is not None
    suggested = introductions.suggest(service, need.organisation, by=cast.broker, need=need)
    return ids | {"introduction.suggested": suggested.public_id}


def add_papers(cast: Cast) -> dict[str, str]:
    """An official's letter, a vendor's evidence, and a claim of imported services."""
    city = factories.CityFactory(name_th="เทศบาลนครหาดใหญ่", name_en="Hat Yai City Municipality")
    person = Actor(factories.UserFactory(name="คุณผู้ขอสิทธิ์"))
    upload = SimpleUploadedFile("letter.pdf", PDF, content_type="application/pdf")
    letter = files.store(upload, by=person, field="letter_scan")
    asked = affiliations.ask(
        by=person, city=city, letter_scan=letter, letter_number="สข 1/2568", letter_date="2025-11-22"
    )
    evidence = files.store(
        SimpleUploadedFile("d.pdf", PDF),
        by=cast.owner,
        organisation=cast.owner.organisation,
        field="evidence",
    )
    vendor = cast.owner.organisation
    assert vendor is not None
    [identity] = papers.add(vendor, [SimpleUploadedFile("company.pdf", PDF)], by=cast.owner)
    Organisation.objects.filter(pk=vendor.pk).update(tax_id=TAX_ID)
    vendor.refresh_from_db()
    imported = factories.OrganisationFactory(
        claimed=False, source="test", source_id="1", tax_id=TAX_ID, name_en="Imported"
    )
    other = factories.OrganisationFactory(
        claimed=False, source="test", source_id="2", tax_id=TAX_ID, name_en="Imported too"
    )
    claim = claims.ask(vendor, imported, by=cast.owner)
    return {
        "city.without_account": city.public_id,
        "affiliation": asked.public_id,
        "file.letter": letter.public_id,
        "file.evidence": evidence.public_id,
        "file.identity": identity.public_id,
        "vendor.imported": imported.public_id,
        "vendor.claimable": other.public_id,
        "claim": claim.public_id,
    }


def add_invitation(cast: Cast) -> dict[str, str]:
    row = organisations.invite(
        "invited@example.com", by=cast.owner, organisation=cast.owner.organisation, role="member"
    )
    return {"invitation": row.public_id, "invitation.secret": secret_of("invitation")}


def add_effect() -> dict[str, str]:
    """An effect that the worker has given up."""
    row = Outbox.objects.create(handler="marketplace.mail", payload={}, state="dead", attempts=8)
    return {"effect": row.public_id}


def add_name(cast: Cast) -> dict[str, str]:
    """A name of a capability that a reviewer added."""
    row = names.add("ป้อมจับตา", "flood-warning", by=cast.reviewer)
    return {"search.name": row.public_id}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of a module's tests, which must change nothing in it; for that there is `World.ask`."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(Cast.new())
        transaction.set_rollback(True)
