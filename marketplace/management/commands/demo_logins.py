from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from marketplace.demo.logins import PERIOD, logins


class Command(BaseCommand):
    help = "Show one login of the demo for each role, with the codes that are valid now."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        people = logins()
        role, email = (max(len(getattr(p, name)) for p in people) for name in ("what_for_en", "email"))
        self.stdout.write(f"\nDemo logins, all with the password {people[0].password}")
        for person in people:
            code = f"code {person.code}" if person.code else ""
            self.stdout.write(f"  {person.what_for_en:<{role}}  {person.email:<{email}}  {code}".rstrip())
        self.stdout.write(
            f"Codes are valid for {PERIOD - int(time.time()) % PERIOD} more seconds; "
            "the newest ones: /demo/mail/, or `manage.py demo_logins`."
        )
