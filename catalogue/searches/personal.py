"""Which texts look like data of a person. Pure. Rather one search too few in the log than one such text."""

from __future__ import annotations

import re
import unicodedata

# A phone number, a citizen or tax ID, an account: nine digits and more, however they are grouped.
_NUMBER = re.compile(r"(?:\d[\s().\-]{0,2}){9,}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_LINE = re.compile(r"(?i)\bline\s*(?:id)?\s*[:=@]")
# Titles that begin a name; นายก is a mayor, นางแบบ and นางเลิ้ง are no titles.
_TITLE = re.compile(
    r"(?:^|[\s(])(?:นาย(?!ก|จ้าง|หน้า|ทะเบียน|ช่าง|อำเภอ|แพทย์|สถานี|ท่า)|นางสาว|นาง(?!แบบ|เลิ้ง|รอง|สงกรานต์)|น\.ส\.|ด\.ช\.|ด\.ญ\."
    r"|เด็กชาย|เด็กหญิง)\s*[ก-ฮเ-ไ]"
)
_LATIN_TITLE = re.compile(r"(?i)(?:^|\s)(?:mr|mrs|ms|miss)\.?\s+[a-z]")
_HOUSE = re.compile(r"(?:บ้านเลขที่|เลขที่)\s*\d|\bม\.\s*\d|หมู่(?:ที่)?\s*\d")


def looks_personal(text: str) -> bool:
    """Whether a text has a number, address, account or title with a name as they belong to people."""
    plain = "".join(
        str(unicodedata.digit(char)) if char.isdigit() and unicodedata.digit(char, None) is not None else char
        for char in text
    )
    return any(rule.search(plain) for rule in (_NUMBER, _MAIL, _LINE, _TITLE, _LATIN_TITLE, _HOUSE))
