"""The vendors' services, in every state in which a service can rest."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue import accounts, certificates, services
from catalogue.models import Service
from marketplace.models import Role
from matching.demo_world import files
from matching.demo_world.world import World, spread


def load(world: World) -> None:
    """Every service as far as its file says, then what happened to some of them later."""
    for number, row in enumerate(files.services()):
        world.services[row["key"]] = _service(world, row, number)
    _afterwards(world)


def _service(world: World, row: dict[str, Any], number: int) -> Service:
    owner, reviewer = world.owner(world.vendors[row["vendor"]]), world.staff(Role.REVIEWER)
    assert owner.organisation is not None
    state, reason = row.get("state", "published"), row.get("state_reason_th", "")
    service = services.add(owner.organisation, _content(world, row), by=owner, is_example=True)
    _evidence(world, service, row)
    if state != "draft":
        service = services.submit(service, by=owner)
    if state in ("published", "suspended"):
        service = services.publish(service, by=reviewer)
    if state == "changes_requested":
        service = services.request_changes(service, by=reviewer, note=reason)
    if state == "suspended":
        service = services.suspend(service, by=reviewer, note=reason)
    _age(world, service, number)
    return service


def _content(world: World, row: dict[str, Any]) -> services.Content:
    references = [
        {
            "city": world.cities[place["city"]] if place["city"] else None,
            "name": place["name_th"] or "",
            "since_year": place["since_year"],
            "scale": place["scale_th"],
        }
        for place in row.get("references") or ()
    ]
    return services.Content(row["answers"], row.get("prices") or (), references)


def _evidence(world: World, service: Service, row: dict[str, Any]) -> None:
    """Certificates as the vendor states them, some verified; the account as a reviewer found it."""
    owner, reviewer = world.owner(service.vendor), world.staff(Role.REVIEWER)
    for stated in row.get("certificates") or ():
        certificate = certificates.state(
            service,
            by=owner,
            kind=stated["kind"],
            number=stated["number"],
            valid_from=_date(stated["valid_from"]),
            valid_to=_date(stated["valid_to"]),
        )
        if stated["verified"]:
            certificates.verify(
                certificate,
                by=reviewer,
                register_link=f"https://example.com/register/{certificate.kind}",
                note="ตัวอย่าง: เทียบกับทะเบียนสมมติ",
            )
    account = row.get("account")
    if account is not None:
        listed = account.get("listed", True)
        details = {k: v for k, v in account.items() if k in ("register_number", "item_group")}
        accounts.record_status(
            service,
            by=reviewer,
            listed=listed,
            valid_from=_date(account.get("valid_from")),
            valid_to=_date(account.get("valid_to")),
            **details,
        )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _age(world: World, service: Service, number: int) -> None:
    """Let it look as if the marketplace had been open for months; the events keep their true time."""
    days = spread(number, 4, 150)
    moments = {"created_at": world.ago(days + 6), "state_since": world.ago(days)}
    if service.published_at:
        moments["published_at"] = world.ago(days)
    if service.state in ("draft", "submitted", "changes_requested", "suspended"):
        days = spread(number, 0.5, 9)
        moments["created_at"] = world.ago(days + 3 if not service.published_at else 80)
        moments["state_since"] = world.ago(days)
    Service.objects.filter(pk=service.pk).update(**moments)
    service.refresh_from_db(fields=list(moments))


def _afterwards(world: World) -> None:
    later = files.afterwards()
    for row in later["revisions"]:
        service = Service.objects.select_related("head", "vendor").get(pk=world.services[row["service"]].pk)
        assert service.head is not None
        owner, since = world.owner(service.vendor), service.state_since
        first = next(r for r in files.services() if r["key"] == row["service"])
        content = _content(world, first | {"prices": row.get("prices", first["prices"])})
        content = services.Content(service.head.answers | row["answers"], content.prices, content.references)
        services.save(service, content, by=owner, seen=service.head.number)
        services.submit_revision(service, by=owner)
        Service.objects.filter(pk=service.pk).update(state_since=max(since, world.ago(5)))
    for row in later["withdrawals"]:
        service = world.services[row["service"]]
        services.withdraw(service, by=world.owner(service.vendor), note=row["reason_th"])
        Service.objects.filter(pk=service.pk).update(state_since=world.ago(3))
