"""The list of schemas by name and version. Shapes of ``catalogue.json`` are told in ``SOURCE.md``."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from parvis.core.children import Permits, call
from parvis.core.fetching import Allowed, Resolver, is_public, resolve
from parvis.core.schemas import TableSchema, read_schema, schema_from_bytes
from parvis.core.schemas.refusals import AmbiguousSchema, UnknownSchema, UnknownVersion
from parvis.core.schemas.retrieval import is_address, schema_bytes, schema_name
from parvis.core.text import fold
from parvis.core.translation import Sentence, chained, gettext_noop

BUNDLED = Path(__file__).resolve().parent
"""Folder of what is shipped."""

FILE = "catalogue.json"
_NEAR = 3
_SECONDS = 20.0
"""For reading a schema that is not of the catalogue."""


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """One version of a schema: as the catalogue calls it, where it is published, what the file says of itself, where it is here."""

    version: str
    url: str
    declared: str
    path: Path


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A schema of the catalogue; ``versions`` from the oldest to the newest."""

    name: str
    title: str
    description: str
    labels: tuple[str, ...]
    versions: tuple[SchemaVersion, ...]
    homepage: str
    licence: str
    examples: tuple[str, ...]

    @property
    def short(self) -> str:
        """The name without its author."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def latest(self) -> SchemaVersion:
        """The newest version."""
        return self.versions[-1]

    def version(self, version_name: str | None) -> SchemaVersion:
        """The version called ``version_name`` (a leading v does not count), the newest for None; UnknownVersion."""
        if not version_name:
            return self.latest
        for row in self.versions:
            if row.version.removeprefix("v") == version_name.removeprefix("v"):
                return row
        version_names = ", ".join(row.version for row in reversed(self.versions))
        raise UnknownVersion(name=self.name, version=version_name, known=version_names)


def bundled(folder: Path | None = None) -> tuple[CatalogueEntry, ...]:
    """All schemas by name: those shipped, and those of ``folder`` (made by ``update``), whose versions come over."""
    entries = _read(BUNDLED)
    if folder is None or not (folder / FILE).is_file():
        return entries
    entries_by_name = {entry.name: entry for entry in entries}
    for entry in _read(folder):
        old = entries_by_name.get(entry.name)
        entries_by_name[entry.name] = _joined(old, entry) if old else entry
    return tuple(entries_by_name[name] for name in sorted(entries_by_name, key=str.lower))


def find(name: str, version: str | None = None, folder: Path | None = None) -> tuple[CatalogueEntry, SchemaVersion]:
    """The schema called ``name``, whole (``scdl/deliberations``) or short when only one has it; case and accents do not count.

    Raises UnknownSchema, with the nearest names; AmbiguousSchema; UnknownVersion.
    """
    entries = bundled(folder)
    folded_name = fold(name.strip())
    matches = [entry for entry in entries if folded_name == fold(entry.name)] or [
        entry for entry in entries if folded_name in {fold(entry.short), fold(entry.short.removeprefix("schema-"))}
    ]
    if not matches:
        near = _nearest(folded_name, entries)
        names = {"names": chained(gettext_noop("{names} ou {name}"), near)} if near else {}
        raise UnknownSchema(name=name, near=Sentence(" Vouliez-vous dire {names} ?", names) if near else "")
    if len(matches) > 1:
        raise AmbiguousSchema(name=name, known=", ".join(entry.name for entry in matches))
    return matches[0], matches[0].version(version)


def load(name: str, version: str | None = None, folder: Path | None = None) -> TableSchema:
    """The schema itself, under the name and version of the catalogue; raises what ``find`` raises.

    The name that the file gives itself is left out: a published schema is not refused for a capital letter in it.
    """
    entry, row = find(name, version, folder)
    return _loaded(entry.name, row.version, row.path)


def find_or_load(
    source: str,
    version: str | None = None,
    folder: Path | None = None,
    *,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
) -> TableSchema:
    """What ``--schema`` takes: an address, the path of a file, else a name of the catalogue (``name@version`` too)."""
    if is_address(source) or Path(source).is_file():
        content, called = schema_bytes(source, allowed=allowed, resolver=resolver), schema_name(source)
        return call(schema_from_bytes, content, called, permits=Permits(called, seconds=_SECONDS))
    name, _, named_version = source.partition("@")
    return load(name, version or named_version or None, folder)


@lru_cache(maxsize=64)
def _loaded(name: str, version: str, path: Path) -> TableSchema:
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    return read_schema({key: value for key, value in data.items() if key != "name"}, name, version)


def _nearest(folded_name: str, entries: tuple[CatalogueEntry, ...]) -> list[str]:
    """Names that look like ``folded_name``, or whose name or title holds it."""
    holding = [
        entry.name for entry in entries if len(folded_name) > 2 and folded_name in fold(f"{entry.name} {entry.title}")
    ]
    spellings = {fold(spelling): entry.name for entry in entries for spelling in (entry.short, entry.name)}
    close = [spellings[word] for word in difflib.get_close_matches(folded_name, spellings, _NEAR, 0.6)]
    return list(dict.fromkeys([*close, *holding]))[:_NEAR]


def _joined(old: CatalogueEntry, new: CatalogueEntry) -> CatalogueEntry:
    versions = {row.version: row for row in (*old.versions, *new.versions)}
    return CatalogueEntry(
        new.name,
        new.title,
        new.description,
        new.labels,
        tuple(sorted(versions.values(), key=lambda row: version_key(row.version))),
        new.homepage,
        new.licence,
        new.examples,
    )


def _read(folder: Path) -> tuple[CatalogueEntry, ...]:
    stamp = (folder / FILE).stat().st_mtime_ns
    return _read_at(folder, stamp)


@lru_cache(maxsize=4)
def _read_at(folder: Path, stamp: int) -> tuple[CatalogueEntry, ...]:
    """Entries of the catalogue of ``folder``; ``stamp`` tells a changed file from the one kept in memory."""
    rows = json.loads((folder / FILE).read_text(encoding="utf-8"))["schemas"]
    return tuple(_entry(folder, row) for row in rows)


def _entry(folder: Path, row: Mapping[str, Any]) -> CatalogueEntry:
    versions = [
        SchemaVersion(item["version"], item["url"], item["declared"], version_path(folder, row["name"], item))
        for item in row["versions"]
    ]
    return CatalogueEntry(
        row["name"],
        row["title"],
        row["description"],
        tuple(row["labels"]),
        tuple(sorted(versions, key=lambda item: version_key(item.version))),
        row["homepage"],
        row["licence"],
        tuple(row["examples"]),
    )


def version_path(folder: Path, name: str, item: Mapping[str, str]) -> Path:
    """Where the file of a version is under ``folder``."""
    # A schema written here has no file where its format is published.
    file = item.get("file") or item["url"].rsplit("/", 1)[-1]
    return folder / name.replace("/", "__") / item["version"] / file


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts 2.10.0 after 2.9.0."""
    parts = re.split(r"[.\-_]", version.removeprefix("v"))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
