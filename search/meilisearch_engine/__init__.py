"""The engine for more than one machine: a Meilisearch server, over HTTP. Nothing outside knows its API."""

from search.meilisearch_engine.engine import MeilisearchEngine

__all__ = ["MeilisearchEngine"]
