"""Addresses of this room in the API."""

from django.urls import path

from catalogue.api import reading, vendors, work

urlpatterns = [
    path("categories/", reading.CategoryList.as_view(), name="api_categories"),
    path("vendors/", vendors.VendorList.as_view(), name="api_vendors"),
    path("vendors/<str:public_id>/", vendors.VendorOne.as_view(), name="api_vendor"),
    path("claims/", vendors.ClaimList.as_view(), name="api_claims"),
    path("services/", work.ServiceList.as_view(), name="api_services"),
    path("services/work/", work.WorkList.as_view(), name="api_services_work"),
    path("services/<str:public_id>/", work.ServiceWriting.as_view(), name="api_service"),
    path("services/<str:public_id>/work/", work.WorkService.as_view(), name="api_service_work"),
    path("services/<str:public_id>/moves/", work.ServiceMoves.as_view(), name="api_service_moves"),
    path("services/<str:public_id>/versions/", work.VersionList.as_view(), name="api_service_versions"),
    path(
        "services/<str:public_id>/versions/<int:number>/", work.Version.as_view(), name="api_service_version"
    ),
]
