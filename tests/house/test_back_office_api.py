"""Whatever the back office changes, a program can change, or the reference says why it cannot: no screen is added without a word of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from parvis.web.parvis_api import API

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "back-office-api.md"
ROW = re.compile(r"^\| (`.+?`) \| .+? \| (.+) \|$", re.M)
NAME = re.compile(r"`([^`]+)`")


def _routes(patterns: list[URLPattern | URLResolver], path: str, spaces: tuple[str, ...]) -> Iterator[str]:
    """The names of the addresses below ``path`` that take a POST; the path of one without a name."""
    for pattern in patterns:
        whole = f"{path}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _routes(
                pattern.url_patterns, whole, (*spaces, *([pattern.namespace] if pattern.namespace else []))
            )
        elif whole.startswith("admin/") and _takes_posts(pattern.callback):
            yield ":".join((*spaces, pattern.name)) if pattern.name else whole


def _takes_posts(view: object) -> bool:
    """False for a class of views without ``post``; a function may take one."""
    kind = getattr(view, "view_class", None)
    return kind is None or hasattr(kind, "post")


def _table() -> dict[str, list[str]]:
    """The operations of each pattern of names; none for what has a reason instead."""
    rows: dict[str, list[str]] = {}
    before, after = PAGE.read_text(encoding="utf-8").split("## Left to people")
    for text, has_operations in ((before, True), (after, False)):
        for names, words in ROW.findall(text):
            for name in NAME.findall(names):
                assert name not in rows, f"{name} is twice in {PAGE.name}"
                rows[name] = NAME.findall(words) if has_operations else []
    return rows


def test_each_screen_that_changes_something_has_an_operation_or_a_reason():
    routes, rows = set(_routes(get_resolver().url_patterns, "", ())), _table()
    # The narrowest pattern counts: an address by its own name before a family of them.
    used = {route: max((row for row in rows if fnmatchcase(route, row)), key=len, default="") for route in routes}
    silent = sorted(route for route, row in used.items() if not row)
    assert not silent, f"{silent}: nothing of the API does this, and {PAGE.name} does not say why"
    idle = sorted(set(rows) - set(used.values()))
    assert not idle, f"{idle}: {PAGE.name} speaks of addresses that are not there"
    described = {row["operationId"] for path in API.document("", "fr")["paths"].values() for row in path.values()}
    unknown = {word for words in rows.values() for word in words} - described
    assert not unknown, f"{unknown}: {PAGE.name} names operations that do not exist"
