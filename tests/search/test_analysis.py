import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import asked_terms, concept_label, fold, query_units, said_terms, terms, tokens, units

TEXT = st.text(st.characters(), max_size=120) | st.text("กขงนมรวอเแโไใะัาำิีุูเ่้์ๆฯ .-0123๔๕abcS", max_size=120)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("กล้องวงจรปิด", ["กล้อง", "วงจร", "ปิด", "=cctv", "=camera", "camera"]),
        ("CCTV", ["cctv", "=cctv", "กล้อง", "camera"]),
        ("นักท่องเที่ยว", ["นักท่องเที่ยว", "=tourism", "ท่องเที่ยว"]),
        ("อบต.ท่าช้าง", ["อบต", "ท่า", "ช้าง", "=อบต."]),
        ("อบตท่าช้าง", ["อบต", "ท่า", "ช้าง", "=อบต."]),
        ("รพ.สต.", ["รพสต", "=รพ.สต."]),
        ("รพสต", ["รพสต", "=รพ.สต."]),
        ("กทม", ["กทม", "=กทม."]),
        ("จ.เชียงใหม่", ["จ.", "เชียงใหม่", "=จ."]),
        ("สอบตก", ["สอบ", "ตก"]),  # no อบต in it
        ("๑,๒๐๐,๐๐๐.๕๐ บาท", ["1200000.50", "บาท"]),
        ("PM2.5", ["pm", "2.5", "=air-quality", "pm2.5"]),
        ("ISO27001", ["iso", "27001", "iso27001"]),
        ("5G H2O", ["5g", "h2o"]),
        ("wi-fi", ["wi", "fi", "=wifi", "wifi", "อินเทอร์เน็ต"]),
        ("Sensors cities GPS", ["sensor", "city", "gps", "=sensor"]),
        ("กรุงเทพฯ เก่าๆ", ["กรุงเทพ", "เก่า", "=กทม."]),
        ("東京 Москва", ["東", "京", "москва"]),
        ("!!! 😀 \x00\ud800", []),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("CCTV", "กล้องวงจรปิด"),
        ("กล้องวงจรปิด", "CCTV"),
        ("กล้อง", "กล้องวงจรปิด"),
        ("กล้อง", "ระบบ CCTV ของเทศบาล"),
        ("วงจรปิด", "กล้องวงจรปิด"),
        ("ขยะ", "ถังขยะอัจฉริยะ"),
        ("ขยะ", "smart waste bin"),
        ("waste", "รถเก็บขยะ"),
        ("น้ำท่วม", "ระบบเตือนอุทกภัย"),
        ("flood", "น้\u0e4d\u0e32ท่วม"),
        ("ร้องเรียน", "รับเรื่องร้องทุกข์"),
        ("ร้องเรียน", "แจ้งปัญหาเมือง"),
        ("ไฟถนน", "ไฟส่องสว่างสาธารณะ"),
        ("ไฟส่องสว่าง", "โคมไฟถนน"),
        ("street light", "ไฟทาง"),
        ("ท่องเที่ยว", "นักท่องเที่ยว"),
        ("ท่องเที่ยว", "สตาร์ทอัพด้านการท่องเที่ยว"),
        ("เกษตร", "เกษตรกร"),
        ("พยาบาล", "รถพยาบาล"),
        ("ไฟฟ้า", "รถยนต์ไฟฟ้า"),
        ("อบต.", "องค์การบริหารส่วนตำบล"),
        ("กรุงเทพมหานคร", "กทม."),
        ("2568", "ปี ๒๕๖๘"),
        ("PM 2.5", "ค่าฝุ่น PM2.5"),
        ("ISO 27001", "ISO/IEC 27001"),
        ("e-Office", "งานสารบรรณ"),
    ],
)
def test_found_by_another_name(asked, written):
    known = set(tokens(written))
    for unit in query_units(asked):
        words = {word.text for word in unit.words}
        assert words <= known or known & set(unit.names)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("น้ำ", "ข่าว"),
        ("ข่าว", "ข้าว"),
        ("ฝน", "ฝุ่น"),
        ("ฝุ่น", "ฝน"),
        ("ไฟ", "รถไฟ"),
        ("อบต", "สอบตก"),
        ("กล้อง", "กลอง"),
    ],
)
def test_not_found_by_likeness(asked, written):
    assert not set(tokens(asked)) & set(tokens(written))


@given(TEXT)
def test_any_text_has_tokens_fit_for_an_index(text):
    for token in tokens(text):
        assert token
        assert not any(char.isspace() for char in token)
        assert len(token) <= 250


@given(TEXT)
def test_spelling_does_not_matter(text):
    assert tokens(fold(text)) == tokens(text)


@given(TEXT)
def test_a_text_answers_to_itself(text):
    """One function for index and query: whatever is asked for as it stands is found."""
    known = set(tokens(text))
    for unit in query_units(text):
        assert {word.text for word in unit.words} <= known
        assert set(unit.names) <= known


@given(TEXT)
def test_words_stand_where_they_were_found(text):
    folded = fold(text)
    last = 0
    for unit in units(folded):
        for word in unit.words:
            assert last <= word.start < word.end <= len(folded)
            last = word.end


@given(TEXT, st.integers(2, 4))
def test_repeating_adds_no_terms(text, times):
    assert terms(" . ".join([text] * times)) == terms(text)


def test_terms():
    assert terms("อยากให้ดูขยะ และขยะ") == {"ดู", "ขยะ", "=waste"}
    assert terms("the of and") == frozenset()
    assert len(terms(" ".join(f"word{number}" for number in range(5_000)))) == 200


def test_a_query_of_stop_words_keeps_them():
    assert [unit.words[0].text for unit in query_units("การ")] == ["การ"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ชาวบ้านร้องเรียนขยะ", {"=citizen", "=complaint", "=waste"}),  # each thing once, not by its words too
        ("garbage", {"=waste"}),
        ("ถังขยะเต็ม", {"=waste-bin", "=waste", "เต็ม"}),  # the broader concept as well
        ("กล้องวงจรปิด", {"=cctv", "=camera"}),
        ("ถนน", {"=road"}),  # ถ. is short for it, and no second thing
        ("บ้าน", {"บ้าน"}),
        ("the of และ", set()),
    ],
)
def test_asked_terms(asked, expected):
    assert asked_terms(asked) == expected


def test_said_terms():
    assert said_terms("ปชช.") == {"=citizen"}
    assert said_terms("ชาวบ้าน") == {"=citizen"}  # no house in it
    assert {"=waste-bin", "=waste", "ขยะ"} <= said_terms("smart bin")
    padded = [" ".join(f"word{number}" for number in range(length)) for length in (250, 5_000)]
    assert said_terms(padded[0]) == said_terms(padded[1])  # padding ends somewhere


@given(TEXT)
def test_a_text_says_what_it_asks(text):
    assert asked_terms(text) <= said_terms(text)


@given(TEXT, st.integers(2, 4))
def test_repeating_neither_says_nor_asks_more(text, times):
    repeated = " . ".join([text] * times)
    assert (said_terms(repeated), asked_terms(repeated)) == (said_terms(text), asked_terms(text))


def test_a_concept_is_called_by_a_plain_word():
    assert (concept_label("=waste", "th"), concept_label("=waste", "en")) == ("ขยะ", "waste")
    assert (concept_label("=อบต.", "en"), concept_label("ตกค้าง", "en")) == ("อบต.", "ตกค้าง")
