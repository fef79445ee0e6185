"""Pages of this room."""

from django.urls import path

from matching.views import (
    asking,
    board,
    cities,
    confirming,
    home,
    introductions,
    matches,
    need_form,
    needs,
    start,
    suggest,
    suggesting,
    tries,
    work_needs,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("try/", tries.try_sentence, name="try"),
    path("try/need/", tries.sentence_to_need, name="sentence_to_need"),
    path("suggest/", suggest.suggest, name="suggest"),
    path("cities/<str:public_id>/", cities.city, name="city"),
    path("needs/", needs.need_list, name="needs"),
    path("needs/<str:public_id>/", needs.need, name="need"),
    path("needs/<str:public_id>/<str:slug>/", needs.need, name="need"),
    path("confirm/<str:secret>/", confirming.confirm_need, name="confirm_need"),
    path("o/<str:org>/", start.work, name="work"),
    path("o/<str:org>/needs/", work_needs.work_needs, name="work_needs"),
    path("o/<str:org>/needs/new/", need_form.need_new, name="need_new"),
    path("o/<str:org>/needs/<str:public_id>/", work_needs.work_need, name="work_need"),
    path("o/<str:org>/needs/<str:public_id>/edit/", need_form.need_edit, name="need_edit"),
    path("o/<str:org>/needs/<str:public_id>/publish/", work_needs.need_publish, name="need_publish"),
    path(
        "o/<str:org>/needs/<str:public_id>/close/", work_needs.need_move, {"move": "close"}, name="need_close"
    ),
    path(
        "o/<str:org>/needs/<str:public_id>/withdraw/",
        work_needs.need_move,
        {"move": "withdraw"},
        name="need_withdraw",
    ),
    path("o/<str:org>/needs/<str:public_id>/matches/", matches.match_latest, name="match_latest"),
    path("o/<str:org>/needs/<str:public_id>/matches/again/", matches.match_again, name="match_again"),
    path("o/<str:org>/needs/<str:public_id>/matches/<str:run>/", matches.match_run, name="match_run"),
    path(
        "o/<str:org>/needs/<str:public_id>/matches/<str:run>/left-out/<str:rule>/",
        matches.match_left_out,
        name="match_left_out",
    ),
    path("o/<str:org>/board/", board.board, name="board"),
    path("o/<str:org>/introductions/", introductions.introduction_list, name="introductions"),
    path("o/<str:org>/introductions/new/", asking.introduction_new, name="introduction_new"),
    path("o/<str:org>/introductions/suggest/", suggesting.introduction_suggest, name="introduction_suggest"),
    path("o/<str:org>/introductions/<str:public_id>/", introductions.introduction, name="introduction"),
    path(
        "o/<str:org>/introductions/<str:public_id>/withdraw-consent/",
        introductions.introduction_withdraw_consent,
        name="introduction_withdraw_consent",
    ),
    path(
        "o/<str:org>/introductions/<str:public_id>/<str:move>/",
        introductions.introduction_move,
        name="introduction_move",
    ),
]
