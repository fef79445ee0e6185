"""Mail to people, in their own language, through the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from marketplace import outbox
from marketplace.models import Membership, Organisation, User


def members_of(organisation: Organisation | None, *roles: str) -> list[User]:
    """The people who act for an organisation now, optionally only in these roles."""
    if organisation is None:
        return []
    memberships = Membership.objects.filter(
        organisation=organisation, ended_at__isnull=True, user__is_active=True
    )
    if roles:
        memberships = memberships.filter(role__in=roles)
    return [m.user for m in memberships.select_related("user").order_by("pk")]


def depa() -> Organisation | None:
    """depa itself: mails to its staff lead to its pages of work."""
    return Organisation.objects.filter(kind=Organisation.Kind.DEPA).order_by("pk").first()


def depa_staff(*roles: str) -> list[User]:
    """depa's people in one of these roles; administrators only where they are named."""
    memberships = Membership.objects.filter(
        organisation__kind=Organisation.Kind.DEPA, role__in=roles, ended_at__isnull=True, user__is_active=True
    )
    return [m.user for m in memberships.select_related("user").order_by("pk")]


def mail(people: Iterable[User], template: str, path: str, **context: Any) -> None:
    """Queue one mail a person, in the person's language, in the present transaction.

    ``template`` names ``templates/mail/<template>.txt``, whose first line is the subject.
    ``path`` is the page that the mail leads to, without language prefix.
    ``context`` holds plain text only: a mail may be read by others on the way.
    """
    for person in people:
        outbox.put(
            "marketplace.mail",
            {
                "to": person.email,
                "name": person.name,
                "language": person.language,
                "template": template,
                "path": path,
            }
            | {"context": context},
        )


def mail_to_address(email: str, template: str, path: str, *, language: str = "th", **context: Any) -> None:
    """Queue a mail to somebody who has no account yet."""
    outbox.put(
        "marketplace.mail",
        {
            "to": email,
            "name": "",
            "language": language,
            "template": template,
            "path": path,
            "context": context,
        },
    )


def deliver(payload: dict[str, Any]) -> None:
    """Outbox handler: render and send one mail."""
    language = (
        payload["language"] if payload["language"] in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    )
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    with translation.override(language):
        text = render_to_string(
            f"mail/{payload['template']}.txt",
            payload["context"]
            | {"name": payload["name"], "link": f"{settings.SITE_URL}{prefix}{payload['path']}"},
        ).strip()
    subject, _blank, body = text.partition("\n")
    EmailMessage(subject.strip(), body.strip() + "\n", to=[payload["to"]]).send()


def deliver_account_mail(payload: dict[str, Any]) -> None:
    """Outbox handler: send a mail that allauth has rendered."""
    EmailMessage(payload["subject"], payload["body"], to=[payload["to"]]).send()
