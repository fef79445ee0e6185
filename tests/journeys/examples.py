"""Examples of docs/api.md: recorded while the story is told, then compared with the document or written."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from django.http import HttpResponse

from tests.callers import Caller
from tests.repository.tree import ROOT

DOCUMENT = ROOT / "docs" / "api.md"
# WRITE_API_DOCS=1 pytest tests/journeys/test_api_story.py writes the examples anew.
WRITING = os.environ.get("WRITE_API_DOCS") == "1"
BLOCK = re.compile(r"(<!-- example: (?P<name>[a-z-]+) -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL)
# A whole JSON string or a whole segment of a path: one id in ninety has no digit and looks like a word.
ID = re.compile(r'(?<=["/=])[0-9a-hjkmnp-tv-z]{12}(?![^"/&\s])')
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
HASH = re.compile(r"\b[0-9a-f]{64}\b")


class Examples:
    """What was asked and answered, with what differs from run to run replaced by fixed values."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def keep(self, name: str, method: str, path: str, body: Any, response: HttpResponse) -> None:
        """Record one exchange under the name that the document has for it.

        ``service-submit:state,moves`` keeps these members of the answer only.
        """
        name, _colon, members = name.partition(":")
        asked = "" if body is None else f"\n{self._pretty(body)}\n"
        content = response.content.decode()
        data = json.loads(content)
        shown = {key: data[key] for key in members.split(",")} if members else data
        text = (
            f"```http\n{method.upper()} /api/v1/{self._settled(path)}\n{asked}```\n\n"
            f"`{response.status_code} {response.reason_phrase}`{', in part' if members else ''}\n\n"
            f"```json\n{self._pretty(shown)}\n```\n"
        )
        self.texts[name] = text

    def _pretty(self, data: Any) -> str:
        return self._settled(json.dumps(data, ensure_ascii=False, indent=2))

    def _settled(self, text: str) -> str:
        text = ID.sub(lambda found: self._id(found[0]), text)
        return HASH.sub("9c1e" * 16, TIME.sub("2026-11-22T09:40:00+07:00", text))

    def _id(self, public_id: str) -> str:
        return self._ids.setdefault(public_id, f"7m4k2q9x0t{len(self._ids) + 1:02d}")

    def compare(self) -> None:
        """The document has exactly these examples; or, when asked to, gets them."""
        document = DOCUMENT.read_text(encoding="utf-8")
        written = {found["name"]: found["text"] for found in BLOCK.finditer(document)}
        if WRITING:
            DOCUMENT.write_text(BLOCK.sub(self._replaced, document), encoding="utf-8")
            written = {found["name"]: self.texts.get(found["name"], "") for found in BLOCK.finditer(document)}
        assert sorted(written) == sorted(self.texts)
        for name, text in self.texts.items():
            assert written[name] == text, f"{name}: WRITE_API_DOCS=1 writes it anew"

    def _replaced(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self.texts.get(found['name'], '')}{found[4]}"


class Narrator:
    """One of the cast, whose exchanges can become examples."""

    def __init__(self, caller: Caller, examples: Examples) -> None:
        self.caller, self.examples = caller, examples

    def get(self, path: str, example: str = "", **query: str) -> Any:
        response = self.caller.get(path, **query)
        shown = path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
        return self._told("get", shown, None, response, example, 200)

    def mine(self, path: str, example: str = "", **query: str) -> Any:
        return self.get(path, example, organisation=self.caller.organisation, **query)

    def post(self, path: str, example: str = "", status: int = 200, **body: Any) -> Any:
        sent = {"organisation": self.caller.organisation, **body}
        return self._told("post", path, sent, self.caller.post(path, **body), example, status)

    def put(self, path: str, example: str = "", status: int = 200, **body: Any) -> Any:
        sent = {"organisation": self.caller.organisation, **body}
        return self._told("put", path, sent, self.caller.put(path, **body), example, status)

    def _told(
        self, method: str, path: str, body: Any, response: HttpResponse, example: str, status: int
    ) -> Any:
        assert response.status_code == status, f"{method} {path}: {response.content.decode()}"
        if example:
            self.examples.keep(example, method, path, body, response)
        return response.json() if response.content else None  # type: ignore[attr-defined]  # the test client's
