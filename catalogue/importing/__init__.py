"""Services from a table of somebody else's: read, understood row by row, stored all or none."""

from catalogue.importing.columns import Entry, understand
from catalogue.importing.reading import Fault, Line, Unreadable, read
from catalogue.importing.writing import Outcome, store

__all__ = ["Entry", "Fault", "Line", "Outcome", "Unreadable", "read", "store", "understand"]
