"""Which process holds a job, and whether it lives: a lock on a file, which the system drops when the process dies."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from parvis.core.text import slugify


def _folder() -> Path:
    return settings.PARVIS_HOME / "running"


def _machine() -> str:
    return slugify(socket.gethostname())[:30] or "machine"


class _Mine:
    """The name and the locked file of this process; a forked child starts with neither."""

    name = ""
    descriptor = -1


def _forget() -> None:
    if _Mine.descriptor >= 0:
        os.close(_Mine.descriptor)  # closing a copy does not unlock the parent's
    _Mine.name, _Mine.descriptor = "", -1


os.register_at_fork(after_in_child=_forget)


def this_process() -> str:
    """The name under which this process holds jobs; its lock is taken at the first call and kept until death."""
    while not _Mine.name or not (_folder() / f"{_Mine.name}.lock").exists():
        _forget()
        name = f"{_machine()}-{os.getpid()}-{secrets.token_hex(4)}"
        path = _folder() / f"{name}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _Mine.name, _Mine.descriptor = name, descriptor
    return _Mine.name


def is_local(holder: str) -> bool:
    """Whether that process ran on this machine."""
    return holder.rsplit("-", 2)[0] == _machine()


def is_alive(holder: str) -> bool:
    """Whether that process of this machine still lives."""
    try:
        descriptor = os.open(_folder() / f"{holder}.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def living() -> set[str]:
    """Every living process of this machine that may hold jobs; the files of the dead are removed."""
    alive = set()
    for path in _folder().glob("*.lock"):
        if is_alive(path.stem):
            alive.add(path.stem)
        else:
            with suppress(FileNotFoundError):  # another process sweeps too
                path.unlink()
    return alive


def work_folder() -> Path:
    """The scratch folders of the processes of this machine, on its own disk."""
    return settings.PARVIS_HOME / "work"


def process_folder() -> Path:
    """The scratch folder of this process; what a dead process left there can be told from its name."""
    folder = work_folder() / this_process()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
