"""Text that wants to be more than text, and a world in which people have written it everywhere."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue import accounts, certificates, services
from catalogue.models import Service
from catalogue.questions import questions
from marketplace import affiliations, files, organisations
from marketplace.models import City, Outbox, User
from marketplace.permissions import Actor
from matching import introductions, needs
from matching.models import Introduction, Need
from tests import factories
from tests.world import PDF, World

# Short enough for every name. What a page shows of it must be these very characters.
MARKUP = (
    '<script>evil()</script><img src=x onerror=evil()>"\' onfocus=evil() x="<evil>'
    "[a](javascript:evil()) </textarea></title>{{ 7*7 }}{% now 'Y' %}"
)
SHORT = "<evil onclick=evil()>'\""
STRANGE = "\u202eกลับ\u2066 ﷺﷺ ่้๊ \u0e33\u200b\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")
LINKS = (
    "[x](javascript:evil()) [y](JaVaScRiPt:evil()) <javascript:evil()> ![z](https://evil.example/x.png)\n\n"
    "[w](data:text/html;base64,PHNjcmlwdD4=) <a href='javascript:evil()'>v</a>\n\n"
    "[u]: javascript:evil()\n[u]\n\n"
    "`</code><evil>` | a |\n|--|\n| <evil> |"
)


def spoil(world: World) -> None:
    """Everybody writes hostile text wherever the verbs let them."""
    people = {name: actor for name, actor in world.people.items() if actor is not None}
    User.objects.update(name=MARKUP[:120], phone=SHORT)
    owner, reviewer, official, broker = (people[n] for n in ("owner", "reviewer", "official", "broker"))
    for actor in (owner, official):
        assert actor.organisation is not None
        organisations.edit_profile(
            actor.organisation, by=actor, name_th=MARKUP, name_en=MARKUP, about_th=MARKUP + LINKS + STRANGE,
            about_en=LINKS, sales_phone=SHORT, sales_line=SHORT,
        )  # fmt: skip
    City.objects.update(name_th=MARKUP, name_en=MARKUP)
    spoil_services(world, owner, reviewer)
    spoil_needs(world, official, broker)
    spoil_introductions(world, owner, official, broker)
    spoil_papers(world, reviewer)
    world.ids["slug"] = Service.objects.get(public_id=world.ids["service.published"]).slug
    world.ids["need.slug"] = Need.objects.get(public_id=world.ids["need.published"]).slug


def service_content() -> services.Content:
    answers = {
        question.id: (MARKUP + LINKS + STRANGE if question.max > 1000 else MARKUP)[: question.max]
        for question in questions().values()
        if question.kind in ("text", "markdown")
    }
    answers |= {q.id: [MARKUP, STRANGE] for q in questions().values() if q.kind == "lines"}
    prices = [{"amount": "1", "unit": "once", "vat_included": True, "note": MARKUP}]
    references = [{"city": None, "name": MARKUP, "scale": MARKUP}]
    return factories.content(prices=prices, references=references, **answers)


def spoil_services(world: World, owner: Actor, reviewer: Actor) -> None:
    rows = {name: Service.objects.get(public_id=world.ids[f"service.{name}"]) for name in STATES}
    services.save(rows["draft"], service_content(), by=owner, seen=1)
    for name in ("published", "revised"):
        seen = rows[name].versions.count()
        services.save(rows[name], service_content(), by=owner, seen=seen)
        services.submit_revision(rows[name], by=owner)
    services.approve_revision(rows["published"], by=reviewer, note=MARKUP)
    certificates.state(rows["published"], by=owner, kind="dsure", number=SHORT)
    accounts.record_status(
        rows["published"], by=reviewer, listed=True, register_number=SHORT, item_group=MARKUP,
        valid_from=rows["published"].created_at.date(),
    )  # fmt: skip
    services.request_changes(rows["submitted"], by=reviewer, note=MARKUP)
    Service.objects.filter(state__in=["suspended", "withdrawn", "refused"]).update(state_reason=MARKUP)


STATES = ("draft", "published", "revised", "submitted")


def spoil_needs(world: World, official: Actor, broker: Actor) -> None:
    criterion = {"kind": "free_text", "level": "must", "value": {}, "text": MARKUP}
    content = factories.need_content(
        title=MARKUP, problem=MARKUP + LINKS + STRANGE, success=MARKUP + LINKS, money_source=MARKUP,
        dimensions=["environment"], criteria=[criterion],
    )  # fmt: skip
    for state in ("draft", "published", "private"):
        need = Need.objects.select_related("head").get(public_id=world.ids[f"need.{state}"])
        needs.save(need, content, by=official, seen=1)
    drafted = Need.objects.select_related("head").get(public_id=world.ids["need.broker"])
    # The link in the mail stays the one that the world knows.
    digest = drafted.confirm_digest
    needs.save(drafted, content, by=broker, seen=1)
    Need.objects.filter(pk=drafted.pk).update(confirm_digest=digest)


def spoil_introductions(world: World, owner: Actor, official: Actor, broker: Actor) -> None:
    Introduction.objects.update(message=MARKUP + LINKS + STRANGE)
    rows = {
        name.removeprefix("introduction."): Introduction.objects.get(public_id=public_id)
        for name, public_id in world.ids.items()
        if name.startswith("introduction.")
    }
    introductions.turn_down(rows["suggested"], by=official, note=MARKUP)
    introductions.decline(rows["forwarded"], by=owner, note=MARKUP)
    introductions.close(rows["introduced"], by=owner, note=MARKUP)
    service = Service.objects.get(public_id=world.ids["service.rival"])
    asked = introductions.request(service, by=official, consent=True, message=MARKUP)
    introductions.stop(introductions.forward(asked, by=broker, note=MARKUP), by=broker, note=MARKUP)


def spoil_papers(world: World, reviewer: Actor) -> None:
    person = Actor(factories.UserFactory(name=MARKUP[:120]))
    upload = SimpleUploadedFile(f"{SHORT}.pdf", PDF, content_type="text/html")
    letter = files.store(upload, by=person, field="letter_scan")
    asked = affiliations.ask(
        by=person, city=None, letter_scan=letter, letter_number=SHORT, letter_date="2025-11-22",
        position=MARKUP[:120], body_name_th=MARKUP, body_name_en=MARKUP, body_kind="sao",
        body_district="9001",
    )  # fmt: skip
    Outbox.objects.filter(public_id=world.ids["effect"]).update(last_error=MARKUP, handler=SHORT)
    world.ids["affiliation.hostile"] = asked.public_id
    assert reviewer.organisation is not None


ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post")


class Markup(HTMLParser):
    """What a browser would make of a page: everything in it that we did not write."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text = ""
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Data for a script is read as text, never run.
        self.script = tag == "script" and ("type", "application/json") not in attrs
        if tag == "evil":
            self.faults.append("an element of theirs")
        self.faults += [f"{tag} {name}={value}" for name, value in attrs if wrong(name, value or "")]

    def handle_data(self, data: str) -> None:
        if self.script and data.strip():
            self.faults.append(f"script: {data[:80]}")
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.script = False


def wrong(name: str, value: str) -> bool:
    """Whether an attribute would run something, or fetch something from elsewhere."""
    given = re.sub(r"[\s\x00-\x1f]", "", value).lower()
    runs = name.startswith("on") or (name in ADDRESSES and re.match("(javascript|data|vbscript):", given))
    return bool(runs) or (name in ("src", "srcset") and not given.startswith("/static/"))


def faults_of(page: str) -> tuple[list[str], str]:
    """What is wrong with the markup, and the text that a reader sees."""
    parser = Markup()
    parser.feed(page)
    parser.close()
    return parser.faults, parser.text


PARTS = (
    *('"', "'", "*", "?", "~", "^", "\\", "/", "(", ")", "[", "]", "{", "}", ":", "+", "-", "!", "|", "&"),
    *("AND", "OR", "NOT", "TO", "IN", "*:*", "[* TO *]", "state:draft", "vendor:", "_id:", "<", "%", "_"),
    *("\x00", "\n", "\t", "\u202e", "\u200b", "\ufeff", "ﷺ", "่", "ำ", "ฺ", "๒", "ขยะ", "แจ้ง", "ร่าง", "draft"),
    *("😀", "é", "ß", "İ", "ﬀ", "Ⅷ", "a" * 40, "ก" * 40, "--", ";", "../", "%00", "${x}", "{{x}}"),
    *(' OR "1"="1', "'; DROP TABLE x"),
)  # fmt: skip


def strings(count: int, seed: int) -> Iterator[str]:
    """Generated searches, the same at each run."""
    chance = random.Random(seed)
    for _n in range(count):
        parts = chance.choices(PARTS, k=chance.randint(1, 8))
        yield chance.choice(("", " ")).join(parts) * chance.choice((1, 1, 1, 30))
