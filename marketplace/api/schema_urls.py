"""The OpenAPI document and its Swagger page."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # Split: the page holds no inline script, so the site's strict CSP stands as it is.
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="marketplace/api_docs.html"),
        name="api_docs",
    ),
]
