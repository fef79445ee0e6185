"""The demo as a newcomer starts it: hashed files, a light first visit, a quick second start, a clean end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.repository.tree import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SECONDS_OF_A_SECOND_START = 6
# On a busy machine: a start is the server, the worker and one command, each of which starts Django.
BARE_STARTS = 6
SECONDS_TO_STOP = 20
WEIGHT_OF_A_FIRST_VISIT = 200_000
# The first start loads all demo data and ranks services for every need.
SECONDS_OF_A_FIRST_START = 240


class Demo:
    """`manage.py demo`, which `dev.py demo` becomes once the packages are installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.said = ""

    def start(self) -> float:
        """Return the seconds until it says that it is up."""
        started = time.monotonic()
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE"}
        }
        environment |= {
            "DEMO": "1",
            "SECRET_KEY": "x" * 50,
            "VAR_DIR": str(self.folder),
            "SITE_URL": self.url,
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=ROOT,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C ends everything" in line:
                return time.monotonic() - started
        raise AssertionError(f"The demo did not start:\n{self.said}")

    def stop(self) -> float:
        """Ctrl-C; return the seconds until it has ended."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        return time.monotonic() - started


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"))
    try:
        assert running.start() < SECONDS_OF_A_FIRST_START
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()


def test_it_says_where_it_is_and_who_can_sign_in(demo: Demo) -> None:
    assert demo.url in demo.said
    assert re.search(r"Vendor owner +owner\.\w+@example\.com", demo.said)
    assert re.search(r"depa broker +\S+@example\.com +code \d{6}", demo.said)


@pytest.mark.parametrize("address", ["/", "/en/", "/services/", "/needs/", "/cities/"])
def test_a_first_visit_is_light(demo: Demo, browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=demo.url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    weights: list[float] = []
    faults: list[str] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    page.goto(address, wait_until="networkidle")
    sources = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name.split('#')[0])")
    context.close()
    assert faults == []
    assert any(re.search(r"Sarabun-Regular\.[0-9a-f]{12}\.woff2$", source) for source in sources)
    ours = [source for source in sources if "/static/" in source]
    assert [source for source in ours if not re.search(r"\.[0-9a-f]{12}\.\w+$", source)] == []
    assert len(weights) > 4
    assert sum(weights) < WEIGHT_OF_A_FIRST_VISIT, f"{sum(weights) / 1000:.0f} KB"


def test_it_ends_at_once_and_starts_again_quickly(demo: Demo) -> None:
    """The last test of the file: it stops the demo of the others."""
    starts, bare = [], []
    # The better of two, beside a bare start of Django: other tests run at the same time.
    for _turn in range(2):
        assert demo.stop() < SECONDS_TO_STOP
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", demo.port)) != 0, "the server outlived the demo"
        bare.append(seconds_of_a_bare_start())
        starts.append(demo.start())
        assert "…" not in demo.said, "a second start has nothing to prepare"
    assert min(starts) < max(SECONDS_OF_A_SECOND_START, BARE_STARTS * min(bare)), (starts, bare)


def seconds_of_a_bare_start() -> float:
    """What this machine takes now to start Python with Django and the site's settings."""
    started = time.monotonic()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", "import django; django.setup()"], env=environment, check=True)
    return time.monotonic() - started
