"""Writing a service: drafted by its vendor, moved by vendor and reviewer. The same verbs as the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue import services
from catalogue.api.facts import ContentInput
from catalogue.api.filters import Search, WorkFilters
from catalogue.api.reading import SERVICE_PAGE, ServiceReading, search, with_references
from catalogue.api.serializers import (
    MoveInput,
    SaveInput,
    VersionRow,
    VersionSerializer,
    WorkDetail,
    WorkRow,
)
from catalogue.models import Service, ServiceVersion
from catalogue.questions import questions
from marketplace.api.acting import ACTING, actor_of, found
from marketplace.errors import Invalid
from marketplace.permissions import Actor, require

Given = Mapping[str, Any]
MOVES: dict[str, Callable[[Service, Actor, Given], Service]] = {
    "submit": lambda s, by, _g: services.submit(s, by=by),
    "take_back": lambda s, by, _g: services.take_back(s, by=by),
    "publish": lambda s, by, g: services.publish(s, by=by, note=g["note"], seen=g["seen"]),
    "request_changes": lambda s, by, g: services.request_changes(s, by=by, note=g["note"]),
    "refuse": lambda s, by, g: services.refuse(s, by=by, note=g["note"]),
    "submit_revision": lambda s, by, _g: services.submit_revision(s, by=by),
    "approve_revision": lambda s, by, g: services.approve_revision(s, by=by, note=g["note"], seen=g["seen"]),
    "return_revision": lambda s, by, g: services.return_revision(s, by=by, note=g["note"]),
    "suspend": lambda s, by, g: services.suspend(s, by=by, note=g["note"]),
    "restore": lambda s, by, g: services.restore(s, by=by, note=g["note"]),
    "withdraw": lambda s, by, g: services.withdraw(s, by=by, note=g["note"]),
}


def workable(request: Request, actor: Actor) -> QuerySet[Service]:
    """Services on which the actor works: its own organisation's, or all for depa."""
    assert actor.organisation is not None
    rows = Service.objects.visible_to(request.user)
    return rows if actor.is_depa() else rows.filter(vendor=actor.organisation)


def work_answer(public_id: str, request: Request, actor: Actor, code: int = 200) -> Response:
    """A service as the actor works on it."""
    rows = with_references(workable(request, actor), "head").select_related("current", "revision")
    return Response(WorkDetail(found(rows, public_id), context={"actor": actor}).data, status=code)


def content_of(given: Given) -> services.Content:
    """A version from a checked body. A null answer is an unknown one."""
    answers = {name: value for name, value in given["answers"].items() if value is not None}
    return services.Content(answers, given.get("prices", ()), given.get("references", ()))


@contextmanager
def named_answers() -> Iterator[None]:
    """Messages of the verb about a question stand under ``answers.<question>``, where the body has it."""
    try:
        yield
    except Invalid as problem:
        if not hasattr(problem, "error_dict"):
            raise
        known = questions()
        named = {f"answers.{k}" if k in known else k: v for k, v in problem.message_dict.items()}
        raise Invalid(named) from problem


class ServiceList(GenericAPIView[Service]):
    """The catalogue."""

    queryset = Service.objects.public()
    filterset_class = Search

    @extend_schema(
        operation_id="services_list", summary="Search published services", responses={200: SERVICE_PAGE}
    )
    def get(self, request: Request) -> Response:
        """Best fit first; without words, an order that favours nobody."""
        return search(request, self)

    @extend_schema(
        operation_id="services_create",
        summary="Draft a service",
        parameters=[ACTING],
        request=ContentInput,
        responses={201: WorkDetail},
        filters=False,
    )
    def post(self, request: Request) -> Response:
        """A new draft of the organisation that you act for; nobody else sees it before it is submitted."""
        actor = actor_of(request)
        body = ContentInput(data=request.data)
        require(actor.organisation is not None and actor.organisation.kind == "vendor")
        body.is_valid(raise_exception=True)
        assert actor.organisation is not None
        with named_answers():
            service = services.add(actor.organisation, content_of(body.validated_data), by=actor)
        return work_answer(service.public_id, request, actor, status.HTTP_201_CREATED)


class ServiceWriting(ServiceReading):
    """One service."""

    @extend_schema(
        operation_id="services_update",
        summary="Save a new version",
        parameters=[ACTING],
        request=SaveInput,
        responses={200: WorkDetail},
    )
    def put(self, request: Request, public_id: str) -> Response:
        """The whole content, on top of the version `seen`; another person's newer version answers 409.

        A published service stays public as it is until a reviewer approves the new version.
        """
        actor = actor_of(request)
        service = found(workable(request, actor), public_id)
        body = SaveInput(data=request.data)
        body.is_valid(raise_exception=True)
        with named_answers():
            given = body.validated_data
            services.save(service, content_of(given), by=actor, seen=given["seen"])
        return work_answer(public_id, request, actor)


class ServiceMoves(GenericAPIView[Service]):
    """Moves of a service."""

    queryset = Service.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="services_move",
        summary="Submit, publish, return, suspend, withdraw …",
        parameters=[ACTING],
        request=MoveInput,
        responses={200: WorkDetail},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Which moves are open to you now stands in `moves` of the service."""
        actor = actor_of(request)
        service = found(Service.objects.visible_to(request.user), public_id)
        body = MoveInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = {"note": "", "seen": None} | body.validated_data
        with named_answers():
            MOVES[given["move"]](service, actor, given)
        return work_answer(public_id, request, actor)


class WorkList(GenericAPIView[Service]):
    """Services on which an organisation works."""

    queryset = Service.objects.none()
    filterset_class = WorkFilters
    serializer_class = WorkRow
    also_answers = (403,)

    @extend_schema(
        operation_id="services_work_list",
        summary="Services of the organisation that you act for, in every state",
        parameters=[ACTING],
    )
    def get(self, request: Request) -> Response:
        """A vendor's own; for depa all of them, the longest waiting first."""
        actor = actor_of(request)
        rows = self.filter_queryset(workable(request, actor))
        rows = rows.select_related("vendor", "head", "current", "revision").order_by("state_since", "pk")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(WorkRow(page, many=True).data)


class WorkService(GenericAPIView[Service]):
    """One service as its vendor and depa work on it."""

    queryset = Service.objects.none()
    pagination_class = None
    also_answers = (403,)

    @extend_schema(
        operation_id="services_work_retrieve",
        summary="The newest version of a service, its state, and the moves open to you",
        parameters=[ACTING],
        responses=WorkDetail,
    )
    def get(self, request: Request, public_id: str) -> Response:
        """For its vendor and depa; for everyone else there is nothing here."""
        return work_answer(public_id, request, actor_of(request))


class VersionList(GenericAPIView[ServiceVersion]):
    """Versions of a service."""

    queryset = ServiceVersion.objects.none()
    serializer_class = VersionRow
    also_answers = (403,)

    @extend_schema(
        operation_id="services_versions_list", summary="All versions of a service", parameters=[ACTING]
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Newest first; none of them ever changes."""
        service = found(workable(request, actor_of(request)), public_id)
        page = self.paginate_queryset(service.versions.order_by("-number"))
        return self.get_paginated_response(VersionRow(page, many=True).data)


class Version(GenericAPIView[ServiceVersion]):
    """One version."""

    queryset = ServiceVersion.objects.none()
    pagination_class = None
    also_answers = (403,)

    @extend_schema(
        operation_id="services_versions_retrieve",
        summary="What a service said at one time",
        parameters=[ACTING],
        responses=VersionSerializer,
    )
    def get(self, request: Request, public_id: str, number: int) -> Response:
        """For its vendor and depa."""
        service = found(workable(request, actor_of(request)), public_id)
        version = service.versions.prefetch_related("prices").filter(number=min(number, 10**9)).first()
        if version is None:
            raise Http404
        return Response(VersionSerializer(version).data)
