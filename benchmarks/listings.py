"""Many services, made from the demo's own, past the verbs: a benchmark needs rows, not their history."""

from __future__ import annotations

import random

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from catalogue.documents import facet_values, folded_text
from catalogue.models import Price, Service, ServiceFacet, ServiceVersion
from marketplace.models import database_now
from marketplace.thai.sorting import sort_key

BATCH = 1000


def add(wanted: int) -> None:
    """Publish copies of demo services under other names until there are ``wanted``, and index them."""
    models = list(
        Service.objects.public().select_related("current", "vendor").prefetch_related("current__prices")
    )
    chance = random.Random(20261122)
    missing = wanted - len(models)
    with transaction.atomic():
        for start in range(0, missing, BATCH):
            _copies([chance.choice(models) for _n in range(min(BATCH, missing - start))], start)
    with connection.cursor() as cursor:
        # As the database does by itself in time: without it, it guesses how many rows a filter leaves.
        cursor.execute("ANALYZE")
    call_command("reindex", verbosity=0)


def _copies(originals: list[Service], start: int) -> None:
    """Published services, in one write a table: the keys are made here, so that rows can name each other."""
    now, first = (
        database_now(),
        (Service.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1,
    )
    rows, versions, facets, prices = [], [], [], []
    for number, original in enumerate(originals):
        assert original.current is not None
        name = f"{original.name_th} {start + number}"
        answers = {**original.current.answers, "name_th": name}
        row = Service(
            pk=first + number,
            vendor=original.vendor,
            state=Service.State.DRAFT,
            state_since=now,
            name_th=name,
            name_en=original.name_en and f"{original.name_en} {start + number}",
            slug=original.slug,
            sort_key=sort_key(name),
            folded_text=folded_text(answers, original.vendor.name_th),
        )
        version = ServiceVersion(service=row, number=1, answers=answers)
        rows.append(row)
        versions.append(version)
        facets += [
            ServiceFacet(service=row, facet=facet, value=value) for facet, value in facet_values(answers)
        ]
        prices += [
            Price(version=version, amount=p.amount, unit=p.unit, vat_included=p.vat_included)
            for p in original.current.prices.all()
        ]
    Service.objects.bulk_create(rows)
    ServiceVersion.objects.bulk_create(versions)
    ServiceFacet.objects.bulk_create(facets)
    Price.objects.bulk_create(prices)
    # A published service has a version, and a version its service: one statement publishes them all.
    newest = ServiceVersion.objects.filter(service=OuterRef("pk")).values("pk")
    Service.objects.filter(pk__gte=first).update(
        head=Subquery(newest), current=Subquery(newest), state=Service.State.PUBLISHED, published_at=now
    )
