"""Rankings and matches in answers: codes for programs, words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.api.serializers import ServiceBrief
from matching.api.need_shapes import NeedBrief
from matching.models import Criterion, Match
from matching.wording import STATUSES, CriterionLabels, Names, fact, kept_words, names, question

# Choices by name, because the OpenAPI document names them.
LEVELS = [(code, code) for code in ("must", "nice", "base")]
STATUS_CODES = [(code, code) for code in STATUSES]


class ReasonSerializer(serializers.Serializer[Any]):
    """One criterion of one service. Unknown is neither met nor zero: its points are a cautious estimate."""

    criterion = serializers.CharField(help_text="c1, c2 … of the need; base:text and such follow from it.")
    kind = serializers.CharField()
    level = serializers.ChoiceField(
        choices=LEVELS,
        help_text="A must has no points; it keeps a service or leaves it out.",
    )
    status = serializers.ChoiceField(choices=STATUS_CODES)
    points = serializers.DecimalField(max_digits=5, decimal_places=1)
    max_points = serializers.DecimalField(max_digits=5, decimal_places=1)
    estimated = serializers.BooleanField()
    words = serializers.CharField(help_text="What was asked, in the language of Accept-Language.")
    status_words = serializers.CharField()
    facts = serializers.ListField(child=serializers.CharField(), help_text="What the rule used, in words.")
    question = serializers.CharField(allow_null=True, help_text="What to ask, so that it becomes known.")


class Words:
    """Turns the codes of matches into words; read once for a page."""

    def __init__(self, matches: Iterable[Match]) -> None:
        named = {
            used["params"]["city"]
            for match in matches
            for reason in match.reasons
            for used in reason["facts"]
            if used["params"].get("city")
        }
        self.names: Names = names(named)
        self._labels: dict[int, CriterionLabels] = {}

    def labels(self, version: int, criteria: Iterable[Criterion]) -> CriterionLabels:
        """Words of the criteria of one version, by its primary key."""
        if version not in self._labels:
            self._labels[version] = CriterionLabels(criteria, self.names)
        return self._labels[version]

    def reasons(self, match: Match, labels: CriterionLabels) -> list[dict[str, Any]]:
        """The reasons of a match as ``ReasonSerializer`` shows them."""
        return [self._reason(reason, labels) for reason in match.reasons]

    def _reason(self, reason: Mapping[str, Any], labels: CriterionLabels) -> dict[str, Any]:
        asked = reason["question"]
        copied = ("criterion", "kind", "level", "status", "estimated")
        return {name: reason[name] for name in copied} | {
            "points": Decimal(reason["points"]) / 10,
            "max_points": Decimal(reason["max_points"]) / 10,
            "words": labels[reason["criterion"]],
            "status_words": str(STATUSES[reason["status"]]),
            "facts": [fact(used["code"], used["params"], self.names) for used in reason["facts"]],
            "question": question(asked["code"], asked["params"], self.names, labels) if asked else None,
        }


class FitSerializer(serializers.Serializer[Any]):
    """How one service fits: words first, the figure 0 to 100 behind, and the reasons that add up to it."""

    kept = serializers.BooleanField(help_text="False: a must is not met, and the service is left out.")
    words = serializers.SerializerMethodField(
        help_text="Such as: Fits well · 2 questions to ask. Empty for a service left out."
    )
    band = serializers.CharField(help_text="strong, medium, weak; empty for a service left out.")
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    low = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="The score without its estimates."
    )
    high = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="With full points for all unknowns."
    )
    questions = serializers.IntegerField(help_text="How many things nobody knows yet.")
    left_out_by = serializers.SerializerMethodField(
        help_text="The criterion that left it out; null for a service kept."
    )
    reasons = serializers.SerializerMethodField()

    def labels(self, match: Match) -> CriterionLabels:
        """Words of the criteria of the ranking that the match belongs to."""
        words: Words = self.context["words"]
        return words.labels(match.run.version_id, match.run.version.criteria.all())

    def get_words(self, match: Match) -> str:
        return kept_words(match.band, match.questions) if match.kept else ""

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_left_out_by(self, match: Match) -> str | None:
        return None if match.kept else match.removed_by

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, match: Match) -> Any:
        words: Words = self.context["words"]
        return ReasonSerializer(words.reasons(match, self.labels(match)), many=True).data


class MatchSerializer(FitSerializer):
    """One service in one ranking, as the city reads it."""

    id = serializers.CharField(source="public_id")
    service = ServiceBrief()
    service_version = serializers.IntegerField(source="service_version.number")
    tier = serializers.CharField(help_text="meets (all musts are met) or confirm (some are not known yet).")
    rank_from = serializers.SerializerMethodField(
        help_text="A tie shares the ranks from … to; null for a service left out."
    )
    rank_to = serializers.SerializerMethodField()

    def get_rank_from(self, match: Match) -> int | None:
        return match.rank_from if match.kept else None

    def get_rank_to(self, match: Match) -> int | None:
        return match.rank_to if match.kept else None


class OwnMatch(FitSerializer):
    """How a vendor's own service fared for a need. No rank: a rank tells of others."""

    id = serializers.CharField(source="public_id")
    need = NeedBrief(source="run.need")
    service_version = serializers.IntegerField(source="service_version.number")
    computed_at = serializers.DateTimeField(source="run.computed_at")


class SentenceFit(FitSerializer):
    """A service that fits a sentence."""

    service = ServiceBrief()

    def labels(self, _match: Match) -> CriterionLabels:
        words: Words = self.context["words"]
        return words.labels(0, ())


class LeftOut(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    words = serializers.CharField()
    count = serializers.IntegerField()


class RunSerializer(serializers.Serializer[Any]):
    """A ranking as it was computed and stored. It never changes."""

    id = serializers.CharField(source="public_id")
    number = serializers.IntegerField()
    need_version = serializers.IntegerField(source="version.number")
    computed_at = serializers.DateTimeField()
    considered = serializers.IntegerField(help_text="How many services were published then.")
    weight_version = serializers.IntegerField()
    rule_version = serializers.IntegerField()
    result_hash = serializers.CharField(help_text="SHA-256 of the stored result.")


class RunPage(serializers.Serializer[Any]):
    """A page of a ranking's matches, best first, then those left out."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MatchSerializer(many=True)
    notice = serializers.CharField(help_text="That this is not an evaluation of offers.")
    run = RunSerializer(allow_null=True, help_text="Null while the first ranking is being computed.")
    waiting = serializers.BooleanField(help_text="A newer ranking is being computed.")
    kept = serializers.IntegerField()
    left_out = LeftOut(many=True, help_text="How many services each criterion left out.")
