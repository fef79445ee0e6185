"""For which organisation a request acts, and which row it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request

from marketplace.access import actor_for
from marketplace.models.base import ALPHABET
from marketplace.permissions import Actor

Row = TypeVar("Row", bound=Model)

ACTING = OpenApiParameter(
    "organisation",
    str,
    description="Id of the organisation that you act for, one of those in /me/. A body may name it instead.",
)


def actor_of(request: Request) -> Actor:
    """The signed-in person acting for the organisation that the query or the body names.

    Raises:
        NotAuthenticated: nobody is signed in.
        ValidationError: no organisation is named.
        Http404: the person does not act for it, or there is none such.
    """
    if not request.user.is_authenticated:
        raise NotAuthenticated(_("Sign in to do this."))
    named: Any = request.query_params.get("organisation")
    if named is None and isinstance(request.data, Mapping):
        named = request.data.get("organisation")
    if not named:
        raise ValidationError({"organisation": [_("Say for which organisation you act.")]})
    actor = actor_for(request.user, named) if isinstance(named, str) else None
    if actor is None:
        raise Http404
    return actor


def found(rows: QuerySet[Row], public_id: str) -> Row:
    """The row with this id among those that may be seen.

    Raises:
        Http404: the same for a row that may not be seen, an unknown id and one that can't be an id.
    """
    if len(public_id) != 12 or not set(public_id) <= set(ALPHABET):
        raise Http404
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row
