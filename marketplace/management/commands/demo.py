from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from marketplace.preparation import prepare

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 8
# One process: the demo serves one person, and a second would start later than the first answers.
SERVER = (
    "granian",
    "--interface",
    "wsgi",
    "--host",
    HOST,
    "--blocking-threads",
    "4",
    "--log-level",
    "warning",
)


class Command(BaseCommand):
    help = "Serve the demo, and its worker beside it, until Ctrl-C. `python3 dev.py demo` calls this."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Start the demo with: python3 dev.py demo")
        port = options["port"]
        refuse_taken(port)
        # SIGINT as well: a shell that starts this in the background lets it be ignored.
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, stop)
        processes: dict[str, subprocess.Popen[bytes]] = {}
        try:
            prepare(self.stdout.write)
            connections.close_all()
            module = [sys.executable, "-m"]
            processes["server"] = start(
                [*module, *SERVER, "--port", str(port), "marketplace.wsgi:application"]
            )
            wait_for_answer(port, processes)
            # Only now, so that the first page does not wait for the worker's own start.
            processes["worker"] = start([sys.executable, "manage.py", "work", "--skip-checks"])
            self.greet(port)
            name, code = wait_for_end(processes)
            raise CommandError(f"The {name} ended by itself with code {code}; the rest was stopped.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            end(processes)

    def greet(self, port: int) -> None:
        call_command("demo_logins")
        self.stdout.write(self.style.SUCCESS(f"\nThe marketplace is at http://localhost:{port}"))
        self.stdout.write(
            f"Mails and codes of the demo: http://localhost:{port}/demo/mail/\nCtrl-C ends everything."
        )


def stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def refuse_taken(port: int) -> None:
    with closing(socket.socket()) as probe:
        # As the server does it: a port that was closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Is another demo running? "
                f"Take another one: python3 dev.py demo --port {port + 1}"
            ) from error


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches only this process, which then ends the others in order."""
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=dict(os.environ), start_new_session=True)


def wait_for_answer(port: int, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        for name, process in processes.items():
            if process.poll() is not None:
                raise CommandError(f"The {name} did not start; the lines above say why.")
        with closing(HTTPConnection(HOST, port, timeout=SECONDS_TO_START)) as server:
            try:
                server.request("GET", "/")
                if (status := server.getresponse().status) >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise CommandError(f"The site answers with error {status}; the lines above say why.")
                return
            except (OSError, HTTPException):
                time.sleep(0.05)
    raise CommandError(f"The server did not answer within {SECONDS_TO_START} seconds.")


def wait_for_end(processes: dict[str, subprocess.Popen[bytes]]) -> tuple[str, int]:
    """Return the first process that ends, with its code."""
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                return name, process.returncode
        time.sleep(0.3)


def end(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, wait, and kill what does not listen, with the processes that it started."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
