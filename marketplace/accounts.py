"""How allauth behaves here: its mails go through the outbox, in the person's language."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.utils import translation

from marketplace import outbox


class AccountAdapter(DefaultAccountAdapter):
    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Who has just signed in is not asked for the password again; allauth counts only later askings."""
        if not super().is_reauthentication_required(app=app, **options):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - one["at"] < app_settings.REAUTHENTICATION_TIMEOUT for one in records)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, while links and codes are at hand; send by the worker."""
        message = self.render_mail(template_prefix, email, context)
        outbox.put(
            "marketplace.account_mail",
            {
                "to": email,
                "subject": " ".join(message.subject.split()),
                "body": str(message.body),
                "language": translation.get_language() or "th",
            },
        )

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Keep the language in which the person signed up."""
        user = super().save_user(request, user, form, commit=False)
        user.language = (translation.get_language() or "th")[:2]
        if commit:
            user.save()
        return user
