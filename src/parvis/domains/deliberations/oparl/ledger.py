"""What harvesters are told: objects made of the rows of the subject, dated by what the ledger remembers of them.

A change is noted in its own transaction (``changes``), and looked at before the next answer: an object gets its date of change when
somebody could first read it so. Whoever asks for what changed since they last asked misses nothing, were the change committed long
after it was made. What bypasses the signals of Django is seen by ``reconcile``, every night.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation

from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.oparl.acts import ONLINE, things_of_acts
from parvis.domains.deliberations.oparl.bodies import publishing_organisations, things_of_organisations
from parvis.domains.deliberations.oparl.meetings import things_of_sessions
from parvis.domains.deliberations.oparl.tables import OparlChange, OparlObject
from parvis.domains.deliberations.oparl.words import LONG, OMITTED, TYPE_AT, VERSION, Thing, address, moment
from parvis.hub.records.rules import Status

LOOKED_AT_ONCE = 500
"""Changes that one answer takes upon itself: after a mass deposit, the next answers and the night do the rest."""
BATCH = 200
ACT, SESSION, ORGANISATION = KINDS = ("act", "session", "organisation")
"""Rows that objects are made of, what is named before what names it."""

type Root = tuple[str, int]
type Name = tuple[str, str]
"""The type and the key of an object."""


def settle() -> int:
    """Look at what was noted since the last answer, at most ``LOOKED_AT_ONCE`` changes; how many."""
    if not OparlChange.objects.exists():
        return 0
    # When somebody writes for long, the answer does not wait for it: dates are then those of the last look.
    with suppress(OperationalError), transaction.atomic():
        # In order, and locked: two answers never look at once, or the slower would write an older digest over a newer.
        changes = list(OparlChange.objects.select_for_update().order_by("pk")[:LOOKED_AT_ONCE])
        bring_up_to_date({(row.root, row.root_key) for row in changes})
        OparlChange.objects.filter(pk__in=[row.pk for row in changes]).delete()
        return len(changes)
    return 0


def reconcile() -> None:
    """Look at everything, ``BATCH`` rows at a time: what was written past the signals, and what is no longer there."""
    while settle():
        pass
    online = {
        ACT: set(Act.objects.filter(ONLINE).values_list("pk", flat=True)),
        SESSION: set(Session.objects.filter(status=Status.PUBLISHED).values_list("pk", flat=True)),
        ORGANISATION: set(publishing_organisations().values_list("pk", flat=True)),
    }
    for root, keys in online.items():
        ever = OparlObject.objects.filter(root=root, deleted=False).values_list("root_key", flat=True).distinct()
        for batch in itertools.batched(sorted(keys.union(ever)), BATCH, strict=False):
            roots = {(root, key) for key in batch}
            # Looked at first without keeping others from writing: most nights there is nothing to write.
            if any(_differences(things_of(roots, texts=True), timezone.now())):
                with transaction.atomic():
                    bring_up_to_date(roots)


def bring_up_to_date(roots: Collection[Root]) -> None:
    """Have the ledger say what is true of some rows; what says the same keeps its date.

    Acts come first and parts before wholes: what holds a part that changed has changed, though it writes nothing of that change.
    """
    now = timezone.now().replace(microsecond=0)
    for kind in KINDS:
        new, changed = _differences(things_of([root for root in roots if root[0] == kind], texts=True), now)
        OparlObject.objects.bulk_create(new)
        OparlObject.objects.bulk_update(changed, ["deleted", "digest", "modified", "assembly"], batch_size=BATCH)


def _differences(things: dict[Root, list[Thing]], now: datetime) -> tuple[list[OparlObject], list[OparlObject]]:
    """The rows that the ledger lacks, and those that no longer say what is true."""
    rows: dict[Root, dict[Name, OparlObject]] = {root: {} for root in things}
    for row in OparlObject.objects.filter(_of_roots(things)):
        rows[row.root, row.root_key][row.type, row.key] = row
    dates = _dates_of(thing.whole() for of_root in things.values() for thing in of_root)
    new: list[OparlObject] = []
    changed: list[OparlObject] = []
    for root, of_root in things.items():
        former = rows[root]
        is_new = not former
        for thing in reversed(of_root):
            name = (thing.type, thing.key)
            digest, row = _digest(thing, dates), former.pop(name, None)
            if row is None:
                since = min(thing.since or now, now).replace(microsecond=0) if is_new else now
                row = _row(root, thing, digest, since, now)
                new.append(row)
            elif row.deleted or row.digest != digest or row.assembly != thing.assembly:
                row.deleted, row.digest, row.modified, row.assembly = False, digest, now, thing.assembly
                changed.append(row)
            dates[name] = row
        for row in former.values():
            if not row.deleted:
                row.deleted, row.digest, row.modified = True, "", now
                changed.append(row)
    return new, changed


def things_of(roots: Iterable[Root], *, texts: bool) -> dict[Root, list[Thing]]:
    """What is told of each row, none of which readers do not see; in French, whoever asks."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for root, key in roots:
        by_kind[root].add(key)
    # In order, so that what is written of them together is listed as they came.
    things: dict[Root, list[Thing]] = {(root, key): [] for root, keys in by_kind.items() for key in sorted(keys)}
    with translation.override("fr"):
        makers = {
            ORGANISATION: things_of_organisations,
            SESSION: partial(things_of_sessions, texts=texts),
            ACT: partial(things_of_acts, texts=texts),
        }
        for root, keys in by_kind.items():
            things |= {(root, key): rows for key, rows in makers[root](keys).items()}
    return things


def tell(rows: Sequence[OparlObject], *, omit: bool = False) -> list[dict[str, Any]]:
    """The objects of some rows of the ledger, in their order: whole, dated, or no more than the trace of what was.

    What is no longer online and was not looked at since is left out. ``omit`` leaves out lists of parts.
    """
    live = [row for row in rows if not row.deleted]
    texts = any(row.type in LONG for row in live)
    there = {
        (thing.type, thing.key): thing.whole()
        for things in things_of({(row.root, row.root_key) for row in live}, texts=texts).values()
        for thing in things
    }
    shown = {}
    for row in live:
        if (whole := there.get((row.type, row.key))) is not None:
            left_out = OMITTED.get(row.type, ()) if omit else ()
            shown[row.pk] = {name: value for name, value in whole.items() if name not in left_out}
    dates = {(row.type, row.key): row for row in rows} | _dates_of(shown.values())
    return [
        _dated(shown[row.pk], dates) if row.pk in shown else trace(row)
        for row in rows
        if row.deleted or row.pk in shown
    ]


def trace(row: OparlObject, modified: datetime | None = None) -> dict[str, Any]:
    """What stays of an object that is no longer online."""
    return {
        "id": address(row.type, row.key),
        "type": VERSION + row.type,
        "created": moment(row.created),
        "modified": moment(modified or row.modified),
        "deleted": True,
    }


def _dates_of(objects: Iterable[dict[str, Any]]) -> dict[Name, OparlObject]:
    """The rows of the parts of some objects: one question."""
    by_type: dict[str, set[str]] = defaultdict(set)
    for whole in objects:
        for part in itertools.islice(_parts(whole), 1, None):
            kind, key = _name(part)
            by_type[kind].add(key)
    if not by_type:
        return {}
    names = Q()
    for kind, keys in by_type.items():
        names |= Q(type=kind, key__in=keys)
    return {(row.type, row.key): row for row in OparlObject.objects.filter(names)}


def _dated(whole: dict[str, Any], dates: dict[Name, OparlObject]) -> dict[str, Any]:
    """The object with its dates and those of its parts; a part that was not looked at yet is of this moment."""
    row = dates.get(_name(whole))
    now = timezone.now()
    stamps = {"created": moment(row.created if row else now), "modified": moment(row.modified if row else now)}
    inside = {name: _dated_value(value, dates) for name, value in whole.items()}
    return {"id": inside.pop("id"), "type": inside.pop("type"), **stamps, **inside}


def _dated_value(value: Any, dates: dict[Name, OparlObject]) -> Any:
    if isinstance(value, list):
        return [_dated_value(item, dates) for item in value]
    return _dated(value, dates) if _is_object(value) else value


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """An object, and all that are within it."""
    if isinstance(value, list):
        for item in value:
            yield from _parts(item)
    elif _is_object(value):
        yield value
        for inner in value.values():
            yield from _parts(inner)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and str(value.get("type", "")).startswith(VERSION)


def _name(whole: dict[str, Any]) -> Name:
    *_path, place, key = whole["id"].split("/")
    return TYPE_AT[place], key


def _of_roots(roots: Iterable[Root]) -> Q:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for root, key in roots:
        by_kind[root].add(key)
    names = Q(pk__in=())
    for root, keys in by_kind.items():
        names |= Q(root=root, root_key__in=keys)
    return names


def _row(root: Root, thing: Thing, digest: str, created: datetime, modified: datetime) -> OparlObject:
    return OparlObject(
        type=thing.type,
        key=thing.key,
        root=root[0],
        root_key=root[1],
        body=thing.body,
        assembly=thing.assembly,
        created=created,
        modified=modified,
        digest=digest,
    )


def _digest(thing: Thing, dates: dict[Name, OparlObject]) -> str:
    """What an object says, and when what it holds last changed."""
    whole = thing.whole()
    parts = [dates.get(_name(part)) for part in itertools.islice(_parts(whole), 1, None)]
    moments = [row.modified.isoformat() if row else "" for row in parts]
    text = json.dumps([whole, moments], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
