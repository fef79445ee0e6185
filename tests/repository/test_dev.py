"""dev.py: what it says, and when it refuses."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from types import ModuleType

import pytest

from tests.repository.tree import ROOT, imported_names


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_the_standard_library() -> None:
    assert {name.split(".")[0] for name in imported_names(Path("dev.py"))} <= set(sys.stdlib_module_names)


def test_skipped_tests_are_counted_loudly(
    dev: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.xml"
    skip = '<testcase><skipped message="no Chromium"/></testcase>'
    report.write_text(f"<testsuites><testsuite>{skip * 3}<testcase/></testsuite></testsuites>")
    dev.say_skips(report)
    said = capsys.readouterr().out
    assert "3 TESTS WERE SKIPPED" in said
    assert "3 × no Chromium" in said


def test_one_failing_check_fails_the_whole_and_the_rest_still_runs(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def run(command: list[str], **_options: object) -> int:
        ran.append(command[0])
        return int(command[0] == "mypy")

    monkeypatch.setattr(dev, "install", lambda lock: None)
    monkeypatch.setattr(dev, "run", run)
    with pytest.raises(SystemExit) as end:
        dev.test(Namespace(only_tests=False, quick=False, arguments=[]))
    assert str(end.value) == "\nFAILED: types"
    assert {"ruff", "djlint", "lint-imports", "mypy", "python"} <= set(ran)


def test_an_unchanged_lock_is_not_installed_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[list[str]] = []
    for name, value in {"VENV": tmp_path, "BIN": tmp_path / "bin", "PYTHON": Path(sys.executable)}.items():
        monkeypatch.setattr(dev, name, value)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").touch()
    monkeypatch.setattr(dev, "run", lambda command, **_options: ran.append(command) or 0)
    dev.install("base")
    first = len(ran)
    assert first > 0
    dev.install("base")
    assert len(ran) == first


def test_a_port_in_use_is_said_before_anything_else() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env={"DEMO": "1", "SECRET_KEY": "x", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert f"Port {port} cannot be used" in ended.stderr
    assert f"--port {port + 1}" in ended.stderr
