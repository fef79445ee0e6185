"""The catalogue of vendors' services."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"

    def ready(self) -> None:
        """Name the effects that this room has outside the database."""
        from catalogue import indexing, searches
        from marketplace import outbox, schedule
        from search import engine
        from search.analysis import vocabulary

        outbox.register_together("catalogue.index_service", indexing.index_services, indexing.TOGETHER)
        outbox.register("catalogue.reindex", indexing.rebuild)
        outbox.register_together("catalogue.embed", indexing.meaning.embed, indexing.meaning.TOGETHER)
        schedule.register("catalogue.catch_up_meaning", indexing.meaning.catch_up)
        outbox.register("marketplace.organisation_changed", indexing.index_vendor)
        schedule.register("catalogue.follow_calendar", indexing.follow_calendar)
        schedule.register("catalogue.collect_searches", searches.collect)
        outbox.register("catalogue.write_terms", searches.write_terms)
        vocabulary.add_source(searches.added_terms)
        outbox.register_together("marketplace.city_changed", indexing.index_cities, indexing.TOGETHER)
        for index in (indexing.services, indexing.vendors, indexing.cities):
            engine.register(index.INDEX, index.all_documents, index.documents_of)
