"""Writing counts. No actor, no journal: these rows are counters, written by the server itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from parvis.hub.usage.models import Count, VainWords
from parvis.hub.usage.rules import Seen

DAYS_KEPT = 400
"""Days kept one by one: a year and what is needed to compare months; before that, months. Words are dropped."""

type Key = tuple[date, int, Seen, bool]
"""Day, site, what was seen, whether by a robot."""
type WordsKey = tuple[date, int, str]
"""Day, site, words."""

_COLUMNS = ("day", "site", "nature", "subject", "name", "detail", "robots")


def add_counts(counts: Mapping[Key, int], words: Mapping[WordsKey, int]) -> None:
    """Add these to what is known, all or none; safe from several processes at once."""
    rows = [(*_cells(key), count) for key, count in counts.items()]
    vain = [(*key, count) for key, count in words.items()]
    with transaction.atomic():
        _add(Count, _COLUMNS, rows)
        _add(VainWords, ("day", "site", "words"), vain)


def _cells(key: Key) -> tuple[object, ...]:
    day, site, seen, robots = key
    return day, site, str(seen.nature), str(seen.subject), seen.name, seen.detail, robots


def _add(model: type[Count] | type[VainWords], columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """One statement for SQLite and PostgreSQL alike; sorted, so that two processes never wait for each other."""
    if not rows:
        return
    quoted = connection.ops.quote_name
    table, names = quoted(model._meta.db_table), ", ".join(map(quoted, columns))
    statement = (
        f"INSERT INTO {table} ({names}, {quoted('count')}) VALUES ({', '.join(['%s'] * (len(columns) + 1))}) "
        f"ON CONFLICT ({names}) DO UPDATE SET {quoted('count')} = {table}.{quoted('count')} + excluded.{quoted('count')}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, sorted(rows, key=str))


def fold_months(today: date) -> int:
    """Sum up the days older than ``DAYS_KEPT`` by month, drop words as old; how many rows of days were summed up.

    Run twice, it changes nothing more.
    """
    limit = (today - timedelta(days=DAYS_KEPT)).replace(day=1)
    own = _COLUMNS[1:]
    with transaction.atomic():
        VainWords.objects.filter(day__lt=limit).delete()
        old = Count.objects.filter(day__lt=limit).exclude(day__day=1)
        months = list(old.annotate(month=TruncMonth("day")).values("month", *own).annotate(total=Sum("count")))
        rows = [(row["month"], *(row[name] for name in own), row["total"]) for row in months]
        gone = old.delete()[0]
        _add(Count, _COLUMNS, rows)
    return gone
