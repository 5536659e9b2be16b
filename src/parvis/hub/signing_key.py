"""The key that signs and encrypts: made once, kept in the home, and those it replaced."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

KEY_FILE = "secret-key"


def new_key() -> str:
    """A signing key: 400 random bits."""
    return secrets.token_urlsafe(50)


def secret_key(folder: Path, setting: str) -> str:
    """The signing key: the one given, else the first line of the file kept in the home, made at first use with mode 600."""
    if setting:
        return setting
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(new_key())
    return path.read_text(encoding="ascii").split("\n")[0].strip()


def former_keys(folder: Path, setting: str, former: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that still read what they encrypted: those of the settings, and the further lines of the file when it is used."""
    path = folder / KEY_FILE
    lines = [] if setting or not path.exists() else path.read_text(encoding="ascii").split()[1:]
    return (*former, *lines)
