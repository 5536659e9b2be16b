"""Which datasets were loaded in memory, written down in the home, so that the next start loads them before anybody asks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from django.conf import settings

MOST = 50


def remember_loaded(keys: Iterable[str]) -> None:
    """Write down the datasets of the versions of these keys, the last asked first, before those known so far."""
    previous = remembered()
    latest = list(dict.fromkeys([*(PurePosixPath(key).parent.parent.name for key in keys), *previous]))[:MOST]
    if latest != previous:
        # A home that cannot be written only makes the next start slower; no question fails for it.
        with suppress(OSError):
            _write(latest)


def remembered() -> list[str]:
    """The unique names of these datasets, the last asked first."""
    try:
        names = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _uid(version: Path | str) -> str:
    """The dataset of a version, by the name of the version in the store or its local path."""
    return PurePosixPath(version).parent.parent.name


def _write(names: list[str]) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as written:
        json.dump(names, written)
    Path(written.name).replace(path)


def _path() -> Path:
    return Path(settings.PARVIS_HOME) / "cache" / "loaded.json"
