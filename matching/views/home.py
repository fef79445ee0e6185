"""The home page: the sentence, the seven dimensions, live counts and the map."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching import overview
from matching.views.tries import examples

SECONDS = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The same for everyone; its counts are at most a minute old and say when they were made."""
    key = f"home:{get_language()}"
    counted: dict[str, Any] | None = cache.get(key)
    if counted is None:
        counted = overview.counted()
        cache.set(key, counted, SECONDS)
    context = {
        **counted,
        "figures": _figures(counted["counts"]),
        "dimensions": [
            row | {"href": f"{reverse('services')}?dimension={row['code']}"} for row in counted["dimensions"]
        ],
        "examples": examples(),
        "steps": _steps(),
        "detailed": reverse("sentence_to_need"),
        "preview": {
            "title": _("Say what your city needs in one sentence"),
            "description": _("See digital services that fit, each with its reasons. No sign-in needed."),
        },
    }
    return render(request, "matching/home.html", context)


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    vendors = ngettext("of %(count)s vendor", "of %(count)s vendors", counts["vendors"])
    cities = ngettext("of %(count)s city", "of %(count)s cities", counts["cities"])
    return [
        {
            "value": counts["services"],
            "label": _("Published services"),
            "note": vendors % {"count": counts["vendors"]},
        },
        {
            "value": counts["needs"],
            "label": _("Open needs"),
            "note": cities % {"count": counts["cities"]},
        },
        {"value": counts["introduced"], "label": _("Introductions made")},
        {
            "value": counts["unserved"],
            "label": _("Open needs without a service that meets all musts"),
            "href": reverse("needs"),
            "link_text": _("See the needs"),
        },
    ]


def _steps() -> list[dict[str, str]]:
    return [
        {"title": _("Say it in one sentence"), "text": _("No form and no sign-in; nothing is stored.")},
        {"title": _("Read the reasons"), "text": _("What fits, what does not, and what is not known yet.")},
        {"title": _("Make it a need"), "text": _("With budget, time and criteria; private or public.")},
        {"title": _("Be introduced"), "text": _("A depa broker checks; contacts are shown by consent only.")},
    ]
