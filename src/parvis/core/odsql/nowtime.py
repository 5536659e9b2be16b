"""The arguments of ``now(…)`` (specification, section 7.4), applied one after the other to an instant."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.core.odsql.errors import ODSQLError, nearest
from parvis.core.translation import Sentence

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """``name=value``: a singular name sets, a plural one adds."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Arguments known to be right, each name once, and the clause they are in."""

    items: tuple[Setting, ...]
    clause: str


def read_settings(settings: Iterable[Setting], clause: str) -> Settings:
    """The arguments checked; a name given twice keeps its last value, at its first place."""
    by_name: dict[str, Setting] = {}
    for setting in settings:
        if setting.name not in _RULES:
            near = nearest(setting.name, _RULES)
            meant = Sentence(" Vouliez-vous dire « {argument} »", {"argument": near}) if near else ""
            values = {"name": setting.name[:40], "meant": meant}
            raise ODSQLError(reason=Sentence("now() n’a pas d’argument « {name} »{meant}", values), clause=clause)
        if abs(setting.value) > _LARGEST:
            raise _out_of_range(setting, clause)
        by_name[setting.name] = setting
    return Settings(tuple(by_name.values()), clause)


def now_at(settings: Settings, timezone: str, instant: datetime | None = None) -> datetime:
    """The instant asked for, as the clock of ``timezone`` counts days and hours; ``instant`` is the present one."""
    zone = ZoneInfo(timezone)
    moment = (instant or datetime.now(UTC)).astimezone(zone).replace(tzinfo=None)
    for setting in settings.items:
        try:
            moment = _RULES[setting.name](moment, setting.value)
        except (ValueError, OverflowError) as error:
            raise _out_of_range(setting, settings.clause) from error
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError as error:
        raise _out_of_range(settings.items[-1], settings.clause) from error


def _out_of_range(setting: Setting, clause: str) -> ODSQLError:
    return ODSQLError(
        reason=Sentence(
            "now() ne peut pas aller jusqu’à {name}={value}", {"name": setting.name, "value": setting.value}
        ),
        clause=clause,
    )


def _in_month(moment: datetime, year: int, month: int) -> datetime:
    """The same day of another month, or its last one when it is shorter."""
    if not 1 <= year <= 9999 or not 1 <= month <= 12:
        raise ValueError(year, month)
    last = calendar.monthrange(year, month)[1]
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def _set_day(moment: datetime, day: int) -> datetime:
    if day < 1:
        raise ValueError(day)
    return moment.replace(day=min(day, calendar.monthrange(moment.year, moment.month)[1]))


def _add_months(moment: datetime, months: int) -> datetime:
    total = moment.year * 12 + moment.month - 1 + months
    return _in_month(moment, total // 12, total % 12 + 1)


def _set_weekday(moment: datetime, weekday: int) -> datetime:
    """The next such day, today included."""
    if not 0 <= weekday <= 6:
        raise ValueError(weekday)
    return moment + timedelta(days=(weekday - moment.weekday()) % 7)


def _nth(weekday: int) -> Rule:
    def move(moment: datetime, count: int) -> datetime:
        """The count-th such day after today, or before when negative."""
        if count == 0:
            return moment
        forward = (weekday - moment.weekday()) % 7 or 7
        backward = (moment.weekday() - weekday) % 7 or 7
        days = forward + 7 * (count - 1) if count > 0 else -backward + 7 * (count + 1)
        return moment + timedelta(days=days)

    return move


type Rule = Callable[[datetime, int], datetime]
_RULES: dict[str, Rule] = {
    "year": lambda moment, n: _in_month(moment, n, moment.month),
    "years": lambda moment, n: _in_month(moment, moment.year + n, moment.month),
    "month": lambda moment, n: _in_month(moment, moment.year, n),
    "months": _add_months,
    "day": _set_day,
    "days": lambda moment, n: moment + timedelta(days=n),
    "hour": lambda moment, n: moment.replace(hour=n),
    "hours": lambda moment, n: moment + timedelta(hours=n),
    "minute": lambda moment, n: moment.replace(minute=n),
    "minutes": lambda moment, n: moment + timedelta(minutes=n),
    "second": lambda moment, n: moment.replace(second=n),
    "seconds": lambda moment, n: moment + timedelta(seconds=n),
    "microsecond": lambda moment, n: moment.replace(microsecond=n),
    "microseconds": lambda moment, n: moment + timedelta(microseconds=n),
    "weekday": _set_weekday,
    **{f"{name}s": _nth(rank) for rank, name in enumerate(WEEKDAYS)},
}
"""One row an argument; the clock of the time zone moves, so ``days=+1`` keeps the hour across a change of time."""

ARGUMENTS = tuple(_RULES)
"""Names of the arguments."""
