"""Introductions: asked for by the city, checked by a broker, accepted by the vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from catalogue.models import Service
from marketplace.api.acting import ACTING, actor_of, found
from marketplace.models import City, Organisation
from marketplace.permissions import Actor, require
from matching import introductions
from matching.api.introduction_shapes import (
    AskInput,
    IntroductionDetail,
    IntroductionMoveInput,
    IntroductionRow,
    SuggestInput,
    WithdrawConsentInput,
)
from matching.models import Introduction, Match, Need

ROLES = ("owner", "member", "official", "broker", "administrator")
Given = Mapping[str, Any]
MOVES: dict[str, Callable[[Introduction, Actor, Given], Introduction]] = {
    "take_up": lambda i, by, g: introductions.take_up(i, by=by, consent=g["consent"], note=g["note"]),
    "forward": lambda i, by, g: introductions.forward(i, by=by, note=g["note"]),
    "stop": lambda i, by, g: introductions.stop(i, by=by, note=g["note"]),
    "accept": lambda i, by, g: introductions.accept(i, by=by, consent=g["consent"], note=g["note"]),
    "turn_down": lambda i, by, g: introductions.turn_down(i, by=by, note=g["note"]),
    "decline": lambda i, by, g: introductions.decline(i, by=by, note=g["note"]),
    "withdraw": lambda i, by, g: introductions.withdraw(i, by=by, note=g["note"]),
    "close": lambda i, by, g: introductions.close(i, by=by, note=g["note"]),
}
NAMED = ("service__vendor", "vendor", "city_organisation", "need")
PEOPLE = ("city_person", "vendor_person", "city_consent", "vendor_consent")


class IntroductionFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        "state", choices=Introduction.State.choices, label="Any of these."
    )

    class Meta:
        model = Introduction
        fields: tuple[str, ...] = ()


def introductions_of(request: Request, actor: Actor) -> QuerySet[Introduction]:
    """What the acting organisation takes part in; brokers see all."""
    require(actor.role in ROLES)
    rows = Introduction.objects.visible_to(request.user).select_related(*NAMED)
    if actor.is_depa():
        return rows
    return rows.filter(Q(city_organisation=actor.organisation) | Q(vendor=actor.organisation))


def shown(public_id: str, request: Request, actor: Actor, code: int = 200) -> Response:
    """An introduction as the actor's side may see it."""
    row = found(introductions_of(request, actor).select_related(*PEOPLE), public_id)
    return Response(IntroductionDetail(row, context={"actor": actor}).data, status=code)


def named(rows: QuerySet[Any], public_id: str, field: str) -> Any:
    """A row that a body names.

    Raises:
        ValidationError: for the field; the same for an unknown id and for what may not be seen.
    """
    try:
        return found(rows, public_id)
    except Http404:
        raise ValidationError({field: [_("There is nothing here that you can see.")]}) from None


def checked(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body, checked."""
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def suggested_to(given: Given, request: Request, actor: Actor) -> tuple[Need | None, Organisation]:
    """The need and the city's account that a suggestion names.

    Raises:
        ValidationError: it names neither or both, or what the actor may not see.
    """
    if "need" in given and "city" in given:
        raise ValidationError({"city": [_("Name the need or the city, not both.")]})
    if "city" in given and actor.is_depa():
        cities = City.objects.filter(organisation__isnull=False).select_related("organisation")
        return None, named(cities, given["city"], "city").organisation
    if "need" not in given:
        raise ValidationError({"need": [_("Choose the need that your service would serve.")]})
    # A vendor knows of public needs only, whatever else the person may see.
    needs = Need.objects.visible_to(request.user if actor.is_depa() else None)
    needs = needs.filter(organisation__isnull=False).select_related("head", "organisation")
    need: Need = named(needs, given["need"], "need")
    assert need.organisation is not None
    return need, need.organisation


class IntroductionList(GenericAPIView[Introduction]):
    """Introductions of an organisation."""

    queryset = Introduction.objects.none()
    filterset_class = IntroductionFilters
    serializer_class = IntroductionRow
    also_answers = (403,)

    @extend_schema(
        operation_id="introductions_list",
        summary="Introductions that the organisation takes part in",
        parameters=[ACTING],
    )
    def get(self, request: Request) -> Response:
        """The latest change first. A vendor sees one once a broker has forwarded it; brokers see all."""
        rows = self.filter_queryset(introductions_of(request, actor_of(request)))
        page = self.paginate_queryset(rows.order_by("-state_since", "-pk"))
        return self.get_paginated_response(IntroductionRow(page, many=True).data)

    @extend_schema(
        operation_id="introductions_request",
        summary="Ask to be introduced",
        parameters=[ACTING],
        request=AskInput,
        responses={201: IntroductionDetail},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """For a city official, whose `consent` to be shown to the vendor it needs. A broker checks it first.

        Name the `match` that it comes from, or the `service` and perhaps a `need` of your city.
        """
        actor = actor_of(request)
        require(actor.role == "official", _("Only a city official can ask for this."))
        given = checked(AskInput, request)
        services = Service.objects.public().select_related("vendor", "current")
        needs = Need.objects.visible_to(request.user).filter(organisation=actor.organisation)
        need = named(needs.select_related("head"), given["need"], "need") if given.get("need") else None
        service = named(services, given["service"], "service")
        match = None
        if given.get("match"):
            own = Match.objects.visible_to(request.user).filter(service=service, kept=True)
            match = named(own.filter(run__need__organisation=actor.organisation), given["match"], "match")
            if need is None or match.run.need_id != need.pk:
                raise ValidationError({"match": [_("This match belongs to another need.")]})
        row = introductions.request(
            service,
            by=actor,
            consent=given["consent"],
            need=need,
            match=match,
            message=given.get("message", ""),
        )
        return shown(row.public_id, request, actor, status.HTTP_201_CREATED)


class IntroductionSuggest(GenericAPIView[Introduction]):
    """Suggestions of a broker or a vendor."""

    queryset = Introduction.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="introductions_suggest",
        summary="Suggest a service to a city",
        parameters=[ACTING],
        request=SuggestInput,
        responses={201: IntroductionDetail},
    )
    def post(self, request: Request) -> Response:
        """A broker suggests any service, a vendor its own for a public need. The city takes it up first.

        A broker names a `need`, or only a `city` that has an account here.
        """
        actor = actor_of(request)
        require(actor.role in ROLES and actor.role != "official")
        given = checked(SuggestInput, request)
        services = Service.objects.public().select_related("vendor", "current")
        need, city = suggested_to(given, request, actor)
        row = introductions.suggest(
            named(services, given["service"], "service"),
            city,
            by=actor,
            need=need,
            message=given.get("message", ""),
        )
        return shown(row.public_id, request, actor, status.HTTP_201_CREATED)


class IntroductionOne(GenericAPIView[Introduction]):
    """One introduction."""

    queryset = Introduction.objects.none()
    pagination_class = None
    also_answers = (403,)

    @extend_schema(
        operation_id="introductions_retrieve",
        summary="One introduction as your side may see it",
        parameters=[ACTING],
        responses=IntroductionDetail,
    )
    def get(self, request: Request, public_id: str) -> Response:
        """With the other side's person only while that person's consent holds."""
        return shown(public_id, request, actor_of(request))


class IntroductionMoves(GenericAPIView[Introduction]):
    """Moves of an introduction."""

    queryset = Introduction.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="introductions_move",
        summary="Forward, stop, accept, decline, withdraw, close …",
        parameters=[ACTING],
        request=IntroductionMoveInput,
        responses={200: IntroductionDetail},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Which moves are open to you now stands in `moves`. Taking up and accepting need your `consent`."""
        actor = actor_of(request)
        row = found(introductions_of(request, actor), public_id)
        given: Given = {"note": "", "consent": False} | checked(IntroductionMoveInput, request)
        MOVES[given["move"]](row, actor, given)
        return shown(public_id, request, actor)


class IntroductionConsent(GenericAPIView[Introduction]):
    """The consent of a person in an introduction."""

    queryset = Introduction.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="introductions_withdraw_consent",
        summary="Take back your own consent",
        parameters=[ACTING],
        request=WithdrawConsentInput,
        responses={200: IntroductionDetail},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """From this answer on the other side no longer sees your contact."""
        actor = actor_of(request)
        row = found(introductions_of(request, actor).select_related(*PEOPLE), public_id)
        checked(WithdrawConsentInput, request)
        introductions.withdraw_consent(row, by=actor)
        return shown(public_id, request, actor)
