"""Texts are found, kept, compared and compiled; a missing Thai is found."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command

from marketplace.translation import catalogues, foreign
from marketplace.translation.extraction import texts_of
from marketplace.translation.problems import differences, problems_of

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
a = _("one") + ngettext("%(n)d cat", "%(n)d cats", 2) + pgettext("bank", "bow")
b = _("joined " "text")
"""
TEMPLATE = """{% load i18n %}
  <p title="{% translate "title" %}">it's {# {% translate "not me" %} #}</p>
      {% blocktranslate trimmed with x=1 %}
        Said   by
        {{ x }}
      {% endblocktranslate %}
   {% blocktranslate count n=1 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
{% translate "May" context "month" %}{{ _("in a tag")|upper }}
{% comment %}{% translate "nor me" %}{% endcomment %}
"""


def found_in(tmp_path: Path, name: str, source: str) -> set[Any]:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    return {(message.id, message.context) for message in texts_of([path]) if message.id}


def test_texts_of_python(tmp_path: Path) -> None:
    assert found_in(tmp_path, "module.py", PYTHON) == {
        ("one", None),
        (("%(n)d cat", "%(n)d cats"), None),
        ("bow", "bank"),
        ("joined text", None),
    }


def test_texts_of_templates(tmp_path: Path) -> None:
    assert found_in(tmp_path, "page.html", TEMPLATE) == {
        ("title", None),
        ("Said   by %(x)s", None),
        (("%(n)s day", "%(n)s days"), None),
        ("May", "month"),
        ("in a tag", None),
    }


def catalog(**texts: str) -> Catalog:
    result = Catalog(locale="th")
    for text, thai in texts.items():
        result.add(text, thai)
    return result


def test_merging_keeps_translations_and_forgets_nothing() -> None:
    present = catalog(stays="อยู่", goes="ไป", empty="")
    result = catalogues.merged(catalog(stays="", new="", shared=""), present, [catalog(shared="ร่วม")])
    assert {message.id: message.string for message in result if message.id} == {
        "stays": "อยู่",
        "new": "",
        "shared": "ร่วม",
    }
    assert [message.string for message in result.obsolete.values()] == ["ไป"]


def test_a_text_that_comes_back_has_its_thai_again() -> None:
    without = catalogues.merged(catalog(other=""), catalog(text="ข้อความ"), [])
    assert catalogues.merged(catalog(text=""), without, []).get("text").string == "ข้อความ"


@pytest.mark.parametrize(
    ("english", "thai", "fault"),
    [
        ("plain", "", "no Thai"),
        ("by %(who)s", "โดย", "placeholders differ (%(who)s)"),
        ("in {wait} s", "ใน {time} วิ", "placeholders differ ({time}, {wait})"),
        ("you", "ท่าน", "say it without ท่าน"),
        ("Done!", "เสร็จ!", "no exclamation marks"),
    ],
)
def test_what_is_wrong_is_said(english: str, thai: str, fault: str) -> None:
    assert list(problems_of("room", catalog(**{english: ""}), catalog(**{english: thai}))) == [
        f"room: {fault}: {english!r}"
    ]


def test_what_is_right_is_not_found() -> None:
    texts = {"only": "เท่านั้น", "100 % of %(n)s": "%(n)s เต็ม 100 %", "{n} of {m}": "{m} มี {n}"}
    assert list(problems_of("room", catalog(**texts), catalog(**texts))) == []


def test_one_text_has_one_thai() -> None:
    found = list(differences({"a": catalog(Save="บันทึก"), "b": catalog(Save="เก็บ")}))
    assert found == ["b and a differ: 'Save': 'เก็บ' and 'บันทึก'"]


def test_writing_is_stable_and_compiling_gives_what_was_written(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    texts = Catalog(locale="th")
    texts.add("beta", "ข")
    texts.add("alpha", "ก")
    texts.add(("%(n)d day", "%(n)d days"), ("%(n)d วัน",))
    assert catalogues.write("search", texts, keep_obsolete=True)
    written = catalogues.po_of("search").read_text(encoding="utf-8")
    assert "Date" not in written
    assert written.index("alpha") < written.index("beta")
    assert not catalogues.write("search", catalogues.read("search"), keep_obsolete=True)

    assert catalogues.compile_all() == ["search"]
    assert catalogues.compile_all() == []
    with catalogues.po_of("search").with_suffix(".mo").open("rb") as file:
        thai = gettext.GNUTranslations(file)
    assert thai.gettext("alpha") == "ก"
    assert [thai.ngettext("%(n)d day", "%(n)d days", number) for number in (1, 2)] == ["%(n)d วัน"] * 2


def test_texts_of_account_pages_are_ours() -> None:
    owned = {message.id for message in foreign.texts_to_own()}
    assert {
        "Enter your password:",
        "Your password can’t be entirely numeric.",
        "Not a valid string.",
    } <= owned
    # Django's own Thai of this is good.
    assert "This field is required." not in owned
    assert not any("passkey" in str(text) or "phone" in str(text).lower() for text in owned)


def test_every_text_has_its_thai() -> None:
    try:
        call_command("messages", "--check")
    except CommandError as error:
        pytest.fail(str(error))
