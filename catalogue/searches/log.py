"""What is searched for and opened goes to a file, which the worker collects: a page never waits for it.

A line is written in one piece; losing one is no harm, so no failure here reaches a reader.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.files import locks
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

from catalogue.searches.personal import looks_personal
from search.analysis import fold
from search.engine import Results

logger = logging.getLogger(__name__)

# A longer text is a story rather than a search, and may tell of somebody.
LONGEST = 100
# Beyond this the worker has been away for long, or somebody fills the file.
MAX_BYTES = 20_000_000
REF_LENGTH = 16
SEARCH, OPENING = "search", "opening"


def path() -> Path:
    """The file that waits to be collected."""
    return Path(settings.VAR_DIR) / "searches.jsonl"


def note(place: str, text: str, *, filters: Iterable[str], results: Results) -> str:
    """Write down a search with words, once for all its pages. Returns its reference for ``link``.

    Nothing is written, and "" returned, without words or where they look like personal data.
    """
    folded = " ".join(fold(text).split())
    if not folded or len(folded) > LONGEST or looks_personal(text) or not settings.SEARCH_LOG_DAYS:
        return ""
    day, names = timezone.localdate().isoformat(), ",".join(sorted(filters))
    said = json.dumps([day, place, folded, names], ensure_ascii=False)
    ref = salted_hmac("catalogue.searches", said).hexdigest()[:REF_LENGTH]
    if results.page == 1:
        _append(
            {
                "what": SEARCH,
                "day": day,
                "place": place,
                "text": folded,
                "filters": names,
                "found": results.total,
                "degraded": results.degraded,
                "took_ms": round(results.took * 1000),
                "ref": ref,
            }
        )
    return ref


def link(href: str, ref: str, rank: int) -> str:
    """An address of a result that tells which search led to it; opening it takes that out again."""
    return f"{href}?{urlencode({'s': ref, 'r': rank})}" if ref else href


def counts_opening(kind: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page that results lead to: it notes which search it was opened from, and shows its plain address."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            ref, rank = request.GET.get("s", ""), request.GET.get("r", "")
            if request.method != "GET" or not (ref and rank):
                return view(request, *args, **kwargs)
            if len(ref) == REF_LENGTH and ref.isascii() and ref.isalnum() and _is_rank(rank):
                _append({"what": OPENING, "ref": ref, "rank": int(rank), "kind": kind})
            return _plain(request)

        return counted

    return decorate


def _is_rank(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) > 0


def _plain(request: HttpRequest) -> HttpResponse:
    query = request.GET.copy()
    for key in ("s", "r"):
        query.pop(key, None)
    return redirect(request.path + (f"?{query.urlencode()}" if query else ""))


def _append(row: dict[str, Any]) -> None:
    line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
    try:
        with path().open("ab") as file:
            # Shared among writers; the worker takes the lines away while it has the file alone.
            locks.lock(file, locks.LOCK_SH)
            try:
                if file.tell() < MAX_BYTES:
                    file.write(line)
                    file.flush()
            finally:
                locks.unlock(file)
    except OSError:
        logger.warning("A search could not be noted.", exc_info=True)
