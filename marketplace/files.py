"""Private files: checked by their bytes, kept under random names outside the static and media roots."""

from __future__ import annotations

import hashlib
import secrets
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from marketplace.errors import Invalid
from marketplace.models import Organisation, StoredFile
from marketplace.permissions import Actor

# First bytes of what is accepted; anything a browser would run is not in the list.
KINDS = {
    b"%PDF-": ("application/pdf", ".pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
}


def store(
    upload: UploadedFile, *, by: Actor, organisation: Organisation | None = None, field: str
) -> StoredFile:
    """Keep an uploaded PDF, PNG or JPEG privately.

    Raises:
        Invalid: for ``field``, saying what is wrong with the file.
    """
    limit = settings.MAX_UPLOAD_BYTES
    if upload.size is None or upload.size > limit:
        raise Invalid({field: _("The file is larger than %(limit)s MB.") % {"limit": limit // 1024 // 1024}})
    content = upload.read()
    kind = next((kind for magic, kind in KINDS.items() if content.startswith(magic)), None)
    if kind is None:
        raise Invalid({field: _("Send a PDF, PNG or JPEG file. This file is none of them.")})
    content_type, suffix = kind
    name = storages["private"].save(secrets.token_hex(16) + suffix, ContentFile(content))
    return StoredFile.objects.create(
        organisation=organisation,
        uploaded_by=by.user,
        stored_name=name,
        original_name=(upload.name or "file")[-200:],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def open_stored(file: StoredFile) -> BytesIO:
    """The bytes of a stored file."""
    with storages["private"].open(file.stored_name) as handle:
        return BytesIO(handle.read())
