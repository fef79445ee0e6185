"""What was public once: an address that was shared gets an answer of its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from marketplace.errors import Gone
from matching.models import Need


def readable_need(public_id: str, user: Any) -> Need:
    """The need with this id, as far as the reader may see it.

    Raises:
        Gone: it was public and the city has withdrawn it.
        Http404: it does not exist, or not for this reader.
    """
    related = ("city__province__region", "organisation", "head", "current")
    found = Need.objects.visible_to(user).select_related(*related).filter(public_id=public_id).first()
    if found is not None:
        return found
    if Need.objects.filter(
        public_id=public_id, state="withdrawn", visibility="public", published_at__isnull=False
    ).exists():
        raise Gone(_("The city has withdrawn this need."))
    raise Http404
