"""Addresses of this room in the API."""

from django.urls import path

from matching.api import introductions, matches, needs

urlpatterns = [
    path("fits/", matches.Fits.as_view(), name="api_fits"),
    path("needs/", needs.NeedList.as_view(), name="api_needs"),
    path("needs/work/", needs.NeedWorkList.as_view(), name="api_needs_work"),
    path("needs/<str:public_id>/", needs.NeedOne.as_view(), name="api_need"),
    path("needs/<str:public_id>/work/", needs.NeedWorkOne.as_view(), name="api_need_work"),
    path("needs/<str:public_id>/moves/", needs.NeedMoves.as_view(), name="api_need_moves"),
    path("needs/<str:public_id>/matches/", matches.NeedMatches.as_view(), name="api_need_matches"),
    path("needs/<str:public_id>/runs/", matches.NeedRuns.as_view(), name="api_need_runs"),
    path("needs/<str:public_id>/runs/<str:run_id>/", matches.NeedRun.as_view(), name="api_need_run"),
    path("services/<str:public_id>/matches/", matches.OwnMatches.as_view(), name="api_service_matches"),
    path("introductions/", introductions.IntroductionList.as_view(), name="api_introductions"),
    path(
        "introductions/suggest/",
        introductions.IntroductionSuggest.as_view(),
        name="api_introductions_suggest",
    ),
    path("introductions/<str:public_id>/", introductions.IntroductionOne.as_view(), name="api_introduction"),
    path(
        "introductions/<str:public_id>/moves/",
        introductions.IntroductionMoves.as_view(),
        name="api_introduction_moves",
    ),
    path(
        "introductions/<str:public_id>/withdraw_consent/",
        introductions.IntroductionConsent.as_view(),
        name="api_introduction_withdraw_consent",
    ),
]
