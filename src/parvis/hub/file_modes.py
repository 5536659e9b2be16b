"""Who of the machine may read what an instance writes: the account it runs under, nobody else."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

PRIVATE_UMASK = 0o077


_user_umask: int | None = None


def write_for_owner_only() -> None:
    """From now on this process makes files and folders that only its own account can read, and so do its children.

    The home holds the signing key, password hashes, restricted datasets and drafts; other accounts of the machine have no
    business there, whatever the umask Parvis was started with.
    """
    global _user_umask
    former = os.umask(PRIVATE_UMASK)
    if _user_umask is None:
        _user_umask = former


def user_umask() -> int:
    """The umask this process was started with: for files that commands write where they are asked to, outside the home."""
    if _user_umask is not None:
        return _user_umask
    current = os.umask(PRIVATE_UMASK)
    os.umask(current)
    return current


def close_to_others(folder: Path) -> None:
    """Take a home away from the other accounts of the machine: itself, its database, and all else at its first level.

    Homes made before 0.1.1 were readable by all. Once the home is closed nothing below it can be reached, whatever its own
    mode: no walk through thousands of versions is needed. What belongs to another account is left; ``parvis doctor`` tells.
    """
    for path in open_to_others(folder):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~PRIVATE_UMASK)


def open_to_others(folder: Path) -> list[Path]:
    """What other accounts can read or write of a home: the home itself, and things of its first level.

    A file that another account owns, such as a ``parvis.toml`` that an administrator wrote as root, may be read by its group:
    that is how the account of the service reads it.
    """
    owner, exposed = folder.stat().st_uid, []
    for path in (folder, *folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            state = path.lstat()
            refused = PRIVATE_UMASK if state.st_uid == owner else 0o007
            if state.st_mode & refused and not stat.S_ISLNK(state.st_mode):
                exposed.append(path)
    return exposed
