"""How many requests a second the catalogue, a service and the API's list answer, beside a bare page.

``python3 dev.py bench pages [--services 10000] [--rounds 30]``. Everything runs in one process, without a
network, in a folder of its own. Only the ratios of one run mean something: machines and minutes differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
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
from django.test import Client  # noqa: E402 - as above

from benchmarks import listings  # noqa: E402 - as above
from catalogue.models import Service  # noqa: E402 - as above
from marketplace.preparation import prepare  # noqa: E402 - as above

AIM = 0.5


def seconds(client: Client, address: str) -> float:
    """Time of one request, which must succeed."""
    started = time.perf_counter()
    answer = client.get(address)
    took = time.perf_counter() - started
    if answer.status_code != 200:
        sys.exit(f"{address} answers {answer.status_code}")
    return took


def measure(rounds: int) -> dict[str, float]:
    """Median seconds of each page. The pages take turns, so that a slow minute slows all of them."""
    service = Service.objects.public().order_by("sort_key").first()
    assert service is not None
    pages = {
        "bare page, 20 rows": "/bare/",
        "catalogue page": "/services/",
        "catalogue, search and filter": "/services/?q=ขยะ&dimension=environment",
        "service page": f"/services/{service.public_id}/{service.slug}/",
        "API list": "/api/v1/services/",
    }
    client = Client(headers={"host": "localhost"})
    for address in pages.values():
        seconds(client, address)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _round in range(rounds):
        for name, address in pages.items():
            times[name].append(seconds(client, address))
    return {name: median(taken) for name, taken in times.items()}


def show(title: str, found: dict[str, float]) -> None:
    bare = found["bare page, 20 rows"]
    sys.stdout.write(f"\n{title}\n{'':32}{'requests/s':>12}{'ratio':>8}   aim {AIM}\n")
    for name, taken in found.items():
        sys.stdout.write(f"{name:32}{1 / taken:12.0f}{bare / taken:8.2f}\n")
    sys.stdout.flush()


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
