"""The table of parsers, in order of preference: among those that fit equally well, the first is taken."""

from __future__ import annotations

from parvis.core.errors import RequestError
from parvis.core.profiling.detectors import booleans, dates, geography, numbers, texts
from parvis.core.profiling.parsers import Parser
from parvis.core.translation import gettext_noop

PARSERS: tuple[Parser, ...] = (
    dates.DATE_COMPACT,
    numbers.INT,
    numbers.INT_POINT,
    numbers.DOUBLE,
    numbers.INT_FR,
    numbers.NUMBER_FR,
    numbers.NUMBER_EN,
    numbers.PERCENT,
    numbers.EUROS,
    booleans.BOOLEAN,
    booleans.BOOLEAN_FR,
    booleans.BOOLEAN_ON,
    dates.DATE_ISO,
    dates.DATE_DMY,
    dates.DATE_DMY2,
    dates.DATE_YMD,
    dates.DATE_FR,
    dates.MONTH_ISO,
    dates.MONTH_NUMERIC,
    dates.MONTH_FR,
    dates.YEAR,
    dates.DATE_MIDNIGHT,
    dates.DATETIME_ISO,
    dates.DATETIME_DMY,
    dates.DATE_MDY,
    dates.DATE_MDY2,
    dates.DATETIME_MDY,
    dates.DATE_EITHER,
    geography.LAT_LON,
    geography.LON_LAT,
    geography.POINT_OBJECT,
    geography.WKT,
    geography.WKT_LAMBERT93,
    geography.EWKT,
    geography.WKB,
    geography.EWKB,
    geography.GEOJSON_CELL,
    texts.TEXT_LIST,
    texts.JSON,
    texts.JSON_TOLD,
    texts.FILE,
    texts.TEXT,
    geography.GEOMETRY,
    geography.LON_LAT_COLUMNS,
    geography.SWAPPED_COLUMNS,
    *geography.PROJECTED_COLUMNS,
)

PARSER_BY_NAME = {parser.name: parser for parser in PARSERS}
DETECTED = tuple(parser for parser in PARSERS if parser.automatic and parser.name != "text")
"""Parsers tried on every column of text; text itself fits always."""


class UnknownParser(RequestError):
    """A parser that is not in the table."""

    code = "parser-unknown"
    sentence = gettext_noop("La lecture « {parser} » n’existe pas.")


def parser_named(name: str) -> Parser:
    """The row of that name, or the reading that splits texts around a separator; UnknownParser when there is none."""
    if name.startswith(texts.SPLIT) and len(name) > len(texts.SPLIT):
        return texts.split_text(name.removeprefix(texts.SPLIT))
    try:
        return PARSER_BY_NAME[name]
    except KeyError:
        raise UnknownParser(parser=name) from None
