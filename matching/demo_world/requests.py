"""What waits for depa: officials with their letters, and a vendor that claims imported services."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue import claims, services
from catalogue.models import Claim
from marketplace import affiliations
from marketplace.files import store
from marketplace.models import AffiliationRequest, Organisation
from marketplace.permissions import Actor
from marketplace.thai.sorting import sort_key
from matching.demo_world import files
from matching.demo_world.world import World

SOURCE = "demo"


def load(world: World) -> None:
    waiting = files.waiting()
    for row in waiting["affiliations"]:
        _affiliation(world, row)
    _claim(world, waiting["claim"])


def _affiliation(world: World, row: dict[str, Any]) -> None:
    by = Actor(world.people[row["person"]])
    scan = SimpleUploadedFile("letter.pdf", small_pdf(f"Example letter {row['letter_days']}"))
    request = affiliations.ask(
        by=by,
        city=world.city(row["city"]) if "city" in row else None,
        letter_scan=store(scan, by=by, field="letter_scan"),
        position=row["position"],
        letter_number=row["letter_number"],
        letter_date=world.day(row["letter_days"]),
        **row.get("body", {}),
    )
    since = world.ago(row["waits_days"])
    AffiliationRequest.objects.filter(pk=request.pk).update(state_since=since, created_at=since)


def _claim(world: World, row: dict[str, Any]) -> None:
    """A vendor as an import leaves it: unclaimed, with a tax ID that somebody else's account has."""
    vendor, names = world.vendors[row["vendor"]], row["unclaimed"]
    unclaimed = Organisation.objects.create(
        kind=Organisation.Kind.VENDOR,
        sort_key=sort_key(names["name_th"]),
        tax_id=vendor.tax_id,
        claimed=False,
        is_example=True,
        source=SOURCE,
        **names,
    )
    imported = services.add(
        unclaimed,
        services.Content(row["service"]["answers"]),
        by=None,
        is_example=True,
        source=SOURCE,
        source_id=row["service"]["source_id"],
    )
    services.publish(services.submit(imported, by=None), by=None)
    claim = claims.ask(vendor, unclaimed, by=world.owner(vendor))
    Claim.objects.filter(pk=claim.pk).update(
        state_since=world.ago(row["waits_days"]), created_at=world.ago(row["waits_days"])
    )


def small_pdf(line: str) -> bytes:
    """One page with one line in Latin letters, without any library."""
    text = f"BT /F1 18 Tf 72 760 Td ({line}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + end
