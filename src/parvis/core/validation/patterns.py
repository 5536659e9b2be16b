"""Patterns of schemas: anchored as validators anchor them, pushed down to RE2 when it means the same, bounded in time otherwise."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
import regex

from parvis.core.errors import DataError
from parvis.core.translation import gettext_noop
from parvis.core.validation.pattern_translation import rewritten

SECONDS = 2.0
"""For one value."""

TOTAL_SECONDS = 60.0
"""For all values of a check that take long, whatever their pattern."""

LONG = 0.001

PUSHED_CHARACTERS = 1_000
"""Length of the texts that RE2 reads: nothing stops it inside one text, and it takes as many steps as the pattern has, a character."""

_PUSHED_STEPS = 5_000
_COUNTS = re.compile(r"\{([0-9]+)(?:,([0-9]*))?\}")

_ATOM = r"""(?:[^\\.\[\](){}*+?|^$]|\.|\\[dws]|\\[^a-zA-Z0-9]|\\[tnrfv]|\((?:\?:|(?![?*+{]))|\)|\||\[(?:\\[dws]|\\[^a-zA-Z0-9]|[^\\\[\]^&~|\-]|[^\\\[\]^&~|\-]-[^\\\[\]&~|\-]|-(?=\]))+\])"""
_SAFE = re.compile(rf"(?:\^|\$|{_ATOM}(?:[*+?]\??|\{{[0-9]{{1,3}}(?:,[0-9]{{0,3}})?\}}\??)?)*", re.ASCII)
"""Patterns whose RE2 reading accepts nothing that Python's refuses: no negated class, no look-around, no reference, no flag."""

_LITERAL = re.compile(r"\\.|\[(?:\\.|[^\]])*\]", re.DOTALL)
"""An escaped character or a class, where an anchor is but a character."""


class SlowPattern(DataError):
    """A pattern that needs too long for some value."""

    code: ClassVar[str] = "schema-pattern-slow"
    sentence: ClassVar[str] = gettext_noop("Le motif du champ « {field} » demande trop de temps : {pattern}")
    advice: ClassVar[str] = gettext_noop(
        "Le motif contient des répétitions imbriquées, comme (a+)+ : récrivez-le dans le schéma."
    )


def anchored(pattern: str) -> str:
    """``^`` and ``$`` around the pattern, without grouping: ``a|b`` then accepts ``ax``, as every such validator does."""
    return f"^{pattern}$"


def is_sound(pattern: str) -> bool:
    """True when Python's expressions accept it, anchored."""
    try:
        regex.compile(rewritten(anchored(pattern)), regex.V0)
    except (re.error, regex.error, RecursionError, OverflowError):
        return False
    return True


def pushed_down(pattern: str) -> str | None:
    """The expression whose search by RE2 accepts only texts that Python accepts too; None when that is not sure."""
    if (
        len(pattern) > 2_000
        or not _SAFE.fullmatch(pattern)
        or _has_inner_anchor(pattern)
        or _steps(pattern) > _PUSHED_STEPS
    ):
        return None
    pushed = f"^(?:{anchored(pattern)})"
    try:
        pc.match_substring_regex(pa.nulls(1, pa.string()), pushed)  # RE2 has limits of its own
    except pa.ArrowInvalid:
        return None
    return pushed


def _steps(pattern: str) -> int:
    """About how many steps the pattern has once its repetitions are written out."""
    counts = (max(int(least), int(most or 0)) for least, most in _COUNTS.findall(pattern))
    return len(pattern) * math.prod(max(count, 1) for count in counts)


def _has_inner_anchor(pattern: str) -> bool:
    """Whether an anchor is elsewhere than at the ends of the pattern or of its plain alternatives.

    No text satisfies ``a$b``, but DuckDB rewrites plain patterns as comparisons of texts and forgets where anchors were.
    """
    bare = _LITERAL.sub("x", pattern)
    parts = [bare] if "(" in bare else bare.split("|")
    return any(set("^$") & set(part.lstrip("^").rstrip("$")) for part in parts)


class Spent:
    """Seconds that the patterns of one check have taken."""

    def __init__(self) -> None:
        self.seconds = 0.0


_spent: ContextVar[Spent | None] = ContextVar("spent", default=None)


@contextmanager
def pattern_budget() -> Iterator[None]:
    """All patterns inside share TOTAL_SECONDS."""
    token = _spent.set(Spent())
    try:
        yield
    finally:
        _spent.reset(token)


class Pattern:
    """A pattern of a field, matched within bounds of time."""

    def __init__(self, pattern: str, field: str) -> None:
        self._field, self._pattern = field, pattern
        self._compiled = regex.compile(rewritten(anchored(pattern)), regex.V0)
        self._alone = Spent()

    def matches(self, text: str) -> bool:
        """Whether ``text`` is accepted; SlowPattern when that takes too long."""
        start = time.monotonic()
        try:
            is_match = self._compiled.match(text, timeout=SECONDS) is not None
        except TimeoutError as error:
            raise SlowPattern(field=self._field, pattern=self._pattern) from error
        seconds = time.monotonic() - start
        if seconds > LONG:
            spent = _spent.get() or self._alone
            spent.seconds += seconds
            if spent.seconds > TOTAL_SECONDS:
                raise SlowPattern(field=self._field, pattern=self._pattern)
        return is_match
