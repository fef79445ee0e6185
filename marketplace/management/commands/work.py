"""The background worker: tasks of the database queue, due effects, and what dead workers left behind."""

import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from marketplace import outbox, schedule

# django-tasks leaves the task of a killed worker RUNNING for ever; ours take seconds.
STALE_AFTER = timedelta(minutes=5)
KEEP_FINISHED = timedelta(days=1)


def reap(now: Any) -> int:
    """Fail tasks that have been running longer than any task may. Their effects stay in the outbox.

    Returns how many there were. Finished tasks older than a day are removed.
    """
    stale = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - STALE_AFTER)
    count = stale.update(status=TaskResultStatus.FAILED, finished_at=now)
    DBTaskResult.objects.filter(
        status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED], finished_at__lt=now - KEEP_FINISHED
    ).delete()
    return count


class Command(BaseCommand):
    help = "Run the background worker until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="carry out what is due, then end")
        parser.add_argument("--interval", type=float, default=0.3, help="seconds between looks (default 0.3)")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        next_round = 0.0
        while worker.running:
            close_old_connections()
            worker.run()
            outbox.drain(wanted=lambda: worker.running)
            if time.monotonic() >= next_round:
                reap(outbox.database_now())
                outbox.release_expired()
                schedule.run_due()
                next_round = time.monotonic() + 30
            if options["once"]:
                break
            time.sleep(options["interval"])
