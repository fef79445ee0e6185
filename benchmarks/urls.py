"""The site's addresses, and the bare page that its pages are compared with."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from catalogue.models import Service
from marketplace import urls

BARE = """{% extends "base.html" %}{% block title %}Bare{% endblock %}{% block content %}<h1>Bare</h1><ul>
{% for row in rows %}<li><a href="/services/{{ row.public_id }}/">{{ row|localized:"name" }}</a>
{{ row.vendor|localized:"name" }}</li>{% endfor %}</ul>{% endblock %}"""


def bare(request: HttpRequest) -> HttpResponse:
    """Twenty rows of the same table in the same base template, and nothing else."""
    rows = Service.objects.public().select_related("vendor").order_by("sort_key", "pk")[:20]
    return HttpResponse(engines["django"].from_string(BARE).render({"rows": rows}, request))


urlpatterns = [path("bare/", bare), *urls.urlpatterns]
