"""How organisations and cities appear inside other answers, and whom the signed-in person acts for."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class OrganisationBrief(serializers.Serializer[Any]):
    """An organisation as other things name it."""

    id = serializers.CharField(source="public_id")
    name_th = serializers.CharField()
    name_en = serializers.CharField()


class VendorBrief(OrganisationBrief):
    """A vendor as its services name it."""

    verified = serializers.SerializerMethodField(help_text="depa has verified who the vendor is.")

    def get_verified(self, vendor: Any) -> bool:
        return vendor.verified_at is not None


class VendorContact(VendorBrief):
    """A vendor with its public sales contact; never a person's."""

    website = serializers.CharField()
    sales_phone = serializers.CharField()
    sales_email = serializers.CharField()
    sales_line = serializers.CharField()


class CityBrief(serializers.Serializer[Any]):
    """A city as other things name it, with its official codes."""

    id = serializers.CharField(source="public_id")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.CharField()
    province_code = serializers.CharField(source="province_id", help_text="DOPA code of the province.")
    dla_code = serializers.CharField(allow_null=True, help_text="Code of the DLA, where it has one.")


class MoveOpen(serializers.Serializer[Any]):
    """A move that can be made now."""

    name = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # a field has an option of the same name
        help_text="In the language of Accept-Language."
    )
    needs_note = serializers.BooleanField(source="reason", help_text="Whether a note must be given.")


class MembershipSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    organisation = OrganisationBrief()
    kind = serializers.CharField(source="organisation.kind", help_text="vendor, city or depa.")


class PersonSerializer(serializers.Serializer[Any]):
    """The signed-in person."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    email = serializers.CharField()
    memberships = MembershipSerializer(many=True, source="active_memberships")


@method_decorator(ensure_csrf_cookie, name="dispatch")
class MeView(APIView):
    also_answers = (403,)

    @extend_schema(
        operation_id="me",
        summary="Who is signed in, and for whom they can act",
        responses=PersonSerializer,
    )
    def get(self, request: Request) -> Response:
        """Ids of organisations from here go into `organisation` of other requests.

        Also sets the cookie `csrftoken`, which every write sends back in the header `X-CSRFToken`.
        """
        if not request.user.is_authenticated:
            raise NotAuthenticated(_("Sign in to do this."))
        return Response(PersonSerializer(request.user).data)
