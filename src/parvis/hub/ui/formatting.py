"""Numbers, dates and sizes as the reader's language writes them: marks from Django's formats, forms from the catalogues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from math import isfinite
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, get_format, time_format
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parvis.core.charts.formats import with_unit as sign_text
from parvis.core.columns import Column, ColumnType, value_text
from parvis.core.instants import by_the_clocks_of
from parvis.core.units import unit_word
from parvis.core.versions.formats import FEDERATED
from parvis.core.years import is_year

SPACE = "\u00a0"
"""Before a unit or a percent sign."""
NOTHING = "—"
_PRECISIONS = {"year": 4, "month": 7}
"""Letters of an ISO date that tell the years or the months of a column whose dates are no finer."""
_MONTH_WORDS = {"mois", "date", "periode", "month", "period"}
"""Words of the names of columns whose ``2013-02`` is a month, and no number of a file."""
LONGEST_SYMBOL = 4
"""« km² », « MWh »: letters of a unit that is a symbol."""
MONTHS_AFTER, YEARS_AFTER = 60, 730
"""Days beyond which an age is told in months, then in years."""


def plain_text(html: str) -> str:
    """The words of an HTML description, entities and tags resolved, one space between its blocks."""
    return unescape(" ".join(strip_tags(html.replace("<", " <")).split()))


def number(value: Any, decimals: int | None = None) -> str:
    """``1 294`` or ``48,72``: at most ``decimals`` decimals, at most 15 significant digits when not said."""
    if value is None or value == "":
        return NOTHING
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return str(value)
    if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):
        return str(value)
    if decimals is not None:
        text = f"{value:,.{decimals}f}"
    elif isinstance(value, int):
        text = f"{value:,}"
    else:
        text = f"{Decimal(repr(value)) if isinstance(value, float) else value:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return _localised(text)


def _localised(text: str) -> str:
    """Python's ``1,294.5`` with the marks of the page's language, and a true minus sign."""
    if text.startswith("-"):
        text = "\u2212" + text[1:]
    return text.translate({ord(","): get_format("THOUSAND_SEPARATOR"), ord("."): get_format("DECIMAL_SEPARATOR")})


def percent(share: float | None, decimals: int = 1) -> str:
    """``12,5 %`` for 0.125; whole percents without decimals."""
    if share is None:
        return NOTHING
    return percents(number(round(share * 100, decimals)))


def percents(text: str) -> str:
    """``12,5 %`` for a number already written."""
    return _("%(number)s\u00a0%%") % {"number": text}


def size_units() -> tuple[str, ...]:
    """Units of a number of bytes, each a thousand times the one before."""
    return _("octets"), _("ko"), _("Mo"), _("Go"), _("To")


def with_unit(text: str, unit: str) -> str:
    """``48,7 %``: a symbol never leaves its number; a word may go to the next line."""
    language = get_language() or "fr"
    if unit in ("%", "€"):
        return sign_text(text, unit, language)
    word = unit_word(unit, language)
    space = SPACE if len(word) <= LONGEST_SYMBOL else " "
    return f"{text}{space}{word}" if unit else text


def age_words(days: int | None) -> str:
    """« il y a 3 mois » for an age in days; nothing for one that is not known."""
    if days is None:
        return ""
    if days < 2:
        return _("hier") if days else _("aujourd’hui")
    if days < MONTHS_AFTER:
        return ngettext("il y a %(count)s jour", "il y a %(count)s jours", days) % {"count": days}
    if days < YEARS_AFTER:
        return _("il y a %(count)s mois") % {"count": round(days / 30.44)}
    years = int(days / 365.25)
    return ngettext("il y a %(count)s an", "il y a %(count)s ans", years) % {"count": years}


def period_words(text: str) -> str:
    """« septembre 2020 » for ``2020-09``, a date in words for a day; any other period as it is."""
    try:
        if re.fullmatch(r"\d{4}-\d\d", text):
            return date_format(date.fromisoformat(f"{text}-01"), "F Y")
        return day(date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
    except ValueError:
        return text


def size(count: int | None) -> str:
    """``1,2 Mo`` for a number of bytes."""
    if count is None:
        return NOTHING
    units = size_units()
    amount, rank = float(count), 0
    while amount >= 1000 and rank < len(units) - 1:
        amount, rank = amount / 1000, rank + 1
    decimals = 1 if rank and amount < 10 else 0
    return f"{number(float(f'{amount:.{decimals}f}'))}{SPACE}{units[rank]}"


def day(value: Any) -> str:
    """``3 mars 2026`` for a date, an instant (in the instance's time zone) or ISO text; the text itself when it is neither."""
    moment = _moment(value)
    if moment is None:
        return NOTHING if value in (None, "") else str(value)
    # Patterns of Django's ``date`` filter: a letter after a backslash is itself.
    return date_format(moment, _("j\\e\\r\u00a0F\u00a0Y") if moment.day == 1 else _("j\u00a0F\u00a0Y"))


def period(first: Any, last: Any) -> str:
    """« 2013 à 2021 », « mars 2013 à juin 2014 », « 12 mars 2013 »: from years or days, as finely as the span wants it."""
    first, last = str(first), str(last)
    is_whole_years = first[5:7] == "01" and last[5:7] == "12"
    if is_whole_years or len(first) <= 4 or len(last) <= 4 or int(last[:4]) - int(first[:4]) >= YEARS_ALONE:
        bounds = [first[:4], last[:4]]
    elif first[:7] == last[:7] and first != last:
        bounds = [_month(last)] * 2
    elif first == last:
        bounds = [day(first)] * 2
    else:
        bounds = [_month(first), _month(last)]
    if bounds[0] == bounds[1]:
        return bounds[0]
    return _("%(first)s à %(last)s") % {"first": bounds[0], "last": bounds[1]}


YEARS_ALONE = 3
"""Years of a period from which its months say nothing more."""


def _month(value: str) -> str:
    moment = _moment(value[:10])
    return date_format(moment, "F\u00a0Y") if moment else value


_SENTENCE_END = re.compile(r"(?<=\w{3})[.!?…](?=\s+[«\"“(A-ZÀ-Ý0-9])")
_TRAILING = re.compile(
    r"(?:[\s\u00a0\u202f,;:.!?…(«“\"–—-]|(?<![\w’'])[a-zà-ÿ]{1,3}[’']?(?=$)|(?<=\s)[a-zà-ÿ]{1,4}[’']$)+$"
)
"""What never ends an excerpt: marks, and the little words that announce the next one."""
_SHARE = 0.45
"""Of the letters of an excerpt: a sentence that ends before is too short to stand for the whole."""


def excerpt(text: str, words: int) -> str:
    """The first words of a text: to the end of a sentence when one is near, else to a word that may end a line, and « … »."""
    every = text.split()
    if len(every) <= words:
        return " ".join(every)
    head = " ".join(every[:words])
    ends = [match.end() for match in _SENTENCE_END.finditer(f"{head} {every[words]}") if match.end() <= len(head)]
    if ends and ends[-1] >= _SHARE * len(head):
        return head[: ends[-1]]
    opened = head.rfind("(")
    if opened > head.rfind(")") and opened >= _SHARE * len(head):
        head = head[:opened]
    return f"{_TRAILING.sub('', head)}…"


_FORMATS = {
    "geojson": "GeoJSON",
    "shp": "Shapefile",
    "shapefile": "Shapefile",
    "gpkg": "GeoPackage",
    "parquet": "Parquet",
    "geoparquet": "GeoParquet",
}


def format_name(name: str) -> str:
    """A format of files as its users write it."""
    return _("données fédérées") if name == FEDERATED else _FORMATS.get(name.lower(), name.upper())


def instant(value: Any) -> str:
    """``3 mars 2026 à 14 h 05``."""
    moment = _moment(value)
    if not isinstance(moment, datetime):
        return day(value)
    return _("%(day)s à %(hour)s") % {"day": day(moment), "hour": hour(moment)}


def hour(moment: datetime) -> str:
    """``14 h 05``, ``14 h``."""
    return str(time_format(moment, _("G\u00a0\\h\u00a0i") if moment.minute else _("G\u00a0\\h")))


def _moment(value: Any) -> date | datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return by_the_clocks_of(timezone.get_current_timezone(), value) if timezone.is_aware(value) else value
    return value if isinstance(value, date) else None


def cell(value: Any, kind: str, annotations: Mapping[str, Any] | None = None) -> str:
    """A value of a table as text: numbers and dates in the page's language, oui/non, places as ``48,62, 2,44``."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if kind in ("int", "double"):
        decimals = (annotations or {}).get("decimals")
        return number(value, decimals if isinstance(decimals, int) else None)
    if kind == "date":
        return f"{_moment(value):%d/%m/%Y}" if _moment(value) else str(value)
    if kind == "datetime":
        moment = _moment(value)
        return f"{moment:%d/%m/%Y %H:%M}" if moment else str(value)
    if kind == "geo_point_2d" and isinstance(value, Mapping):
        return f"{value['lat']:.5f}, {value['lon']:.5f}"
    if kind == "geo_shape":
        return _shape(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def written(value: Any, column: Column) -> str:
    """A value of that column as people read it: by its label, years in one piece, the rest as ``cell`` writes it."""
    if column.labels and value not in (None, ""):
        if isinstance(value, list | tuple):
            return ", ".join(column.label_of(one) or str(one) for one in value)
        if label := column.label_of(value):
            return label
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and is_year(value, column):
        return str(int(value))
    if column.type is ColumnType.TEXT and isinstance(value, str) and _MONTH_WORDS & set(column.name.split("_")):
        return period_words(value)
    if (
        column.type is ColumnType.DATE
        and value
        and (letters := _PRECISIONS.get(column.annotations.get("timeserie_precision")))
    ):
        return period_words(str(value)[:letters])
    return cell(value, column.type.value, column.annotations)


def raw_text(value: Any, column: Column) -> str:
    """A value as the data have it, where people read its label; empty where they read the value itself."""
    if not column.labels or value in (None, ""):
        return ""
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(map(value_text, values)) if any(map(column.label_of, values)) else ""


def written_of_profile(text: str, column: Column) -> str:
    """The same for a value as a profile writes it, as text."""
    if column.type is ColumnType.BOOLEAN:
        return written(text.lower() == "true", column)
    return written(float(text) if column.type.is_number else text, column)


def cut(text: str, longest: int) -> str:
    """A text that takes at most so many letters, the last one telling that there is more."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _shape(value: Any) -> str:
    geometry = value.get("geometry", value) if isinstance(value, Mapping) else {}
    words = {
        "Point": _("point"),
        "MultiPoint": _("points"),
        "LineString": _("ligne"),
        "MultiLineString": _("lignes"),
        "Polygon": _("surface"),
        "MultiPolygon": _("surfaces"),
    }
    return str(words.get(str(geometry.get("type")), _("forme")))
