"""Search as a measured product: what is asked and opened, without who asks; staff add names from it."""

from catalogue.searches.collecting import collect
from catalogue.searches.log import counts_opening, link, note
from catalogue.searches.names import added_terms, write_terms

__all__ = ["added_terms", "collect", "counts_opening", "link", "note", "write_terms"]
