"""Addresses of pages that this room's pages lead to."""

from __future__ import annotations

from django.urls import reverse

from catalogue.models import Service
from marketplace.models import City, Organisation
from matching.models import Introduction, Need


def service(row: Service) -> str:
    """The public page of a service."""
    return reverse("service", args=[row.public_id, row.slug] if row.slug else [row.public_id])


def city(row: City) -> str:
    """The public page of a city."""
    return reverse("city", args=[row.public_id])


def need(row: Need) -> str:
    """The public page of a need, with its slug."""
    return (
        reverse("need", args=[row.public_id, row.slug]) if row.slug else reverse("need", args=[row.public_id])
    )


def work_need(organisation: Organisation, row: Need) -> str:
    """The page on which an organisation works on a need."""
    return reverse("work_need", args=[organisation.public_id, row.public_id])


def introduction(organisation: Organisation, row: Introduction) -> str:
    """An introduction's page on the side of one organisation."""
    return reverse("introduction", args=[organisation.public_id, row.public_id])
