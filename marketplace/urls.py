"""The site's addresses: Thai at the root, English under /en/; rooms are named as strings."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

handler400 = "marketplace.views.errors.bad_request"
handler403 = "marketplace.views.errors.forbidden"
handler404 = "marketplace.views.errors.not_found"
handler500 = "marketplace.views.errors.server_error"

urlpatterns = [
    path("api/v1/", include("marketplace.api.urls")),
    path("api/v1/", include("catalogue.api.urls")),
    path("api/v1/", include("matching.api.urls")),
    path("api/", include("marketplace.api.schema_urls")),
]

pages = [
    path("", include("matching.urls")),
    path("", include("catalogue.urls")),
    path("", include("marketplace.routes")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
if settings.DEMO:
    pages.append(path("demo/", include("marketplace.demo.urls")))
if settings.DEBUG:
    pages.append(path("components/", include("marketplace.views.gallery_urls")))

urlpatterns.extend(i18n_patterns(*pages, prefix_default_language=False))  # type: ignore[arg-type]
