"""What protects every answer: headers, nothing inline, cookies."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.repository.tree import ROOT
from tests.world import World

pytestmark = pytest.mark.django_db


def directives(response: HttpResponse) -> dict[str, list[str]]:
    return {
        name: values
        for name, *values in map(str.split, response["Content-Security-Policy"].split(";"))
        if name
    }


EVERYWHERE = (
    ("anonymous", "/"),
    ("anonymous", "/en/services/"),
    ("anonymous", "/accounts/login/"),
    ("anonymous", "/start/"),
    ("anonymous", "/nothing/"),
    ("anonymous", "/services/{service.withdrawn}/"),
    ("teammate", "/o/{owner.org}/profile/"),
    ("owner", "/files/{file.evidence}/"),
    ("anonymous", "/api/v1/services/"),
    ("anonymous", "/api/v1/nothing/"),
    ("anonymous", "/api/docs/"),
    ("anonymous", "/api/schema/"),
)


@pytest.mark.parametrize(("audience", "path"), EVERYWHERE)
def test_every_answer_forbids_what_it_does_not_need(world: World, audience: str, path: str) -> None:
    for name, public_id in world.ids.items():
        path = path.replace(f"{{{name}}}", public_id)
    response = world.ask(audience, "GET", path)
    policy = directives(response)
    assert policy["default-src"] == ["'none'"]
    assert not re.search(r"unsafe-inline|unsafe-eval|\*|https?:(?!//)", response["Content-Security-Policy"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_nothing_on_a_page_is_inline(world: World) -> None:
    for path in ("/", "/services/", "/accounts/signup/", "/try/?q=ขยะ"):
        page = world.ask("anonymous", "GET", path).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page), path


def of_a_real_site(*names: str) -> dict[str, Any]:
    """Settings as a process has them that serves https."""
    code = f"""
import json, marketplace.settings as s
print(json.dumps({{name: getattr(s, name) for name in {names!r}}}))"""
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DEBUG", "DEMO", "DJANGO_SETTINGS_MODULE")
    }
    environment |= {"SECRET_KEY": "x" * 50, "SITE_URL": "https://marketplace.example.com"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_site_behind_https_keeps_its_cookies_there() -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG", "DEMO")
    assert of_a_real_site(*names) == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "DEBUG": False,
        "DEMO": False,
    }


def test_the_admin_of_django_is_not_mounted(client: Client) -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert client.get("/admin/").status_code == 404
    assert client.get("/admin/login/").status_code == 404
