from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        """Let `check --deploy` ask the indexes."""
        from django.core import checks

        from search.checks import indexes_are_as_the_code_wants

        checks.register(indexes_are_as_the_code_wants, "search", deploy=True)
