"""Checks of strangers' files: the report lives an hour and the file a quarter of one, under an address nobody can guess.

Nothing of them is in the database: the store holds both, as ``checks/<token>/``. The file stays that long so that nobody sends it
twice: to have it checked against another schema, to have its sure corrections made.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.validation.reports.endings import ENDINGS
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.datastore.inspections import store_report
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.store import check_name, store
from parvis.hub.validation.kinds import SWEEP

LIFE = 3600.0
"""Seconds that a report is kept."""
FILE_LIFE = 900.0
"""Seconds that the file itself is kept."""
KEPT_BYTES = 50_000_000
"""A larger file goes with its request."""
ALL_KEPT_BYTES = 1_000_000_000
"""Of all the files kept at once; beyond, a file goes with its request."""

FACTS = "facts.json"
FILE = "file"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Passing:
    """A report kept for an hour: its token, facts, the files it has, the seconds left to it and to the file that it is about."""

    token: str
    facts: Mapping[str, Any]
    endings: list[str]
    seconds_left: int
    file_seconds_left: int = 0
    """None once the file is gone."""

    def file(self, ending: str) -> BinaryIO:
        """A file of the report, open; NotFound when there is none of that ending."""
        if ending not in self.endings:
            raise NotFound(name=f"rapport.{ending}")
        return store().open(f"{check_name(self.token)}/rapport.{ending}")

    def received(self, folder: Path) -> Path:
        """The file that it is about, copied into a work folder; NotFound once it is gone."""
        if not self.file_seconds_left:
            raise NotFound(name=str(self.facts["file"]))
        copy = folder / "recu-0"
        with store().open(f"{check_name(self.token)}/{FILE}") as stream, copy.open("xb") as target:
            shutil.copyfileobj(stream, target)
        return copy


def keep_report(folder: Path, facts: Mapping[str, Any], file: Path | None = None) -> str:
    """Store the report written in a work folder and what it is about, for an hour, and the file, where there is room for it,
    for a quarter of one; the token by which they are found."""
    token = secrets.token_urlsafe(24)
    try:
        store_report(folder, check_name(token))
        if file is not None and _has_room_for(file):
            store().put(f"{check_name(token)}/{FILE}", file)
            _ask_sweep()
        # Last: a report without it is not found.
        store().put(f"{check_name(token)}/{FACTS}", json.dumps(facts, ensure_ascii=False).encode())
    except BaseException:
        remove_report(token)
        raise
    return token


def passing_report(token: str) -> Passing:
    """The report of that token; NotFound once its hour is over, or when there never was one."""
    if not _TOKEN.fullmatch(token):
        raise NotFound(name=token)
    name = check_name(token)
    try:
        with store().open(f"{name}/{FACTS}") as stream:
            facts = json.loads(stream.read())
        left = LIFE - (time.time() - store().stat(f"{name}/{FACTS}").changed)
    except NotFound as error:
        raise NotFound(name=token) from error
    if left <= 0:
        remove_report(token)
        raise NotFound(name=token)
    files = store().children(name)
    endings = [ending for ending in ENDINGS if f"rapport.{ending}" in files]
    return Passing(token, facts, endings, int(left), _file_seconds_left(name) if FILE in files else 0)


def _file_seconds_left(name: str) -> int:
    try:
        return max(0, int(FILE_LIFE - (time.time() - store().stat(f"{name}/{FILE}").changed)))
    except NotFound:  # swept meanwhile
        return 0


def _has_room_for(file: Path) -> bool:
    size = file.stat().st_size
    if size > KEPT_BYTES:
        return False
    sizes = (_size(f"{check_name(token)}/{FILE}") for token in store().children("checks"))
    return size + sum(sizes) <= ALL_KEPT_BYTES


def _size(name: str) -> int:
    try:
        return store().stat(name).bytes
    except NotFound:
        return 0


def _ask_sweep() -> None:
    """One sweep for the files of each minute, once the last of them is over."""
    minute = timezone.now().replace(second=0, microsecond=0)
    enqueue_once(OPERATOR, SWEEP, minute.isoformat(), after=minute + timedelta(seconds=FILE_LIFE + 60))


def remove_report(token: str) -> None:
    """Remove a report, whole or not."""
    if _TOKEN.fullmatch(token):
        store().delete(check_name(token))


def sweep() -> int:
    """Remove the files whose quarter of an hour is over and the reports whose hour is, those of killed processes too; how many
    reports."""
    tokens = store().children("checks")
    for token in tokens:
        if _size(f"{check_name(token)}/{FILE}") and not _file_seconds_left(check_name(token)):
            store().delete(f"{check_name(token)}/{FILE}")
    old = [token for token in tokens if _age(token) > LIFE]
    for token in old:
        store().delete(check_name(token))
    return len(old)


def _age(token: str) -> float:
    """Seconds since the last of its files was written."""
    latest = 0.0
    for name in store().walk(check_name(token)):
        try:
            latest = max(latest, store().stat(name).changed)
        except NotFound:  # another process sweeps too
            continue
    return time.time() - latest if latest else 0.0
