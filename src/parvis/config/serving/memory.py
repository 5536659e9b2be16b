"""The memory of a portal, process by process, and of the machine, as Linux tells them; nothing is known elsewhere."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SYSTEM = Path("/")


@dataclass(frozen=True, slots=True)
class Machine:
    """Its memory, in bytes: all that this process may have, and what is free of it."""

    total: int
    free: int


def machine(root: Path = SYSTEM) -> Machine | None:
    """The memory of this machine, or of the container that it runs in when that is less; None where the system does not tell."""
    with suppress(OSError, KeyError, ValueError):
        rows = dict(
            re.findall(r"^(\w+):\s+(\d+) kB", (root / "proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
        )
        total, free = int(rows["MemTotal"]) * 1024, int(rows["MemAvailable"]) * 1024
        with suppress(OSError, ValueError):  # "max" when the container has no bound
            group = root / "sys/fs/cgroup"
            most = int((group / "memory.max").read_text(encoding="ascii"))
            free = min(free, max(0, most - int((group / "memory.current").read_text(encoding="ascii"))))
            total = min(total, most)
        return Machine(total, free)
    return None


def share_arena() -> None:
    """Have all threads of this process, and of those forked from it, take memory from one arena of the C library.

    It gives each thread one of its own, up to eight for each processor, and what a thread no longer uses stays in its own: ten
    megabytes a web process. Python's threads take turns, and DuckDB has an allocator of its own.
    """
    with suppress(OSError, AttributeError):  # other systems have no such option
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


_M_ARENA_MAX = -8


def family(process: int) -> list[int]:
    """A process and all that come from it."""
    processes = [process]
    with suppress(OSError):  # it may end meanwhile
        for listed in Path(f"/proc/{process}/task").glob("*/children"):
            for child in listed.read_text(encoding="ascii").split():
                processes += family(int(child))
    return processes


def shares(portal: int) -> dict[str, int]:
    """What each process of a portal holds now, in bytes: what several share is counted once, in parts (proportional set size).

    By role: ``parent``, which starts the others, ``web``, each worker by its name, ``lecture`` for children that read.
    """
    size_by_role: dict[str, int] = {}
    for process in family(portal):
        folder = Path(f"/proc/{process}")
        with suppress(OSError):
            rollup = (folder / "smaps_rollup").read_text(encoding="ascii")
            match = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
            name = name_of(process)
            command = (folder / "cmdline").read_text(encoding="utf-8", errors="replace")
            role = name if name.startswith("parvis-") else "lecture" if "parvis.core" in command else "web"
            role = "parent" if process == portal else role
            size_by_role[role] = size_by_role.get(role, 0) + (int(match[1]) * 1024 if match else 0)
    return size_by_role


def name_of(process: int) -> str:
    """What ``ps`` calls a process; empty for one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8", errors="replace").strip()
    return ""


def portal_of(processes: Iterable[int]) -> int | None:
    """The process that started the first of these that is a worker; None when none is."""
    for process in processes:
        if name_of(process).startswith("parvis-"):
            with suppress(OSError):
                status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
                return int(status.rpartition(")")[2].split()[1])
    return None
