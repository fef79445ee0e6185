"""The site's addresses with the pages of the demo, which the tests' settings leave out."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from marketplace import urls

handler404 = urls.handler404
urlpatterns = [
    *i18n_patterns(path("demo/", include("marketplace.demo.urls")), prefix_default_language=False),
    *urls.urlpatterns,
]
