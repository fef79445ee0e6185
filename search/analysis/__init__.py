"""What text means to search: pure functions, the same for what is indexed and what is asked.

`fold` makes spellings alike, `tokens` cuts into words with their other names, `terms` is the set of words
that carry meaning, `said_terms` and `asked_terms` are the two sides of a comparison, `highlight` and
`excerpt` mark words in the text as it was written. `asked` reads what was typed into a search box; `wholes`,
`runs` and their company find the word that was meant by a mistyped one.
"""

from search.analysis.folding import MAX_TEXT, fold
from search.analysis.highlighting import Segment, excerpt, highlight
from search.analysis.quotes import MAX_QUERY, Asked, asked
from search.analysis.segmentation import Token
from search.analysis.spelling import (
    Run,
    is_spelled,
    runs,
    tokens_and_wholes,
    typos_between,
    typos_forgiven,
    wholes,
)
from search.analysis.units import (
    ANALYSIS_VERSION,
    Unit,
    asked_terms,
    query_units,
    said_terms,
    terms,
    tokens,
    units,
)
from search.analysis.vocabulary import concept_label

__all__ = [
    "ANALYSIS_VERSION",
    "MAX_QUERY",
    "MAX_TEXT",
    "Asked",
    "Run",
    "Segment",
    "Token",
    "Unit",
    "asked",
    "asked_terms",
    "concept_label",
    "excerpt",
    "fold",
    "highlight",
    "is_spelled",
    "query_units",
    "runs",
    "said_terms",
    "terms",
    "tokens",
    "tokens_and_wholes",
    "typos_between",
    "typos_forgiven",
    "units",
    "wholes",
]
