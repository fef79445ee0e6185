"""Private files: checked by their bytes, kept under random names outside the static and media roots."""

from __future__ import annotations

import hashlib
import secrets
from io import BytesIO
from typing import Any

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


def check(upload: UploadedFile, *, field: str) -> tuple[str, str]:
    """The content type and suffix of a file that may be kept: a PDF, PNG or JPEG by its first bytes.

    Raises:
        Invalid: for ``field``, saying what is wrong with the file.
    """
    limit = settings.MAX_UPLOAD_BYTES
    if upload.size is None or upload.size > limit:
        raise Invalid({field: _("The file is larger than %(limit)s MB.") % {"limit": limit // 1024 // 1024}})
    upload.seek(0)
    head = upload.read(max(map(len, KINDS)))
    upload.seek(0)
    kind = next((kind for magic, kind in KINDS.items() if head.startswith(magic)), None)
    if kind is None:
        raise Invalid({field: _("Send a PDF, PNG or JPEG file. This file is none of them.")})
    return kind


def store(
    upload: UploadedFile,
    *,
    by: Actor,
    organisation: Organisation | None = None,
    field: str,
    is_identity: bool = False,
) -> StoredFile:
    """Keep an uploaded PDF, PNG or JPEG privately.

    Raises:
        Invalid: for ``field``, saying what is wrong with the file.
    """
    content_type, suffix = check(upload, field=field)
    content = upload.read()
    name = storages["private"].save(secrets.token_hex(16) + suffix, ContentFile(content))
    return StoredFile.objects.create(
        organisation=organisation,
        uploaded_by=by.user,
        stored_name=name,
        original_name=(upload.name or "file")[-200:],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_identity=is_identity,
    )


def open_stored(file: StoredFile) -> BytesIO:
    """The bytes of a stored file."""
    with storages["private"].open(file.stored_name) as handle:
        return BytesIO(handle.read())


def forget(payload: dict[str, Any]) -> None:
    """Outbox handler: take the bytes of a removed file out of the storage."""
    storages["private"].delete(payload["stored_name"])
