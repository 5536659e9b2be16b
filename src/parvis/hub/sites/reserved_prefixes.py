"""First words of the addresses of the portal: no site can have one of them for a prefix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from parvis.core.translation import languages

_WORD = re.compile(r"\^?([\w.-]+)(?=[/?$\\(]|$)")


def reserved_words() -> frozenset[str]:
    """The first words of the addresses of the portal (``explore``, ``api``…), which no site can have for a prefix."""
    return frozenset(_first_words(get_resolver().url_patterns)) | {"static", "media", *languages()}


def _first_words(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        text = str(pattern.pattern).lstrip("^").lstrip("(").replace("\\", "")
        word = _WORD.match(text)
        if word:
            yield word[1]
        elif isinstance(pattern, URLResolver):
            yield from _first_words(pattern.url_patterns)
