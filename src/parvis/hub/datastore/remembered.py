"""Which datasets were loaded in memory, written down in the home, so that the next start loads them before anybody asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from django.conf import settings

MOST = 50


def loaded_note() -> Path:
    """The file of this home where they are written down."""
    return Path(settings.PARVIS_HOME) / "cache" / "loaded.json"


def remember_loaded(keys: Iterable[str], note: Path) -> None:
    """Write down in ``note`` the datasets of the versions of these keys, the last asked first, before those known so far."""
    previous = remembered(note)
    latest = list(dict.fromkeys([*(PurePosixPath(key).parent.parent.name for key in keys), *previous]))[:MOST]
    if latest != previous:
        # A home that cannot be written only makes the next start slower; no question fails for it.
        with suppress(OSError):
            _write(note, latest)


def remembered(note: Path) -> list[str]:
    """The unique names of the datasets of ``note``, the last asked first."""
    try:
        names = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _write(note: Path, names: list[str]) -> None:
    note.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=note.parent, delete=False, encoding="utf-8") as written:
        json.dump(names, written)
    Path(written.name).replace(note)
