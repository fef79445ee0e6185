"""What text means to search: pure functions, the same for what is indexed and what is asked.

`fold` makes spellings alike, `tokens` cuts into words with their other names, `terms` is the set of words
that carry meaning, `highlight` and `excerpt` mark them in the text as it was written.
"""

from search.analysis.folding import MAX_TEXT, fold
from search.analysis.highlighting import Segment, excerpt, highlight
from search.analysis.segmentation import Token
from search.analysis.units import ANALYSIS_VERSION, Unit, query_units, terms, tokens, units

__all__ = [
    "ANALYSIS_VERSION",
    "MAX_TEXT",
    "Segment",
    "Token",
    "Unit",
    "excerpt",
    "fold",
    "highlight",
    "query_units",
    "terms",
    "tokens",
    "units",
]
