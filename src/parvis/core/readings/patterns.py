"""Patterns of schemas asked of one text, in time linear in the text: a schema may come from a stranger."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as compute

LONGEST_PATTERN, LONGEST_TEXT = 2_000, 10_000
"""RE2 takes as many steps as the pattern has for each character, and nothing stops it."""


def matches(pattern: str, text: str) -> bool:
    """True when the pattern, anchored as Validata does (``^`` and ``$`` without a group), takes the text.

    The expression runs in RE2; one that RE2 does not know, or that is too long, as its text may be, is believed to take all.
    """
    if len(pattern) > LONGEST_PATTERN or len(text) > LONGEST_TEXT:
        return True
    try:
        return bool(compute.match_substring_regex(pa.scalar(text), rf"\A(?:^{pattern}$)").as_py())
    except pa.ArrowInvalid:
        return True
