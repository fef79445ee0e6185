"""Needs, matches and introductions."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        """Name the effects that this room has outside the database."""
        from catalogue.indexing import TOGETHER
        from marketplace import outbox, schedule
        from matching import indexing, introductions, needs, runs
        from search import engine

        outbox.register("matching.run", runs.execute)
        outbox.register_together("matching.index_need", indexing.index_needs, TOGETHER)
        engine.register(indexing.INDEX, indexing.all_documents, indexing.documents_of)
        schedule.register("matching.expire_introductions", introductions.expire_overdue)
        schedule.register("matching.close_needs", needs.close_overdue)
