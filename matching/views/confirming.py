"""The page behind a mailed link: a person at the city confirms a broker's draft without an account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from matching import cards, needs
from matching.wording import CriterionLabels, names


def confirm_need(request: HttpRequest, secret: str) -> HttpResponse:
    """GET shows the draft and changes nothing; POST confirms it."""
    need = needs.to_confirm(secret)
    if need is None or need.head is None:
        raise Http404
    if request.method == "POST":
        needs.confirm(need, secret=secret)
        return redirect(request.path)
    known = names()
    criteria = list(need.head.criteria.all())
    labels = CriterionLabels(criteria, known)
    context = {
        "need": need,
        "version": need.head,
        "facts": cards.need_facts(need, need.head, known),
        "criteria": [{"level": c.level, "text": labels[f"c{c.order}"]} for c in criteria],
        "private": True,
    }
    response = render(request, "matching/confirm.html", context)
    # The address is a key: it must not travel on in a referrer.
    response["Referrer-Policy"] = "no-referrer"
    return response
