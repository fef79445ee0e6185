"""Certificates of a vendor's own service: stated with a document, taken off again."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue import certificates
from catalogue.forms.evidence import CertificateForm
from catalogue.forms.problems import refuse
from catalogue.models import Service
from catalogue.presentation import page
from catalogue.views.work import ROLES, home_crumb, own_service
from catalogue.wording import Wording
from marketplace import files
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.permissions import Actor
from marketplace.thai.text import localized


@acting("vendor", roles=ROLES)
def certificate_list(request: ActingRequest, public_id: str) -> HttpResponse:
    """The certificates of a service, and a form to state one more."""
    actor = request.actor
    service = own_service(request, public_id)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _state(form, service, actor):
        messages.success(request, _("The certificate is stated. depa checks it if you sent the document."))
        return redirect("work_certificates", org=request.organisation.public_id, public_id=public_id)
    wording, day, org = Wording(), timezone.localdate(), request.organisation.public_id
    context = {
        "service": service,
        "form": form,
        "rows": [
            {
                "certificate": certificate,
                "name": wording.name("certificate", certificate.kind),
                "state": page.certificate_state(certificate, day),
                "remove": reverse("work_certificate_remove", args=[org, public_id, certificate.public_id]),
            }
            for certificate in service.certificates.select_related("evidence")
        ],
        "crumbs": [
            home_crumb(actor),
            {"text": _("Our services"), "href": reverse("work_services", args=[org])},
            {"text": localized(service, "name"), "href": reverse("work_service", args=[org, public_id])},
            {"text": _("Certificates"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "catalogue/work_certificates.html", context, status=400 if form.errors else 200)


def _state(form: CertificateForm, service: Service, actor: Actor) -> bool:
    details = dict(form.cleaned_data)
    upload = details.pop("evidence")
    try:
        with transaction.atomic():
            evidence = None
            if upload is not None:
                evidence = files.store(upload, by=actor, organisation=actor.organisation, field="evidence")
            certificates.state(service, by=actor, evidence=evidence, **details)
    except Invalid as problem:
        refuse(form, problem)
        return False
    return True


@acting("vendor", roles=ROLES)
@require_POST
def certificate_remove(request: ActingRequest, public_id: str, certificate_id: str) -> HttpResponse:
    """Take one off. It stays in the history."""
    actor = request.actor
    service = own_service(request, public_id)
    certificates.remove(get_object_or_404(service.certificates, public_id=certificate_id), by=actor)
    messages.success(request, _("The certificate is taken off."))
    return redirect("work_certificates", org=request.organisation.public_id, public_id=public_id)
