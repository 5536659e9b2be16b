"""Opening hours of OpenStreetMap, as Validata reads them: the grammar of https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
in the dialect of the parser it uses (hours in two digits, words in their exact case, a space after ``;`` and ``,`` between rules).

The grammar chooses the first form that fits and never comes back on it. Atomic groups of Python's expressions do just that, so
that the whole of it is one expression, and takes a time in proportion to the text.
"""

from __future__ import annotations

import functools
import itertools
import re


def _first(*forms: str) -> str:
    """The first of ``forms`` that fits."""
    return f"(?>{'|'.join(forms)})"


def _maybe(form: str) -> str:
    return f"(?:{form})?+"


def _listed(form: str) -> str:
    return f"(?>{form}(?:,{form})*+)"


_SIGN = "(?>[+-])"
_NUMBER = "(?>0*+[1-9][0-9]*+)"
_MINUTE = "[0-5][0-9]"
_TIME_OF_DAY = f"(?>(?>[01][0-9]|2[0-4]):{_MINUTE})"
_LATE_TIME = f"(?>(?>[0-3][0-9]|4[0-8]):{_MINUTE})"
_EVENT = _first("dawn", "sunrise", "sunset", "dusk")
_SUN = _first(rf"\({_EVENT}{_SIGN}{_TIME_OF_DAY}\)", _EVENT)
_TIME = _first(_TIME_OF_DAY, _SUN)
_END = _first(_LATE_TIME, _SUN)
_SPAN = _first(
    f"{_TIME}-{_END}/{_TIME_OF_DAY}",
    f"{_TIME}-{_END}/{_MINUTE}",
    rf"{_TIME}-{_END}\+",
    f"{_TIME}-{_END}",
    rf"(?P<point>{_TIME})\+?+",
)
_TIMES = _listed(_SPAN)

_DAY = _first("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
_SHIFT = f"(?> {_SIGN}{_NUMBER} days?+)"
_NTH = _first("[1-5]-[1-5]", "(?P<last>-[1-5])", "[1-5]")
_DAYS = _listed(_first(rf"{_DAY}\[{_listed(_NTH)}\]{_maybe(_SHIFT)}", f"{_DAY}-{_DAY}", _DAY))
_HOLIDAYS = _listed(_first(f"PH{_maybe(_SHIFT)}", "SH"))
_WEEKDAYS = _first(f"{_HOLIDAYS}{_maybe(f',{_DAYS}')}", f"{_DAYS}{_maybe(f',{_HOLIDAYS}')}", f"{_HOLIDAYS} {_DAYS}")

_YEAR = "(?>19[0-9]{2}|[2-9][0-9]{3})"
_MONTH = _first("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_NUMBER = "(?>[0-2][0-9]|3[01]|[0-9])"
_EASTER = f"(?>{_maybe(_YEAR)}easter)"
_DATE = _first(f"{_maybe(f'{_YEAR} ?+')}{_MONTH} ?+{_DAY_NUMBER}", _EASTER)
_DATE_SHIFT = _first(f"{_SIGN}{_DAY}{_SHIFT}", f"{_SIGN}{_DAY}", _SHIFT)
_DATES = _listed(
    _first(
        f"{_EASTER}{_maybe(_DATE_SHIFT)} ?+- ?+(?>{_DATE}|(?P<easter>{_DAY_NUMBER})){_maybe(_DATE_SHIFT)}",
        f"{_DATE}{_maybe(_DATE_SHIFT)} ?+- ?+{_first(_DATE, _DAY_NUMBER)}{_maybe(_DATE_SHIFT)}",
        rf"{_DATE}{_DATE_SHIFT}\+?+",
        rf"{_DATE}\+?+",
        f"{_maybe(_YEAR)}{_MONTH}{_maybe(f'-{_MONTH}')}",
    )
)
_WEEK_NUMBER = "(?>0[1-9]|[1-4][0-9]|5[0-3])"
_WEEKS = f"(?>week{_listed(_WEEK_NUMBER + _maybe(f'-{_WEEK_NUMBER}{_maybe(f"/(?P<weeks>{_NUMBER})")}'))})"
_YEARS = _listed(_first(rf"{_YEAR}\+", f"{_YEAR}{_maybe(f'-{_YEAR}{_maybe(f"/(?P<years>{_NUMBER})")}')}"))

_COMMENT = '(?>"[^"]++")'
_READABLE = _first(" ", ": ", ":")
_WIDE = _first(
    f"{_COMMENT}:",
    f"{_DATES}{_maybe(_WEEKS)}{_maybe(_READABLE)}",
    f"{_maybe(_YEARS)}{_maybe(_DATES)}{_maybe(_WEEKS)}{_maybe(_READABLE)}",
)
_NARROW = _first(f"{_WEEKDAYS} {_TIMES}", _WEEKDAYS, _TIMES)
_SELECTORS = _first("24/7", f"{_WIDE}{_maybe(_NARROW)}")
_STATE = _first("closed", "off", "open", "unknown")
_RULE = f"(?>{_SELECTORS} ?+{_maybe(_first(_COMMENT, f'{_STATE} ?+{_maybe(_COMMENT)}'))})"
_SEPARATOR = _first("; ", ", ", r" ?+\|\| ")
_names = itertools.count()
_HOURS = re.sub(r"\(\?P<(\w+)>", lambda found: f"(?P<{found[1]}_{next(_names)}>", f"{_RULE}(?:{_SEPARATOR}{_RULE})*+")
_MOST = {"years": 65_535, "weeks": 255}
"""Largest step between years, between weeks."""


@functools.cache
def _hours() -> re.Pattern[str]:
    """The whole language, compiled when hours are first met: it takes a sixth of a second, and few commands meet any."""
    return re.compile(_HOURS, re.DOTALL)


def is_opening_hours(text: str) -> bool:
    """Whether ``text`` is a sentence of the language, without what that parser knows and refuses: a moment without an end, the
    last weekday of a month, Easter followed by a day number, steps too large."""
    match = _hours().fullmatch(text)
    if match is None:
        return False
    met = ((name.partition("_")[0], found) for name, found in match.groupdict().items() if found)
    return all(name in _MOST and len(found) < 20 and int(found) <= _MOST[name] for name, found in met)
