"""Whole numbers, decimals, French decimals, percentages and amounts."""

from __future__ import annotations

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import Parser, Words, trimmed, when
from parvis.core.text import SPACES
from parvis.core.translation import gettext_noop

_SPACE = f"[ {SPACES}]"
_SIGN = f"(?:[+−-]{_SPACE}?)?"
_WHOLE = "(?:0|[1-9][0-9]{0,17})"
"""No leading zero (it would be a code) and no more than 18 digits (it would lose some)."""

_GROUPED = f"[1-9][0-9]{{0,2}}(?:{_SPACE}[0-9]{{3}}){{1,5}}"
_DOTTED = r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,5}"
_POWER = "[eE](?:[+-]0?[0-9]{1,2}|[+-][12][0-9]{2}|[+-]30[0-7]|-3[0-9]{2})"
"""With its sign, else it would be a code; two digits or three (Windows and Fortran write « e-005 »), as far as a double goes."""

_POWER_FR = f"(?:{_POWER.replace('[eE]', 'e')}|E-[0-9]{{1,2}})"
"""Beside decimal commas « 2,43E+13 » is what a French spreadsheet makes of an identifier."""

_EXPONENT = rf"(?:{_POWER}|(?:\.[0-9]+)[eE][0-9]{{1,2}})"

INT_PATTERN = f"[+-]?{_WHOLE}"
DOUBLE_PATTERN = rf"[+-]?(?:{_WHOLE}(?:\.[0-9]*)?(?:{_POWER})?|{_WHOLE}{_EXPONENT}|\.[0-9]+)"
INT_FR_PATTERN = f"{_SIGN}(?:{_WHOLE}|{_GROUPED})"
# A dot followed by exactly three digits beside decimal commas may be a thousands separator: ambiguous, so refused.
_FR_BODY = (
    rf"(?:(?:{_WHOLE}|{_GROUPED})(?:,[0-9]*)?|,[0-9]+|{_DOTTED},[0-9]+"
    rf"|{_GROUPED}\.[0-9]+|{_WHOLE}\.(?:[0-9]{{1,2}}|[0-9]{{4,}}))"
)
NUMBER_FR_PATTERN = f"{_SIGN}{_FR_BODY}"


def _plain(text: str) -> str:
    """SQL: ``text``, known to be a French number, in the form DuckDB casts: no spaces, ASCII minus, dot."""
    bare = f"regexp_replace({text}, '[^0-9,.−-]', '', 'g')"
    bare = f"replace({bare}, '−', '-')"
    return f"CASE WHEN contains({text}, ',') THEN replace(replace({bare}, '.', ''), ',', '.') ELSE {bare} END"


def _int(cell: str) -> str:
    text = trimmed(cell)
    number = f"TRY_CAST({cell} AS BIGINT)"
    slow = when(INT_PATTERN, text, f"TRY_CAST({text} AS BIGINT)")
    # A number that is written as we would write it needs no pattern: most do, and patterns are slow.
    return f"CASE WHEN {number}::VARCHAR = {cell} AND strlen({cell}) <= 18 THEN {number} ELSE {slow} END"


def _int_point(cell: str) -> str:
    text = trimmed(cell)
    # Nineteen digits too, as far as they fit: nobody takes them for a number who was not told so.
    return when(
        rf"(?:{INT_PATTERN}|[+-]?[1-9][0-9]{{18}})(?:[.,]0*)?",
        text,
        f"TRY_CAST(regexp_extract({text}, '^[+-]?[0-9]+') AS BIGINT)",
    )


def _double(cell: str) -> str:
    text = trimmed(cell)
    slow = when(DOUBLE_PATTERN, text, f"TRY_CAST({text} AS DOUBLE)")
    simple = (
        f"regexp_full_match({cell}, '-?{_WHOLE}(?:[.][0-9]+)?')"  # most values: the long pattern takes twice the time
    )
    return f"CASE WHEN {simple} THEN TRY_CAST({cell} AS DOUBLE) ELSE {slow} END"


def _int_fr(cell: str) -> str:
    text = trimmed(cell)
    return when(INT_FR_PATTERN, text, f"TRY_CAST({_plain(text)} AS BIGINT)")


def _number_fr(cell: str) -> str:
    text = trimmed(cell)
    simple = f"regexp_full_match({cell}, '[+-]?{_WHOLE}(?:,[0-9]*)?')"  # most values: no need to rebuild them
    powered = (
        f"regexp_full_match({text}, '[+-]?{_WHOLE}(?:[,.][0-9]*)?{_POWER_FR}')"  # « 1e+05 », as R writes beside « 0,5 »
    )
    return (
        f"CASE WHEN {simple} THEN TRY_CAST(replace({cell}, ',', '.') AS DOUBLE) "
        f"WHEN regexp_full_match({text}, '{NUMBER_FR_PATTERN}') THEN TRY_CAST({_plain(text)} AS DOUBLE) "
        f"WHEN {powered} THEN TRY_CAST(replace({text}, ',', '.') AS DOUBLE) END"
    )


def _number_en(cell: str) -> str:
    text = trimmed(cell)
    pattern = rf"[+-]?(?:{_WHOLE}|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}}){{1,5}})(?:\.[0-9]+)?"
    return when(pattern, text, f"TRY_CAST(replace({text}, ',', '') AS DOUBLE)")


def _percent(cell: str) -> str:
    text = trimmed(cell)
    pattern = rf"(?:0|{_SIGN}(?:{_FR_BODY}|{_WHOLE}\.[0-9]+){_SPACE}*%)"
    return when(pattern, text, f"TRY_CAST({_plain(text)} AS DOUBLE)")


def _euros(cell: str) -> str:
    text = trimmed(cell)
    return when(f"{_SIGN}{_FR_BODY}{_SPACE}*(?:€|[eE]uros?|EUR)?", text, f"TRY_CAST({_plain(text)} AS DOUBLE)")


INT = Parser(
    "int",
    ColumnType.INT,
    _int,
    Words(gettext_noop("un nombre entier"), gettext_noop("des nombres entiers")),
    good=(("0", "0"), ("12", "12"), (" 12\u00a0", "12"), ("-3", "-3"), ("+7", "7"), ("2024", "2024")),
    bad=("01", "00", "1.0", "1e5", "1_000", "0x1F", "1 000", "9999999999999999999", "-", "", "²", "١٢"),
)

INT_POINT = Parser(
    "int_point",
    ColumnType.INT,
    _int_point,
    Words(gettext_noop("un nombre entier"), gettext_noop("des nombres entiers")),
    good=(("7", "7"), ("7.0", "7"), ("-12,00", "-12"), ("3.", "3"), ("-9223372036854775808", "-9223372036854775808")),
    bad=("7.5", "07.0", "7.0.0", ".0", "1e3", "", "9223372036854775808"),
    headers=r"(?:^|_)(?:id|ids|identifiants?|ident|uid|refs?|references?|numeros?|num|no|n)(?:_|$)|(?:^|_)id[a-z]+$",
    # Under another header « 7.0 » is a decimal until a person says that it counts whole things; an identifier is none, but
    # programs that hold empty cells as numbers write it so.
)

INT_FR = Parser(
    "int_fr",
    ColumnType.INT,
    _int_fr,
    Words(gettext_noop("un nombre entier"), gettext_noop("des nombres entiers")),
    good=(
        ("21\u00a0470    ", "21470"),
        ("1 234 567", "1234567"),
        ("−12", "-12"),
        ("- 5", "-5"),
        ("1\u202f000", "1000"),
    ),
    bad=("12 34", "1 2345", "01 23 45 67 89", "0 123", "1,5", "", "12 345 6"),
)

DOUBLE = Parser(
    "double",
    ColumnType.DOUBLE,
    _double,
    Words(gettext_noop("un nombre"), gettext_noop("des nombres")),
    good=(
        ("1.5", "1.5"),
        ("12", "12.0"),
        (".5", "0.5"),
        ("-0.25", "-0.25"),
        ("1.5e-3", "0.0015"),
        ("2e-323", "2e-323"),
        ("3.06073e-005", "3.06073e-05"),
        ("-1e+300", "-1e+300"),
        ("2.", "2.0"),
    ),
    bad=("1,5", "01.5", "nan", "inf", "1e5", "1.2.3", "1_000.5", "12345678901234567890", "", "."),
)

NUMBER_FR = Parser(
    "number_fr",
    ColumnType.DOUBLE,
    _number_fr,
    Words(gettext_noop("un nombre"), gettext_noop("des nombres")),
    good=(
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,5", "1234.5"),
        ("1.234,56", "1234.56"),
        ("1 234.56", "1234.56"),
        ("12.5", "12.5"),
        ("−0,5", "-0.5"),
        ("- 12", "-12.0"),
        (",25", "0.25"),
        ("7", "7.0"),
        ("2e+05", "200000.0"),
        ("-1,5e-07", "-1.5e-07"),
        ("4,2E-05", "4.2e-05"),
    ),
    bad=(
        "1.234",
        "1,234,567",
        "01,5",
        "12 34,5",
        "1,2,3",
        "48,85 2,35",
        "€",
        "",
        ",",
        "1,5 m",
        "1e5",
        "1,5e+400",
        "2,43E+13",
    ),
)

NUMBER_EN = Parser(
    "number_en",
    ColumnType.DOUBLE,
    _number_en,
    Words(gettext_noop("un nombre"), gettext_noop("des nombres")),
    good=(("2,575.00", "2575.0"), ("1,234,567.5", "1234567.5"), ("12", "12.0"), ("-1,000", "-1000.0"), ("0.5", "0.5")),
    bad=("1,5", "1,23.4", "01,234.5", "1,2345.0", "1 234.5", ""),
)
"""Thousands parted as in English; taken where a cell has both a comma and a point alone: « 1,234 » is a decimal in French."""

PERCENT = Parser(
    "percent",
    ColumnType.DOUBLE,
    _percent,
    Words(gettext_noop("un pourcentage"), gettext_noop("des pourcentages")),
    good=(("78,94 %", "78.94"), ("78,94%", "78.94"), ("100\u202f%", "100.0"), ("-1.5%", "-1.5"), ("0", "0.0")),
    bad=("78,94", "%", "a %", "01 %", ""),
    annotations={"unit": "%"},
)

EUROS = Parser(
    "euros",
    ColumnType.DOUBLE,
    _euros,
    Words(gettext_noop("un montant en euros"), gettext_noop("des montants en euros")),
    good=(("1 234,56 €", "1234.56"), ("12€", "12.0"), ("5 000 euros", "5000.0"), ("7,5", "7.5")),
    bad=("€", "12 k€", "01 €", "gratuit", ""),
    annotations={"unit": "€"},
)
