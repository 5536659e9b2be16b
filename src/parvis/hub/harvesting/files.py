"""The files of an item that are not copied: told on the page of its dataset, or each a dataset of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from parvis.core.fetching.addresses import looks_public
from parvis.core.sources.contract import Item, Resource
from parvis.core.sources.reading import Line
from parvis.core.text import fold, slugify
from parvis.hub.harvesting.resources import best_resource, format_of, is_table

OPTION, EACH = "files", "each"
"""The option of any source that makes a dataset of each file."""
FILE_MARK: Final = "#fichier:"
"""Between the identifier of an item and that of one of its files."""
MOST_FILES: Final = 200
"""Of one item that become datasets."""
MOST_LISTED: Final = 100
_LONGEST_ADDRESS: Final = 2_000
_SCHEMES = frozenset({"http", "https", "ftp", "ftps"})


def each_file(lines: Iterable[Line]) -> Iterator[Line]:
    """The same, an item of several tables being replaced by one for each."""
    for line in lines:
        if line.item is None:  # a refusal, or a service
            yield line
        else:
            yield from (Line(item=part) for part in files_of(line.item))


def files_of(item: Item) -> list[Item]:
    """One item a table, or the item alone when it has one table or none: « Titre – fichier », under identifiers that stay when addresses
    change, since they are made of what files are called. The same table in several formats is one; papers go along with each."""
    tables: dict[str, list[Resource]] = {}
    for resource in item.resources:
        if is_table(resource):
            tables.setdefault(fold(_label(resource)), []).append(resource)
    if len(tables) < 2:
        return [item]
    papers = tuple(resource for resource in item.resources if not is_table(resource))
    made: dict[str, Item] = {}
    for formats in list(tables.values())[:MOST_FILES]:
        best = best_resource(formats)
        assert best is not None
        rest = tuple(resource for resource in formats if resource is not best)
        label = _label(best)
        made[f"{item.identifier}{FILE_MARK}{_key(label)}"] = replace(
            item,
            identifier=f"{item.identifier}{FILE_MARK}{_key(label)}",
            title=f"{item.title[:120]} – {label}"[:200],
            resources=(best, *rest, *papers),
            # The object of an Explore source tells of one table, and of its columns.
            extras={name: value for name, value in item.extras.items() if name != "explore"},
        )
    return list(made.values())


def item_name(identifier: str) -> str:
    """The identifier that the source gave, of an item or of one of its files."""
    return identifier.partition(FILE_MARK)[0]


def others_of(item: Item, chosen: str) -> list[dict[str, Any]]:
    """What is told of the files of an item besides the one at the ``chosen`` address: those that somebody may follow."""
    rows = {
        resource.url: {
            "title": _label(resource)[:200],
            "format": (format_of(resource) or resource.format or resource.media_type.rpartition("/")[2])[:20],
            "url": resource.url,
            "bytes": resource.bytes,
        }
        for resource in item.resources
        if resource.url != chosen and _may_be_followed(resource.url)
    }
    return sorted(rows.values(), key=lambda row: (fold(row["title"]), row["url"]))[:MOST_LISTED]


def _label(resource: Resource) -> str:
    """What people call a file: its title without the extension, else its name at its address."""
    name = " ".join(resource.title.split()) or PurePosixPath(unquote(urlsplit(resource.url).path)).name
    stem, dot, ending = name.rpartition(".")
    label = (stem if dot and stem and len(ending) <= 8 and ending.isalnum() else name)[:120]
    is_word = any(map(str.isalnum, label)) and (resource.title.strip() or not label.isdecimal())
    return label if is_word else resource.url.partition("://")[2].partition("?")[0][:120]


def _key(label: str) -> str:
    words = slugify(label)[:60]
    return words or hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _may_be_followed(url: str) -> bool:
    """A plain address of the web, which leads nobody into a private network nor holds a password."""
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme.lower() in _SCHEMES and parts.hostname and parts.username is None
        if not is_plain or len(url) > _LONGEST_ADDRESS or not url.isprintable() or " " in url:
            return False
        return looks_public(str(parts.hostname))
    except ValueError:
        return False
