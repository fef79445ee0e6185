"""Services as each audience reads them. Every field is named here; a new column shows nowhere by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue import services
from catalogue.api.facts import (
    AccountSerializer,
    Answers,
    CertificateSerializer,
    ContentInput,
    PriceSerializer,
    ReferenceSerializer,
)
from catalogue.models import Service
from marketplace.api.input import ActingInput
from marketplace.api.organisations import MoveOpen, VendorBrief, VendorContact


class ServiceBrief(serializers.Serializer[Any]):
    """A service as other things name it."""

    id = serializers.CharField(source="public_id")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    vendor = VendorBrief()


class ServiceRow(ServiceBrief):
    """A published service in a list."""

    summary_th = serializers.CharField(source="answers.summary_th", default=None, allow_null=True)
    summary_en = serializers.CharField(source="answers.summary_en", default=None, allow_null=True)
    kind = serializers.CharField(source="answers.kind", default=None, allow_null=True)
    dimensions = serializers.ListField(
        child=serializers.CharField(), source="answers.dimensions", default=None, allow_null=True
    )
    regions = serializers.ListField(
        child=serializers.CharField(), source="answers.regions", default=None, allow_null=True
    )
    prices = PriceSerializer(many=True)
    certificates = CertificateSerializer(many=True)
    account = AccountSerializer(allow_null=True)
    published_at = serializers.DateTimeField()
    is_example = serializers.BooleanField()


class ServiceDetail(serializers.Serializer[Any]):
    """A published service with everything that its version says."""

    id = serializers.CharField(source="public_id")
    slug = serializers.CharField()
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    vendor = VendorContact()
    version = serializers.IntegerField(source="current.number")
    version_id = serializers.CharField(source="current.public_id")
    answers = Answers(source="current.answers")
    prices = PriceSerializer(many=True, source="current.prices.all")
    references = ReferenceSerializer(many=True, source="current.references.all")
    certificates = CertificateSerializer(many=True, source="certificates.all")
    account = AccountSerializer(source="account_status", default=None, allow_null=True)
    published_at = serializers.DateTimeField()
    is_example = serializers.BooleanField()


class VersionRow(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    number = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class VersionSerializer(VersionRow):
    """What a service said at one time."""

    answers = Answers()
    prices = PriceSerializer(many=True, source="prices.all")
    references = ReferenceSerializer(many=True, source="references.all")


class WorkRow(serializers.Serializer[Any]):
    """A service as its vendor and depa see it in a list."""

    id = serializers.CharField(source="public_id")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    vendor = VendorBrief()
    state = serializers.ChoiceField(choices=Service.State.choices)
    state_since = serializers.DateTimeField()
    state_reason = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    newest_version = serializers.IntegerField(source="head.number")
    public_version = serializers.IntegerField(source="current.number", default=None, allow_null=True)
    version_in_review = serializers.IntegerField(source="revision.number", default=None, allow_null=True)
    is_example = serializers.BooleanField()


class WorkDetail(WorkRow):
    """A service as its vendor and depa work on it: the newest version, and the moves open to you."""

    head = VersionSerializer()
    certificates = CertificateSerializer(many=True, source="certificates.all")
    account = AccountSerializer(source="account_status", default=None, allow_null=True)
    moves = serializers.SerializerMethodField()

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, service: Service) -> Any:
        return MoveOpen(services.moves_open_to(service, self.context["actor"]), many=True).data


class SaveInput(ContentInput):
    seen = serializers.IntegerField(
        min_value=0, max_value=10**9, help_text="Number of the version that you edited, newest_version."
    )


class MoveInput(ActingInput):
    move = serializers.ChoiceField(
        choices=sorted(services.LIFE.moves), help_text="One of `moves` of the service."
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=1000,
        help_text="Why; the other side reads it. Some moves need it.",
    )
    seen = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=10**9,
        help_text="Number of the version that a reviewer read before publishing it.",
    )
