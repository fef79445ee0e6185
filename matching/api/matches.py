"""Rankings of a need, a vendor's own matches, and the services that fit a sentence."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.models import Service
from marketplace.api.acting import ACTING, actor_of, found
from marketplace.api.pagination import Cut, Pages
from marketplace.permissions import require
from matching import runs, sentence
from matching.api.match_shapes import (
    LeftOut,
    MatchSerializer,
    OwnMatch,
    RunPage,
    RunSerializer,
    SentenceFit,
    Words,
)
from matching.api.needs import workable
from matching.models import Match, MatchRun, Need

BLOBS = ("inputs", "result")


def notice() -> str:
    """What every score is shown with."""
    return _("This is not an evaluation of offers.")


class KeptFilter(django_filters.FilterSet):
    kept = django_filters.BooleanFilter("kept", label="true: only those kept; false: only those left out.")

    class Meta:
        model = Match
        fields: tuple[str, ...] = ()


def rows_of(run: MatchRun) -> QuerySet[Match]:
    """Matches of a ranking in its order, with what their rows show."""
    return run.matches.select_related("service__vendor", "service_version").order_by("-kept", "position")


def _counted(run: MatchRun | None) -> list[tuple[bool, str, int]]:
    """How many were kept, and how many each rule left out: (kept, rule, how many)."""
    if run is None:
        return []
    grouped = run.matches.order_by().values_list("kept", "removed_by").annotate(n=Count("pk"))
    return [(kept, rule, n) for kept, rule, n in grouped]


def _left_out(
    run: MatchRun | None, counted: list[tuple[bool, str, int]], words: Words
) -> list[dict[str, Any]]:
    if run is None:
        return []
    labels = words.labels(run.version_id, run.version.criteria.all())
    return [
        {"criterion": rule, "words": labels[rule], "count": n}
        for kept, rule, n in sorted(counted)
        if not kept
    ]


class NeedMatches(GenericAPIView[Match]):
    """The newest ranking of a need."""

    queryset = Match.objects.none()
    also_answers = (403,)

    @extend_schema(
        operation_id="needs_matches",
        summary="The newest ranking of a need",
        parameters=[ACTING, OpenApiParameter("kept", bool, description="Only those kept, or left out.")],
        responses=RunPage,
    )
    def get(self, request: Request, public_id: str) -> Response:
        """For the city and depa's brokers; on a draft as well, privately. Not an evaluation of offers."""
        need = found(workable(request, actor_of(request)), public_id)
        newest = list(_runs(request, need)[:2])
        ready = next((run for run in newest if run.state == "ready"), None)
        return self.page(request, ready, waiting=bool(newest) and newest[0].state == "waiting")

    @extend_schema(
        operation_id="needs_rank_again",
        summary="Ask for a new ranking",
        parameters=[ACTING],
        request=None,
        responses={202: None},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Of what the need says now, such as after services have changed. Computed within seconds."""
        actor = actor_of(request)
        runs.again(found(workable(request, actor), public_id), by=actor)
        return Response(status=status.HTTP_202_ACCEPTED)

    def page(self, request: Request, run: MatchRun | None, *, waiting: bool = False) -> Response:
        """A page of the ranking's matches with the figures of the whole."""
        filters = KeptFilter(request.query_params, queryset=Match.objects.none())
        if not filters.is_valid():
            raise translate_validation(filters.errors)
        kept = filters.form.cleaned_data["kept"]
        counted = _counted(run)
        total = sum(n for was_kept, _rule, n in counted if kept in (None, was_kept))
        rows = self._cut(request, run, kept, total)
        words = Words(rows)
        for row in rows:
            assert run is not None
            row.run = run
        response = self.get_paginated_response(
            MatchSerializer(rows, many=True, context={"words": words}).data
        )
        response.data |= {
            "notice": notice(),
            "run": RunSerializer(run).data if run else None,
            "waiting": waiting,
            "kept": sum(n for was_kept, _rule, n in counted if was_kept),
            "left_out": LeftOut(_left_out(run, counted, words), many=True).data,
        }
        return response

    def _cut(self, request: Request, run: MatchRun | None, kept: bool | None, total: int) -> list[Match]:
        pages = self.paginator
        assert isinstance(pages, Pages)
        page, per_page = pages.wanted(request)
        rows: list[Match] = []
        if run is not None:
            matches = rows_of(run) if kept is None else rows_of(run).filter(kept=kept)
            rows = list(matches[(page - 1) * per_page : page * per_page])
        return list(pages.paginate_queryset(Cut(rows, total), request, view=self) or [])


def _runs(request: Request, need: Need) -> QuerySet[MatchRun]:
    rows = MatchRun.objects.visible_to(request.user).filter(need=need).order_by("-number")
    return rows.select_related("version").defer(*BLOBS)


class NeedRun(NeedMatches):
    """One stored ranking."""

    http_method_names = ("get", "head", "options")

    @extend_schema(
        operation_id="needs_run_matches",
        summary="A stored ranking, unchanged",
        parameters=[ACTING, OpenApiParameter("kept", bool, description="Only those kept, or left out.")],
        responses=RunPage,
    )
    def get(self, request: Request, public_id: str, run_id: str = "") -> Response:
        """What was considered and what came of it, as it was computed then."""
        need = found(workable(request, actor_of(request)), public_id)
        return self.page(request, found(_runs(request, need).filter(state="ready"), run_id))


class NeedRuns(GenericAPIView[MatchRun]):
    """The rankings of a need."""

    queryset = MatchRun.objects.none()
    serializer_class = RunSerializer
    also_answers = (403,)

    @extend_schema(operation_id="needs_runs_list", summary="All rankings of a need", parameters=[ACTING])
    def get(self, request: Request, public_id: str) -> Response:
        """Newest first."""
        need = found(workable(request, actor_of(request)), public_id)
        page = self.paginate_queryset(_runs(request, need).filter(state="ready"))
        return self.get_paginated_response(RunSerializer(page, many=True).data)


class OwnMatches(GenericAPIView[Match]):
    """How a vendor's own service fared."""

    queryset = Match.objects.none()
    serializer_class = OwnMatch
    also_answers = (403,)

    @extend_schema(
        operation_id="services_matches_list",
        summary="How your own service fared for public needs, and why",
        parameters=[ACTING],
    )
    def get(self, request: Request, public_id: str) -> Response:
        """In the newest ranking of each public need; nobody else's scores, and no rank."""
        actor = actor_of(request)
        require(actor.role in ("owner", "member"))
        service = found(Service.objects.visible_to(request.user).filter(vendor=actor.organisation), public_id)
        # What the person may also see as the city's is not the vendor's to read.
        own = Match.objects.visible_to(request.user).filter(
            service=service,
            run__need__visibility="public",
            run__need__state__in=["published", "closed"],
            run__version=F("run__need__current"),
        )
        newest = own.filter(run__need=OuterRef("run__need")).order_by("-run__number")
        rows = (
            own.filter(run_id=Subquery(newest.values("run_id")[:1]))
            .select_related("run__need", "run__version", "service_version")
            .defer("run__inputs", "run__result")
            .prefetch_related("run__version__criteria")
            .order_by("-run__need__published_at", "-pk")
        )
        page = self.paginate_queryset(rows) or []
        context = {"words": Words(page)}
        return self.get_paginated_response(OwnMatch(page, many=True, context=context).data)


class FitsSerializer(serializers.Serializer[Any]):
    """The services that fit a sentence best, at most ten."""

    q = serializers.CharField()
    notice = serializers.CharField(help_text="That this is not an evaluation of offers.")
    simplified = serializers.BooleanField(help_text="The search engine is away; the database answered.")
    results = SentenceFit(many=True)


class Fits(GenericAPIView[Match]):
    """Services for a sentence."""

    queryset = Match.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="fits",
        summary="Services that fit one sentence, each with its reasons",
        parameters=[OpenApiParameter("q", str, required=True, description="Up to 1,000 characters.")],
        responses=FitsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Nothing of the sentence is stored."""
        text = " ".join(request.query_params.get("q", "").replace("\x00", " ").split())
        if not text:
            raise ValidationError({"q": [_("Write a sentence.")]})
        if len(text) > sentence.MAX_LENGTH:
            limit = {"max": sentence.MAX_LENGTH, "count": len(text)}
            raise ValidationError({"q": [_("At most %(max)s characters; this has %(count)s.") % limit]})
        fits, simplified = sentence.fits(text)
        rows = [
            runs.kept_row(None, scored, place, service) for place, (service, scored) in enumerate(fits, 1)
        ]
        shown = {"q": text, "notice": notice(), "simplified": simplified, "results": rows}
        return Response(FitsSerializer(shown, context={"words": Words(rows)}).data)
