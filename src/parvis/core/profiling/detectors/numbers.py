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
_EXPONENT = r"(?:[eE](?:[+-][0-9]{1,2}|-[123][0-9]{2})|(?:\.[0-9]+)[eE][0-9]{1,2})"

INT_PATTERN = f"[+-]?{_WHOLE}"
DOUBLE_PATTERN = (
    rf"[+-]?(?:{_WHOLE}(?:\.[0-9]*)?(?:[eE](?:[+-][0-9]{{1,2}}|-[123][0-9]{{2}}))?|{_WHOLE}{_EXPONENT}|\.[0-9]+)"
)
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
    return when(rf"{INT_PATTERN}(?:[.,]0*)?", text, f"TRY_CAST(regexp_extract({text}, '^[+-]?[0-9]+') AS BIGINT)")


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
    return (
        f"CASE WHEN {simple} THEN TRY_CAST(replace({cell}, ',', '.') AS DOUBLE) "
        f"WHEN regexp_full_match({text}, '{NUMBER_FR_PATTERN}') THEN TRY_CAST({_plain(text)} AS DOUBLE) END"
    )


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
    good=(("7", "7"), ("7.0", "7"), ("-12,00", "-12"), ("3.", "3")),
    bad=("7.5", "07.0", "7.0.0", ".0", "1e3", ""),
    headers="(?!)",  # never by itself: « 7.0 » is a decimal until a person says that it counts whole things
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
    ),
    bad=("1.234", "1,234,567", "01,5", "12 34,5", "1,2,3", "48,85 2,35", "€", "", ",", "1,5 m"),
)

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
