"""The embedded engine: tantivy in a folder, no server. Nothing outside this package imports tantivy."""

from search.tantivy_engine.engine import TantivyEngine

__all__ = ["TantivyEngine"]
