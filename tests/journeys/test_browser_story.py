"""The story in the browser, in Thai, with a window for each of its people."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from catalogue.models import Service
from marketplace import events, outbox
from marketplace.models import Organisation
from matching.models import Introduction, Need
from tests import factories
from tests.journeys.people import Person, person

SENTENCE = "ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้"
TAX_ID = "0994000617721"
SERVICE = "แจ้งขยะถึงมือ"
RIVAL = "เซนเซอร์ถังขยะ"
NEED = "ให้ประชาชนแจ้งขยะตกค้างได้ง่าย"
NOT_A_SCORE = "ไม่ใช่คะแนนประเมินข้อเสนอ"
UNKNOWN_ACCOUNT = "ยังไม่ทราบสถานะบัญชีบริการดิจิทัล"
IN_THE_ACCOUNT = "อยู่ในบัญชีบริการดิจิทัล"
REQUEST = "ขอดูตัวอย่างการใช้งานจริง"


@dataclass
class Cast:
    """Everybody's window. The vendor begins as nobody; all others have memberships."""

    anyone: Person
    vendor: Person
    official: Person
    reviewer: Person
    broker: Person


@pytest.fixture
def cast(new_page: Callable[..., Page], transactional_db: None, settings: Any) -> Cast:
    # A code may be typed at the end of its half minute.
    settings.MFA_TOTP_TOLERANCE = 1
    factories.categories()
    factories.empty_indexes()
    depa = factories.OrganisationFactory(kind="depa", name_th="ดีป้า", name_en="depa")
    reviewer = factories.member(depa, "reviewer", email="rin@example.com")
    broker = factories.member(depa, "broker", email="boon@example.com")
    official = factories.city_with_official(name_th="เทศบาลนครหาดใหญ่", name_en="Hat Yai City Municipality")
    rival = factories.member(factories.OrganisationFactory(), "owner")
    factories.published(
        rival, reviewer, name_th=RIVAL, name_en="Bin Sensor", kind="hardware",
        summary_th="วัดระดับขยะในถัง แจ้งเมื่อมีขยะตกค้าง", summary_en="Measures how full bins are",
    )  # fmt: skip
    outbox.drain()
    return Cast(
        anyone=Person(new_page(), ""),
        vendor=Person(new_page(), "napa@example.com"),
        official=person(new_page(), official),
        reviewer=person(new_page(), reviewer),
        broker=person(new_page(), broker),
    )


def reasons_of(match: Locator) -> Locator:
    """The rows of reasons, unfolded; the page unfolds those of the first match itself."""
    if match.locator("details").get_attribute("open") is None:
        match.locator("summary").click()
    return match.locator("ul.reasons li")


def a_sentence_finds_services(anyone: Person) -> None:
    """Step 0: without signing in."""
    anyone.visit("/")
    anyone.fill(q=SENTENCE)
    anyone.press("ค้นหาบริการที่สอดคล้อง")
    anyone.arrives(r"/try/\?q=")
    anyone.sees(RIVAL, NOT_A_SCORE)
    match = anyone.main.locator("article.match", has_text=RIVAL)
    expect(reasons_of(match).first).to_be_visible()
    expect(anyone.main.get_by_role("link", name="เข้าสู่ระบบแล้วทำเป็นความต้องการ")).to_be_visible()


def a_vendor_opens_its_account(vendor: Person) -> None:
    """Step 1: a person signs up, and opens the account of a company with its tax ID."""
    vendor.sign_up("คุณนภา")
    vendor.visit("/join/vendor/")
    wrong = f"{TAX_ID[:-1]}9"
    company = {"name_th": "บริษัท สายลมสะอาด จำกัด", "name_en": "Clean Wind Co., Ltd."}
    vendor.fill(tax_id=wrong, sales_email="sales@cleanwind.example", **company)
    vendor.press("เปิดบัญชี")
    expect(vendor.main.locator("[name=tax_id]")).to_have_attribute("aria-invalid", "true")
    vendor.fill(tax_id=TAX_ID)
    vendor.press("เปิดบัญชี")
    own = vendor.arrives(r"/o/([a-z0-9]{12})/")
    vendor.organisation = Organisation.objects.get(public_id=own, tax_id=TAX_ID)


def a_vendor_drafts_and_submits(vendor: Person) -> str:
    """Step 1: a service in Thai and English. Return its id."""
    vendor.work("services/new/")
    vendor.fill(
        name_th=SERVICE,
        name_en="Waste in Hand",
        summary_th="ประชาชนแจ้งขยะตกค้างผ่านมือถือ เจ้าหน้าที่ติดตามจนปิดเรื่อง",
        summary_en="Residents report uncollected waste by phone",
    )
    vendor.tick("kind", "saas")
    vendor.tick("dimensions", "environment")
    vendor.tick("regions", "*")
    vendor.fill(**{"prices-0-amount": "๑๒,๐๐๐"})
    vendor.main.locator("[name=prices-0-unit]").select_option("month")
    vendor.main.locator("button[name=save]:not([tabindex])").click()
    service = vendor.arrives(r"/services/([a-z0-9]{12})/$")
    assert Service.objects.get(public_id=service).state == "draft"
    vendor.main.locator("form:has([name=move][value=submit]) button").click()
    expect(vendor.main.locator("[name=move][value=submit]")).to_have_count(0)
    return service


def a_reviewer_publishes(reviewer: Person, anyone: Person, service: str) -> None:
    """Step 1: after a sign-in with two factors; then everybody finds it, with its account unknown."""
    anyone.visit(f"/services/{service}/", status=404)
    reviewer.sign_in()
    reviewer.work("reviews/")
    reviewer.main.get_by_role("link", name=SERVICE).first.click()
    reviewer.arrives(f"/reviews/services/{service}/")
    reviewer.main.locator("form:has([name=move][value=publish]) button").click()
    expect(reviewer.main.locator("[name=move][value=publish]")).to_have_count(0)
    outbox.drain()
    anyone.visit("/services/")
    anyone.fill(q="แจ้งขยะ มือถือ")
    anyone.page.keyboard.press("Enter")
    anyone.arrives(r"/services/\?.*q=")
    anyone.main.get_by_role("link", name=SERVICE).first.click()
    anyone.arrives(f"/services/{service}/")
    anyone.sees(UNKNOWN_ACCOUNT)
    anyone.does_not_see(IN_THE_ACCOUNT)


def an_official_drafts(official: Person) -> str:
    """Step 2: a need with a must and a nice to have; the matches are there before anybody else sees it."""
    official.sign_in()
    official.work("needs/new/")
    official.fill(
        title=NEED, problem=SENTENCE, success="ปิดเรื่องได้ภายใน 3 วัน", budget_amount="๑๘๐,๐๐๐",
        fiscal_year="2570", money_source="ข้อบัญญัติงบประมาณ", start_by="15/01/2570",
    )  # fmt: skip
    official.tick("dimensions", "environment")
    official.tick("budget_state", "planned")
    official.tick("visibility", "public")
    official.main.locator("button[name=add][value=category]").click()
    official.tick("criteria-0-codes", "saas")
    official.main.locator("[name=criteria-0-level]").select_option("must")
    official.main.locator("button[name=add][value=standard]").click()
    official.tick("criteria-1-codes", "line_oa")
    expect(official.main.locator("[name=criteria-1-level]")).to_have_value("nice")
    official.press("บันทึกและดูผลการจับคู่")
    need = official.arrives(r"/needs/([a-z0-9]{12})/matches/")
    outbox.drain()
    official.work(f"needs/{need}/matches/")
    official.sees(SERVICE, NOT_A_SCORE)
    return need


def an_official_publishes(official: Person, anyone: Person, need: str) -> None:
    """Step 2: a step of its own, before which the need is nobody else's business."""
    anyone.visit(f"/needs/{need}/", status=404)
    official.work(f"needs/{need}/")
    official.main.get_by_role("link", name="เผยแพร่", exact=True).click()
    official.arrives("/publish/$")
    official.main.locator("form button[type=submit]").click()
    official.arrives(rf"/needs/{need}/$")
    outbox.drain()
    row = Need.objects.get(public_id=need)
    assert (row.state, row.current.fiscal_year, str(row.current.budget_amount)) == (
        "published",
        2027,
        "180000.00",
    )
    anyone.visit("/needs/")
    anyone.main.get_by_role("link", name=NEED).first.click()
    anyone.sees(SENTENCE)


def the_ranking_gives_its_reasons(official: Person, need: str) -> None:
    """Step 3: words, figure, reasons with what is unknown, and what was left out by which rule."""
    official.work(f"needs/{need}/matches/")
    official.sees(NOT_A_SCORE)
    match = official.main.locator("article.match")
    expect(match).to_have_count(1)
    expect(match.locator(".fit-words")).to_contain_text("สอดคล้อง")
    expect(match.locator(".fit-words")).to_contain_text(re.compile(r"ต้องถามเพิ่ม \d+ ข้อ"))
    assert 0 < float(match.locator(".fit-figure b").inner_text()) < 100
    reasons = reasons_of(match)
    expect(reasons.filter(has_text="line_oa ไทย").locator(".state-unknown")).to_be_visible()
    expect(reasons.filter(has_text="saas ไทย").locator(".state-met").first).to_be_visible()
    left_out = official.main.locator("table.sheet tr", has_text=RIVAL)
    expect(left_out).to_contain_text("saas ไทย")
    expect(left_out.locator("td").last).to_have_text("1")


def a_vendor_sees_its_own_only(vendor: Person, need: str) -> None:
    """Step 3: how its service fared on the public page of the need."""
    vendor.visit(f"/needs/{need}/")
    vendor.sees("บริการของคุณสอดคล้องเพียงใด", SERVICE, NOT_A_SCORE, "line_oa ไทย")
    expect(vendor.main.locator("article.match")).to_have_count(1)
    vendor.does_not_see(RIVAL)


def an_introduction_is_asked_for(cast: Cast, need: str) -> str:
    """Step 4: the official asks with consent, a broker forwards. Return its id."""
    official, broker = cast.official, cast.broker
    official.work(f"needs/{need}/matches/")
    official.main.locator("article.match .match-foot a.btn-primary").click()
    official.arrives(r"/introductions/new/\?match=")
    official.fill(message=REQUEST)
    official.main.locator("[name=consent]").check()
    official.main.locator("form:has([name=consent]) button[type=submit]").click()
    asked = official.arrives(r"/introductions/([a-z0-9]{12})/$")
    outbox.drain()
    own = cast.vendor.organisation
    assert own is not None
    cast.vendor.visit(f"/o/{own.public_id}/introductions/{asked}/", status=404)
    broker.sign_in()
    broker.work(f"introductions/{asked}/")
    broker.sees(REQUEST)
    forward = broker.main.locator("form[action$='/forward/'] button[type=submit]")
    forward.click()
    expect(forward).to_have_count(0)
    outbox.drain()
    return asked


def both_see_each_other(cast: Cast, asked: str) -> None:
    """Step 4: the vendor accepts with consent; then each has the other's contact."""
    official, vendor = cast.official, cast.vendor
    vendor.work(f"introductions/{asked}/")
    vendor.sees(REQUEST)
    vendor.does_not_see(official.email)
    accept = vendor.main.locator("form[action$='/accept/']")
    accept.locator("[name=consent]").check()
    accept.locator("button[type=submit]").click()
    vendor.sees(official.email)
    official.work(f"introductions/{asked}/")
    official.sees(vendor.email)
    outbox.drain()


def a_contact_disappears(cast: Cast, asked: str) -> None:
    """Step 4: the official withdraws the consent; at once the vendor has the contact no more."""
    cast.official.press("ถอนความยินยอมของฉัน")
    expect(cast.official.main.locator("form[action$='/withdraw-consent/']")).to_have_count(0)
    cast.vendor.work(f"introductions/{asked}/")
    cast.vendor.sees(SERVICE)
    cast.vendor.does_not_see(cast.official.email)


def what_is_written_down(cast: Cast, service: str, need: str, asked: str) -> None:
    """Every step with its event in order, the chain whole, both sides mailed."""
    outbox.drain()

    def moves(row: Any) -> list[str]:
        return [event.move for event in events.of(row)]

    assert moves(Service.objects.get(public_id=service)) == ["add", "submit", "publish"]
    assert moves(Need.objects.get(public_id=need)) == ["add", "publish"]
    told = moves(Introduction.objects.get(public_id=asked))
    assert told[:4] == ["request", "forward", "accept", "introduce"]
    assert list(events.broken_links()) == []
    about = [m for m in mail.outbox if f"/introductions/{asked}/" in str(m.body)]
    assert {address for m in about for address in m.to} >= {cast.vendor.email, cast.official.email}


@pytest.mark.slow
def test_the_story_in_the_browser(cast: Cast) -> None:
    a_sentence_finds_services(cast.anyone)
    a_vendor_opens_its_account(cast.vendor)
    service = a_vendor_drafts_and_submits(cast.vendor)
    a_reviewer_publishes(cast.reviewer, cast.anyone, service)
    need = an_official_drafts(cast.official)
    an_official_publishes(cast.official, cast.anyone, need)
    the_ranking_gives_its_reasons(cast.official, need)
    a_vendor_sees_its_own_only(cast.vendor, need)
    asked = an_introduction_is_asked_for(cast, need)
    both_see_each_other(cast, asked)
    a_contact_disappears(cast, asked)
    what_is_written_down(cast, service, need, asked)
