"""Static files with hashed names, so that a browser may keep each for ever."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

# What a first visit loads. Compressing everything would cost seconds at each start of the demo.
COMPRESSED = ("marketplace/", "js-lib-bootstrap5/css/bootstrap.min.css", "django_htmx/htmx-2.min.js")


class HashedStaticStorage(ManifestStaticFilesStorage):
    """Hashed names, and a .gz (which WhiteNoise finds) beside the few files that pages load."""

    # Source maps are not shipped, so the comments that name them stay as they are.
    patterns = (("*.css", (r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",)),)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        for name, hashed, processed in super().post_process(paths, dry_run=dry_run, **options):
            if (
                hashed
                and not dry_run
                and name.startswith(COMPRESSED)
                and name.endswith((".css", ".js", ".svg"))
            ):
                self.compress(hashed)
            yield name, hashed, processed

    def compress(self, name: str) -> None:
        compressed = f"{name}.gz"
        with self.open(name) as file:
            # Without a time inside, the same file gives the same bytes.
            content = gzip.compress(file.read(), mtime=0)
        if self.exists(compressed):
            self.delete(compressed)
        self.save(compressed, ContentFile(content))
