"""People, organisations, cities and the site."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        """Name the effects that this room has outside the database."""
        from marketplace import files, notifications, outbox

        outbox.register("marketplace.mail", notifications.deliver)
        outbox.register("marketplace.account_mail", notifications.deliver_account_mail)
        outbox.register("marketplace.forget_file", files.forget)
