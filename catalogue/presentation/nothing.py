"""What to do where a search found nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from marketplace.thai.text import localized
from search import thesaurus

NEAR = 5


def capabilities_near(text: str) -> list[dict[str, Any]]:
    """Capabilities that the words speak of, each with the address of its services."""
    known = thesaurus.capabilities()
    return [
        {
            "text": localized(known[one.code], "name"),
            "href": f"{reverse('services')}?{urlencode({'capability': one.code})}",
        }
        for one in thesaurus.suggest(text, limit=NEAR)
    ]
