"""The site's addresses with those that only the demo and DEBUG have, so that tests walk over them too."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from marketplace.urls import handler400, handler403, handler404, handler500
from marketplace.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *site,
    *i18n_patterns(
        path("demo/", include("marketplace.demo.urls")),
        path("components/", include("marketplace.views.gallery_urls")),
        prefix_default_language=False,
    ),
]
