"""Papers that show who a vendor is: sent by its owner, read by its people and by depa's reviewers only."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace import events, files, outbox
from marketplace.errors import Conflict, Invalid
from marketplace.models import Organisation, Role, StoredFile
from marketplace.permissions import Actor, require

MOST = 10


def of(vendor: Organisation) -> QuerySet[StoredFile]:
    """The vendor's identity papers, oldest first. Who may open them, ``StoredFile.visible_to`` says."""
    return StoredFile.objects.filter(organisation=vendor, is_identity=True).order_by("created_at", "pk")


def may_remove(paper: StoredFile, vendor: Organisation) -> bool:
    """Whether depa has not yet checked the vendor on this paper."""
    return vendor.verified_at is None or paper.created_at > vendor.verified_at


def add(vendor: Organisation, uploads: Sequence[UploadedFile], *, by: Actor) -> list[StoredFile]:
    """Send one or several papers: all of them are kept, or none.

    Raises:
        Invalid: for ``papers``: none was sent, one is not a PDF or picture, or too many are sent.
    """
    _require_owner(vendor, by)
    if not uploads:
        raise Invalid({"papers": _("Choose a file.")})
    for upload in uploads:
        files.check(upload, field="papers")
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=vendor.pk)
        if of(fresh).count() + len(uploads) > MOST:
            raise Invalid({"papers": _("At most %(count)s papers can be kept.") % {"count": MOST}})
        kept = []
        for upload in uploads:
            paper = files.store(upload, by=by, organisation=fresh, field="papers", is_identity=True)
            events.record(fresh, "add_paper", by=by, data=_named(paper))
            kept.append(paper)
    return kept


def remove(paper: StoredFile, *, by: Actor) -> None:
    """Take a paper back, with its bytes; the event keeps that it was there.

    Raises:
        Conflict: depa has checked the vendor on it meanwhile, or it is gone.
    """
    vendor = paper.organisation
    assert vendor is not None
    _require_owner(vendor, by)
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=vendor.pk)
        found = of(fresh).filter(pk=paper.pk).first()
        if found is None:
            raise Conflict(_("This paper has been removed already."))
        if not may_remove(found, fresh):
            raise Conflict(_("depa has checked the vendor on this paper. It stays."))
        events.record(fresh, "remove_paper", by=by, data=_named(found))
        found.delete()
        outbox.put("marketplace.forget_file", {"stored_name": found.stored_name})


def _require_owner(vendor: Organisation, by: Actor) -> None:
    require(
        vendor.kind == Organisation.Kind.VENDOR and by.acts_for(vendor.pk) and by.role == Role.OWNER,
        _("Only an owner can send or remove these papers."),
    )


def _named(paper: StoredFile) -> dict[str, str]:
    """What the log keeps: which bytes, and not the file's name, which may be a person's."""
    return {"file": paper.public_id, "sha256": paper.sha256}
