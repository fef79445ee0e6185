"""Pages of lists: twenty rows unless asked otherwise, at most a hundred."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "per_page"
    max_page_size = 100
