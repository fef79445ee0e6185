"""What the sides of an introduction are told by mail."""

from __future__ import annotations

from marketplace import notifications
from marketplace.models import Organisation, User
from matching.introductions.life import CITY
from matching.models import Introduction


def city_people(introduction: Introduction) -> list[User]:
    if introduction.city_person:
        return [introduction.city_person]
    return notifications.members_of(introduction.city_organisation)


def tell(
    introduction: Introduction, people: list[User], template: str, *, side: str, reason: str = ""
) -> None:
    """Mail people of one side; mails never carry anybody's contact."""
    owner = introduction.city_organisation if side == CITY else introduction.vendor
    _mail(introduction, people, template, owner, reason)


def tell_brokers(introduction: Introduction, template: str) -> None:
    """Mail depa's brokers; the link leads to their page of it."""
    depa = notifications.depa()
    if depa is not None:
        _mail(introduction, notifications.members_of(depa, "broker"), template, depa, "")


def _mail(
    introduction: Introduction, people: list[User], template: str, owner: Organisation, reason: str
) -> None:
    names = {
        f"{key}_{language}": getattr(row, f"name_{language}")
        for key, row in (
            ("service", introduction.service),
            ("city", introduction.city_organisation),
            ("vendor", introduction.vendor),
        )
        for language in ("th", "en")
    }
    path = f"/o/{owner.public_id}/introductions/{introduction.public_id}/"
    notifications.mail(people, template, path, names=names, reason=reason)
