"""Reading the chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.seals import Acts, ChainState, Kind, Standing
from parvis.hub.seals.models import DailyRoot, SealEntry, Stamp
from parvis.hub.seals.protection import TABLES, trigger_names

MOST_SHOWN = 20
LATE = timedelta(days=2)
STEP = 1_000
"""Rows read at once: the whole chain passes in constant memory, and no question lasts."""


def chain_state() -> ChainState:
    """Where the chain stands."""
    last = SealEntry.objects.order_by("-sequence").values_list("sequence", "digest").first()
    return ChainState(*last) if last else ChainState()


def entries_of(subject: str) -> QuerySet[SealEntry]:
    """What was sealed about this subject, the first first; under a former address of the portal too, which the chain cannot change."""
    rows = SealEntry.objects.filter(subject=subject)
    if rows.exists():
        return rows
    return SealEntry.objects.filter(subject__endswith=urlsplit(subject).path)


def entries_about(sequence: int) -> QuerySet[SealEntry]:
    """Entries that correct, replace or withdraw this one."""
    return SealEntry.objects.filter(refers_to=sequence)


def rows_after(sequence: int = 0, until: int = 2**53) -> Iterator[SealEntry]:
    """The entries that follow, up to that of number ``until``, in order."""
    while rows := list(
        SealEntry.objects.filter(sequence__gt=sequence, sequence__lte=until).order_by("sequence")[:STEP]
    ):
        yield from rows
        sequence = rows[-1].sequence


def chain_lines(after: int = 0, until: int = 2**53) -> Iterator[bytes]:
    """The lines of the public chain that follow that of number ``after``, up to that of number ``until``."""
    return (row.line for row in rows_after(after, until))


def standings_with_digest(sha256: str) -> list[Standing]:
    """What became of the entries that published a file with this digest, the first first."""
    rows = SealEntry.objects.filter(digests__sha256=sha256).distinct().order_by("sequence")
    return [standing_of(row) for row in rows[:MOST_SHOWN]]


def standing_of(row: SealEntry) -> Standing:
    """What became of an entry: as ``core.seals.Acts`` has it, of the entries that have to do with it alone."""
    first = row
    while first.refers_to and first.kind != Kind.CORRECTION:
        first = SealEntry.objects.get(sequence=first.refers_to)
    related: dict[int, SealEntry] = {}
    sequences = [first.sequence]
    while sequences:
        later = [other for other in SealEntry.objects.filter(refers_to__in=sequences) if other.sequence not in related]
        related |= {other.sequence: other for other in later}
        sequences = [other.sequence for other in later if other.kind != Kind.CORRECTION]
    acts = Acts()
    for sequence in sorted(related):
        acts.add(related[sequence].sealed.entry)
    return acts.standing(row.sealed.entry)


def daily_roots() -> QuerySet[DailyRoot]:
    """The root of each day, with its stamp."""
    return DailyRoot.objects.select_related("stamp")


def stamp_of(day: str) -> Stamp | None:
    """The timestamp of the root of a day (ISO 8601); None when there is none."""
    return Stamp.objects.filter(root__day=day, answer__isnull=False).first() if _is_day(day) else None


def late_stamp() -> Stamp | None:
    """The stamp of the last root, when the timestamp server has refused it for two days."""
    stamp = Stamp.objects.select_related("root").order_by("-root__sequence").first()
    late = stamp is not None and stamp.answer is None and stamp.root.made < timezone.now() - LATE
    return stamp if late else None


def unprotected_tables() -> list[str]:
    """Tables of the chain whose changes the database no longer refuses: a trigger was taken away."""
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {name for (name,) in cursor.fetchall()}
    return [table for table in TABLES if not set(trigger_names(table)) <= present]


def entry_at(sequence: int) -> SealEntry | None:
    """The entry of this number."""
    return SealEntry.objects.filter(sequence=sequence).first()


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
