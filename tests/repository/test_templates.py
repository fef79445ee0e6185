"""Templates and static files: all used, all ours, and nothing that a strict CSP refuses."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import django
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.repository.tree import ROOT, files, python_of_rooms, templates, text

# Templates that a library finds by its own name.
LIBRARIES = (
    Path(allauth.__file__).parent / "templates",
    Path(django.__file__).parent / "forms" / "templates",
    Path(django.__file__).parent / "views" / "templates",
)
# Looked up by Django and allauth themselves.
BY_NAME = {"400.html", "403.html", "404.html", "429.html", "500.html"}


def test_every_template_is_used() -> None:
    everything = "\n".join(text(path) for path in (*templates(), *python_of_rooms()))
    unused = []
    for path in templates():
        name = str(path.relative_to("templates"))
        of_library = any((folder / name).exists() for folder in LIBRARIES)
        # Mails are named without folder and ending: notifications.send(template="need_published").
        named = path.stem if name.startswith("mail/") else name
        if (
            name not in BY_NAME
            and not of_library
            and not re.search(rf"[\"']{re.escape(named)}[\"']", everything)
        ):
            unused.append(name)
    assert unused == []


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a <style> element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/(ld\+)?json)", re.IGNORECASE
    ),
    "an event handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}
# What a browser fetches by itself; a link that a person follows may lead elsewhere.
FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio|use|image|object|embed|form)\b[^>]*\s"
    r"(?:src|href|srcset|data|action|xlink:href)\s*=\s*[\"']?\s*(?:https?:)?//[^\s\"'>]+",
    re.IGNORECASE,
)
# These link elements say where else a page is, and fetch nothing.
SAYS_ONLY = re.compile(r"rel=[\"'](canonical|alternate|license)", re.IGNORECASE)
STYLE_FETCHES = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
SCRIPT_FETCHES = re.compile(r"https?://(?!www\.w3\.org/)", re.IGNORECASE)


def faults_of_template(source: str) -> list[str]:
    faults = [what for what, pattern in INLINE.items() if pattern.search(source)]
    faults += [match[0] for match in FETCHED.finditer(source) if not SAYS_ONLY.search(match[0])]
    return faults


def test_templates_keep_to_the_policy_of_content() -> None:
    found = {str(path): faults for path in templates() if (faults := faults_of_template(text(path)))}
    assert found == {}


def test_static_files_fetch_nothing_from_elsewhere() -> None:
    ours = [path for path in files() if "static" in path.parts[:2]]
    assert ours
    styles = [str(path) for path in ours if path.suffix == ".css" and STYLE_FETCHES.search(text(path))]
    scripts = [str(path) for path in ours if path.suffix == ".js" and SCRIPT_FETCHES.search(text(path))]
    assert styles + scripts == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<button onclick="f()">',
        '<a href="javascript:f()">',
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<img alt="" src="http://example.com/x.png">',
    ],
)
def test_what_the_policy_refuses_is_found(source: str) -> None:
    assert len(faults_of_template(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '<script src="{% static "marketplace/site.js" %}" defer></script>',
        '<a href="https://www.depa.or.th/">depa</a>',
        '<link rel="canonical" href="https://example.com/">',
        '<p class="style">onto = 1</p>',
    ],
)
def test_what_is_in_order_is_not_found(source: str) -> None:
    assert faults_of_template(source) == []


def test_policy_of_content_is_strict() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {str(source) for values in directives.values() for source in values}
    assert not any("unsafe" in source or "*" in source or "http" in source for source in sources), sources
    assert set(map(str, directives["default-src"])) == {"'none'"}
    assert {"base-uri", "form-action", "frame-ancestors", "object-src"} <= set(directives)


def test_every_static_file_that_is_named_exists() -> None:
    """With hashed names an unknown file is an error 500, on that page only."""
    named = {
        name
        for path in templates()
        for name in re.findall(r"{%\s*static\s+[\"']([^\"'{}]+)[\"']", text(path))
    }
    # The typeface is cut at install; addresses in style sheets are checked when they are collected.
    missing = {name for name in named if finders.find(name) is None and not name.startswith("fonts/")}
    assert missing == set()


def test_marking_text_as_safe_has_few_places() -> None:
    """mark_safe, |safe and autoescape off let people's text through as HTML."""
    allowed = {
        "marketplace/templatetags/marketplace_tags.py": "sanitised prose, and fixed attributes",
    }
    pattern = re.compile(r"mark_safe\(|SafeString\(|\|\s*safe\b|autoescape off")
    # A mail is plain text: escaping would put &amp; before people's eyes.
    pages = [path for path in templates() if path.suffix != ".txt"]
    found = {str(path) for path in (*python_of_rooms(), *pages) if pattern.search(text(path))}
    assert found == set(allowed)


def test_no_path_of_a_machine_and_no_other_host_of_files() -> None:
    pattern = re.compile(
        r"(?:^|[\s\"'=(])/(?:work|root|home/\w+)/|\bcdn\.|jsdelivr|fonts\.googleapis|unpkg\.com"
    )
    looked_at = [path for path in files() if path.suffix not in {".png", ".woff2", ".xlsx", ".pdf"}]
    here = Path(__file__).relative_to(ROOT)
    assert [str(path) for path in looked_at if path != here and pattern.search(text(path))] == []
