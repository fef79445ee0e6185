"""The capability thesaurus: what city services do, under every name that people use for it.

`capabilities` and `broader` read the lists beside this file (see the README there), `suggest` says which
capabilities a text is about. Pure: no database, no settings.
"""

from search.analysis.capabilities import Capability, broader, capabilities
from search.thesaurus.suggesting import MAX_LINES, Suggestion, known, narrower, suggest, with_broader

__all__ = [
    "MAX_LINES",
    "Capability",
    "Suggestion",
    "broader",
    "capabilities",
    "known",
    "narrower",
    "suggest",
    "with_broader",
]
