"""Bring the schemas of a folder up to date with the published catalogue; nothing is changed when something fails on the way."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from parvis.core.children import Permits, call
from parvis.core.errors import DataError
from parvis.core.fetching import Allowed, Resolver, fetch, is_public, resolve
from parvis.core.schemas import read_schema
from parvis.core.translation import Sentence, gettext_noop
from parvis.packs.schemas.catalogue import FILE, version_key, version_path

PUBLISHED = "https://schema.data.gouv.fr/schemas/schemas.json"
LICENCE = "Licence Ouverte 2.0"
MAX_CATALOGUE = 20 * 1024 * 1024
MAX_SCHEMAS = 1_000
MAX_VERSIONS = 100
SECONDS = 30.0
"""For a child to read one file of the catalogue."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_PART = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)

type Fetch = Callable[[str], bytes]
type Tell = Callable[[str], None]


class BadCatalogue(DataError):
    """What came is no catalogue of schemas."""

    code: ClassVar[str] = "schemas-catalogue"
    sentence: ClassVar[str] = gettext_noop(
        "La liste des schémas à l’adresse « {url} » n’a pas la forme attendue : {reason}."
    )
    advice: ClassVar[str] = gettext_noop("Les schémas déjà présents n’ont pas changé.")


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update brought: number of schemas and versions now there, names and versions that are new."""

    schemas: int
    versions: int
    new: tuple[str, ...]
    left_out: tuple[str, ...]
    """Versions that are no table schema, with the reason."""


def web_getter(allowed: Allowed = is_public, resolver: Resolver = resolve) -> Fetch:
    """What asks the web, one bounded file at a time."""

    def get(address: str) -> bytes:
        with tempfile.TemporaryDirectory() as scratch:
            came = Path(scratch) / "file"
            fetch(address, came, max_bytes=MAX_CATALOGUE, allowed=allowed, resolver=resolver, total_seconds=300.0)
            return came.read_bytes()

    return get


def update(
    folder: Path, url: str = PUBLISHED, *, date: str, get: Fetch | None = None, tell: Tell = lambda _: None
) -> Updated:
    """Make ``folder`` hold the table schemas of the catalogue at ``url``, all versions; ``date`` is the day of it (ISO).

    Files already there are not fetched again: a published version does not change. Files of schemas are asked from the server
    of the catalogue itself. What left the catalogue stays. What comes is read in confined children. Raises BadCatalogue, what
    ``get`` raises, and what ``core.children.call`` raises.
    """
    get = get or web_getter()
    published = call(published_tables, get(url), url, permits=Permits(url, seconds=SECONDS))
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".schemas-", dir=folder.parent))
    try:
        outcome = _fill(fresh, folder, url, date, published, get, tell)
        _exchange(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return outcome


def published_tables(content: bytes, url: str) -> list[dict[str, Any]]:
    """The entries of kind ``tableschema``, checked: their names become names of folders."""
    try:
        rows = json.loads(content)["schemas"]
        rows = [row for row in rows if row["schema_type"] == "tableschema"]
        whole = all(
            _NAME.fullmatch(row["name"])
            and len(row["versions"]) <= MAX_VERSIONS
            and all(_PART.fullmatch(item["version_name"]) and _is_file(item["schema_url"]) for item in row["versions"])
            for row in rows
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise BadCatalogue(url=url, reason=reason) from error
    if not whole or not rows or len(rows) > MAX_SCHEMAS:
        raise BadCatalogue(url=url, reason=Sentence("un nom ou un nombre inattendu"))
    return rows


def _is_file(url: str) -> bool:
    return _PART.fullmatch(urlsplit(url).path.rsplit("/", 1)[-1]) is not None


def _fill(
    fresh: Path, old: Path, url: str, date: str, published: list[dict[str, Any]], get: Fetch, tell: Tell
) -> Updated:
    entries, new, left_out = [], [], []
    for row in sorted(published, key=lambda item: str(item["name"]).lower()):
        versions, licences = [], []
        for item in sorted(row["versions"], key=lambda item: version_key(item["version_name"])):
            version = {"version": item["version_name"], "url": item["schema_url"]}
            old_path = version_path(old, row["name"], version)
            if not old_path.is_file():
                tell(f"{row['name']} {version['version']}")
            content = old_path.read_bytes() if old_path.is_file() else get(_beside(url, item["schema_url"]))
            data, reason = call(checked_schema, content, permits=Permits(version["url"], seconds=SECONDS))
            if data is None:
                left_out.append(f"{row['name']} {version['version']}: {reason}")
                continue
            if not old_path.is_file():
                new.append(f"{row['name']} {version['version']}")
            path = version_path(fresh, row["name"], version)
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            versions.append({**version, "declared": str(data.get("version") or "")})
            licences = _licences(data)
        if versions:
            entries.append(_entry(row, versions, licences))
    entries += _retired(old, {row["name"] for row in published})
    entries.sort(key=lambda entry: entry["name"].lower())
    catalogue = {"source": url, "date": date, "schemas": entries}
    (fresh / FILE).write_text(json.dumps(catalogue, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return Updated(len(entries), sum(len(entry["versions"]) for entry in entries), tuple(new), tuple(left_out))


def _retired(old: Path, names: set[str]) -> list[dict[str, Any]]:
    """Entries of the folder that the catalogue does not list any more: datasets may follow them."""
    if not (old / FILE).is_file():
        return []
    rows = json.loads((old / FILE).read_text(encoding="utf-8"))["schemas"]
    return [row for row in rows if row["name"] not in names]


def _beside(catalogue: str, url: str) -> str:
    """``url`` on the server of ``catalogue``: a mirror serves its own files, and one server is asked, not any."""
    base, target = urlsplit(catalogue), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, target.path, "", ""))


def checked_schema(content: bytes) -> tuple[dict[str, Any] | None, str]:
    """The JSON of a schema without errors but perhaps in its name, or None and what is wrong."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None, "not JSON"
    if not isinstance(data, dict):
        return None, "not an object"
    problems = read_schema({key: value for key, value in data.items() if key != "name"}).problems
    return (None, f"{problems[0].path}: {problems[0].sentence.text('en')}") if problems else (data, "")


def _licences(data: Mapping[str, Any]) -> list[str]:
    rows = data.get("licenses")
    return (
        [str(row["name"]) for row in rows if isinstance(row, dict) and row.get("name")]
        if isinstance(rows, list)
        else []
    )


def _entry(row: Mapping[str, Any], versions: list[dict[str, str]], licences: list[str]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "title": str(row.get("title") or ""),
        "description": str(row.get("description") or ""),
        "labels": [str(label) for label in row.get("labels") or ()],
        "versions": versions,
        "homepage": str(row.get("homepage") or ""),
        "licence": LICENCE,
        "declared_licences": licences,
        "examples": list(_examples(row)),
    }


def _examples(row: Mapping[str, Any]) -> Iterator[str]:
    for item in row.get("examples") or ():
        if isinstance(item, dict) and str(item.get("path", "")).startswith("http"):
            yield item["path"]


def _exchange(fresh: Path, folder: Path) -> None:
    """Put what is fresh in place: files first, the catalogue that names them last. Other files of the folder stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(fresh.rglob("*.json")):
        target = folder / path.relative_to(fresh)
        if path.name != FILE:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    (fresh / FILE).replace(folder / FILE)
