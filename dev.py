#!/usr/bin/env python3
"""Start the demo, run the tests: all that a fresh machine with Python 3.11 and venv needs.

    python3 dev.py demo [--port 8000]        the site and its worker, with demo data
    python3 dev.py test [--quick] [-- ARGS]  linters, types and tests; ARGS go to pytest
    python3 dev.py bench NAME [ARGS]         run benchmarks/NAME.py
    python3 dev.py relevance [FOLDER]        how well search finds; FOLDER of XQuAD's files adds a table
    python3 dev.py lock [--upgrade]          write requirements/*.txt from pyproject.toml

Only the standard library is used here, because nothing else is installed yet.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
REQUIREMENTS = ROOT / "requirements"
LOCK = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-annotate", "--no-header"]
EXTRAS = ["--extra", "postgres"]  # small, and then one lock serves every setting

# Each check with the words that a failure is listed under. The order is from quick to slow.
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "import contracts": ["lint-imports", "--no-cache"],
    "settings": ["python", "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": ["python", "manage.py", "messages", "--check"],
    "OpenAPI": ["python", "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    "types": ["mypy"],
}


def say(text: str) -> None:
    print(text, flush=True)


def run(command: list[str], **options: object) -> int:
    """Run a program of the virtual environment from the project's folder; return its exit code."""
    program = BIN / command[0]
    return subprocess.run([program, *command[1:]], cwd=ROOT, check=False, **options).returncode


def make_environment() -> None:
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if PYTHON.exists():
        return
    say("Making .venv …")
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python's venv module is incomplete here. On Debian: apt install python3-venv")


def install(lock: str) -> None:
    """Install requirements/<lock>.txt, unless this very file is installed already.

    uv does it in a fifth of pip's time. It does not read pip's own configuration, so where a
    machine reaches packages only through that, pip does it.
    """
    make_environment()
    wanted = hashlib.sha256((REQUIREMENTS / f"{lock}.txt").read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    pip = ["python", "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    say(f"Installing the locked packages of requirements/{lock}.txt …")
    run([*pip, "--quiet", "-r", str(REQUIREMENTS / "installer.txt")])
    uv = ["uv", "pip", "install", "--python", str(PYTHON), "--require-hashes", "--no-deps"]
    requirements = ["-r", str(REQUIREMENTS / f"{lock}.txt")]
    if not (BIN / "uv").exists() or run([*uv, *requirements]) != 0:
        say("Once more, with pip: this takes about a minute …")
        if run([*pip, *requirements]) != 0:
            sys.exit("The packages could not be installed; the lines above say why.")
    stamp.write_text(wanted)


def demo(options: argparse.Namespace) -> None:
    install("base" if not (VENV / "dev.stamp").exists() else "dev")
    secret = ROOT / "var" / "secret_key"
    if not secret.exists():
        secret.parent.mkdir(exist_ok=True)
        secret.write_text(secrets.token_urlsafe(50))
        secret.chmod(0o600)
    environment = {
        "SECRET_KEY": secret.read_text(),
        "SITE_URL": f"http://localhost:{options.port}",
        **os.environ,
        "DEBUG": "0",
        "DEMO": "1",
    }
    os.chdir(ROOT)
    # This process becomes the demo, so that Ctrl-C and signals reach it without a middleman.
    os.execve(PYTHON, [str(PYTHON), "manage.py", "demo", "--port", str(options.port)], environment)


def test(options: argparse.Namespace) -> None:
    install("dev")
    os.environ.setdefault("SECRET_KEY", "only for checks")
    failed = []
    for name, command in {} if options.only_tests else CHECKS.items():
        started = time.monotonic()
        say(f"\n=== {name}: {' '.join(command)}")
        if run(command) != 0:
            failed.append(name)
        say(f"    {'FAILED' if name in failed else 'passed'} in {time.monotonic() - started:.1f} s")
    say(f"\n=== tests on {os.environ.get('DATABASE_URL', 'sqlite').split(':')[0]}")
    if run(["python", "manage.py", "messages", "--compile"]) != 0 or run_pytest(options) != 0:
        failed.append("tests")
    if failed:
        sys.exit(f"\nFAILED: {', '.join(failed)}")
    say("\nEverything passed." if not options.only_tests else "\nAll tests passed.")


def run_pytest(options: argparse.Namespace) -> int:
    arguments = list(options.arguments)
    if options.quick:
        arguments += ["-m", "not slow and not browser"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = run(
            [
                "python",
                "-m",
                "pytest",
                "-q",
                "-n",
                "auto",
                "--dist",
                "loadfile",
                f"--junit-xml={report}",
                *arguments,
            ]
        )
        if report.exists():
            say_skips(report)
    return code


def say_skips(report: Path) -> None:
    """A skip that nobody sees is a test that nobody has."""
    reasons = Counter(skip.get("message", "") for skip in ElementTree.parse(report).iter("skipped"))
    if not reasons:
        say("No test was skipped.")
        return
    say("\n" + "!" * 72)
    say(f"!!! {reasons.total()} TESTS WERE SKIPPED")
    for reason, count in reasons.most_common():
        say(f"!!! {count:5} × {reason}")
    say("!" * 72)


def bench(options: argparse.Namespace) -> None:
    script = ROOT / "benchmarks" / f"{options.name}.py"
    if not script.exists():
        names = ", ".join(sorted(path.stem for path in script.parent.glob("[a-z]*.py")))
        sys.exit(f"There is no benchmark {options.name!r}; there are: {names}")
    install("base" if not (VENV / "dev.stamp").exists() else "dev")
    sys.exit(run(["python", "-m", f"benchmarks.{options.name}", *options.arguments]))


def relevance(options: argparse.Namespace) -> None:
    options.name = "relevance"
    bench(options)


def lock(options: argparse.Namespace) -> None:
    """Write the locks. A lock names no registry: where packages come from is the machine's affair."""
    install("installer")
    upgrade = ["--upgrade"] if options.upgrade else []
    base = "requirements/base.txt"
    for arguments in (
        ["pyproject.toml", *EXTRAS, "--output-file", base],
        [
            "pyproject.toml",
            *EXTRAS,
            "--group",
            "dev",
            "--constraint",
            base,
            "--output-file",
            "requirements/dev.txt",
        ],
        ["--group", "installer", "--output-file", "requirements/installer.txt"],
    ):
        say(f"Locking {arguments[-1]} …")
        if run([*LOCK, *upgrade, *arguments]) != 0:
            sys.exit("The lock could not be written.")


def main() -> None:
    ours, theirs = sys.argv[1:], []
    if "--" in ours:
        ours, theirs = ours[: ours.index("--")], ours[ours.index("--") + 1 :]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("demo", help="the site with demo data")
    command.add_argument("--port", type=int, default=8000)
    command.set_defaults(run=demo)
    command = commands.add_parser("test", help="linters, types and tests")
    command.add_argument("--quick", action="store_true", help="leave out browser and slow tests")
    command.add_argument("--only-tests", action="store_true", help="leave out linters and types")
    command.set_defaults(run=test)
    command = commands.add_parser("bench", help="measure, in ratios of one run")
    command.add_argument("name")
    command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")
    command.set_defaults(run=bench)
    command = commands.add_parser("relevance", help="measure how well search finds and ranks")
    command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")
    command.set_defaults(run=relevance)
    command = commands.add_parser("lock", help="write the locks from pyproject.toml")
    command.add_argument("--upgrade", action="store_true", help="take the newest versions")
    command.set_defaults(run=lock)
    options = parser.parse_args(ours)
    options.arguments = [*getattr(options, "arguments", []), *theirs]
    options.run(options)


if __name__ == "__main__":
    main()
