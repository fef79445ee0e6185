"""Clients of the API in tests: signed in as one of the cast, speaking JSON."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client

from marketplace.permissions import Actor

PROBLEM = "application/problem+json"


class Caller:
    """A person with a session that checks the CSRF token, or nobody. Writes name the actor's organisation."""

    def __init__(self, actor: Actor | None = None, language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
        self.actor = actor
        if actor is not None:
            if actor.user.is_depa:
                Authenticator.objects.get_or_create(user=actor.user, type="totp", defaults={"data": {}})
            self.client.force_login(actor.user)
            self.client.get("/api/v1/me/")

    @property
    def organisation(self) -> str:
        assert self.actor is not None
        assert self.actor.organisation is not None
        return self.actor.organisation.public_id

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", query)

    def mine(self, path: str, **query: Any) -> HttpResponse:
        """A reading for the actor's organisation."""
        return self.get(path, organisation=self.organisation, **query)

    def post(self, path: str, **body: Any) -> HttpResponse:
        return self._send("post", path, body)

    def put(self, path: str, **body: Any) -> HttpResponse:
        return self._send("put", path, body)

    def _send(self, method: str, path: str, body: dict[str, Any]) -> HttpResponse:
        if self.actor is not None:
            body = {"organisation": self.organisation, **body}
        return self.raw(method, path, body)

    def raw(self, method: str, path: str, body: Any, content_type: str = "application/json") -> HttpResponse:
        """A body sent as it is, with the token of the session."""
        token = self.client.cookies["csrftoken"].value if "csrftoken" in self.client.cookies else ""
        send = getattr(self.client, method)
        return send(f"/api/v1/{path}", body, content_type=content_type, headers={"x-csrftoken": token})


def refused(response: HttpResponse, status: int, *fields: str) -> dict[str, Any]:
    """The problem that an answer must be, with exactly these fields among its errors."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == PROBLEM
    problem: dict[str, Any] = response.json()  # type: ignore[attr-defined]  # the test client's
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    assert sorted(problem.get("errors", {})) == sorted(fields)
    return problem


def ids(response: HttpResponse) -> list[str]:
    """Ids of the rows of a list."""
    assert response.status_code == 200, response.content.decode()
    return [row["id"] for row in response.json()["results"]]  # type: ignore[attr-defined]  # as above


def asks_data(statement: str) -> bool:
    """Whether a query is the answer's own: not the throttle's shared count, settled now and then."""
    return '"cache"' not in statement and not statement.startswith(("SAVEPOINT", "RELEASE"))
