from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.thai.sorting import MAX_LENGTH, sort_key

# The order of the official lists of provinces, which follow the Royal Institute dictionary.
PROVINCES = [
    "กระบี่",
    "กรุงเทพมหานคร",
    "กาญจนบุรี",
    "กาฬสินธุ์",
    "กำแพงเพชร",
    "ขอนแก่น",
    "จันทบุรี",
    "ฉะเชิงเทรา",
    "ชลบุรี",
    "ชัยนาท",
    "ชัยภูมิ",
    "ชุมพร",
    "เชียงราย",
    "เชียงใหม่",
    "ตรัง",
    "ตราด",
    "ตาก",
    "นครนายก",
    "นครปฐม",
    "นครพนม",
    "นครราชสีมา",
    "นครศรีธรรมราช",
    "นครสวรรค์",
    "นนทบุรี",
    "นราธิวาส",
    "น่าน",
    "บึงกาฬ",
    "บุรีรัมย์",
    "ปทุมธานี",
    "ประจวบคีรีขันธ์",
    "ปราจีนบุรี",
    "ปัตตานี",
    "พระนครศรีอยุธยา",
    "พะเยา",
    "พังงา",
    "พัทลุง",
    "พิจิตร",
    "พิษณุโลก",
    "เพชรบุรี",
    "เพชรบูรณ์",
    "แพร่",
    "ภูเก็ต",
    "มหาสารคาม",
    "มุกดาหาร",
    "แม่ฮ่องสอน",
    "ยโสธร",
    "ยะลา",
    "ร้อยเอ็ด",
    "ระนอง",
    "ระยอง",
    "ราชบุรี",
    "ลพบุรี",
    "ลำปาง",
    "ลำพูน",
    "เลย",
    "ศรีสะเกษ",
    "สกลนคร",
    "สงขลา",
    "สตูล",
    "สมุทรปราการ",
    "สมุทรสงคราม",
    "สมุทรสาคร",
    "สระแก้ว",
    "สระบุรี",
    "สิงห์บุรี",
    "สุโขทัย",
    "สุพรรณบุรี",
    "สุราษฎร์ธานี",
    "สุรินทร์",
    "หนองคาย",
    "หนองบัวลำภู",
    "อ่างทอง",
    "อำนาจเจริญ",
    "อุดรธานี",
    "อุตรดิตถ์",
    "อุทัยธานี",
    "อุบลราชธานี",
]


def test_all_77_provinces_stand_in_dictionary_order():
    assert len(PROVINCES) == 77
    shuffled = random.Random(7).sample(PROVINCES, 77)
    assert sorted(shuffled, key=sort_key) == PROVINCES


@pytest.mark.parametrize(
    "in_order",
    [
        ["เชียงใหม่", "ลำปาง"],
        ["พะเยา", "แพร่"],
        # Marks weigh last: first none, then maitaikhu, mai ek, mai tho, mai tri, mai chattawa.
        ["เกง", "เก็ง", "เก่ง", "เก้ง", "เก๊ง", "เก๋ง", "เกงกอย"],
        ["ปา", "ป่า", "ป้า", "ป๊า", "ป๋า", "ปาก", "ปาง"],
        ["ข้าง", "ข้างขึ้น", "ข่าย", "ข้าว"],
        # ฤ stands after ร and ฦ after ล.
        ["รือ", "ฤดู", "ฤๅษี", "ลม", "ฦๅชา", "วน"],
        # The vowels after one consonant.
        ["กะ", "กัก", "กา", "กำ", "กิน", "กีบ", "กึก", "กือ", "กุด", "กู", "เก", "แก", "โก", "ใก", "ไก"],
        # Only the next consonant changes place, also in a cluster.
        ["พลู", "เพชร", "เพลง", "เพื่อน", "แพร", "โพธิ์", "ไพร"],
        # Numbers by value, then Thai, then Latin.
        ["เขต 2", "เขต ๙", "เขต 10", "เขต ก", "เขต A"],
        ["007 เมือง", "8 ทิศ", "กล้อง", "ฮักเมือง", "AI City", "é-city", "Zone"],
        ["กรุงเทพ", "กรุงเทพฯ", "กรุงเทพกรีฑา"],
    ],
)
def test_known_orders(in_order: list[str]):
    keys = [sort_key(name) for name in in_order]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("น้ำ", "น\N{THAI CHARACTER NIKHAHIT}\N{THAI CHARACTER MAI THO}\N{THAI CHARACTER SARA AA}"),
        ("น้ำ", "น\N{THAI CHARACTER MAI THO}\N{THAI CHARACTER NIKHAHIT}\N{THAI CHARACTER SARA AA}"),
        ("แม่", "เเม่"),
        ("เขต ๒", "เขต 2"),
        ("Smart City", "smart-city"),
        ("โนนสูง-น้ำคำ", "โนนสูง น้ำคำ"),
    ],
)
def test_spellings_of_the_same_name_share_a_key(one: str, other: str):
    assert sort_key(one) == sort_key(other)


# Thai consonants and vowels, marks, digits, Latin and a few strangers.
names = st.text(alphabet="กขคงชดตนบปพมยรลวสหอะัาำิีึุูเแโใไ็่้๊๋์ๆฯ๐๑๙0129abZé -./漢😀", max_size=40)


@given(names)
def test_a_key_is_short_and_safe_under_any_collation(name: str):
    assert re.fullmatch("[0-9a-z]{1,255}", sort_key(name))


@given(st.text())
def test_any_text_has_a_key(text: str):
    key = sort_key(text)
    assert key.isascii()
    assert len(key) <= MAX_LENGTH


@given(names, names)
def test_a_longer_name_never_sorts_before_its_beginning(start: str, rest: str):
    consonants_only = re.sub("[^กขคงชดตนบปพมยรลวสหอ]", "", rest)
    assert sort_key(f"{start}ก") <= sort_key(f"{start}ก{consonants_only}")


def test_names_beyond_the_column_are_cut_without_an_error():
    assert len(sort_key("เก่ง" * 200)) <= MAX_LENGTH
