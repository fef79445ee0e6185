"""How allauth behaves here: its mails go through the outbox, in the person's language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import translation

from marketplace import outbox


class AccountAdapter(DefaultAccountAdapter):
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
