"""Importing services from files of others: all rows or none, and what is wrong is said with its line."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from catalogue import services
from catalogue.models import Certificate, Price, Service
from marketplace import events, outbox
from marketplace.models import Event, Organisation, Outbox
from tests import factories
from tests.conftest import Cast
from tests.repository.tree import ROOT

REAL = ROOT.parent / "shared" / "real-input" / "techhunt-solutions.tsv"
HEADER = "id\tname\torganization\tdomain\tdescription_th\tdescription_en\ttags\n"
ROWS = (
    "a-1\tFind a seat\tบริษัท หนึ่ง จำกัด\tmobility\tบอกที่นั่งว่างบนรถประจำทาง\tFree seats on buses\tBus|Seat\n"
    "a-2\tบอกน้ำ\tบริษัท หนึ่ง จำกัด\tenvironment\tเตือนน้ำท่วม\tเตือนน้ำท่วม\t\n"
    "a-3\tNobody's\t\tliving\tบริการที่ไม่มีชื่อผู้ให้บริการ\tWithout a vendor\t\n"
)


@pytest.fixture(autouse=True)
def reference(db: None) -> None:
    factories.categories()
    translation.activate("en")


def written(tmp_path: Path, content: str | bytes, name: str = "found.tsv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(path: Path, *options: str) -> str:
    said = StringIO()
    call_command("import_services", str(path), *options, stdout=said, stderr=said)
    return said.getvalue()


def refused(path: Path) -> str:
    """What the command says when it stores nothing."""
    said = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_services", str(path), stdout=said, stderr=said)
    assert not Service.objects.exists()
    assert not Organisation.objects.filter(kind="vendor").exists()
    assert not Event.objects.exists()
    assert not Outbox.objects.exists()
    return f"{said.getvalue()}{caught.value}"


def test_rows_become_published_services_of_unclaimed_vendors(tmp_path: Path) -> None:
    said = run(written(tmp_path, HEADER + ROWS))
    assert "Published 3 services of 2 new vendors; 0 were here already." in said
    assert "1 rows: names no organisation" in said
    assert "1 rows: Thai in the English column" in said
    assert "no English text at all" not in said
    seat, water, nobodys = Service.objects.order_by("source_id")
    assert (seat.source, seat.source_id, seat.state, seat.is_example) == ("found", "a-1", "published", False)
    assert seat.current.answers == {
        "name_th": "Find a seat",
        "name_en": "Find a seat",
        "summary_th": "บอกที่นั่งว่างบนรถประจำทาง",
        "summary_en": "Free seats on buses",
        "dimensions": ["mobility"],
        "keywords": ["Bus", "Seat"],
    }
    assert "summary_en" not in water.current.answers
    vendor = seat.vendor
    assert (vendor, vendor.claimed, vendor.verified_at, vendor.tax_id) == (water.vendor, False, None, "")
    assert nobodys.vendor.name_en == "Vendor not named by the source"
    assert not Price.objects.exists()
    assert not Certificate.objects.exists()
    assert not hasattr(seat, "account_status")
    assert [e.move for e in events.of(seat)] == ["add", "submit", "publish"]
    assert {e.actor_id for e in Event.objects.all()} == {""}
    assert not Outbox.objects.filter(handler="marketplace.mail").exists()


def test_a_second_time_changes_nothing(tmp_path: Path, cast: Cast) -> None:
    path = written(tmp_path, HEADER + ROWS)
    run(path)
    # Its vendor has taken it over and says more by now.
    service = Service.objects.get(source_id="a-1")
    service.vendor = cast.owner.organisation
    service.save()
    services.save(service, factories.content(name_th="ชื่อใหม่"), by=cast.owner, seen=1)
    before = Event.objects.count(), Outbox.objects.count(), Organisation.objects.count()
    said = run(path)
    assert "Published 0 services of 0 new vendors; 3 were here already." in said
    assert "Nothing has changed." in said
    [kept] = [line for line in said.splitlines() if "left as it is" in line]
    assert kept.startswith("Line 2 differs (")
    assert "name_th" in kept
    assert kept.endswith("claimed by its vendor.")
    assert (Event.objects.count(), Outbox.objects.count(), Organisation.objects.count()) == before
    service.refresh_from_db()
    assert service.head.number == 2
    assert "Published 3 services" in run(path, "--source", "another")


def test_an_empty_english_cell_is_told_apart_from_a_thai_one(tmp_path: Path) -> None:
    said = run(written(tmp_path, HEADER + ROWS.replace("\tWithout a vendor\t", "\t\t")))
    assert "1 rows: no English text at all" in said
    assert "1 rows: Thai in the English column" in said


def test_a_changed_row_becomes_a_new_version_while_nobody_has_claimed_it(tmp_path: Path) -> None:
    run(written(tmp_path, HEADER + ROWS))
    changed = HEADER + ROWS.replace("Free seats on buses", "Free seats on boats")
    before = Event.objects.count()
    assert "1 of those say something else now: new versions." in run(written(tmp_path, changed), "--dry-run")
    assert Event.objects.count() == before
    said = run(written(tmp_path, changed))
    assert "Published 0 services of 0 new vendors; 3 were here already." in said
    assert "1 of those say something else now: new versions." in said
    assert "Nothing has changed." not in said
    service = Service.objects.get(source_id="a-1")
    assert (service.head, service.revision, service.head.number) == (service.current, None, 2)
    assert service.current.answers["summary_en"] == "Free seats on boats"
    moves = ["add", "submit", "publish", "save", "submit_revision", "approve_revision"]
    assert [event.move for event in events.of(service)] == moves
    assert not Outbox.objects.filter(handler="marketplace.mail").exists()
    again = Event.objects.count(), Outbox.objects.count()
    assert "Nothing has changed." in run(written(tmp_path, changed))
    assert (Event.objects.count(), Outbox.objects.count()) == again


def test_a_dry_run_says_the_same_and_stores_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROWS)
    assert "Would publish 3 services of 2 new vendors; 0 were here already." in run(path, "--dry-run")
    assert not Service.objects.exists()
    assert not Event.objects.exists()
    assert not Outbox.objects.exists()


def test_comma_quotes_byte_order_mark_and_more_columns(tmp_path: Path) -> None:
    content = (
        "\ufeffID,Name TH,name_en,vendor,tax_id,website,kind,regions,"
        "standards,dimensions,description_th,price\r\n"
        '1,"ป้าย, จอ",Signs,บริษัท\u200bสอง,๐๑๐๕๕๓๖๑๑๒๐๑๔,https://example.com,saas,*,open_api|ckan,'
        'smart energy; living,"บรรทัดหนึ่ง\r\nบรรทัดสอง ""คำพูด""",5\r\n'
    )
    factories.Category.objects.filter(code="energy").update(name_en="Smart Energy")
    said = run(written(tmp_path, content, "rich.csv"))
    assert "Columns that mean nothing here: price" in said
    service = Service.objects.get()
    assert service.current.answers == {
        "name_th": "ป้าย, จอ",
        "name_en": "Signs",
        "kind": "saas",
        "regions": ["*"],
        "standards": ["open_api", "ckan"],
        "dimensions": ["energy", "living"],
        "summary_th": "บรรทัดหนึ่ง",
        "description_th": 'บรรทัดหนึ่ง\nบรรทัดสอง "คำพูด"',
    }
    vendor = service.vendor
    assert (vendor.name_th, vendor.tax_id, vendor.website) == (
        "บริษัทสอง",
        "0105536112014",
        "https://example.com",
    )


def test_every_faulty_row_is_told_with_its_line_and_reason(tmp_path: Path) -> None:
    head = "id\tname\tvendor\ttax_id\tdomain\tdescription_th\twebsite\n"
    rows = [
        "1\tดี\tก\t0105536112014\tliving\tดี\t",
        "\tไม่มีรหัส\tก\t\tliving\tดี\t",
        "3\t\tก\t\tliving\tดี\t",
        "4\tชื่อ\tก\t0105536112015\tliving\tดี\t",
        "5\tชื่อ\tก\t123\tcastles\tดี\t",
        "1\tซ้ำ\tก\t\tliving\tดี\t",
        "7\tน้อยไป",
        '8\t=HYPERLINK("http://x")\tก\t\tliving\tดี\t'.replace('"', ""),
        "9\tชื่อ\tก\t\tliving\tดี\tjavascript:alert(1)",
        "10\t" + "ก" * 121 + "\tก\t\tliving\tดี\t",
        "",
        "12\tชื่อ\tก\t0994000617721\tliving\tดี\t",
        "13\tชื่อ\t" + "ก" * 201 + "\t\tliving\tดี\t",
    ]
    said = refused(written(tmp_path, head + "\n".join(rows) + "\n"))
    expected = {
        3: "id",
        4: "name_th",
        5: "0105536112015",
        6: "castles",
        7: "line 2",
        8: "2 cells, but the first line names 7 columns",
        9: "formula",
        10: "website",
        11: "121",
        13: "tax_id",
        14: "vendor",
    }
    lines = [line for line in said.splitlines() if line.startswith("Line ")]
    for number, reason in expected.items():
        assert any(line.startswith(f"Line {number}: ") and reason in line for line in lines), (number, reason)
    assert {int(line.split()[1].rstrip(":")) for line in lines} == set(expected)
    assert "Line 6: tax_id: A tax ID has 13 digits; the one typed has 3." in said
    assert f"{len(expected)} rows are faulty. Nothing was stored." in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04" + b"\x00" * 50, "Excel workbook"),
        (b"\xd0\xcf\x11\xe0old", "Excel workbook"),
        (HEADER.encode() + b"1\tx\x00y\n", "Line 2 has a zero byte"),
        (HEADER.encode() + "ภาษา".encode("cp874"), "Line 2 is not UTF-8"),
        (b"", "must name the columns"),
        (b"a\tb\n1\t2\n", "lacks: id, name_th"),
        (b"id\tname\tname\n1\t2\t3\n", "names a column twice: name"),
        (b"id\tname\tname_th\n1\t2\t3\n", "Two columns mean the same: name = name_th"),
        (b'id\tname\n1\t"open\n2\tx\n', "quotation mark"),
        (HEADER.encode(), "no rows"),
        (b"id\tname\n" + b"1\t" + b"x" * 200_000 + b"\n", "quotation mark"),
        (b"id\tname\n" + b"1\t" + b"x" * 20_000 + b"\n", "more than 10000 characters"),
        (b"id\tname\n" + b"\n".join(b"%d\tx" % n for n in range(20_001)), "More than 20000 rows"),
        (b"id\tname\n" + b"x" * (20 * 1024 * 1024), "larger than 20 MB"),
        (("\t".join(f"c{n}" for n in range(100)) + "\n").encode(), "More than 60 columns"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refused(written(tmp_path, content))


def test_a_missing_file_is_no_traceback(tmp_path: Path) -> None:
    assert "can't be opened" in refused(tmp_path / "none.csv")


def test_hostile_cells_stay_text(tmp_path: Path, client: Client, index: None) -> None:
    hostile = "<script>alert(1)</script>"
    run(
        written(tmp_path, f"{HEADER}1\t{hostile}\t{hostile}\tliving\t{hostile} **x**\t{hostile}\t{hostile}\n")
    )
    outbox.drain()
    service = Service.objects.get()
    for address in ("/services/", f"/services/{service.public_id}/", f"/vendors/{service.vendor.public_id}/"):
        for prefix in ("", "/en"):
            page = client.get(f"{prefix}{address}", follow=True).content.decode()
            assert "alert(1)" in page
            assert "<script>alert" not in page


def test_pages_say_that_nobody_has_claimed_it(tmp_path: Path, client: Client, index: None) -> None:
    run(written(tmp_path, HEADER + ROWS))
    outbox.drain()
    service = Service.objects.get(source_id="a-1")
    page = client.get(f"/en/services/{service.public_id}/", follow=True).content.decode()
    assert "Not claimed by the vendor yet" in page
    assert "Account status unknown" in page
    assert "(not claimed yet)" in client.get("/en/services/").content.decode()
    assert "Nobody of the vendor" in client.get(f"/en/vendors/{service.vendor.public_id}/").content.decode()


@pytest.mark.skipif(
    not REAL.exists(), reason=f"LOUD: the real input is not beside this checkout ({REAL.name})"
)
def test_the_real_file_imports_whole(tmp_path: Path, client: Client, index: None) -> None:
    said = run(REAL)
    assert "Published 160 services" in said
    assert "3 rows: names no organisation" in said
    # No cell of the column is empty: these repeat their Thai.
    assert "43 rows: Thai in the English column" in said
    assert "no English text at all" not in said
    assert Service.objects.public().count() == 160
    assert not Organisation.objects.filter(claimed=True, kind="vendor").exists()
    outbox.drain()
    assert client.get("/en/services/").context["results"].total == 160
    copy = tmp_path / REAL.name
    shutil.copy(REAL, copy)
    said = run(copy)
    assert "Published 0 services of 0 new vendors; 160 were here already." in said
    assert "Nothing has changed." in said
