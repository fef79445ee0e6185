"""What a depa reviewer reads and decides: services, new versions, certificates, the account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue import accounts, certificates, services, waiting
from catalogue.forms.evidence import AccountForm, VerifyForm
from catalogue.forms.problems import refuse
from catalogue.models import Certificate, Claim, Service
from catalogue.presentation import page, work
from catalogue.presentation.listing import address_of
from catalogue.views.work import home_crumb
from catalogue.wording import Wording
from marketplace import files
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.models import Organisation
from marketplace.thai.dates import working_days_between
from marketplace.thai.text import localized

ROLES = ("reviewer",)
# A queue shows the oldest; whoever clears them sees the next.
SHOWN = 50


@require_safe
@acting("depa", roles=ROLES)
def queue(request: ActingRequest) -> HttpResponse:
    """``/o/<org>/reviews/``: everything that waits for a reviewer, with its age."""
    actor = request.actor
    org = request.organisation.public_id
    reviewable = list(waiting.to_review().select_related("vendor")[:SHOWN])
    unchecked = waiting.certificates_to_check().select_related("service__vendor")[:SHOWN]
    claimed = waiting.claims_to_decide().select_related("vendor", "unclaimed")[:SHOWN]
    new = [_service(s, org) for s in reviewable if s.state == Service.State.SUBMITTED]
    newer = [_service(s, org) for s in reviewable if s.state != Service.State.SUBMITTED]
    parts = [
        ("submitted", _("Services to review"), new),
        ("revisions", _("New versions to review"), newer),
        ("certificates", _("Certificates to check"), [_certificate(c, org) for c in unchecked]),
        ("vendors", _("Vendors to check"), [_vendor(v, org) for v in waiting.vendors_to_check()[:SHOWN]]),
        ("claims", _("Claims to decide"), [_claim(c, org) for c in claimed]),
    ]
    context = {
        "crumbs": [home_crumb(actor), {"text": _("Reviews"), "href": ""}],
        "parts": [{"id": id_, "title": title, "rows": items} for id_, title, items in parts],
        "private": True,
    }
    return render(request, "catalogue/reviews.html", context)


def _item(text: str, note: str, since: datetime, href: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "text": text,
        "note": note,
        "href": href,
        "age": working_days_between(timezone.localdate(since), today),
        "limit": waiting.REVIEW_DAYS,
        "action": _("Open"),
    }


def _service(service: Service, org: str) -> dict[str, Any]:
    href = reverse("review_service", args=[org, service.public_id])
    return _item(localized(service, "name"), localized(service.vendor, "name"), service.state_since, href)


def _certificate(certificate: Certificate, org: str) -> dict[str, Any]:
    service = certificate.service
    href = reverse("review_service", args=[org, service.public_id]) + "#certificates"
    return _item(
        f"{localized(certificate, 'kind_name') or certificate.kind} · {localized(service, 'name')}",
        localized(service.vendor, "name"),
        certificate.created_at,
        href,
    )


def _vendor(vendor: Organisation, org: str) -> dict[str, Any]:
    href = reverse("review_vendor", args=[org, vendor.public_id])
    return _item(localized(vendor, "name"), vendor.tax_id, vendor.created_at, href)


def _claim(claim: Claim, org: str) -> dict[str, Any]:
    href = reverse("review_claim", args=[org, claim.public_id])
    return _item(localized(claim.unclaimed, "name"), localized(claim.vendor, "name"), claim.state_since, href)


def _reviewed(request: HttpRequest, public_id: str) -> Service:
    """A service that has left its vendor's desk; a draft is nobody's business but the vendor's."""
    return get_object_or_404(
        Service.objects.visible_to(request.user).exclude(state=Service.State.DRAFT).for_work(),
        public_id=public_id,
    )


@require_safe
@acting("depa", roles=ROLES)
def service_review(request: ActingRequest, public_id: str) -> HttpResponse:
    """One service with all answers, what a new version changes, evidence, and the decisions."""
    return _show(request, _reviewed(request, public_id))


def _show(
    request: ActingRequest,
    service: Service,
    *,
    error: str = "",
    move: str = "",
    account_form: AccountForm | None = None,
    verify_form: tuple[str, VerifyForm] | None = None,
) -> HttpResponse:
    actor = request.actor
    services.open_versions(service)
    shown = service.revision or (service.current if service.state == "published" else service.head)
    assert shown is not None
    wording, org = Wording(), request.organisation.public_id
    context = work.version_context(service, shown, wording) | {
        "service": service,
        "vendor": service.vendor,
        "state": work.state_of(service),
        "moves": work.moves(service, actor),
        "move_address": reverse("review_service_move", args=[org, service.public_id]),
        "error": error,
        "failed_move": move,
        "note": request.POST.get("note", ""),
        "differences": work.differences(service, shown, wording),
        "difference_columns": work.difference_columns(),
        **_evidence_of(service, wording, org),
        "form": account_form or AccountForm(),
        "account_address": reverse("review_account", args=[org, service.public_id]),
        "history": work.history(service),
        "public": address_of(service) if service.state == "published" else "",
        "crumbs": [
            home_crumb(actor),
            {"text": _("Reviews"), "href": reverse("reviews", args=[org])},
            {"text": localized(service, "name"), "href": ""},
        ],
        "private": True,
    }
    for row in context["certificates"]:
        if verify_form and row["certificate"].public_id == verify_form[0]:
            row["form"] = verify_form[1]
    failed = error or verify_form or (account_form is not None and account_form.errors)
    return render(request, "catalogue/review_service.html", context, status=400 if failed else 200)


def _evidence_of(service: Service, wording: Wording, org: str) -> dict[str, Any]:
    """Certificates with what can be done, and the account with its document."""
    status, day = getattr(service, "account_status", None), timezone.localdate()
    return {
        "certificates": [
            {
                "certificate": certificate,
                "name": wording.name("certificate", certificate.kind),
                "state": page.certificate_state(certificate, day),
                "verify": ""
                if certificate.verified_at
                else reverse("review_certificate_verify", args=[org, certificate.public_id]),
                "form": VerifyForm(auto_id=f"id_{certificate.public_id}_%s"),
            }
            for certificate in service.certificates.select_related("evidence")
        ],
        "account": page.account(status, day),
        "account_file": status.evidence if status else None,
    }


# What a reviewer can do, by the name of the move; the first two take the version that was read.
PUBLISHING = {"publish": services.publish, "approve_revision": services.approve_revision}
VERBS = {
    "request_changes": services.request_changes,
    "refuse": services.refuse,
    "return_revision": services.return_revision,
    "suspend": services.suspend,
    "restore": services.restore,
    "withdraw": services.withdraw,
}


@acting("depa", roles=ROLES)
@require_POST
def service_move(request: ActingRequest, public_id: str) -> HttpResponse:
    """Decide. Publishing holds only for the version that was on the reviewer's screen."""
    actor = request.actor
    service, name = _reviewed(request, public_id), request.POST.get("move", "")
    note, seen = request.POST.get("note", "")[:1000], request.POST.get("seen", "")[:9]
    try:
        if name in PUBLISHING:
            number = int(seen) if seen.isdecimal() else 0
            PUBLISHING[name](service, by=actor, note=note, seen=number)
        elif name in VERBS:
            VERBS[name](service, by=actor, note=note)
        else:
            raise Http404
    except Invalid as problem:
        return _show(request, service, error=" ".join(problem.messages), move=name)
    messages.success(request, _("Done: %(move)s.") % {"move": services.LIFE.moves[name].label})
    return redirect("reviews", org=request.organisation.public_id)


@acting("depa", roles=ROLES)
@require_POST
def account_record(request: ActingRequest, public_id: str) -> HttpResponse:
    """Record what depa's register says of the service today."""
    actor = request.actor
    service, form = _reviewed(request, public_id), AccountForm(request.POST, request.FILES)
    if form.is_valid():
        details = dict(form.cleaned_data)
        upload = details.pop("evidence")
        try:
            with transaction.atomic():
                evidence = files.store(upload, by=actor, field="evidence") if upload else None
                accounts.record_status(service, by=actor, evidence=evidence, **details)
        except Invalid as problem:
            refuse(form, problem)
    if form.errors:
        return _show(request, service, account_form=form)
    messages.success(request, _("The account status is recorded."))
    return redirect("review_service", org=request.organisation.public_id, public_id=public_id)


@acting("depa", roles=ROLES)
@require_POST
def certificate_verify(request: ActingRequest, public_id: str) -> HttpResponse:
    """The document or the register's entry was seen and agrees with what the vendor states."""
    actor = request.actor
    certificate = get_object_or_404(
        Certificate.objects.visible_to(request.user)
        .exclude(service__state=Service.State.DRAFT)
        .select_related("service"),
        public_id=public_id,
    )
    form = VerifyForm(request.POST, auto_id=f"id_{public_id}_%s")
    try:
        if form.is_valid():
            certificates.verify(certificate, by=actor, **form.cleaned_data)
    except Invalid as problem:
        for name, said in problem.message_dict.items():
            form.add_error(name, said)
    if form.errors:
        service = _reviewed(request, certificate.service.public_id)
        return _show(request, service, verify_form=(public_id, form))
    messages.success(request, _("The certificate is marked as checked."))
    return redirect(
        "review_service", org=request.organisation.public_id, public_id=certificate.service.public_id
    )
