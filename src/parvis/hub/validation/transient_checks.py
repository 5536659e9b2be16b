"""Checks of strangers' files: the file lives as long as its request, the report an hour, under an address nobody can guess.

Nothing of them is in the database: ``<home>/checks/<token>/`` holds the report alone.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from parvis.core.errors import NotFound

LIFE = 3600.0
"""Seconds that a report is kept."""

FACTS = "facts.json"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Passing:
    """A report kept for an hour: its token, folder, facts, and the seconds left to it."""

    token: str
    folder: Path
    facts: Mapping[str, Any]
    seconds_left: int

    def file(self, ending: str) -> Path:
        """A file of the report; NotFound when there is none of that ending."""
        path = self.folder / f"rapport.{ending}"
        if ending not in ("csv", "json", "xlsx") or not path.is_file():
            raise NotFound(name=f"rapport.{ending}")
        return path

    @property
    def endings(self) -> list[str]:
        """The files of the report that are there."""
        return [ending for ending in ("csv", "json", "xlsx") if (self.folder / f"rapport.{ending}").is_file()]


def checks_folder() -> Path:
    """Where reports of passing files stand."""
    return settings.PARVIS_HOME / "checks"


def new_report() -> tuple[str, Path]:
    """A token and its empty folder; call ``keep_report`` once it is filled, ``remove_report`` otherwise."""
    token = secrets.token_urlsafe(24)
    folder = checks_folder() / token
    folder.mkdir(parents=True)
    return token, folder


def keep_report(token: str, facts: Mapping[str, Any]) -> None:
    """Say what the report is about; from then on it is found, for an hour."""
    (checks_folder() / token / FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def passing_report(token: str) -> Passing:
    """The report of that token; NotFound once its hour is over, or when there never was one."""
    folder = checks_folder() / token
    if not _TOKEN.fullmatch(token) or not (folder / FACTS).is_file():
        raise NotFound(name=token)
    left = LIFE - (time.time() - (folder / FACTS).stat().st_mtime)
    if left <= 0:
        remove_report(token)
        raise NotFound(name=token)
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return Passing(token, folder, facts, int(left))


def remove_report(token: str) -> None:
    """Remove a report, whole or not."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(checks_folder() / token, ignore_errors=True)


def sweep() -> int:
    """Remove the reports whose hour is over; how many."""
    gone, root = 0, checks_folder()
    for folder in root.iterdir() if root.is_dir() else ():
        try:
            old = time.time() - folder.stat().st_mtime > LIFE
        except FileNotFoundError:  # another process sweeps too
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone
