"""How many requests a second the catalogue, a service and the API's list answer, beside a bare page.

``python3 dev.py bench pages [--services 10000] [--rounds 30]``. Everything runs in one process, without a
network, in a folder of its own, and is measured in seconds of its processor. Only the ratios of one run mean
something: machines and minutes differ. The two lines "each time another" ask for pages and services that
the process has hardly drawn before; the others for one that is asked for again and again, such as the first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from statistics import median

FOLDER = tempfile.mkdtemp(prefix="marketplace-bench-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="marketplace.settings",
    VAR_DIR=FOLDER,
    SECRET_KEY="only for this benchmark",
    DEMO="1",
    DEBUG="0",
    SITE_URL="http://localhost",
    THROTTLE_ANON="1000000/min",
)
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402 - the environment above has to stand first

django.setup()

from django.conf import settings  # noqa: E402 - as above
from django.db import connection  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above
from django.test.utils import CaptureQueriesContext  # noqa: E402 - as above

from benchmarks import listings  # noqa: E402 - as above
from catalogue.models import Service  # noqa: E402 - as above
from marketplace.preparation import prepare  # noqa: E402 - as above

AIM = 0.5
BARE = "bare page, 20 rows"


def seconds(client: Client, address: str) -> float:
    """Processor time of one request, which must succeed."""
    started = time.process_time()
    answer = client.get(address)
    took = time.process_time() - started
    if answer.status_code != 200:
        sys.exit(f"{address} answers {answer.status_code}")
    return took


def addresses() -> dict[str, Callable[[], str]]:
    """Page → what says the address to ask for next."""
    services = list(Service.objects.public().order_by("lot").values_list("public_id", "slug")[:1000])
    first = "/services/{}/{}/".format(*services[0])
    pages, turns = count(), count()
    return {
        BARE: lambda: "/bare/",
        "catalogue page": lambda: "/services/",
        "catalogue, each time another": lambda: (
            f"/services/?page={next(pages) % -(-len(services) // 20) + 1}"
        ),
        "catalogue, search and filter": lambda: "/services/?q=ขยะ&dimension=environment",
        "service page": lambda: first,
        "service, each time another": lambda: "/services/{}/{}/".format(
            *services[next(turns) % len(services)]
        ),
        "API list": lambda: "/api/v1/services/",
    }


def measure(rounds: int) -> dict[str, tuple[float, int]]:
    """Median seconds and queries of each page. The pages take turns, so a slow minute slows all of them."""
    pages = addresses()
    client = Client(headers={"host": "localhost"})
    queries = {}
    for name, address in pages.items():
        seconds(client, address())
        with CaptureQueriesContext(connection) as asked:
            seconds(client, address())
        queries[name] = len(asked)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _round in range(rounds):
        for name, address in pages.items():
            times[name].append(seconds(client, address()))
    return {name: (median(taken), queries[name]) for name, taken in times.items()}


def show(title: str, found: dict[str, tuple[float, int]]) -> None:
    bare, _queries = found[BARE]
    say(f"\n{title}\n{'':32}{'requests/s':>12}{'ratio':>8}{'queries':>9}   aim {AIM}")
    for name, (taken, queries) in found.items():
        say(f"{name:32}{1 / taken:12.0f}{bare / taken:8.2f}{queries:9}")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    settings.ROOT_URLCONF = "benchmarks.urls"
    try:
        prepare(say)
        show(f"With the demo's {Service.objects.public().count()} services", measure(options.rounds))
        listings.add(options.services)
        show(f"With {Service.objects.public().count():,} services", measure(options.rounds))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
