"""Patterns of schemas: anchored as validators anchor them, pushed down to RE2 when it means the same, bounded in time otherwise."""

from __future__ import annotations

import re
import time
import warnings
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
import regex

from parvis.core.errors import DataError

SECONDS = 2.0
"""For one value."""

TOTAL_SECONDS = 60.0
"""For the values of one pattern that take long."""

LONG = 0.02

SHORT = 1_000
"""Characters up to which a text beyond ASCII is read again where ``\\w`` and its kin are: the bounded engine takes marks that
combine with a letter for letters, the standard one does not. A pattern that was quick once is quick again."""

_CLASS = re.compile(r"\\[wWdDsSbB]|\(\?[a-zA-Z]")

_ATOM = r"""(?:[^\\.\[\](){}*+?|^$]|\.|\\[dws]|\\[^a-zA-Z0-9]|\\[tnrfv]|\((?:\?:|(?![?*+{]))|\)|\||\[(?:\\[dws]|\\[^a-zA-Z0-9]|[^\\\[\]^&~|\-]|[^\\\[\]^&~|\-]-[^\\\[\]&~|\-]|-(?=\]))+\])"""
_SAFE = re.compile(rf"(?:\^|\$|{_ATOM}(?:[*+?]\??|\{{[0-9]{{1,3}}(?:,[0-9]{{0,3}})?\}}\??)?)*", re.ASCII)
"""Patterns whose RE2 reading accepts nothing that Python's refuses: no negated class, no look-around, no reference, no flag."""

_LITERAL = re.compile(r"\\.|\[(?:\\.|[^\]])*\]", re.DOTALL)
"""An escaped character or a class, where an anchor is but a character."""


class SlowPattern(DataError):
    """A pattern that needs too long for some value."""

    code: ClassVar[str] = "schema-pattern-slow"
    fr: ClassVar[str] = "Le motif du champ « {field} » demande trop de temps : {pattern}"
    en: ClassVar[str] = "The pattern of the field “{field}” takes too long: {pattern}"
    hint_fr: ClassVar[str] = "Le motif contient des répétitions imbriquées, comme (a+)+ : récrivez-le dans le schéma."
    hint_en: ClassVar[str] = "The pattern has nested repetitions, such as (a+)+: write it anew in the schema."


def anchored(pattern: str) -> str:
    """``^`` and ``$`` around the pattern, without grouping: ``a|b`` then accepts ``ax``, as every such validator does."""
    return f"^{pattern}$"


def is_sound(pattern: str) -> bool:
    """True when Python's expressions accept it, anchored."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(anchored(pattern))
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def pushed_down(pattern: str) -> str | None:
    """The expression whose search by RE2 accepts only texts that Python accepts too; None when that is not sure."""
    if len(pattern) > 2_000 or not _SAFE.fullmatch(pattern) or _has_inner_anchor(pattern):
        return None
    pushed = f"^(?:{anchored(pattern)})"
    try:
        pc.match_substring_regex(pa.array([""]), pushed)  # RE2 has limits of its own
    except pa.ArrowInvalid:
        return None
    return pushed


def _has_inner_anchor(pattern: str) -> bool:
    """Whether an anchor stands elsewhere than at the ends of the pattern or of its plain alternatives.

    No text satisfies ``a$b``, but DuckDB rewrites plain patterns as comparisons of texts and forgets where anchors were.
    """
    bare = _LITERAL.sub("x", pattern)
    parts = [bare] if "(" in bare else bare.split("|")
    return any(set("^$") & set(part.lstrip("^").rstrip("$")) for part in parts)


class Pattern:
    """A pattern of a field, matched within bounds of time."""

    def __init__(self, pattern: str, field: str) -> None:
        self._field, self._pattern = field, pattern
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._compiled = regex.compile(anchored(pattern), regex.V0)
            self._exact = re.compile(anchored(pattern)) if _CLASS.search(pattern) else None
        self._spent = 0.0

    def matches(self, text: str) -> bool:
        """Whether ``text`` is accepted; SlowPattern when that takes too long."""
        start = time.monotonic()
        try:
            found = self._compiled.match(text, timeout=SECONDS) is not None
        except TimeoutError as error:
            raise SlowPattern(field=self._field, pattern=self._pattern) from error
        spent = time.monotonic() - start
        if spent > LONG:
            self._spent += spent
            if self._spent > TOTAL_SECONDS:
                raise SlowPattern(field=self._field, pattern=self._pattern)
        if self._exact is not None and spent <= LONG and len(text) <= SHORT and not text.isascii():
            return self._exact.match(text) is not None
        return found
