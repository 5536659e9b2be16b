"""A source read again: what it changed is taken, what was edited here stays, what it no longer says is told and never deleted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Any, Final

from parvis.core.calendars.events import Event, Source

OWN: Final = frozenset({"uid", "sources", "updated"})
"""Fields that no source changes: who the event is here, where it was read, and when the source wrote it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """An event after its source was read again: the fields ``taken`` from it, and the ``conflicts``, changed on both sides, where
    what was written here stays."""

    event: Event
    taken: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """What reading a source again does: events to add, those merged with some change, how many are as before, the identifiers
    there of those that it no longer has (``missing``, still here) and of those it has that were removed here (``removed``)."""

    added: tuple[Event, ...] = ()
    merged: tuple[Merged, ...] = ()
    unchanged: int = 0
    missing: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def digest_of(event: Event) -> str:
    """What a source says of an event, as a digest; where and when it was read is no part of it."""
    facts = {name: value for name, value in event.to_dict().items() if name not in OWN}
    return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def merge(last: Event | None, incoming: Event, current: Event) -> Merged:
    """``current`` with what the source changed between ``last`` and ``incoming``, field by field.

    Without ``last`` (a source met for the first time, an event recognised as the same) only what is empty here is filled.
    """
    values: dict[str, Any] = {}
    conflicts: list[str] = []
    for name in _shared():
        before, after, here = (
            getattr(event, name) if event is not None else None for event in (last, incoming, current)
        )
        if after == here or (last is not None and after == before):
            continue
        if last is None and here != _empty(name):
            continue
        if last is None or here == before:
            values[name] = after
        else:
            conflicts.append(name)
    sources = _sources(current, incoming)
    merged = replace(current, **values, sources=sources, updated=incoming.updated or current.updated)
    return Merged(merged, tuple(values), tuple(conflicts))


def update(source: str, last: Mapping[str, Event], read: Iterable[Event], here: Iterable[Event]) -> Update:
    """What reading ``source`` again does to the events ``here``.

    ``last`` holds what it said last time, by identifier there; ``read`` is what it says now, each event with its Source.
    """
    by_identifier = {one.identifier: event for event in here for one in event.sources if one.name == source}
    added, merged, removed, unchanged = [], [], [], 0
    met = set()
    for incoming in read:
        identifier = _identifier(incoming, source)
        met.add(identifier)
        existing = by_identifier.get(identifier)
        if existing is None:
            if identifier in last:
                removed.append(identifier)
            else:
                added.append(replace(incoming, sources=_digested(incoming)))
            continue
        outcome = merge(last.get(identifier), incoming, existing)
        if outcome.taken or outcome.conflicts:
            merged.append(outcome)
        else:
            unchanged += 1
    missing = tuple(sorted(by_identifier.keys() - met))
    return Update(tuple(added), tuple(merged), unchanged, missing, tuple(removed))


def _shared() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Event) if field.name not in OWN)


def _empty(name: str) -> Any:
    return getattr(Event(uid="", title=""), name)


def _identifier(event: Event, source: str) -> str:
    return next((one.identifier for one in event.sources if one.name == source), event.uid)


def _digested(event: Event) -> tuple[Source, ...]:
    digest = digest_of(event)
    return tuple(replace(source, digest=digest) for source in event.sources)


def _sources(current: Event, incoming: Event) -> tuple[Source, ...]:
    """Every source of both, those of ``incoming`` with what they say now."""
    by_key = {(one.name, one.identifier): one for one in current.sources}
    return tuple((by_key | {(one.name, one.identifier): one for one in _digested(incoming)}).values())
