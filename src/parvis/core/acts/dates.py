"""Dates as acts write them: in figures, with the month's name, in letters, with the year first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from parvis.core.acts.flat_text import GAP
from parvis.core.acts.numbers_in_letters import IN_LETTERS, read_number

_MONTHS: Final = {
    **dict(
        zip(
            [
                "janvier",
                "fevrier",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "aout",
                "septembre",
                "octobre",
                "novembre",
                "decembre",
            ],
            range(1, 13),
            strict=True,
        )
    ),
    **{"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
}
_DAYS: Final = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_CENTURY: Final = 100

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?![a-z])\.?"
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(_DAYS)}){GAP}[,]?{GAP})?"
_YEAR = r"(?P<year>(?:19|20)[ ]?\d[ ]?\d)(?!\d)"
_DAY = r"(?P<day>[0-3]?\d|[1-3][ ]?[oli](?![a-z])|[oli]\d)(?:[ ]?er)?"

_FIGURES = re.compile(
    r"(?<![\d/.-])(?P<day>[0-3]?\d)[ ]?(?P<mark>[/.-])[ ]?(?P<month>[01]?\d)[ ]?(?P=mark)[ ]?(?P<year>(?:19|20)?\d\d)(?![\d/])"
)
_ISO = re.compile(r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?![\d-])")
_NAMED = re.compile(rf"(?<![a-z\d]){_WEEKDAY}(?<!\d){_DAY}{GAP}{_MONTH}{GAP}[,]?{GAP}{_YEAR}")
_YEARLESS = re.compile(rf"(?<![a-z\d]){_WEEKDAY}(?<!\d){_DAY}{GAP}{_MONTH}(?!{GAP}\d)")
_LETTERS = re.compile(rf"(?<![a-z\d-]){_WEEKDAY}(?={IN_LETTERS})")
_OF_MONTH = re.compile(rf"{GAP}(?:jours? )?(?:du mois (?:de |d'))?{_MONTH}{GAP}[,]?{GAP}(?:(?:de )?l'an{GAP})?")
_PLAIN_YEAR = re.compile(_YEAR)
_THE_YEAR = re.compile(rf"(?<![a-z])l'an(?:nee)?{GAP}(?=\d|{IN_LETTERS})")
_THEN = re.compile(rf"{GAP}[,;]?{GAP}(?:et{GAP})?(?:le{GAP})?{_WEEKDAY}")
_DAY_IN_FIGURES = re.compile(rf"{_DAY}(?={GAP}(?:jours? )?(?:du mois (?:de |d'))?[a-z]{{3}})")


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date and where it is; ``doubt`` when the day of the week that goes with it is another."""

    day: date
    start: int
    end: int
    doubt: bool = False


def _date(year: int, month: int, day: int) -> date | None:
    if year < _CENTURY:
        year += 2000 if year < 70 else 1900  # years in two figures: those of the registers in use
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _figures(text: str) -> int:
    """Figures, with the letters that recognition takes for them."""
    return int(text.translate(str.maketrans("oli", "011", " ")))


def _read(day: date | None, start: int, end: int, weekday: str | None) -> DateRead | None:
    if day is None:
        return None
    return DateRead(day, start, end, bool(weekday) and _DAYS[day.weekday()] != weekday)


def _named(hit: re.Match[str], year: int) -> DateRead | None:
    return _read(_date(year, _MONTHS[hit["month"]], _figures(hit["day"])), hit.start(), hit.end(), hit["weekday"])


def _month_then_year(flat: str, start: int, day: int, place: int, weekday: str | None) -> DateRead | None:
    """The rest of « quinze janvier deux mille vingt-quatre », after its day that ends at ``place``."""
    of_month = _OF_MONTH.match(flat, place)
    if of_month is None:
        return None
    figures = _PLAIN_YEAR.match(flat, of_month.end())
    year = (_figures(figures["year"]), figures.end()) if figures else read_number(flat, of_month.end())
    return _read(_date(year[0], _MONTHS[of_month["month"]], day), start, year[1], weekday) if year else None


def _year_first(flat: str, hit: re.Match[str]) -> DateRead | None:
    """« L'an deux mille vingt-quatre, le quinze du mois de janvier »: ``hit`` is « l'an »."""
    figures = _PLAIN_YEAR.match(flat, hit.end())
    year = (_figures(figures["year"]), figures.end()) if figures else read_number(flat, hit.end())
    then = _THEN.match(flat, year[1]) if year else None
    if year is None or then is None:
        return None
    in_figures = _DAY_IN_FIGURES.match(flat, then.end())
    day = (_figures(in_figures["day"]), in_figures.end()) if in_figures else read_number(flat, then.end())
    of_month = _OF_MONTH.match(flat, day[1]) if day else None
    if day is None or of_month is None:
        return None
    end = of_month.end("month")
    again = _PLAIN_YEAR.match(flat, of_month.end())  # « l'an deux mille vingt-trois, le 30 novembre 2023 »
    doubt = again is not None and _figures(again["year"]) != year[0]
    read = _read(
        _date(year[0], _MONTHS[of_month["month"]], day[0]), hit.start(), again.end() if again else end, then["weekday"]
    )
    return DateRead(read.day, read.start, read.end, read.doubt or doubt) if read else None


def dates_in(flat: str, start: int = 0, end: int | None = None) -> list[DateRead]:
    """All dates of a flattened text that have a year, in their order; the longest where two overlap."""
    end = len(flat) if end is None else min(end, len(flat))
    reads: list[DateRead | None] = []
    for pattern in (_FIGURES, _ISO):
        for hit in pattern.finditer(flat, start, end):
            reads.append(
                _read(_date(int(hit["year"]), int(hit["month"]), int(hit["day"])), hit.start(), hit.end(), None)
            )
    reads += [_named(hit, _figures(hit["year"])) for hit in _NAMED.finditer(flat, start, end)]
    reads += [_year_first(flat, hit) for hit in _THE_YEAR.finditer(flat, start, end)]
    for hit in _LETTERS.finditer(flat, start, end):
        number = read_number(flat, hit.end())
        if number:
            reads.append(_month_then_year(flat, hit.start(), *number, hit["weekday"]))
    dates = sorted((read for read in reads if read), key=lambda read: (read.start, -read.end))
    apart: list[DateRead] = []
    for read in dates:
        if not apart or read.start >= apart[-1].end:
            apart.append(read)
    return apart


def date_at(flat: str, start: int, within: int = 60) -> DateRead | None:
    """The first date whose beginning is at most ``within`` letters after ``start``."""
    dates = dates_in(flat, start, start + within + 120)
    return dates[0] if dates and dates[0].start <= start + within else None


def yearless_date_at(flat: str, start: int, within: int, before: date) -> DateRead | None:
    """A date without its year (« convoqué le 7 octobre »): the last such day not after ``before``."""
    hit = _YEARLESS.search(flat, start, start + within)
    if hit is None:
        return None
    read = _named(hit, before.year)
    if read and read.day > before:
        read = _named(hit, before.year - 1)
    return read
