"""Pages of this room."""

from django.urls import path

from catalogue.views import browse, service, vendors

urlpatterns = [
    path("services/", browse.service_list, name="services"),
    path("services/<str:public_id>/", service.service, name="service"),
    path("services/<str:public_id>/<str:slug>/", service.service, name="service"),
    path("vendors/<str:public_id>/", vendors.vendor, name="vendor"),
]
