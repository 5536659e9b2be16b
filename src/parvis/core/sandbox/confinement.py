"""What the operating system forbids a child: memory, time, files, network, outliving its parent."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_READ = 0b1100
"""Read a file, list a folder."""
_WRITE = 0b100_0001_1011_0010
"""Write, cut, make and remove plain files and folders."""
_ALL_BY_ABI = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_TCP = 0b11
_OPEN_FILES = 64


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
    os.nice(10)


def limit_memory(more: int) -> None:
    """Take at most ``more`` bytes of address space beyond what is taken now."""
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, taken + more)


def allow_processor(seconds: float) -> None:
    """From now on, be killed after that many seconds of processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def confine(readable: Iterable[Path], writable: Path) -> bool:
    """Keep this process from every file but those below these folders, and from TCP; False where Linux has no Landlock."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    abi = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if abi < 1:
        return False
    handled = _ALL_BY_ABI[min(abi, 5)]
    wanted = struct.pack("QQ", handled, _TCP) if abi >= 4 else struct.pack("Q", handled)
    rules = libc.syscall(_CREATE_RULESET, wanted, len(wanted), 0)
    if rules < 0:
        return False
    try:
        for folder in readable:
            _beneath(libc, rules, folder, _READ)
        _beneath(libc, rules, writable, (_READ | _WRITE) & handled)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _beneath(libc: ctypes.CDLL, rules: int, folder: Path, rights: int) -> None:
    if not folder.is_dir():
        return
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _lower(which: int, value: int) -> None:
    _soft, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))
