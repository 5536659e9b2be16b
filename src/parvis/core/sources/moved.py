"""What a catalogue other than Explore tells of a dataset that is moved in: its files one by one, its fields, the addresses it had there.

It travels with the item as JSON (``Item.extras``): which file becomes the rows is decided by whoever asked (``hub.harvesting.move_parts``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from parvis.core.identifiers import column_names
from parvis.core.sources.contract import Item, Settings
from parvis.core.sources.values import extension, plain, short

MOVED: Final = "moved"
"""In ``Item.extras``, the ``Moved`` of an item; and the option of ``Settings`` that asks for it."""
MOST_PARTS: Final = 1_000
MOST_FIELDS: Final = 2_000
LONGEST: Final = 900_000
"""Letters of all of it, which a reading would else cut in the middle (``reading.LONGEST_EXTRA``): what is left out is counted."""
_MOST_CUSTOM: Final = 100
_LONGEST_CUSTOM: Final = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """A file, a service or a link of a dataset: ``rows`` names the dialect that reads its rows by pages, ``rows_url`` where they are.

    ``is_hosted``: the portal itself keeps the file, which is lost when it closes. ``paths``: where it was there.
    """

    id: str
    title: str
    url: str
    format: str = ""
    media_type: str = ""
    bytes: int | None = None
    modified: str = ""
    digest: str = ""
    is_hosted: bool = False
    is_link: bool = False
    rows: str = ""
    rows_url: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """All of it: ``fields`` as the Explore API writes them, ``metas`` what the card has beside the usual, ``custom`` what it has no place for."""

    name: str
    is_restricted: bool = False
    parts: tuple[Part, ...] = ()
    fields: tuple[Mapping[str, Any], ...] = ()
    metas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    custom: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    """Where the page of the dataset was."""
    rows: int | None = None


def is_asked(settings: Settings) -> bool:
    """Whether all of each dataset is wanted: its portal is to close."""
    return bool(settings.options.get(MOVED))


def with_moved(item: Item, moved: Moved) -> Item:
    """The item, and all of that."""
    facts = asdict(moved)
    facts |= {"parts": facts["parts"][:MOST_PARTS], "custom": dict(list(moved.custom.items())[:_MOST_CUSTOM])}
    text = _written(facts)
    if len(text) > LONGEST:
        facts["fields"] = [{**row, "description": str(row.get("description") or "")[:200]} for row in facts["fields"]]
        facts["custom"] = {}
        text = _written(facts)
    while len(text) > LONGEST and (facts["parts"] or facts["fields"]):
        name = "parts" if facts["parts"] else "fields"
        facts[name] = facts[name][: len(facts[name]) // 2]
        text = _written(facts)
    if left := len(moved.parts) - len(facts["parts"]):
        text = _written({**facts, "left": left})
    return replace(item, extras={**item.extras, MOVED: text})


def _written(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=True, allow_nan=False)


def path_of(url: str) -> str:
    """The path of an address as requests have it, without its last slash; empty for what has none."""
    try:
        return unquote(urlsplit(url).path).rstrip("/")[:500]
    except ValueError:
        return ""


def paths_of(*urls: str) -> tuple[str, ...]:
    """Those of several, each once."""
    return tuple(dict.fromkeys(filter(None, map(path_of, urls))))


_PAGES: Final = frozenset(
    {"html", "htm", "web", "www", "page", "site", "lien", "link", "url", "api", "wms", "wmts", "tms"}
)
"""What formats call a page or a service of pictures: nothing that can be kept."""


def is_link(url: str, form: str, media_type: str, *, is_hosted: bool, is_service: bool) -> bool:
    """Whether a resource leads to a page or to a service, which stays a link, rather than to a file."""
    words = {form.lower().strip(". "), media_type.partition(";")[0].rpartition("/")[2].lower()}
    if is_hosted:
        return False
    if is_service or words & _PAGES:
        return True
    ending = extension(url)
    return not ending and words <= {"", "octet-stream"}


def custom_of(pairs: Iterable[tuple[str, object]], taken: Iterable[str] = ()) -> dict[str, str]:
    """What a card has no place for, as texts: lists and objects as JSON; what is empty or in ``taken`` is left out."""
    custom: dict[str, str] = {}
    left = frozenset(taken)
    for name, value in pairs:
        key = short(name, 100)
        if not key or key in left or value in (None, "", [], {}):
            continue
        text = (
            json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
            if isinstance(value, dict | list | bool)
            else plain(value, _LONGEST_CUSTOM)
        )
        if text and len(custom) < _MOST_CUSTOM:
            custom.setdefault(key, text[:_LONGEST_CUSTOM])
    return custom


def named_fields(described: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[dict[str, Any], ...]:
    """Fields under the names that our columns have, in order: theirs have capitals, dots, accents."""
    rows = list(described)[:MOST_FIELDS]
    names = column_names([key for key, _row in rows])
    return tuple({"name": name, **row} for name, (_key, row) in zip(names, rows, strict=True))
