"""What was probably meant by words that nothing has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from parvis.core.text import fold
from parvis.hub.search import index
from parvis.hub.search.analysis import stems
from parvis.hub.search.queries import holds_all

_WORD = re.compile(r"\w[\w’'-]*")
LIKENESS = 0.75
SHORTEST = 4


def correction(text: str, titles: Iterable[str]) -> str:
    """The text, each word that nothing has replaced by the one of these titles that is most like it; empty when every word is right
    or one has nothing like it.

    What is open to all alone tells which words are right.
    """
    shelf = index.opened()[0]
    words_by_folded = {fold(word): word.casefold() for title in titles for word in _WORD.findall(title)}
    corrected, changed = text, False
    for word in _WORD.findall(text):
        if len(word) < SHORTEST or not stems(word) or holds_all(shelf, word):
            continue
        likest = get_close_matches(fold(word), words_by_folded, n=1, cutoff=LIKENESS)
        if not likest:
            return ""
        corrected, changed = corrected.replace(word, words_by_folded[likest[0]], 1), True
    return corrected if changed else ""
