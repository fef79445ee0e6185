"""Two answers are the same if a reader can tell nothing from their difference."""

from __future__ import annotations

import re

from django.http import HttpResponse

# What differs between any two requests: tokens of forms, and nonces of the content policy.
RANDOM = re.compile(rb'(name="(?:csrfmiddlewaretoken|once)" value="|nonce-|nonce=")[\w+/=-]+')
# Cookies, the length of a body with a token in it, and the clock on pages that nobody may keep.
IGNORED = {"set-cookie", "content-length", "expires"}


def essence(response: HttpResponse, *ids: str) -> tuple[object, ...]:
    """Status, headers and bytes, with random tokens and the ids that the request itself named masked."""
    body = b"".join(response) if response.streaming else response.content
    text = RANDOM.sub(rb"\1-", body)
    headers = {
        name.lower(): RANDOM.sub(rb"\1-", value.encode())
        for name, value in response.headers.items()
        if name.lower() not in IGNORED
    }
    for one in ids:
        text = text.replace(one.encode(), b"(id)")
        headers = {name: value.replace(one.encode(), b"(id)") for name, value in headers.items()}
    return response.status_code, headers, text
