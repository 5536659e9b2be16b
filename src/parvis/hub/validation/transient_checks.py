"""Checks of strangers' files: the file lives as long as its request, the report an hour, under an address nobody can guess.

Nothing of them is in the database: the store holds the report alone, as ``checks/<token>/``.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from parvis.core.errors import NotFound
from parvis.core.validation.reports.endings import ENDINGS
from parvis.hub.datastore.inspections import store_report
from parvis.hub.store import check_name, store

LIFE = 3600.0
"""Seconds that a report is kept."""

FACTS = "facts.json"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Passing:
    """A report kept for an hour: its token, facts, the files it has, and the seconds left to it."""

    token: str
    facts: Mapping[str, Any]
    endings: list[str]
    seconds_left: int

    def file(self, ending: str) -> BinaryIO:
        """A file of the report, open; NotFound when there is none of that ending."""
        if ending not in self.endings:
            raise NotFound(name=f"rapport.{ending}")
        return store().open(f"{check_name(self.token)}/rapport.{ending}")


def keep_report(folder: Path, facts: Mapping[str, Any]) -> str:
    """Store the report written in a work folder and what it is about, for an hour; the token by which it is found."""
    token = secrets.token_urlsafe(24)
    try:
        store_report(folder, check_name(token))
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
    return Passing(token, facts, [ending for ending in ENDINGS if f"rapport.{ending}" in files], int(left))


def remove_report(token: str) -> None:
    """Remove a report, whole or not."""
    if _TOKEN.fullmatch(token):
        store().delete(check_name(token))


def sweep() -> int:
    """Remove the reports whose hour is over, those of killed processes too; how many."""
    tokens = store().children("checks")
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
