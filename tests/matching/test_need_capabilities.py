"""Needs say by capabilities what they ask for: suggested by their words, confirmed by their author."""

from __future__ import annotations

import pytest
from django.test import Client

from matching import needs
from matching.indexing import all_documents
from matching.models import Need
from search.engine import get_engine
from search.thesaurus import capabilities, narrower
from tests import factories
from tests.callers import Caller, ids, refused
from tests.catalogue.test_capabilities import boxes
from tests.conftest import Cast
from tests.matching.conftest import SignIn, page
from tests.matching.test_need_pages import typed, work

pytestmark = pytest.mark.usefixtures("thai", "index")
CODES = list(capabilities())


def test_a_sentence_brings_its_suggestions(cast: Cast, sign_in: SignIn) -> None:
    offered = boxes(page(sign_in(cast.official), work(cast, "new/?sentence=ไฟถนนดับหลายจุด")))
    assert next(iter(offered)) == "street-light-report"
    assert not any(offered.values())
    assert sorted(offered) == sorted(CODES)


def test_asking_for_suggestions_saves_nothing(cast: Cast, sign_in: SignIn) -> None:
    typing = typed(title="น้ำท่วม", problem="น้ำท่วมทุกปี", suggest="1", capabilities=["queue"])
    answer = sign_in(cast.official).post(work(cast, "new/"), typing)
    assert answer.status_code == 200
    assert list(boxes(answer.content.decode()).items())[:2] == [("queue", True), ("flood", False)]
    assert not Need.objects.exists()


def test_only_what_is_ticked_is_said(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.official)
    client.post(work(cast, "new/"), typed())
    need = Need.objects.get()
    assert need.head is not None
    assert need.head.capabilities == []
    edit = work(cast, f"{need.public_id}/edit/")
    client.post(edit, typed(capabilities=["complaint", "street-light-report"], seen="1"))
    need.refresh_from_db()
    assert need.head.capabilities == ["street-light-report", "complaint"]
    assert [code for code, ticked in boxes(page(client, edit)).items() if ticked] == need.head.capabilities
    assert needs.changed_fields(need.versions.first(), need.head) == [
        ("ความสามารถ", "แจ้งไฟถนนดับ, รับเรื่องร้องเรียน")
    ]


@pytest.mark.parametrize("wrong", [CODES[:9], ["flying-carpets"]])
def test_others_and_too_many_are_refused(cast: Cast, sign_in: SignIn, wrong: list[str]) -> None:
    answer = sign_in(cast.official).post(work(cast, "new/"), typed(capabilities=wrong))
    assert answer.status_code == 400
    assert answer.context["form"].errors["capabilities"]
    assert not Need.objects.exists()
    said = {"title": "เรื่อง", "problem": "ปัญหา", "capabilities": wrong}
    refused(Caller(cast.official).post("needs/", **said), 400, "capabilities")
    assert not Need.objects.exists()


def test_the_public_page_names_them_and_nothing_where_nothing_is_said(client: Client, cast: Cast) -> None:
    tagged = factories.need(cast.official, state="published", capabilities=["water-meter"])
    silent = factories.need(cast.official, state="published")
    assert "อ่านมาตรวัดน้ำ" in page(client, f"/needs/{tagged.public_id}/{tagged.slug}/")
    assert "ความสามารถ" not in page(client, f"/needs/{silent.public_id}/{silent.slug}/").split("<main")[1]


def test_the_api_says_and_filters_them(cast: Cast) -> None:
    tagged = factories.need(cast.official, state="published", capabilities=["waste-bank"])
    factories.need(cast.official, state="published", capabilities=["food-waste"])
    factories.need(cast.official, state="published")
    factories.need(cast.official, capabilities=["waste-bank"], title="ลับ")
    caller = Caller()
    assert caller.get(f"needs/{tagged.public_id}/").json()["content"]["capabilities"] == ["waste-bank"]
    assert ids(caller.get("needs/", capability="waste-bank")) == [tagged.public_id]
    assert ids(caller.get("needs/", capability="recycle")) == [tagged.public_id]
    assert len(ids(caller.get("needs/", capability="waste"))) == 2
    assert ids(caller.get("needs/", capability='"]')) == []


def test_the_list_is_narrowed_and_counted_by_them(client: Client, cast: Cast) -> None:
    tagged = factories.need(cast.official, state="published", title="สมุดขยะ", capabilities=["waste-bank"])
    factories.need(cast.official, state="published", title="เรื่องขยะ")
    factories.need(cast.official, title="ขยะลับ", capabilities=["telemedicine"])
    get_engine("needs").rebuild(all_documents())
    # Without words the database answers, with words the engine does; both alike.
    for words in ("", "&q=ขยะ"):
        shown = client.get(f"/needs/?capability=recycle{words}").context
        assert shown["results"].ids == (tagged.public_id,)
        [facet] = [one for one in shown["facets"] if one["name"] == "capability"]
        assert {one["value"]: one["count"] for one in facet["options"]} == {
            "waste": 1,
            "recycle": 1,
            "waste-bank": 1,
        }


def test_narrower_ones_are_kinds_of_it() -> None:
    assert narrower("recycle") == ["recycle", "waste-bank"]
    assert narrower("no-such-thing") == ["no-such-thing"]
