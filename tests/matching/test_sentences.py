"""What officials type in everyday words finds what helps, and not what merely uses common words too.

The sentences were written before the rules were changed for them, without looking at the listings' words.
Places are those of the whole tie: equals are drawn by lot, and no draw may decide this test.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from matching import facts, sentence
from matching.scoring import Scored, ServiceFacts, score_all, weights_number

DEMO = Path(__file__).resolve().parents[2] / "catalogue" / "demo"


class Expected(NamedTuple):
    """Keys of demo services: `top3` and `top5` among the first, none of `never` in the first five."""

    typed: str
    top3: str
    top5: str = ""
    never: str = ""


SENTENCES = [
    Expected(
        "ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้",
        "khaya-tokkhang jaeng-mueang",
        "rong-thuk-chumchon",
        never="jai-thong-thin jorajat-mi-ban",
    ),
    Expected("ถนนสายหลักน้ำท่วมทุกปี อยากรู้ล่วงหน้าก่อนน้ำมา", "nam-ma-ru", never="jai-thong-thin rot-me-tongwela"),
    Expected("ไฟถนนดับแต่ไม่มีใครแจ้ง", "fai-dap-jaeng fai-thang", never="jorajat-mi-ban kan-yung"),
    Expected(
        "ผู้สูงอายุที่บ้านต้องการพบหมอโดยไม่ต้องเดินทาง",
        "mo-thang-klai",
        never="jai-thong-thin khio-meru jot-rim-thanon",
    ),
    Expected("คนแก่อยู่บ้านคนเดียว กลัวล้มแล้วไม่มีใครรู้", "sai-rat-sos", never="tonmai-mueang jorajat-mi-ban"),
    Expected("หมาจรจัดเยอะ ชาวบ้านกลัวโดนกัด อยากทำหมันและฉีดวัคซีน", "jorajat-mi-ban", never="khaya-tokkhang"),
    Expected(
        "หนังสือราชการเป็นกระดาษกองเต็มโต๊ะ หาเรื่องเก่าไม่เจอ", "sarabun-rai-kradat", never="sun-phu-praop hong-samut"
    ),
    Expected("ฝุ่น PM2.5 หน้าโรงเรียนสูง ผู้ปกครองอยากเห็นค่าทุกวัน", "fun-chiw", never="jai-thong-thin phaeng-talat"),
    Expected("เก็บค่าเช่าแผงตลาดแล้วเงินไม่ตรงบัญชี", "phaeng-talat", never="carbon-mueang poet-khomun"),
    Expected(
        "อยากให้ชาวบ้านจ่ายภาษีที่ดินกับค่าขยะออนไลน์ ไม่ต้องมาที่เทศบาล",
        "jai-thong-thin",
        "lak-khet",
        never="jorajat-mi-ban thang-tem",
    ),
    Expected("นักท่องเที่ยวขับรถวนหาที่จอดในเมืองเก่า", "jot-rim-thanon", never="rot-khaya khio-meru"),
    Expected("รถเก็บขยะวิ่งไม่เป็นเวลา ชาวบ้านไม่รู้ว่าจะมาเมื่อไร", "rot-khaya", never="rot-rap-mo jai-thong-thin"),
    Expected(
        "เบิกค่าไฟค่าน้ำทุกกองล่าช้า ใบแจ้งหนี้กระจัดกระจาย", "bin-fai-ruam", never="fai-phak-phing khaya-tokkhang"
    ),
    Expected("ไข้เลือดออกระบาดในชุมชน ต้องรู้ว่าพ่นยุงตรงไหนก่อน", "kan-yung", never="carbon-mueang"),
    Expected("เด็กถูกลืมไว้ในรถรับส่งนักเรียน", "rot-rongrian", never="rot-khaya sathani-chat"),
    Expected(
        "ยื่นขออนุญาตก่อสร้างต้องมาที่กองช่างหลายรอบ", "kho-anuyat-plueksang", never="fai-dap-jaeng ngan-klai-ban"
    ),
    Expected("น้ำประปารั่วแต่หาจุดไม่เจอ น้ำสูญเสียเกินสามสิบเปอร์เซ็นต์", "prapa-rua", never="nam-ma-ru"),
    Expected("กล้องวงจรปิดมีหลายยี่ห้อ ดูรวมกันไม่ได้", "klong-hen-het", never="yan-kao-lao jai-thong-thin"),
    Expected("ถนนเป็นหลุมเป็นบ่อ ไม่รู้ว่าควรซ่อมสายไหนก่อน", "thanon-riap", never="bo-bambat khlong-thor"),
    Expected(
        "พ่อแม่อยากรู้ว่าลูกกินอะไรที่โรงเรียน อาหารกลางวันครบห้าหมู่ไหม", "ahan-klangwan", never="kan-yung jai-thong-thin"
    ),
    Expected("ประชาชนอยากมีส่วนร่วมเลือกว่าจะใช้งบทำอะไร", "siang-rao", never="bin-fai-ruam carbon-mueang"),
    Expected("ข้อมูลส่วนบุคคลของประชาชนรั่วไหล ต้องทำตาม PDPA", "yinyom-pdpa", never="prapa-rua"),
    Expected(
        "People complain about garbage nobody collects, they should report it by phone",
        "khaya-tokkhang",
        "jaeng-mueang",
        never="jai-thong-thin jorajat-mi-ban",
    ),
    Expected("Old people living alone need help when they fall", "sai-rat-sos", never="tonmai-mueang"),
    Expected("We want solar panels on the school roofs", "daet-lang-kha", never="rot-rongrian"),
    Expected(
        "The bus never comes on time and nobody knows when the next one is",
        "rot-me-tongwela",
        never="khio-meru jai-thong-thin",
    ),
]


def listing(row: dict[str, Any]) -> ServiceFacts:
    return ServiceFacts(row["key"], row["vendor"], row["key"], **facts.words_of(row["answers"]))


LISTINGS = [
    listing(row)
    for path in sorted(DEMO.glob("services-*.json"))
    for row in json.loads(path.read_text(encoding="utf-8"))
]


def ranked(typed: str) -> dict[str, Scored]:
    """Key → row, as the page of a sentence shows them."""
    need = facts.of_sentence(typed)
    ranking = score_all(need, LISTINGS, weights_number(1), date(2026, 11, 22), "2026-W47")
    return {row.service: row for row in sentence.worth_showing(ranking)}


@pytest.mark.parametrize("expected", SENTENCES)
def test_a_sentence_finds_what_helps(expected: Expected) -> None:
    rows = ranked(expected.typed)
    seen = {key: (row.score, row.first, row.last) for key, row in list(rows.items())[:6]}
    for keys, places in ((expected.top3, 3), (expected.top5, 5)):
        for key in keys.split():
            assert key in rows, (key, seen)
            assert rows[key].last <= places, (key, rows[key].score, seen)
    for key in expected.never.split():
        assert key not in rows or rows[key].first > 5, (key, rows[key].score, seen)


def test_two_subjects_in_one_sentence_are_not_told_apart_yet() -> None:
    """A known weakness, to be solved by meaning.

    No word says that parking is looked for while tourists only look. When this fails, the sentence belongs
    to those above.
    """
    rows = ranked("นักท่องเที่ยวขับรถวนหาที่จอดในเมืองเก่า")
    assert rows["jot-rim-thanon"].last <= 3
    assert "lan-jot-wang" not in rows or rows["lan-jot-wang"].last > 3
