"""Who can sign in, with the codes of this moment, and the mails sent. Open to everyone: all is invented."""

from __future__ import annotations

import time

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.demo import mails
from marketplace.demo.logins import PERIOD, logins


@require_safe
@never_cache
def logins_page(request: HttpRequest) -> HttpResponse:
    """One login for each role."""
    people = logins()
    context = {
        "people": people,
        "password": people[0].password,
        "seconds": PERIOD - int(time.time()) % PERIOD,
        "newest": mails.newest(3),
        "private": True,
    }
    return render(request, "demo/logins.html", context)


@require_safe
@never_cache
def mail_list(request: HttpRequest) -> HttpResponse:
    """The newest mails; ``?to=`` keeps those to one address."""
    to = request.GET.get("to", "").strip().lower()
    found = [mail for mail in mails.newest() if to in mail.to.lower()]
    return render(request, "demo/mail_list.html", {"mails": found, "to": to, "private": True})


@require_safe
@never_cache
def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail with its links."""
    found = mails.find(mail_id)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found, "private": True})
