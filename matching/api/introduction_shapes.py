"""Introductions in answers and in bodies. Every field is named here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.api.serializers import ServiceBrief
from marketplace import events
from marketplace.api.input import ActingInput
from marketplace.api.organisations import MoveOpen, OrganisationBrief, VendorContact
from marketplace.models import Consent, Event
from matching import histories, introductions
from matching.api.need_shapes import NeedBrief
from matching.models import Introduction


class IntroductionRow(serializers.Serializer[Any]):
    """An introduction in a list."""

    id = serializers.CharField(source="public_id")
    state = serializers.ChoiceField(choices=Introduction.State.choices)
    state_words = serializers.CharField(source="get_state_display", help_text="As Accept-Language asks.")
    state_since = serializers.DateTimeField()
    origin = serializers.ChoiceField(choices=Introduction.Origin.choices)
    city = OrganisationBrief(source="city_organisation")
    service = ServiceBrief()
    need = NeedBrief(allow_null=True)
    created_at = serializers.DateTimeField()
    forwarded_at = serializers.DateTimeField(allow_null=True)
    introduced_at = serializers.DateTimeField(allow_null=True)


class PersonContact(serializers.Serializer[Any]):
    """A person of the other side, who consents to be shown."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()


class HistoryLine(serializers.Serializer[Any]):
    """One event: organisation and role, never a person's name."""

    at = serializers.DateTimeField()
    move = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    who = serializers.SerializerMethodField()
    note = serializers.CharField()

    def get_who(self, event: Event) -> str:
        return histories.who(event, self.context["known"])


class IntroductionDetail(IntroductionRow):
    """An introduction as one side may see it."""

    vendor = VendorContact(help_text="With the company's public sales contact.")
    message = serializers.CharField()
    state_reason = serializers.CharField(help_text="Why the last move was made.")
    outcome = serializers.CharField()
    contact = serializers.SerializerMethodField(
        help_text="The other side's person, once introduced and while that person's consent holds; else null."
    )
    my_consent = serializers.SerializerMethodField(
        help_text="given or withdrawn, where you are one of the two persons; else null."
    )
    moves = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    @extend_schema_field(PersonContact(allow_null=True))
    def get_contact(self, row: Introduction) -> Any:
        person = introductions.contact_for(row, self.context["actor"])
        return None if person is None else PersonContact(person).data

    @extend_schema_field(
        serializers.ChoiceField(choices=[("given", "given"), ("withdrawn", "withdrawn")], allow_null=True)
    )
    def get_my_consent(self, row: Introduction) -> str | None:
        own = self.context["actor"].user.pk
        consents: list[Consent] = [
            c for c in (row.city_consent, row.vendor_consent) if c is not None and c.user_id == own
        ]
        if not consents:
            return None
        return "given" if any(c.withdrawn_at is None for c in consents) else "withdrawn"

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, row: Introduction) -> Any:
        return MoveOpen(introductions.LIFE.open_to(row, self.context["actor"]), many=True).data

    @extend_schema_field(HistoryLine(many=True))
    def get_history(self, row: Introduction) -> Any:
        known = {org.public_id: org for org in (row.city_organisation, row.vendor)}
        return HistoryLine(events.of(row), many=True, context={"known": known}).data


class AskInput(ActingInput):
    service = serializers.CharField(max_length=12)
    need = serializers.CharField(required=False, max_length=12, help_text="One of your city's needs.")
    match = serializers.CharField(required=False, max_length=12, help_text="Of the need's ranking.")
    message = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    consent = serializers.BooleanField(
        help_text="That the vendor sees your name, phone and e-mail once it has accepted."
    )


class SuggestInput(ActingInput):
    service = serializers.CharField(max_length=12)
    need = serializers.CharField(
        required=False, max_length=12, help_text="For whose city it is suggested. A vendor has to name one."
    )
    city = serializers.CharField(
        required=False, max_length=12, help_text="One of /cities/, for a broker who suggests without a need."
    )
    message = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class IntroductionMoveInput(ActingInput):
    move = serializers.ChoiceField(
        # The others are the system's.
        choices=sorted(name for name, m in introductions.LIFE.moves.items() if m.who != ("system",)),
        help_text="One of `moves` of the introduction.",
    )
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, help_text="Why; the other side reads it."
    )
    consent = serializers.BooleanField(
        required=False, help_text="That the other side sees your name, phone and e-mail."
    )


class WithdrawConsentInput(ActingInput):
    """Nothing but the organisation."""
