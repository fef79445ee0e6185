"""A stored ranking as its readers see it: the figures of the run, its matches, and what was left out."""

from matching.reports.left_out import Group, groups
from matching.reports.matches import (
    MatchWords,
    account_state,
    card,
    cities_named,
    name_of,
    overview_row,
    price_words,
    questions_of,
)
from matching.reports.page import (
    PER_PAGE,
    kept_of,
    left_out_rows,
    lot,
    overview,
    page_of,
    rows_named,
    tiers_of,
)
from matching.reports.record import Record, record
from matching.reports.remaining import supply_of

__all__ = [
    "PER_PAGE",
    "Group",
    "MatchWords",
    "Record",
    "account_state",
    "card",
    "cities_named",
    "groups",
    "kept_of",
    "left_out_rows",
    "lot",
    "name_of",
    "overview",
    "overview_row",
    "page_of",
    "price_words",
    "questions_of",
    "record",
    "rows_named",
    "supply_of",
    "tiers_of",
]
