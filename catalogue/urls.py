"""Pages of this room: for everybody, for vendors, for depa's reviewers."""

from django.urls import path

from catalogue.views import (
    browse,
    cities,
    claiming,
    editing,
    evidence,
    health,
    review_vendors,
    reviews,
    searches,
    service,
    vendors,
    work,
)

public = [
    path("services/", browse.service_list, name="services"),
    path("services/<str:public_id>/", service.service, name="service"),
    path("services/<str:public_id>/<str:slug>/", service.service, name="service"),
    path("cities/", cities.city_list, name="cities"),
    path("vendors/<str:public_id>/", vendors.vendor, name="vendor"),
]

vendor_work = [
    path("o/<str:org>/services/", work.service_list, name="work_services"),
    path("o/<str:org>/services/new/", editing.service_new, name="work_service_new"),
    path("o/<str:org>/services/<str:public_id>/", work.service_page, name="work_service"),
    path("o/<str:org>/services/<str:public_id>/edit/", editing.service_edit, name="work_service_edit"),
    path("o/<str:org>/services/<str:public_id>/move/", work.service_move, name="work_service_move"),
    path(
        "o/<str:org>/services/<str:public_id>/certificates/",
        evidence.certificate_list,
        name="work_certificates",
    ),
    path(
        "o/<str:org>/services/<str:public_id>/certificates/<str:certificate_id>/remove/",
        evidence.certificate_remove,
        name="work_certificate_remove",
    ),
    path("o/<str:org>/claims/", claiming.claim_list, name="work_claims"),
]

review = [
    path("o/<str:org>/search/health/", health.search_health, name="search_health"),
    path("o/<str:org>/reviews/", reviews.queue, name="reviews"),
    path("o/<str:org>/reviews/services/<str:public_id>/", reviews.service_review, name="review_service"),
    path(
        "o/<str:org>/reviews/services/<str:public_id>/move/", reviews.service_move, name="review_service_move"
    ),
    path(
        "o/<str:org>/reviews/services/<str:public_id>/account/", reviews.account_record, name="review_account"
    ),
    path(
        "o/<str:org>/reviews/certificates/<str:public_id>/verify/",
        reviews.certificate_verify,
        name="review_certificate_verify",
    ),
    path("o/<str:org>/reviews/vendors/<str:public_id>/", review_vendors.vendor_review, name="review_vendor"),
    path(
        "o/<str:org>/reviews/vendors/<str:public_id>/move/",
        review_vendors.vendor_move,
        name="review_vendor_move",
    ),
    path("o/<str:org>/reviews/claims/<str:public_id>/", review_vendors.claim_review, name="review_claim"),
    path(
        "o/<str:org>/reviews/claims/<str:public_id>/move/",
        review_vendors.claim_move,
        name="review_claim_move",
    ),
]

measured = [
    path("o/<str:org>/searches/", searches.searches, name="searches"),
    path("o/<str:org>/searches/names/", searches.name_add, name="search_name_add"),
    path(
        "o/<str:org>/searches/names/<str:public_id>/remove/", searches.name_remove, name="search_name_remove"
    ),
]

urlpatterns = [*public, *vendor_work, *review, *measured]
