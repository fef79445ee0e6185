"""Pages of people, organisations, cities and the site."""

from django.urls import path

from marketplace.views import people, profile, public, staff, teams

urlpatterns = [
    path("about/matching/", public.about_matching, name="how_matching_works"),
    path("about/data/", public.about_data, name="data_sources"),
    path("about/privacy/", public.privacy, name="privacy"),
    path("about/accessibility/", public.accessibility, name="accessibility"),
    path("start/", people.start, name="start"),
    path("account/", people.account, name="account"),
    path("join/vendor/", people.join_vendor, name="join_vendor"),
    path("join/city/", people.join_city, name="join_city"),
    path("join/city/missing/", people.join_city_with_letter, name="join_city_missing"),
    path("join/city/<str:public_id>/", people.join_city_with_letter, name="join_city_letter"),
    path("invitations/<str:secret>/", people.invitation, name="invitation"),
    path("files/<str:public_id>/", staff.stored_file, name="stored_file"),
    path("o/<str:org>/team/", teams.team, name="team"),
    path("o/<str:org>/team/<str:public_id>/end/", teams.end_membership, name="membership_end"),
    path("o/<str:org>/profile/", profile.profile, name="profile"),
    path("o/<str:org>/profile/papers/", profile.papers_add, name="papers_add"),
    path("o/<str:org>/profile/papers/<str:public_id>/remove/", profile.paper_remove, name="paper_remove"),
    path("o/<str:org>/affiliations/", staff.affiliation_list, name="affiliation_list"),
    path("o/<str:org>/affiliations/<str:public_id>/", staff.affiliation, name="affiliation"),
    path("o/<str:org>/outbox/", staff.effects, name="effects"),
    path("o/<str:org>/outbox/<str:public_id>/retry/", staff.retry_effect, name="effect_retry"),
    path("o/<str:org>/invite/<str:public_id>/", staff.invite_city, name="invite_city"),
]
