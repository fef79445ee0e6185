"""Needs: the public list, one need, and a city's work on its own. The same verbs as the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.acting import ACTING, actor_of, found
from marketplace.models import City, Organisation
from marketplace.permissions import Actor, require
from matching import archive, needs
from matching.api.need_shapes import (
    PUBLIC_STATES,
    NeedDetail,
    NeedDraftInput,
    NeedMoveInput,
    NeedRow,
    NeedSaveInput,
    NeedWork,
    NeedWorkRow,
)
from matching.models import Need
from matching.models.needs import BudgetState
from matching.wording import names
from search.thesaurus import narrower

WORKERS = ("official", "broker", "administrator")
Given = Mapping[str, Any]
MOVES: dict[str, Callable[[Need, Actor, Given], Need]] = {
    "publish": lambda n, by, g: needs.publish(n, by=by, seen=g["seen"]),
    "close": lambda n, by, g: needs.close(n, by=by, note=g["note"]),
    "withdraw": lambda n, by, g: needs.withdraw(n, by=by, note=g["note"]),
}


class NeedFilters(django_filters.FilterSet):
    """What the list of public needs can be narrowed by."""

    q = django_filters.CharFilter(method="by_words", max_length=200, label="Words of title or problem.")
    city = django_filters.CharFilter("city__public_id", max_length=12, label="Id of a city.")
    province = django_filters.CharFilter("city__province_id", max_length=2, label="DOPA code of a province.")
    region = django_filters.CharFilter("city__province__region_id", max_length=4, label="Code of a region.")
    dimension = django_filters.CharFilter(
        method="by_dimension", max_length=40, label="Code of a smart dimension."
    )
    capability = django_filters.CharFilter(
        method="by_capability", max_length=40, label="Code of a capability, or of one of which it is a kind."
    )
    budget_state = django_filters.ChoiceFilter(
        "current__budget_state", choices=BudgetState.choices, label="State of the budget."
    )
    state = django_filters.ChoiceFilter("state", choices=PUBLIC_STATES, label="State.")

    class Meta:
        model = Need
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Need], _name: str, value: str) -> QuerySet[Need]:
        for word in value.split()[:20]:
            rows = rows.filter(Q(current__title__icontains=word) | Q(current__problem__icontains=word))
        return rows

    def by_dimension(self, rows: QuerySet[Need], _name: str, value: str) -> QuerySet[Need]:
        return _listing(rows, "current__dimensions", [value])

    def by_capability(self, rows: QuerySet[Need], _name: str, value: str) -> QuerySet[Need]:
        return _listing(rows, "current__capabilities", narrower(value))


def _listing(rows: QuerySet[Need], column: str, codes: Sequence[str]) -> QuerySet[Need]:
    """Rows whose JSON list holds any of the codes: its text is how both databases look into it."""
    any_of = Q()
    for code in codes:
        any_of |= Q(listed__contains=f'"{code}"')
    return rows.annotate(listed=Cast(column, TextField())).filter(any_of)


class WorkNeedFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter("state", choices=Need.State.choices, label="Any of these.")

    class Meta:
        model = Need
        fields: tuple[str, ...] = ()


def workable(request: Request, actor: Actor) -> QuerySet[Need]:
    """Needs on which the actor works: its own city's; for brokers the published ones and depa's drafts."""
    require(actor.role in WORKERS)
    rows = Need.objects.visible_to(request.user).select_related("city", "head", "current")
    if actor.is_depa():
        return rows.filter(Q(state__in=["published", "closed"]) | Q(drafted_by__isnull=False))
    return rows.filter(organisation=actor.organisation)


def work_answer(public_id: str, request: Request, actor: Actor, code: int = 200) -> Response:
    """A need as the actor works on it."""
    need = found(workable(request, actor).prefetch_related("head__criteria"), public_id)
    return Response(NeedWork(need, context={"actor": actor, "names": names()}).data, status=code)


def found_or_gone(rows: QuerySet[Need], public_id: str) -> Need:
    """The public need with this id.

    Raises:
        Gone: it was public and the city has withdrawn it. Http404: everything else.
    """
    try:
        return found(rows, public_id)
    except Http404:
        if public_id.isalnum():
            archive.readable_need(public_id, None)
        raise


def city_of(organisation: Organisation | None, given: Given) -> City:
    """For which city a need is drafted: the official's own, or the one that a broker names."""
    if organisation is not None and organisation.kind == "city":
        own: City = organisation.city
        return own
    if "city" not in given:
        raise ValidationError({"city": [_("Say for which city.")]})
    named: City = given["city"]
    return named


class NeedList(GenericAPIView[Need]):
    """Public needs."""

    filterset_class = NeedFilters
    serializer_class = NeedRow

    def get_queryset(self) -> QuerySet[Need]:
        # The same for everyone: drafts and private needs are in no list and no count.
        return Need.objects.public().select_related("city", "current").order_by("-published_at", "-pk")

    @extend_schema(operation_id="needs_list", summary="Public needs of cities")
    def get(self, _request: Request) -> Response:
        """Newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(NeedRow(page, many=True).data)

    @extend_schema(
        operation_id="needs_create",
        summary="Draft a need",
        parameters=[ACTING],
        request=NeedDraftInput,
        responses={201: NeedWork},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """A draft of your city; its matches are computed at once and shown to your city only.

        A depa broker drafts for the `city` that it names; somebody there confirms by a link.
        """
        actor = actor_of(request)
        require(actor.role in WORKERS, _("Only a city official or a depa broker can do this."))
        body = NeedDraftInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        need = needs.add(
            city_of(actor.organisation, given),
            body.version(),
            by=actor,
            visibility=given.get("visibility", "public"),
            deadline=given.get("deadline"),
            confirm_email=given.get("confirm_email", ""),
        )
        return work_answer(need.public_id, request, actor, status.HTTP_201_CREATED)


class NeedOne(GenericAPIView[Need]):
    """One need."""

    queryset = Need.objects.none()
    pagination_class = None
    also_answers = (410,)

    @extend_schema(operation_id="needs_retrieve", summary="One public need", responses=NeedDetail)
    def get(self, _request: Request, public_id: str) -> Response:
        """What its published version says, criterion by criterion."""
        rows = Need.objects.public().select_related("city", "current").prefetch_related("current__criteria")
        need = found_or_gone(rows, public_id)
        return Response(NeedDetail(need, context={"names": names()}).data)

    @extend_schema(
        operation_id="needs_update",
        summary="Save a new version",
        parameters=[ACTING],
        request=NeedSaveInput,
        responses={200: NeedWork},
    )
    def put(self, request: Request, public_id: str) -> Response:
        """The whole content, on top of the version `seen`. A published need shows the new version at once.

        `visibility` keeps it public or private (only your city and depa); left out, it stays as it is.
        """
        actor = actor_of(request)
        need = found(workable(request, actor), public_id)
        body = NeedSaveInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        needs.save(
            need,
            body.version(),
            by=actor,
            seen=given["seen"],
            visibility=given.get("visibility"),
            deadline=given.get("deadline"),
        )
        return work_answer(public_id, request, actor)


class NeedMoves(GenericAPIView[Need]):
    """Moves of a need."""

    queryset = Need.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="needs_move",
        summary="Publish, close or withdraw",
        parameters=[ACTING],
        request=NeedMoveInput,
        responses={200: NeedWork},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Publishing is a step of its own; a private need is published to depa only."""
        actor = actor_of(request)
        need = found(Need.objects.visible_to(request.user), public_id)
        body = NeedMoveInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = {"note": "", "seen": None} | body.validated_data
        MOVES[given["move"]](need, actor, given)
        return work_answer(public_id, request, actor)


class NeedWorkList(GenericAPIView[Need]):
    """Needs on which an organisation works."""

    queryset = Need.objects.none()
    filterset_class = WorkNeedFilters
    serializer_class = NeedWorkRow
    also_answers = (403,)

    @extend_schema(
        operation_id="needs_work_list",
        summary="Needs of the organisation that you act for, in every state",
        parameters=[ACTING],
    )
    def get(self, request: Request) -> Response:
        """A city's own; for brokers the published ones and depa's drafts. The latest change first."""
        rows = self.filter_queryset(workable(request, actor_of(request)))
        page = self.paginate_queryset(rows.order_by("-state_since", "-pk"))
        return self.get_paginated_response(NeedWorkRow(page, many=True).data)


class NeedWorkOne(GenericAPIView[Need]):
    """One need as its city and depa work on it."""

    queryset = Need.objects.none()
    pagination_class = None
    also_answers = (403,)

    @extend_schema(
        operation_id="needs_work_retrieve",
        summary="The newest version of a need, its state, and the moves open to you",
        parameters=[ACTING],
        responses=NeedWork,
    )
    def get(self, request: Request, public_id: str) -> Response:
        """For its city and depa's brokers; for everyone else there is nothing here."""
        return work_answer(public_id, request, actor_of(request))
