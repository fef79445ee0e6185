"""What the model's process gives up before it reads a text that somebody else wrote."""

from __future__ import annotations

import ctypes
import resource
import signal

MEMORY = 1 << 30  # address space; the model with its work space takes less than 200 MB
OPEN_FILES = 64
CPU_SECONDS = 10  # for one text; 2,000 characters take about half a second
WALL_SECONDS = 60.0

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38


def enter() -> bool:
    """Gives up memory, files, core dumps, new privileges and the network. Call it before any thread starts.

    Returns whether the network is gone: some systems do not let an ordinary process do without.
    """
    for what, wanted in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (most, most))
    system = ctypes.CDLL(None, use_errno=True)
    if not hasattr(system, "unshare"):  # not Linux
        return False
    alone = system.unshare(_NEW_USER | _NEW_NETWORK) == 0
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(alone)


def no_more_processes() -> None:
    """After this the process cannot start another. (Root may; the site does not run as root.)"""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def watch() -> None:
    """The system ends this process if the work that begins now takes too long, even inside C code."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def rest() -> None:
    """The work that `watch` watches is done."""
    signal.setitimer(signal.ITIMER_REAL, 0)
