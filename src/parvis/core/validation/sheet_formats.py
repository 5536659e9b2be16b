"""What Validata makes of a formatted number or date of an XLSX sheet: a text, by the code of its format (ECMA-376, 18.8.31).

It follows a part of the codes only: decimals and percentages of numbers, the elements of dates. Where it gives nothing, the cell
stays a number or a date.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

_ELEMENTS = {
    "yyyy": "%Y", "yy": "%y", "mmm": "%b", "mmmm": "%B", "mmmmmm": "%b", "d": "%-d", "dd": "%d", "ddd": "%a", "dddd": "%A",
    "h": "%-H", "hh": "%H", "s": "%-S", "ss": "%S", "am/pm": "%p", "a/p": "%p",
}  # fmt: skip
_MONTHS = {"m": "%-m", "mm": "%m"}
_MINUTES = {"m": "%-M", "mm": "%M"}
_PLAIN = frozenset("$+(:^'{<=-/)!&~}> ")
_HOURS, _SECONDS = {"h", "hh"}, {"s", "ss"}
_PLACES = re.compile(r"[0#?]")


def shown_number(number: float, code: str) -> str | float:
    """The number as ``code`` shows it, without separators of thousands nor units; as it is under the general format."""
    percent = code.endswith("%")
    if percent:
        number, code = number * 100, code[:-1]
    if code == "General":
        return number
    sections = code.split(";")
    parts = (sections[1] if number < 0 and len(sections) > 1 else sections[0]).split(".")
    if len(parts) > 2:
        return number / 100 if percent else number
    places = "".join(_PLACES.findall(parts[1])) if len(parts) == 2 else ""
    text = f"{number:.{len(places)}f}"
    for _ in range(len(places) - len(places.rstrip("#"))):
        text = text.removesuffix("0")
    return f"{text}%" if percent else text


def shown_moment(moment: dt.datetime | dt.time, code: str) -> str | dt.datetime | dt.time:
    """The date or the hour as ``code`` shows it; as it is when the code has elements that are not followed."""
    layout = _layout(code)
    return moment.strftime(layout) if layout else moment


@lru_cache(maxsize=512)
def _layout(code: str) -> str | None:
    """The layout of strftime for a code; None when one of its elements is not followed."""
    return _Layout().read(code)


class _Layout:
    """Reads a code: ``m`` and ``mm`` are minutes after hours or before seconds, else months, so their place is kept until one knows."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._run = ""
        self._before = ""
        self._open: int | None = None

    def read(self, code: str) -> str | None:
        quoted = escaped = False
        for sign in code:
            if escaped or (quoted and sign != '"'):
                self._out.append(sign.replace("%", "%%"))
                escaped = False
            elif sign == '"':
                quoted = not quoted
            elif sign == ";":
                break
            elif not self._take(sign):
                return None
            else:
                escaped = sign == "\\"
        return self._end()

    def _take(self, sign: str) -> bool:
        """One sign outside of quotes; False when it ends an element that is not followed."""
        run = self._run.lower()
        plain = sign in _PLAIN and not (sign == "/" and run in {"a", "am"})
        other = not run.startswith(sign.lower()) and (not run.startswith("a") or run == "am/pm")
        if run and (plain or sign == "\\" or other) and not self._close(run):
            return False
        if plain:
            self._out.append(sign)
        elif sign != "\\":
            self._run += sign
        return True

    def _close(self, run: str) -> bool:
        if self._open is not None:
            self._out[self._open] = (_MINUTES if run in _SECONDS else _MONTHS)[self._before]
            self._open = None
        if run in _MONTHS and self._before not in _HOURS:
            self._open = len(self._out)
            self._out.append("")
        elif run in _MONTHS or run in _ELEMENTS:
            self._out.append(_MINUTES.get(run) or _ELEMENTS[run])
        else:
            return False
        self._before, self._run = run, ""
        return True

    def _end(self) -> str | None:
        """The last element never makes minutes of what comes before it."""
        run = self._run.lower()
        if self._open is not None:
            self._out[self._open] = _MONTHS[self._before]
            self._open = None
        if run in _MONTHS:
            self._out.append((_MINUTES if self._before in _HOURS else _MONTHS)[run])
        elif run in _ELEMENTS:
            self._out.append(_ELEMENTS[run])
        elif run:
            return None
        return "".join(self._out)
