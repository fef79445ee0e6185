"""Invented people with verified addresses, staff with their second factor, and whom they act for."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from marketplace import events, organisations
from marketplace.models import Organisation, Province, Role, User
from marketplace.permissions import Actor
from marketplace.thai.sorting import sort_key
from matching.demo_world import files
from matching.demo_world.world import World, known_cities, mark_example, spread


def load(world: World) -> None:
    """Everybody first, then depa, the vendors and the cities that they act for."""
    world.cities = known_cities()
    content = files.people()
    _persons(world, content)
    _depa(world, content["depa"])
    _vendors(world)
    for person, row in _memberships(content, "vendor"):
        # The owners came with their vendors.
        if row["role"] != Role.OWNER:
            _join(world, world.people[person], world.vendors[row["organisation"]["vendor"]], row["role"])
    for key in ("dla_code", "city_key"):
        for person, row in _memberships(content, key):
            city = world.city(row["organisation"])
            city.organisation = organisations.organisation_of(city, by=None)
            mark_example([city.organisation])
            _join(world, world.people[person], city.organisation, row["role"])


def _persons(world: World, content: dict[str, Any]) -> None:
    # Hashed once: a hash takes a third of a second, and the password of a demo is no secret.
    password = make_password(content["password"])
    User.objects.bulk_create(
        User(
            email=row["email"],
            password=password,
            name=row["name_en"] if row["language"] == "en" else row["name"],
            phone=row["phone"],
            language=row["language"],
        )
        for row in content["people"]
    )
    by_email = {user.email: user for user in User.objects.all()}
    world.people = {row["key"]: by_email[row["email"]] for row in content["people"]}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in world.people.values()
    )
    for row in content["people"]:
        if row["totp_secret"]:
            TOTP.activate(world.people[row["key"]], row["totp_secret"])
            RecoveryCodes.activate(world.people[row["key"]])


def _memberships(content: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (person["key"], row)
        for person in content["people"]
        for row in person["memberships"]
        if kind in row["organisation"]
    ]


def _join(world: World, person: User, organisation: Organisation, role: str) -> None:
    world.meet(Actor(person, organisations.join(person, organisation, role, by=None)))


def _depa(world: World, names: dict[str, str]) -> None:
    depa = Organisation.objects.create(
        kind=Organisation.Kind.DEPA, sort_key=sort_key(names["name_th"]), is_example=True, **names
    )
    events.record(depa, "add", by=None, to_state="active")
    for person, row in _memberships(files.people(), "depa"):
        _join(world, world.people[person], depa, row["role"])


def _vendors(world: World) -> None:
    provinces = Province.objects.in_bulk()
    owners = {
        row["organisation"]["vendor"]: world.people[person]
        for person, row in reversed(_memberships(files.people(), "vendor"))
        if row["role"] == Role.OWNER
    }
    for number, row in enumerate(files.vendors()):
        profile = {k: v for k, v in row.items() if k not in ("key", "tax_id", "province", "verified")}
        owner = Actor(owners[row["key"]])
        vendor = organisations.add_vendor(
            by=owner, tax_id=row["tax_id"], province=provinces[row["province"]], **profile
        )
        world.vendors[row["key"]] = vendor
        world.meet(Actor(owner.user, owner.user.memberships.select_related("organisation").get()))
        moments: dict[str, Any] = {"created_at": world.ago(spread(number, 170, 260))}
        if row["verified"]:
            organisations.verify(vendor, by=world.staff(Role.REVIEWER))
            moments["verified_at"] = world.ago(spread(number, 155, 168))
        Organisation.objects.filter(pk=vendor.pk).update(**moments)
    mark_example(list(world.vendors.values()))
