"""What the operating system forbids a child: memory, time, files, network, other processes, outliving its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import stat
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_RUN = 1
"""Run a program."""
_READ = 0b1100
"""Read a file, list a folder."""
_WRITE = 0b100_0001_1011_0010
"""Write, cut, make and remove plain files and folders."""
_SOCKET = 1 << 9
"""Make Unix sockets."""
_LINK = 1 << 12
"""Make symbolic links."""
_OF_A_FILE = 0b100_0000_0000_0111
"""The rights that a rule on a file, not a folder, may have: run, write, read, cut."""
_ALL_BY_ABI = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_TCP = 0b11
_SCOPES = 0b11
"""Since ABI 6: no abstract Unix socket and no signal beyond the process's own domain."""
_OPEN_FILES = 128
_NICENESS = 10


def die_with(parent: int) -> None:
    """Be killed when the parent ends, however it ends; leave at once when it has already."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_DUMPABLE, 0)
    if os.getppid() != parent:
        os._exit(0)


def limit_resources(file_bytes: int) -> None:
    """No core dump, few open files, no large file, last in line for the processor."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    os.nice(max(0, _NICENESS - os.nice(0)))


def limit_memory(more: int, mapped: int = 0) -> None:
    """Take at most ``more`` bytes beyond what is taken now, and as much address space besides for files of ``mapped`` bytes.

    Large texts are mapped whole and read page by page: that is address space, not memory. What is written in memory is
    bounded apart (``RLIMIT_DATA``, private pages since Linux 4.7).
    """
    if sys.platform != "linux":
        return
    pages = list(map(int, Path("/proc/self/statm").read_text(encoding="ascii").split()))
    _lower(resource.RLIMIT_AS, pages[0] * resource.getpagesize() + more + mapped)
    _lower(resource.RLIMIT_DATA, pages[5] * resource.getpagesize() + more)


def die_first() -> None:
    """Be the one that the system ends when the machine lacks memory, rather than what serves pages."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def allow_processor(seconds: float) -> None:
    """From now on, be killed after that many seconds of processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def libraries() -> list[Path]:
    """What a process needs to read of the machine to run at all: Python, its packages, the system's libraries.

    Neither ``/etc`` nor the whole of ``/proc``: of the latter its own folder, and what tells of processors and memory.
    """
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {
        "/usr/lib",
        "/usr/lib64",
        "/usr/share/zoneinfo",
        "/lib",
        "/lib64",
        "/sys/fs/cgroup",
        "/sys/devices/system",
    }
    paths |= {"/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/dev/urandom", "/dev/null"}
    code = Path(__file__).resolve().parents[2]  # this package, wherever it is installed from
    return [*map(Path, sorted(paths)), code]


def can_confine() -> bool:
    """Whether this machine has Landlock."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, 1) >= 1)


def confine(
    readable: Iterable[Path],
    writable: Iterable[Path],
    *,
    links: bool = False,
    runnable: Iterable[Path] = (),
    sockets: Iterable[Path] = (),
) -> bool:
    """Keep this process from every file but these and those below these folders, and from TCP; False without Landlock.

    ``links``: symbolic links may be made in the writable folders; anyone who reads there afterwards must expect them.
    ``runnable``: programs below these may be run; they are kept as this process is. ``sockets``: Unix sockets, and nothing else,
    may be made in these.
    """
    if not can_confine():
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    abi = libc.syscall(_CREATE_RULESET, None, 0, 1)
    handled = _ALL_BY_ABI[min(abi, 5)]
    rules = libc.syscall(_CREATE_RULESET, *_wanted(abi, handled), 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            _beneath(libc, rules, path, _READ)
        for path in writable:
            _beneath(libc, rules, path, (_READ | _WRITE | (_LINK if links else 0)) & handled)
        for path in runnable:
            _beneath(libc, rules, path, _READ | _RUN)
        for path in sockets:
            _beneath(libc, rules, path, _SOCKET)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _wanted(abi: int, handled: int) -> tuple[bytes, int]:
    """The attributes of the rule set that this version of Landlock knows, and their size."""
    fields = [handled]
    if abi >= 4:
        fields.append(_TCP)
    if abi >= 6:
        fields.append(_SCOPES)
    packed = struct.pack(f"{len(fields)}Q", *fields)
    return packed, len(packed)


def _beneath(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_A_FILE
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _lower(which: int, value: int) -> None:
    _soft, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
