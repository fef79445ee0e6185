"""The OpenAPI document describes every operation with what it may answer, and the pages of it answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(public=True))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_says_what_it_is_for_and_what_may_go_wrong(document: dict[str, Any]) -> None:
    found = list(operations(document))
    assert len(found) > 25
    for path, method, operation in found:
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["description"], where
        problems = {status: r["content"] for status, r in operation["responses"].items() if status >= "400"}
        expected = {"404", "429"} if method == "get" else {"400", "403", "404", "409", "413", "415", "429"}
        assert expected <= set(problems), where
        assert all(content == PROBLEM for content in problems.values()), where


def test_every_name_of_an_operation_is_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) == len(set(names))


def test_bodies_take_no_id_state_or_owner(document: dict[str, Any]) -> None:
    """Whatever a verb decides is in no body."""
    decided = {
        "id",
        "public_id",
        "state",
        "vendor",
        "created_at",
        "published_at",
        "is_example",
        "score",
        "lot",
    }
    bodies = {
        name: schema["properties"].keys() & decided
        for name, schema in document["components"]["schemas"].items()
        if name.endswith(("Request", "Input", "InputRequest")) and "properties" in schema
    }
    assert bodies
    assert {name: fields for name, fields in bodies.items() if fields} == {}


@pytest.mark.django_db
def test_the_document_and_its_page_are_served() -> None:
    assert Client().get("/api/schema/").status_code == 200
    page = Client().get("/api/docs/")
    assert page.status_code == 200
    assert b"<style" not in page.content
    assert b"unsafe-inline" not in page["Content-Security-Policy"].encode()


@pytest.mark.django_db
def test_a_page_with_one_address_offers_no_other_language(client: Client) -> None:
    assert ">English</a>" not in client.get("/api/docs/").content.decode()
    assert ">English</a>" in client.get("/about/data/").content.decode()
