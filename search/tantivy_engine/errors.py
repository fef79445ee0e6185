"""Every way in which tantivy fails, as the one exception of this room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search.documents import SearchError


@contextmanager
def guarded(doing: str) -> Iterator[None]:
    """Turns whatever goes wrong inside into SearchError."""
    try:
        yield
    except SearchError:
        raise
    except BaseException as error:
        # A panic of the Rust code is no Exception, and its class cannot be imported.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise SearchError(f"The index failed while {doing}: {error!s:.300}") from error
        raise
