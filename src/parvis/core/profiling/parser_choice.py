"""Choosing one parser for a column from what was counted; pure decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parvis.core.columns import ColumnType
from parvis.core.profiling.kinds import names_a_quantity
from parvis.core.profiling.missing_words import TOLERANT
from parvis.core.profiling.parser_counts import Measure
from parvis.core.profiling.parsers import Parser
from parvis.core.profiling.table import DETECTED, PARSER_BY_NAME
from parvis.core.staging import Note

ENOUGH = 0.95
"""From this share of fitting values on, a column is taken for its type and its misfits are reported."""

_FEW = 30
"""Under this many filled values, one misfit is enough to leave the column as text."""

PLAIN = 5
"""From so many values on, all of one type, most cells may hold a word for none: secrecy leaves few figures of small places."""

_WORTH_SAYING = 0.5
_LATITUDE_FIRST = re.compile(r"lat_?lon|lat_?lng|lat_?long|gps|geo_?point|wgs|geoloc|coordonnees_geo")
_IDENTIFIER = re.compile(
    r"(?:^|_)(?:id|ids|identifiants?|ident|uid|ref|refs|references?|numeros?|num|no|n)(?:_|$)|^id[a-z]+$"
)
"""Headers of names given to things: one that is no number makes labels of them all, not an error among numbers."""
_LONGITUDE_FIRST = re.compile(r"lon_?lat|lng_?lat|coordonnees?_?xy|(?:^|_)xy(?:_|$)")


_AS_THEY_STAND = {ColumnType.TEXT: "text", ColumnType.JSON: "json_told"}
"""Types of which any text is a value."""
_WORDY = frozenset({ColumnType.TEXT, ColumnType.JSON, ColumnType.FILE})
"""Types of which a word is a value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The parser taken and what a person should know about it.

    ``missing``: words that say that there is no value (``missing_words``) are read as none.
    """

    parser: str
    notes: tuple[Note, ...] = ()
    missing: bool = False


def relatives(slug: str, measure: Measure, hint: ColumnType | None) -> list[Parser]:
    """All parsers that fit a fair part of the sample: what to count when the first one failed."""
    return [p for p in DETECTED if measure.share(p.name) >= _WORTH_SAYING and _allowed(p, slug, measure, hint)]


def _allowed(parser: Parser, slug: str, measure: Measure, hint: ColumnType | None) -> bool:
    if parser.headers and not re.search(parser.headers, slug):
        return False
    if parser.name == "number_en" and not _is_english(measure):
        return False
    # A format that knows numbers and still wrote whole numbers as text means text: most often a code.
    digits = parser.type.is_number or parser.type is ColumnType.BOOLEAN
    as_text = hint is ColumnType.TEXT and not (parser.type.is_number and names_a_quantity(slug))
    return not (as_text and digits and measure.share("int") >= _WORTH_SAYING)


def _is_english(measure: Measure) -> bool:
    """Whether commas part thousands: before a point in one cell, or in groups where other cells have points (« 401,402,403 » alone is
    a list)."""
    points = measure.fits["double"] > measure.fits["int"]
    return bool(measure.clues["english"] or (measure.clues["groups"] and points))


def _by_hint(parsers: list[Parser], hint: ColumnType | None) -> list[Parser]:
    if hint in (None, ColumnType.TEXT, ColumnType.JSON):  # nested values may be more than JSON: points, lists of texts
        return parsers
    hinted = (
        (hint, ColumnType.INT) if hint is ColumnType.DOUBLE and parsers and parsers[0].name == "int_point" else (hint,)
    )
    return sorted(parsers, key=lambda p: p.type not in hinted)


def choose(slug: str, measure: Measure, hint: ColumnType | None) -> Choice:
    """The parser for a column wholly counted: the first that fits all, else all but words for no value, else the best above
    ENOUGH, else text."""
    candidates = [p for p in DETECTED if measure.fits[p.name] and _allowed(p, slug, measure, hint)]
    perfect = _by_hint([p for p in candidates if measure.fits[p.name] == measure.filled], hint)
    if not perfect and not _names_things(slug, measure):
        perfect = _by_hint([p for p in candidates if measure.fits[p.name] == _expected(p, measure)], hint)
    if perfect:
        return _ordered_point(slug, measure, perfect[0])
    best = max(
        (p for p in candidates if not p.strict),
        key=lambda p: (measure.fits[p.name], -DETECTED.index(p)),
        default=None,
    )
    if best is None:
        return Choice("text")
    if (reason := _why_text(slug, best, measure)) is not None:
        return Choice("text", reason)
    return _ordered_point(slug, measure, best)


def _why_text(slug: str, best: Parser, measure: Measure) -> tuple[Note, ...] | None:
    """Notes when the column stays text although a part of it fits; None when the parser is taken with its misfits."""
    fits, expected = measure.fits[best.name], _expected(best, measure)
    misfits = expected - fits
    if best.type.is_number and (measure.clues["leading_zero"] or measure.clues["long_digits"]):
        return ()
    # « 12 bis », « 2A », « 1;2 » are labels, « oui, sur demande » is an answer: no errors among numbers or booleans.
    labels = best.type.is_number and measure.share("int") >= _WORTH_SAYING and measure.clues["label"] * 2 >= misfits
    answers = best.type is ColumnType.BOOLEAN and misfits > 0
    named = best.type.is_number and _IDENTIFIER.search(slug) is not None
    if fits >= ENOUGH * expected and measure.filled >= _FEW and not (labels or answers or named):
        return None
    share = fits / measure.filled
    if share < _WORTH_SAYING:
        return ()
    details = {
        "parser": best.name,
        "share": round(share, 4),
        "misfits": measure.filled - fits,
        "filled": measure.filled,
    }
    return (Note("mostly", details),)


def _names_things(slug: str, measure: Measure) -> bool:
    """True for whole numbers under the header of names given to things: a word among them is one more name, a dash is none."""
    words = measure.missing > measure.clues["sign"]
    return words and _IDENTIFIER.search(slug) is not None and measure.share("int") >= _WORTH_SAYING


def _expected(parser: Parser, measure: Measure) -> int:
    """How many cells must fit: all that are filled, or all but words for no value where these are believed."""
    return measure.values if reads_missing(parser, measure) else measure.filled


def reads_missing(parser: Parser, measure: Measure) -> bool:
    """True when the words for no value that were seen are read as none: among numbers and dates, up to half of the cells, more
    when all the rest is plain; among other types, as few as errors would be."""
    if not measure.missing or not measure.values or parser.type in _WORDY:
        return False
    all_the_same = parser.type.is_number and measure.distinct == 1 < measure.values
    if all_the_same and measure.clues["sign"] == measure.missing:  # « - » and « 1 » are two answers to a question
        return False
    if parser.type not in TOLERANT and not (parser.type is ColumnType.BOOLEAN and measure.machine):
        return measure.missing <= measure.filled * (1 - ENOUGH)
    plain = measure.fits[parser.name] == measure.values
    return measure.missing <= measure.values or (plain and (measure.agreed or measure.values >= PLAIN))


def _ordered_point(slug: str, measure: Measure, parser: Parser) -> Choice:
    """For a pair in one cell: which number is the latitude."""
    notes = (Note(parser.note, {}),) if parser.note else ()
    missing = reads_missing(parser, measure)
    if parser.name not in ("latlon", "lonlat"):
        if parser.name == "datetime_iso" and measure.clues["naive"]:
            notes = (*notes, Note("naive-datetime", {}))
        return Choice(parser.name, notes, missing)
    lat_first, lon_first = measure.clue("lat_first_in_france"), measure.clue("lon_first_in_france")
    seen = "latlon" if lat_first > lon_first else "lonlat" if lon_first > lat_first else None
    named = "latlon" if _LATITUDE_FIRST.search(slug) else "lonlat" if _LONGITUDE_FIRST.search(slug) else None
    if named and measure.fits[named] == _expected(parser, measure):
        if seen and seen != named and max(lat_first, lon_first) >= 0.9:
            return Choice(named, (Note("swapped-coordinates", {"proposed": seen}),), missing)
        return Choice(named, (), missing)
    if seen and measure.share(seen) >= ENOUGH:
        return Choice(seen, (), missing)
    return Choice(parser.name, (Note("coordinate-order", {"taken": parser.name}),), missing)


def first_of(kind: ColumnType, measure: Measure) -> str:
    """The parser that reads the most values as ``kind``; a person asked for that type. Text and JSON are kept as they stand."""
    if kind in _AS_THEY_STAND:
        return _AS_THEY_STAND[kind]
    rows = [p for p in PARSER_BY_NAME.values() if p.type is kind and p.arity == 1 and p.name != "geometry"]
    if kind is ColumnType.GEO_POINT:  # points may be written as shapes are
        rows += [p for p in DETECTED if p.type is ColumnType.GEO_SHAPE and p.arity == 1]
    best = max(rows, key=lambda p: (measure.fits[p.name], -rows.index(p)), default=None)
    return best.name if best else "text"
