"""Words at some letters near: the regular expression against the distance computed letter by letter."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.odsql.search_tokens import allowed_edits, near_pattern

WORDS = st.text("abcd", min_size=1, max_size=9)


def distance(a: str, b: str) -> int:
    """Edits from one word to another: one letter more, less, other, or two neighbours swapped."""
    table = [[max(i, j) if min(i, j) == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            best = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, table[i - 2][j - 2] + 1)
            table[i][j] = best
    return table[-1][-1]


@settings(max_examples=1500)
@given(word=WORDS, other=WORDS)
def test_the_pattern_accepts_the_words_near_enough_and_no_other(word, other):
    pattern = near_pattern(word)
    near = distance(word, other) <= allowed_edits(word)
    assert (re.search(pattern, f" xx {other} yy ") is not None) == (
        near or distance(word, "xx") <= allowed_edits(word) or distance(word, "yy") <= allowed_edits(word)
    )


@pytest.mark.parametrize(
    ("word", "edits"), [("de", 0), ("bok", 1), ("salle", 1), ("secret", 2), ("a" * 24, 2), ("a" * 25, 1), ("a" * 61, 0)]
)
def test_longer_words_may_differ_more(word, edits):
    assert allowed_edits(word) == edits


def test_the_pattern_of_a_long_word_stays_small():
    assert near_pattern("a" * 61) == f" {'a' * 61} "
    assert len(near_pattern("a" * 60)) < 50_000
    assert len(near_pattern("abcdefghijklmnopqrstuvwx")) < 50_000
