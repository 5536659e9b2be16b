"""Dates in any order and form; « 03/04/2021 » has two readings and only a person can choose."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from parvis.core.readings.model import Candidate, Certainty, Settings
from parvis.core.text import SPACES, fold

_MONTHS = (
    ("janvier", "janv", "jan", "january"),
    ("fevrier", "fevr", "fev", "february", "feb"),
    ("mars", "mar", "march"),
    ("avril", "avr", "april", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "juil", "july", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "sept", "sep", "september"),
    ("octobre", "oct", "october"),
    ("novembre", "nov", "november"),
    ("decembre", "dec", "december"),
)
MONTH_OF = {word: rank for rank, words in enumerate(_MONTHS, start=1) for word in words}
_BLANKS = " \t\r\n" + SPACES
_PLAIN = str.maketrans(SPACES, " " * len(SPACES))
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
"""Day 0 of spreadsheets, their false 29 February 1900 taken into account for every day after it."""
_PIVOT = 70
"""Two-digit years from 70 on are of the twentieth century, as POSIX has it."""

type _Found = tuple[str, dt.date, Certainty]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year_first(match: re.Match[str]) -> Iterator[_Found]:
    year, month, day = int(match["y"]), int(match["a"]), int(match["b"])
    if right := _date(year, month, day):
        yield "year-month-day", right, Certainty.SURE
    elif exchanged := _date(year, day, month):
        yield "year-day-month", exchanged, Certainty.SURE


def _year_last(match: re.Match[str]) -> Iterator[_Found]:
    short = len(match["y"]) == 2
    year = int(match["y"])
    if short:
        year += 1900 if year >= _PIVOT else 2000
    first, second = int(match["a"]), int(match["b"])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if day_first and month_first and day_first != month_first:
        yield "day-first", day_first, Certainty.CHOICE
        yield "month-first", month_first, Certainty.CHOICE
    elif day_first:
        yield ("day-month-short-year" if short else "day-month-year"), day_first, _of_year(short)
    elif month_first:
        yield ("month-day-short-year" if short else "month-day-year"), month_first, _of_year(short)


def _of_year(short: bool) -> Certainty:
    return Certainty.LIKELY if short else Certainty.SURE


def _in_words(match: re.Match[str]) -> Iterator[_Found]:
    month = MONTH_OF.get(match["m"].rstrip("."))
    day = _date(int(match["y"]), month, int(match["d"])) if month else None
    if day:
        yield "words", day, Certainty.SURE


def _compact(match: re.Match[str]) -> Iterator[_Found]:
    if day := _date(int(match["y"]), int(match["a"]), int(match["b"])):
        yield "compact", day, Certainty.LIKELY


def _serial(match: re.Match[str]) -> Iterator[_Found]:
    days = int(match["n"])
    if 20_000 <= days <= 60_000:  # from 1954 to 2064
        yield "spreadsheet-number", _SERIAL_ORIGIN + dt.timedelta(days=days), Certainty.LIKELY


_DAY_NAME = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[_Found]]], ...] = (
    (re.compile(r"(?P<y>[0-9]{4}) ?[-/. ] ?(?P<a>[0-9]{1,2}) ?[-/. ] ?(?P<b>[0-9]{1,2})"), _year_first),
    (re.compile(r"(?P<a>[0-9]{1,2}) ?[-/. ] ?(?P<b>[0-9]{1,2}) ?[-/. ] ?(?P<y>[0-9]{4}|[0-9]{2})"), _year_last),
    (re.compile(rf"{_DAY_NAME}(?P<d>[0-9]{{1,2}})(?:er|st|nd|rd|th)?[- ](?P<m>[a-z]+\.?)[- ](?P<y>[0-9]{{4}})"), _in_words),
    (re.compile(rf"{_DAY_NAME}(?P<m>[a-z]+\.?) (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y>[0-9]{{4}})"), _in_words),
    (re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<a>[0-9]{2})(?P<b>[0-9]{2})"), _compact),
    (re.compile(r"(?P<n>[0-9]{5})(?:\.0+)?"), _serial),
)  # fmt: skip
_TIME = re.compile(
    r"(?P<date>.*?[0-9])[T ](?P<time>[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)(?: ?(?:z|utc|[+-][0-9]{2}:?[0-9]{2}))?"
)
_PERIOD = re.compile(r"(?:du )?(?P<start>.+?)(?:_| ?/ ?| - | au | a |;| jusqu'au )(?P<end>.+)")
_LONGEST = 60


def find_dates(text: str) -> tuple[_Found, ...]:
    """The dates that a text may say, each with the name of its form; two for a day and a month that could be exchanged."""
    bare = fold(text.strip(_BLANKS)).translate(_PLAIN)
    if not bare or len(bare) > _LONGEST:
        return ()
    for pattern, made in _FORMS:
        if (match := pattern.fullmatch(bare)) and (dates := tuple(made(match))):
            return dates
    if match := _TIME.fullmatch(bare.replace("t", "T", 1) if "t" in bare else bare):
        midnight = not re.search("[1-9]", match["time"])
        return tuple(
            ("date-and-time" if form == "year-month-day" else form, date, sure if midnight else _less(sure))
            for form, date, sure in find_dates(match["date"])
        )
    return ()


def _less(sure: Certainty) -> Certainty:
    """Leaving a time of day out loses something: a person should look."""
    return Certainty.LIKELY if sure is Certainty.SURE else sure


def written(date: dt.date, layout: str) -> str:
    """``date`` in a layout of strptime; years keep their four digits whatever the system."""
    return date.strftime(layout.replace("%Y", f"{date.year:04d}"))


def read_date(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The text as a date in the layout ``to`` (strptime; ISO by default)."""
    layout = str(settings.get("to") or "%Y-%m-%d")
    candidates = (Candidate(form, written(date, layout), sure) for form, date, sure in find_dates(text))
    return tuple(candidate for candidate in candidates if candidate.after != text)


def read_year(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The year of a date, or « 2017.0 », as four digits."""
    if match := re.fullmatch(r"\s*([12][0-9]{3})(?:[.,]0+)?\s*", text):
        return (Candidate("year", match[1]),) if match[1] != text else ()
    years = {f"{date.year:04d}" for form, date, _sure in find_dates(text) if form != "spreadsheet-number"}
    return tuple(Candidate("year-of-date", year, Certainty.LIKELY) for year in years) if len(years) == 1 else ()


def read_period(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """One date, or two joined by any usual sign, as ISO dates joined by ``join``; never where a day could be a month."""
    if len(text) > _LONGEST * 2:
        return ()
    if len(alone := find_dates(text)) == 1:
        return read_date(text, settings) if alone[0][0] != "spreadsheet-number" else ()
    match = _PERIOD.fullmatch(fold(text.strip(_BLANKS)))
    if not match:
        return ()
    start, end = find_dates(match["start"]), find_dates(match["end"])
    if len(start) != 1 or len(end) != 1 or start[0][1] > end[0][1]:
        return ()
    after = f"{start[0][1].isoformat()}{settings.get('join', '/')}{end[0][1].isoformat()}"
    doubts = {start[0][2], end[0][2]} != {Certainty.SURE}
    sure = Certainty.LIKELY if doubts else Certainty.SURE
    return (Candidate("period", after, sure),) if after != text else ()


def impossible_part(text: str) -> tuple[str, int] | None:
    """What in a date of three numbers, day first, cannot be: (``month``, 31) for « 12/31/2021 »; None when all could be."""
    match = _FORMS[1][0].fullmatch(text.strip(_BLANKS)) or _FORMS[0][0].fullmatch(text.strip(_BLANKS))
    if match is None:
        return None
    day, month = (int(match["a"]), int(match["b"])) if match.re is _FORMS[1][0] else (int(match["b"]), int(match["a"]))
    year = int(match["y"])
    if not 1 <= month <= 12:
        return "month", month
    return ("day", day) if _date(year if year > 99 else 2000 + year, month, day) is None else None
