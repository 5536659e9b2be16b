"""Rules of repetition followed day by day, as RFC 5545 says and with no library of recurrences: every day of each period is looked at.

A day of a period belongs to a rule when each BYxxx part takes it; the parts that are missing are those of the first date; BYSETPOS
chooses among the times of a period; what is before the first date is left out; COUNT and UNTIL end it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, product, takewhile
from random import Random

import pytest

from parvis.core.calendars.recurrence import occurrences
from parvis.core.calendars.tests.conftest import PARIS

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2023, 1, 1), date(2026, 6, 1)
RULES = 400
NUMBERED = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSETPOS")


class Rule:
    """The parts of a rule and what each takes."""

    def __init__(self, text: str, start: datetime):
        self.parts = {name: value.split(",") for name, value in (piece.split("=") for piece in text.split(";"))}
        self.start, self.frequency = start, self.parts["FREQ"][0]
        self.week_start = CODES.index(self.parts.get("WKST", ["MO"])[0])
        self.interval = int(self.parts.get("INTERVAL", ["1"])[0])
        self._fill_in()
        self._numbers = {name: [int(v) for v in self.parts[name]] for name in NUMBERED if name in self.parts}

    def _fill_in(self) -> None:
        """What is missing is what the first date has."""
        if self.parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"} or self.frequency == "DAILY":
            return
        if self.frequency == "WEEKLY":
            self.parts["BYDAY"] = [CODES[self.start.weekday()]]
            return
        self.parts["BYMONTHDAY"] = [str(self.start.day)]
        if self.frequency == "YEARLY":
            self.parts.setdefault("BYMONTH", [str(self.start.month)])

    def numbers(self, name: str) -> list[int]:
        return self._numbers.get(name, [])

    def periods(self) -> Iterator[list[date]]:
        """The days of each period that the interval takes, from that of the first date on."""
        day = self._period_start(self.start.date())
        while day < LAST:
            after = self._next(day, 1)
            yield [day + ONE_DAY * rank for rank in range((after - day).days)]
            day = self._next(day, self.interval)

    def _period_start(self, day: date) -> date:
        if self.frequency == "YEARLY":
            return day.replace(month=1, day=1)
        if self.frequency == "MONTHLY":
            return day.replace(day=1)
        return day - ONE_DAY * ((day.weekday() - self.week_start) % 7) if self.frequency == "WEEKLY" else day

    def _next(self, day: date, number: int) -> date:
        if self.frequency == "YEARLY":
            return date(day.year + number, 1, 1)
        if self.frequency == "MONTHLY":
            months = day.year * 12 + day.month - 1 + number
            return date(months // 12, months % 12 + 1, 1)
        return day + ONE_DAY * number * (7 if self.frequency == "WEEKLY" else 1)

    def takes(self, day: date) -> bool:
        if not _among(self.numbers("BYMONTH"), day.month):
            return False
        month_length = calendar.monthrange(day.year, day.month)[1]
        year_length = 366 if calendar.isleap(day.year) else 365
        year_day = day.timetuple().tm_yday
        return (
            _among(self.numbers("BYMONTHDAY"), day.day, day.day - month_length - 1)
            and _among(self.numbers("BYYEARDAY"), year_day, year_day - year_length - 1)
            and self._takes_weekday(day, month_length, year_day, year_length)
            and ("BYWEEKNO" not in self.parts or _among(self.numbers("BYWEEKNO"), *self._week(day)))
        )

    def _week(self, day: date) -> tuple[int, int]:
        """The number of its week, from the first and from the last of the year to which most of that week belongs."""
        first = day - ONE_DAY * ((day.weekday() - self.week_start) % 7)
        year = (first + 3 * ONE_DAY).year
        number = (first - self._first_week(year)).days // 7 + 1
        weeks = (self._first_week(year + 1) - self._first_week(year)).days // 7
        return number, number - weeks - 1

    def _first_week(self, year: int) -> date:
        fourth = date(year, 1, 4)
        return fourth - ONE_DAY * ((fourth.weekday() - self.week_start) % 7)

    def _takes_weekday(self, day: date, month_length: int, year_day: int, year_length: int) -> bool:
        values, code = self.parts.get("BYDAY"), CODES[day.weekday()]
        if values is None or code in values:
            return True
        of_year = self.frequency == "YEARLY" and "BYMONTH" not in self.parts
        rank, length = (year_day, year_length) if of_year else (day.day, month_length)
        ordinals = (rank - 1) // 7 + 1, -((length - rank) // 7 + 1)
        return any(f"{number}{code}" in values for number in ordinals)

    def dates(self) -> Iterator[datetime]:
        """Before LAST, in order."""
        most = int(self.parts["COUNT"][0]) if "COUNT" in self.parts else None
        return islice(takewhile(self._is_in_time, self._every()), most)

    def _is_in_time(self, moment: datetime) -> bool:
        until = f"{moment:%Y%m%dT%H%M%S}" <= self.parts.get("UNTIL", ["9"])[0]
        return until and moment.date() < LAST

    def _every(self) -> Iterator[datetime]:
        for days in self.periods():
            yield from (moment for moment in self._moments(days) if moment >= self.start)

    def _moments(self, days: list[date]) -> list[datetime]:
        """Those of a period, before the first date too."""
        start = self.start
        hours, minutes = self.numbers("BYHOUR") or [start.hour], self.numbers("BYMINUTE") or [start.minute]
        times = sorted(time(hour, minute) for hour, minute in product(hours, minutes))
        moments = [datetime.combine(day, at) for day in days if self.takes(day) for at in times]
        if positions := self.numbers("BYSETPOS"):
            chosen = {moments[p - (p > 0)] for p in positions if -len(moments) <= p - (p > 0) < len(moments)}
            moments = sorted(chosen)
        return moments

    def gives_its_start(self) -> bool:
        """Whether the first of its dates is that on which it starts: the first period tells, and a rule may give none for years."""
        return self.start in self._moments(next(self.periods())) and self._is_in_time(self.start)


def _among(values: list[int], *candidates: int) -> bool:
    return not values or any(candidate in values for candidate in candidates)


def awkward_rule(random: Random) -> str:
    """A rule that a calendar may hold, of any frequency and with any parts that go together."""

    def some(values, most: int) -> str:
        return ",".join(str(value) for value in random.sample(list(values), random.randint(1, most)))

    frequency = random.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    parts = {"FREQ": frequency}
    if random.random() < 0.5:
        parts["INTERVAL"] = str(random.randint(2, 5 if frequency != "YEARLY" else 2))
    if random.random() < 0.4:
        parts["WKST"] = random.choice(CODES)
    signed_days = [*range(1, 32), *range(-31, 0)]
    if random.random() < 0.3:
        parts["BYMONTH"] = some(range(1, 13), 5)
    kind = random.choice(("", "BYDAY", "BYDAY", "BYMONTHDAY", "BYDAY+BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"))
    if frequency != "YEARLY" and kind in ("BYYEARDAY", "BYWEEKNO"):
        kind = "BYDAY"
    if "BYDAY" in kind:
        ordinals = {"MONTHLY": [1, 2, 3, 4, 5, -1, -2, -5], "YEARLY": [1, 2, 5, 20, 53, -1, -3, -53]}.get(frequency, [])
        if "BYMONTH" in parts and frequency == "YEARLY":
            ordinals = [1, 2, 5, -1, -3]
        numbered = [f"{number}{code}" for number in ordinals for code in CODES]
        parts["BYDAY"] = some(numbered, 5) if numbered and random.random() < 0.5 else some(CODES, 5)
    if "BYMONTHDAY" in kind and frequency != "WEEKLY":
        parts["BYMONTHDAY"] = some(signed_days, 8)
    if kind == "BYYEARDAY":
        parts["BYYEARDAY"] = some([*range(1, 367), *range(-366, 0)], 9)
    if kind == "BYWEEKNO":
        parts |= {"BYWEEKNO": some([*range(1, 54), *range(-53, 0)], 5), "BYDAY": some(CODES, 4)}
        parts.pop("INTERVAL", None)  # whose year is that of a week of both, the standard does not say
    if random.random() < 0.15:
        parts["BYHOUR"] = some((9, 11, 15, 20), 3)
    if random.random() < 0.1:
        parts["BYMINUTE"] = some((0, 15, 45), 2)
    is_cut = frequency == "WEEKLY" and parts.keys() & {
        "BYMONTH",
        "BYHOUR",
        "BYMINUTE",
    }  # left to dateutil: see rules.py
    if kind != "BYWEEKNO" and not is_cut and random.random() < 0.35:
        parts["BYSETPOS"] = some([1, 2, 3, -1, -2], 2)
    ending = random.random()
    if ending < 0.3:
        parts["COUNT"] = str(random.randint(1, 40))
    elif ending < 0.6:
        until = datetime(2023, 1, 1, 12) + ONE_DAY * random.randint(100, 1200)
        parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
    names = list(parts)[1:]
    random.shuffle(names)
    return ";".join(f"{name}={parts[name]}" for name in ("FREQ", *names))


def synchronised(text: str, random: Random) -> Rule | None:
    """A first date that the rule gives, as the standard asks, and the dates from it on; None when it gives none soon."""
    origin = datetime(2023, 1, 1, 11, 15) + ONE_DAY * random.randint(0, 400)
    for rank in range(500):
        for hour in Rule(text, origin).numbers("BYHOUR") or [11]:
            rule = Rule(text, (origin + ONE_DAY * rank).replace(hour=hour))
            if rule.takes(rule.start.date()) and rule.gives_its_start():
                return rule
    return None


@pytest.mark.parametrize("seed", range(8))
def test_awkward_rules_give_the_dates_that_are_counted_day_by_day(event, seed):
    random, compared = Random(5545 + seed), 0
    begin, end = (datetime.combine(day, time(), PARIS) for day in (FIRST, LAST))
    while compared < RULES // 8:
        text = awkward_rule(random)
        rule = synchronised(text, random)
        if rule is None:
            continue
        series = occurrences(event(rule.start, rule=text), begin, end, 2_000)
        assert [one.start.replace(tzinfo=None) for one in series] == list(rule.dates())[:2_000], (text, rule.start)
        compared += 1
