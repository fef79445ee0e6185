"""Pages of lists: twenty rows unless asked otherwise, at most a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "per_page"
    max_page_size = 100

    def wanted(self, request: Request) -> tuple[int, int]:
        """The page asked for and its length, for lists that another engine cuts into pages.

        A page that is no number counts as the first here; ``paginate_queryset`` then refuses it.
        """
        asked = request.query_params.get(self.page_query_param, "1")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
        return max(page, 1), self.get_page_size(request) or self.page_size


class Cut(Sequence[Any]):
    """One page of rows that an engine has already cut, with the total that it counted."""

    def __init__(self, rows: Sequence[Any], total: int) -> None:
        self.rows, self.total = rows, total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, place: Any) -> Any:
        """Whatever slice the paginator asks for, it is this page."""
        return self.rows
