"""The tables of needs, matches and introductions."""

from matching.models.introductions import Introduction
from matching.models.needs import Criterion, Need, NeedVersion
from matching.models.runs import Match, MatchRun

__all__ = ["Criterion", "Introduction", "Match", "MatchRun", "Need", "NeedVersion"]
