"""Sentence vectors of two languages in one space (multilingual-e5-small), made in a process of its own.

`embed` is for the worker and for measuring: patient. `embed_query` is for a request: bounded to
QUERY_SECONDS, otherwise None, and then nobody waits for the model for a while. Nothing here raises because
of the model: where it is away, search goes by words alone.
"""

from search.embedding.model import (
    MODEL,
    QUERY_SECONDS,
    ModelHealth,
    Vector,
    embed,
    embed_query,
    enabled,
    health,
)
from search.embedding.process import AwayError, LateError
from search.embedding.texts import Kind, Language, language_of, language_of_query

__all__ = [
    "MODEL",
    "QUERY_SECONDS",
    "AwayError",
    "Kind",
    "Language",
    "LateError",
    "ModelHealth",
    "Vector",
    "embed",
    "embed_query",
    "enabled",
    "health",
    "language_of",
    "language_of_query",
]
