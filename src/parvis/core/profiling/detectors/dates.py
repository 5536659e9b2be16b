"""Dates, months and instants; every date is checked against the real calendar."""

from __future__ import annotations

from collections.abc import Callable

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import Parser, Words, once, trimmed, when
from parvis.core.translation import gettext_noop

_DATE = Words(gettext_noop("une date"), gettext_noop("des dates"))
_MONTH = Words(gettext_noop("un mois"), gettext_noop("des mois"))
_INSTANT = Words(gettext_noop("une date et heure"), gettext_noop("des dates et heures"))

_MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars", "mar"),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
_MONTH_WORD = "(?:" + "|".join(word for words in _MONTHS for word in words) + r")\.?"
_DAY_NAME = "(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),? +)?"
_AT_MIDNIGHT = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]00:00(?::00(?:[.]0+)?)?(?:Z|[+]00:?00)?)?"
_TIME = r"[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
_HALVES = "(?: ?[AaPp][Mm])?"
_ZONE = r"(?: ?(?:[zZ]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?"


def _iso(cell: str) -> str:
    text = trimmed(cell)
    slow = when("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", text, f"TRY_CAST({text} AS DATE)")
    # A date that is written as we would write it needs no pattern: most do, and patterns are slow.
    date = f"TRY_CAST({cell} AS DATE)"
    return f"CASE WHEN strlen({cell}) = 10 AND {date}::VARCHAR = {cell} THEN {date} ELSE {slow} END"


def _ymd(cell: str) -> str:
    text = trimmed(cell)
    dashed = f"replace(replace({text}, '/', '-'), '.', '-')"
    # Dashes too: a column of « 2017-01-02 » with a « 2017/01/08 » holds days, no instants.
    return when(r"[0-9]{4}[/.-][0-9]{1,2}[/.-][0-9]{1,2}", text, f"TRY_CAST({dashed} AS DATE)")


def _compact(cell: str) -> str:
    text = trimmed(cell)
    return when("(?:19|20)[0-9]{6}", text, f"TRY_CAST(try_strptime({text}, '%Y%m%d') AS DATE)")


def _numeric(layout: str, year: str) -> Callable[[str], str]:
    def sql(cell: str) -> str:
        text = trimmed(cell)
        slashed = f"rtrim(replace(replace({text}, '-', '/'), '.', '/'), '/')"
        value = f"CAST(try_strptime({slashed}, '{layout}') AS DATE)"
        return when(f"[0-9]{{1,2}}([/.-])[0-9]{{1,2}}[/.-]{year}[.]?", text, value)  # a full stop may end it

    return sql


def _either(cell: str) -> str:
    """Days written « 31/12/2003 », and here and there as programs write them, at midnight."""
    text = trimmed(cell)
    iso = when(_AT_MIDNIGHT, text, f"TRY_CAST(substr({text}, 1, 10) AS DATE)")
    return f"CASE WHEN contains({text}, '/') THEN {_numeric('%d/%m/%Y', '[0-9]{4}')(cell)} ELSE {iso} END"


def _month_number(text: str) -> str:
    """SQL: the number of the month whose French name is in ``text``, already folded."""
    cases = " ".join(
        f"WHEN regexp_matches({text}, '(?:^|[^a-z])(?:{'|'.join(words)})(?:[^a-z]|$)') THEN {rank}"
        for rank, words in enumerate(_MONTHS, start=1)
    )
    return f"CASE {cases} END"


def _words(pattern: str, day: str) -> Callable[[str], str]:
    """A date in words: ``pattern`` is matched on folded text, ``day`` is SQL for its day given ``{t}``."""

    def sql(cell: str) -> str:
        parts = (
            f"regexp_extract(t, '[0-9]{{4}}$') || '-' || ({_month_number('t')})::VARCHAR || '-' || {day.format(t='t')}"
        )
        return once(f"strip_accents(lower({trimmed(cell)}))", "t", when(pattern, "t", f"TRY_CAST({parts} AS DATE)"))

    return sql


def _month(pattern: str, iso: str) -> Callable[[str], str]:
    def sql(cell: str) -> str:
        text = trimmed(cell)
        return when(pattern, text, f"TRY_CAST({iso.format(t=text)} AS DATE)")

    return sql


def _datetime_iso(cell: str) -> str:
    text = trimmed(cell)
    pattern = f"[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}(?:[T ]{_TIME}{_ZONE})?"
    clean = f"replace(replace(replace({text}, '/', '-'), 'h', ':'), ',', '.')"
    usual = f"regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:[.][0-9]{{1,6}})?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?')"
    slow = when(pattern, text, f"TRY_CAST({clean} AS TIMESTAMPTZ)")
    # Without a zone the instant is in UTC (who reads sets that zone): counting microseconds spares the calendar of zones.
    bare = f"regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}')"
    quick = f"make_timestamptz(epoch_us(TRY_CAST({cell} AS TIMESTAMP)))"
    return f"CASE WHEN {bare} THEN {quick} WHEN {usual} THEN TRY_CAST({cell} AS TIMESTAMPTZ) ELSE {slow} END"


def _datetime_numeric(date: str, halves: str = "") -> Callable[[str], str]:
    formats = [f"{date} %H:%M:%S", f"{date} %H:%M", f"{date} %H:%M:%S.%f", date]
    formats += [f"{date} %I:%M{rest}" for rest in (":%S %p", " %p", ":%S%p", "%p")] if halves else []
    layouts = ", ".join(f"'{layout}'" for layout in formats)

    def sql(cell: str) -> str:
        text = trimmed(cell)
        pattern = f"[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-][0-9]{{4}}(?:(?: |T| à |, ){_TIME}{halves})?"
        clean = f"replace(replace(replace({text}, ' à ', ' '), ', ', ' '), 'T', ' ')"
        clean = f"regexp_replace(regexp_replace({clean}, 'h', ':'), '^([0-9]+)[.-]([0-9]+)[.-]', '\\1/\\2/')"
        return when(pattern, text, f"CAST(try_strptime({clean}, [{layouts}]) AS TIMESTAMPTZ)")

    return sql


DATE_ISO = Parser(
    "date_iso",
    ColumnType.DATE,
    _iso,
    _DATE,
    good=(("2021-03-02", "2021-03-02"), ("2020-02-29", "2020-02-29"), ("2021-3-2", "2021-03-02")),
    bad=("2021-02-29", "2021-13-01", "2021-3- 12", "02/03/2021", "2021-03", "12021-01-01", "", "2021-03-02T00:00"),
)

DATE_DMY = Parser(
    "date_dmy",
    ColumnType.DATE,
    _numeric("%d/%m/%Y", "[0-9]{4}"),
    _DATE,
    good=(
        ("02/03/2021", "2021-03-02"),
        ("2-3-2021", "2021-03-02"),
        ("31.12.1999", "1999-12-31"),
        ("31.12.1999.", "1999-12-31"),
    ),
    bad=("31/02/2021", "12/31/2018", "2/3/21", "1/2", "31/09/2023", ""),
)

DATE_DMY2 = Parser(
    "date_dmy2",
    ColumnType.DATE,
    _numeric("%d/%m/%y", "[0-9]{2}"),
    _DATE,
    good=(("02/03/21", "2021-03-02"), ("31/12/99", "1999-12-31"), ("01.02.68", "2068-02-01")),
    bad=("31/09/23", "8/31/16", "02/03/2021", ""),
    note="two-digit-years",
)

DATE_YMD = Parser(
    "date_ymd",
    ColumnType.DATE,
    _ymd,
    _DATE,
    good=(
        ("2020/11/24", "2020-11-24"),
        ("2013.01.26", "2013-01-26"),
        ("2020-11-24", "2020-11-24"),
        ("2014-05/28", "2014-05-28"),
    ),
    bad=("2020/02/30", "2020.1126", "2020/11/24 10:30", "24/11/2020", ""),
)

DATE_MDY = Parser(
    "date_mdy",
    ColumnType.DATE,
    _numeric("%m/%d/%Y", "[0-9]{4}"),
    _DATE,
    good=(("12/31/2018", "2018-12-31"), ("1/2/2018", "2018-01-02")),
    bad=("31/12/2018", "02/30/2018", ""),
    strict=True,
    note="month-first-dates",
)

DATE_MDY2 = Parser(
    "date_mdy2",
    ColumnType.DATE,
    _numeric("%m/%d/%y", "[0-9]{2}"),
    _DATE,
    good=(("8/31/16", "2016-08-31"),),
    bad=("31/8/16", "8/31/2016", ""),
    strict=True,
    note="month-first-dates",
)

DATE_FR = Parser(
    "date_fr",
    ColumnType.DATE,
    _words(
        f"{_DAY_NAME}[0-9]{{1,2}}(?:er)?[ -]+{_MONTH_WORD}[ -]+[0-9]{{4}}",
        r"regexp_extract({t}, '(?:^| )([0-9]{{1,2}})(?:er)?[ -]', 1)",
    ),
    _DATE,
    good=(
        ("3 mars 2021", "2021-03-03"),
        ("1er janvier 2020", "2020-01-01"),
        ("Lundi 14 Février 2022", "2022-02-14"),
        ("14-juil-2019", "2019-07-14"),
        ("24 déc. 2020", "2020-12-24"),
        ("3 juin 2021", "2021-06-03"),
    ),
    bad=("31 février 2021", "mars 2021", "3 march 2021", "3 mars", "le 3 mars 2021 au soir", ""),
)

DATE_COMPACT = Parser(
    "date_compact",
    ColumnType.DATE,
    _compact,
    _DATE,
    good=(("20210302", "2021-03-02"),),
    bad=("20210231", "2021", "12345678", ""),
    headers=r"(?:^|_)(?:date|dat|jour|debut|fin|dt|maj|naissance|deces|creation|publication|signature|notification|validite|echeance|effet|depot)(?:_|$)"
    r"|^dat|date$",
)

NEVER = r"(?!)"
"""Fits no header: the reading is taken when its type is asked for, never by itself."""

MONTH_ISO = Parser(
    "month_iso",
    ColumnType.DATE,
    _month("[0-9]{4}[-/](?:0[1-9]|1[0-2])", "substr({t}, 1, 4) || '-' || substr({t}, 6, 2) || '-01'"),
    _MONTH,
    good=(("2021-03", "2021-03-01"), ("2021/12", "2021-12-01")),
    bad=("2021-13", "2021", "2021-3", "2020-21", ""),
    annotations={"timeserie_precision": "month"},
    strict=True,
)

MONTH_NUMERIC = Parser(
    "month_numeric",
    ColumnType.DATE,
    _month(
        "(?:0?[1-9]|1[0-2])[/-](?:19|20)[0-9]{2}", "right({t}, 4) || '-' || regexp_extract({t}, '^[0-9]+') || '-01'"
    ),
    _MONTH,
    good=(("03/2021", "2021-03-01"), ("12-1999", "1999-12-01")),
    bad=("13/2021", "03/21", "2021/03", ""),
    annotations={"timeserie_precision": "month"},
    strict=True,
)

MONTH_FR = Parser(
    "month_fr",
    ColumnType.DATE,
    _words(f"{_MONTH_WORD}[ -]+[0-9]{{4}}", "'1'"),
    _MONTH,
    good=(("mars 2021", "2021-03-01"), ("Août 2020", "2020-08-01"), ("janv. 2019", "2019-01-01")),
    bad=("3 mars 2021", "mars", "mars 21", "plan 2021", ""),
    annotations={"timeserie_precision": "month"},
)

DATETIME_ISO = Parser(
    "datetime_iso",
    ColumnType.DATETIME,
    _datetime_iso,
    _INSTANT,
    good=(
        ("2021-03-02T10:30:00+02:00", "2021-03-02 08:30:00+00"),
        ("2021-03-02 10:30", "2021-03-02 10:30:00+00"),
        ("2021-03-02T10:30:00.250Z", "2021-03-02 10:30:00.25+00"),
        ("1970-01-01T00:00:00+00:00", "1970-01-01 00:00:00+00"),
        ("2021/03/02 10:30:15", "2021-03-02 10:30:15+00"),
        ("2021-03-02", "2021-03-02 00:00:00+00"),
    ),
    bad=(
        "2021-02-30T10:00:00",
        "2021-03-02T25:00:00",
        "10:30",
        "2021-03-02/2021-03-03",
        "",
        "2021-03-02 10:30 Paris",
        "2021-03-02T 1:30:00",
    ),
)

DATETIME_DMY = Parser(
    "datetime_dmy",
    ColumnType.DATETIME,
    _datetime_numeric("%d/%m/%Y", _HALVES),
    _INSTANT,
    good=(
        ("02/03/2021 09:30", "2021-03-02 09:30:00+00"),
        ("02/03/2021 09:30:15", "2021-03-02 09:30:15+00"),
        ("02/03/2021 à 9h30", "2021-03-02 09:30:00+00"),
        ("2-3-2021 09:30", "2021-03-02 09:30:00+00"),
        ("16/6/2021 9:47pm", "2021-06-16 21:47:00+00"),
    ),
    bad=("31/02/2021 10:00", "02/03/2021 25:00", "02/03/21 10:00", ""),
    note="naive-datetime",
)

DATETIME_MDY = Parser(
    "datetime_mdy",
    ColumnType.DATETIME,
    _datetime_numeric("%m/%d/%Y", _HALVES),
    _INSTANT,
    good=(("12/31/2018 23:59", "2018-12-31 23:59:00+00"), ("12/31/2018 11:59 PM", "2018-12-31 23:59:00+00")),
    bad=("31/12/2018 10:00", ""),
    strict=True,
    note="month-first-dates",
)

YEAR = Parser(
    "year",
    ColumnType.DATE,
    _month("[0-9]{4}", "{t} || '-01-01'"),
    Words(gettext_noop("une année"), gettext_noop("des années")),
    good=(("1978", "1978-01-01"), (" 2020 ", "2020-01-01")),
    bad=("78", "19780101", "1978-01", ""),
    annotations={"timeserie_precision": "year"},
    # A column of years is a column of numbers, until a person says that they are dates.
    headers=NEVER,
    strict=True,
)

DATE_EITHER = Parser(
    "date_either",
    ColumnType.DATE,
    _either,
    _DATE,
    good=(("31/12/2003", "2003-12-31"), ("2002-09-07 00:00:00", "2002-09-07"), ("2002-09-07", "2002-09-07")),
    bad=("2002-09-07 10:30:00", "31/02/2003", "12/31/2003", "2002-02-30", "09/2002", ""),
    strict=True,
)
"""After those of one way to write days; spreadsheets mix both when some days were read as such and others were not."""

DATE_MIDNIGHT = Parser(
    "date_midnight",
    ColumnType.DATE,
    _month(
        _AT_MIDNIGHT,
        "substr({t}, 1, 10)",
    ),
    _DATE,
    good=(
        ("2021-03-02T00:00:00+00:00", "2021-03-02"),
        ("2021-03-02 00:00", "2021-03-02"),
        ("2021-03-02", "2021-03-02"),
    ),
    bad=("2021-03-02T07:50:00", "2021-02-29T00:00:00", "2021-03-02T00:00:00+02:00", ""),
    headers=NEVER,
    strict=True,
)
