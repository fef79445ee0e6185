"""What tests are about, made through the verbs where a verb exists."""

from __future__ import annotations

from typing import Any

import factory

from catalogue import services
from catalogue.models import Category, Service
from marketplace.models import City, Membership, Organisation, Province, Region, User
from marketplace.permissions import Actor
from marketplace.thai.sorting import sort_key
from matching import needs
from matching.models import Need
from search.engine import get_engine, registered

PASSWORD = "a long enough password"


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"คุณคนที่ {n}")
    phone = factory.Sequence(lambda n: f"081-000-{n:04d}")
    password = factory.django.Password(PASSWORD)


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "LS"
    name_th = "ภาคใต้ตอนล่าง"
    name_en = "Lower South"
    source = "test"


class ProvinceFactory(factory.django.DjangoModelFactory[Province]):
    class Meta:
        model = Province
        django_get_or_create = ("code",)

    code = "90"
    iso = "TH-90"
    name_th = "สงขลา"
    name_en = "Songkhla"
    sort_key = factory.LazyAttribute(lambda p: sort_key(p.name_th))
    region = factory.SubFactory(RegionFactory)
    latitude = "7.1"
    longitude = "100.5"
    source = "test"


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    kind = "vendor"
    name_th = factory.Sequence(lambda n: f"บริษัท ตัวอย่างที่ {n} จำกัด")
    name_en = factory.Sequence(lambda n: f"Example {n} Co., Ltd.")
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name_th))
    sales_email = factory.Sequence(lambda n: f"sales{n}@example.com")
    sales_phone = "02-000-0000"


class CityFactory(factory.django.DjangoModelFactory[City]):
    class Meta:
        model = City

    name_th = factory.Sequence(lambda n: f"เทศบาลตัวอย่าง {n}")
    name_en = factory.Sequence(lambda n: f"Example Municipality {n}")
    sort_key = factory.LazyAttribute(lambda c: sort_key(c.name_th))
    kind = "city_municipality"
    province = factory.SubFactory(ProvinceFactory)
    source = "test"


def empty_indexes() -> None:
    """Every index as on a fresh site: there, with nothing in it."""
    for name in registered():
        get_engine(name).rebuild([])


def member(organisation: Organisation, role: str, **user: Any) -> Actor:
    """A new person acting for the organisation."""
    person = UserFactory(**user)
    return Actor(person, Membership.objects.create(user=person, organisation=organisation, role=role))


def city_with_official(**city: Any) -> Actor:
    """A city with its account, and an official of it."""
    body = CityFactory(**city)
    body.organisation = OrganisationFactory(kind="city", name_th=body.name_th, name_en=body.name_en)
    body.save()
    return member(body.organisation, "official")


CATEGORIES = {
    "dimension": ("environment", "energy", "mobility", "economy", "living", "people", "governance"),
    "kind": ("software", "saas", "hardware", "smart_device", "digital_service", "digital_content"),
    "certificate": ("dsure", "iso27001", "iso29110"),
    "standard": ("open_api", "ckan", "line_oa"),
}


def categories() -> None:
    """The lists that services and needs are described with, in short."""
    RegionFactory()
    rows = [(axis, code, n) for axis, codes in CATEGORIES.items() for n, code in enumerate(codes)]
    Category.objects.bulk_create(
        [Category(axis=a, code=c, name_th=f"{c} ไทย", name_en=c, order=n, source="test") for a, c, n in rows],
        ignore_conflicts=True,
    )


ANSWERS = {
    "name_th": "แจ้งขยะตกค้าง",
    "name_en": "Waste report",
    "summary_th": "ประชาชนแจ้งขยะตกค้างผ่านมือถือ เจ้าหน้าที่ติดตามจนปิดเรื่อง",
    "summary_en": "Residents report uncollected waste by phone and follow it until it is closed",
    "kind": "saas",
    "dimensions": ["environment"],
    "regions": ["*"],
}


def content(**answers: Any) -> services.Content:
    """A complete version; ``prices`` and ``references`` are rows, everything else answers. None: unknown."""
    prices, references = answers.pop("prices", ()), answers.pop("references", ())
    merged = {k: v for k, v in (ANSWERS | answers).items() if v is not None}
    return services.Content(merged, prices, references)


def draft(by: Actor, **answers: Any) -> Service:
    """A draft of the actor's organisation."""
    assert by.organisation is not None
    return services.add(by.organisation, content(**answers), by=by)


def published(by: Actor, reviewer: Actor, **answers: Any) -> Service:
    """A service that has gone the whole way."""
    return services.publish(services.submit(draft(by, **answers), by=by), by=reviewer)


def need_content(**fields: Any) -> needs.Content:
    """A complete version of a need."""
    given = {"title": "แจ้งขยะตกค้างผ่านมือถือ", "problem": "ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้"}
    return needs.Content(**(given | fields))


def need(by: Actor, *, state: str = "draft", visibility: str = "public", **fields: Any) -> Need:
    """A need of the official's city, in state draft or published."""
    assert by.organisation is not None
    row = needs.add(by.organisation.city, need_content(**fields), by=by, visibility=visibility)
    return needs.publish(row, by=by) if state == "published" else row
