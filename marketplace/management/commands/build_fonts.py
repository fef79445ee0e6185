from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from marketplace import fonts


class Command(BaseCommand):
    help = "Cut the typeface down to the characters of the site (once; then it is up to date)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in fonts.build(settings.FONTS_DIR / "fonts"):
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")
