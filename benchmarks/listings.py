"""Many services, made from the demo's own, past the verbs: a benchmark needs rows, not their history."""

from __future__ import annotations

import random

from django.core.management import call_command
from django.db import transaction

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
    call_command("reindex", verbosity=0)


def _copies(originals: list[Service], start: int) -> None:
    now = database_now()
    rows = []
    for number, original in enumerate(originals, start):
        name = f"{original.name_th} {number}"
        row = Service(
            vendor=original.vendor, state="draft", state_since=now, name_th=name, slug=original.slug
        )
        row.name_en = original.name_en and f"{original.name_en} {number}"
        row.sort_key = sort_key(name)
        rows.append(row)
    Service.objects.bulk_create(rows)
    versions = [
        ServiceVersion(service=row, number=1, answers={**original.current.answers, "name_th": row.name_th})
        for row, original in zip(rows, originals, strict=True)
        if original.current
    ]
    ServiceVersion.objects.bulk_create(versions)
    for row, version in zip(rows, versions, strict=True):
        row.head = row.current = version
        row.state, row.published_at = "published", now
        row.folded_text = folded_text(version.answers, row.vendor.name_th)
    Service.objects.bulk_update(
        rows, ["head", "current", "state", "published_at", "folded_text"], batch_size=200
    )
    facets = [
        ServiceFacet(service=row, facet=facet, value=value)
        for row, version in zip(rows, versions, strict=True)
        for facet, value in set(facet_values(version.answers))
    ]
    ServiceFacet.objects.bulk_create(facets, batch_size=2000)
    Price.objects.bulk_create(
        [
            Price(version=v, amount=p.amount, unit=p.unit, vat_included=p.vat_included)
            for v, o in zip(versions, originals, strict=True)
            if o.current
            for p in o.current.prices.all()
        ]
    )
