"""Which address is what: rows, by the first word of the path. These addresses are permanent, so a path tells enough, and what
is answered before Django knows no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from parvis.hub.registry import collections, modules
from parvis.hub.usage.rules import LONGEST_DETAIL, LONGEST_NAME, Nature, Seen, Subject

if TYPE_CHECKING:
    from parvis.hub.records.models import CivicRecord

V, D, C, E = Nature.VIEW, Nature.DOWNLOAD, Nature.CALL, Nature.EMBED


@dataclass(frozen=True, slots=True)
class Address:
    """A pattern of whole paths, less their first slash. Its groups ``name`` and ``detail`` say more when they are there;
    with ``asks``, the name is that parameter of the query."""

    pattern: re.Pattern[str]
    nature: Nature
    subject: str
    detail: str = ""
    asks: str = ""


def rows(*patterns: tuple[str, Nature, str, str, str]) -> tuple[Address, ...]:
    """Addresses by pattern, nature, subject, detail, and the parameter that names the thing."""
    return tuple(
        Address(re.compile(pattern), nature, subject, detail, asks)
        for pattern, nature, subject, detail, asks in patterns
    )


NAME = r"(?P<name>[\w-]+)"
"""The address of a thing, within a pattern."""
_DATASETS = rf"datasets/{NAME}"
_TABS = "information|table|map|analyze|quality|profile|export|api"


def _explore(root: str, door: str) -> Iterable[tuple[str, Nature, str, str, str]]:
    below = rf"{root}/(?:catalog|shared|opendatasoft|monitoring)"
    yield rf"{below}/{_DATASETS}/exports/(?P<detail>[\w-]+)/?", D, Subject.DATASET, "", ""
    yield rf"{below}/{_DATASETS}/(?:attachments|files)/.+", D, Subject.DATASET, "attachment", ""
    yield rf"{below}/exports/(?P<detail>[\w-]+)/?", D, Subject.PORTAL, "", ""
    yield rf"{below}/{_DATASETS}(?:/.*)?", C, Subject.DATASET, door, ""
    yield rf"{root}/.+", C, Subject.PORTAL, door, ""


_API = rows(
    *_explore(r"api/explore/v2\.1", "explore-v2.1"),
    *_explore(r"api/explore/v2\.0", "explore-v2.0"),
    *_explore(r"api/v2", "explore-v2.0"),
    (r"api/records/1\.0/download/?", D, Subject.DATASET, "v1", "dataset"),
    (r"api/records/1\.0/.+", C, Subject.DATASET, "explore-v1", "dataset"),
    (rf"api/datasets/1\.0/{NAME}/(?:attachments|files)/.+", D, Subject.DATASET, "attachment", ""),
    (r"api/datasets/1\.0/search/?", C, Subject.PORTAL, "explore-v1", ""),
    (rf"api/datasets/1\.0/{NAME}(?:/.*)?", C, Subject.DATASET, "explore-v1", ""),
    (r"api/parvis/v1/sql", C, Subject.PORTAL, "sql", ""),
    (r"api/parvis/v1/.+", C, Subject.PORTAL, "parvis-v1", ""),
)

_OWN: dict[str, tuple[Address, ...]] = {
    "": rows((r"", V, Subject.PORTAL, "accueil", "")),
    "api": _API,
    "recherche": rows((r"recherche/?", V, Subject.PORTAL, "recherche", "")),
    "explore": rows(
        (r"explore/?", V, Subject.PORTAL, "explorer", ""),
        (rf"explore/dataset/{NAME}/(?:(?:{_TABS})/)?", V, Subject.DATASET, "", ""),
        (rf"explore/dataset/{NAME}/(?:attachments|files)/.+", D, Subject.DATASET, "attachment", ""),
        (rf"explore/dataset/{NAME}/download/?", D, Subject.DATASET, "v1", ""),
        (rf"explore/dataset/{NAME}/(?:versions/[\w-]+/)?original/", D, Subject.DATASET, "original", ""),
        (rf"explore/dataset/{NAME}/versions/[\w-]+/[\w-]+\.csv", D, Subject.DATASET, "csv", ""),
        (rf"explore/dataset/{NAME}/versions/.+", V, Subject.DATASET, "", ""),
        (rf"explore/embed/dataset/{NAME}/(?:[\w-]+/)?", E, Subject.DATASET, "", ""),
    ),
    "pages": rows(
        (r"pages/", V, Subject.PORTAL, "pages", ""),
        (rf"pages/{NAME}/", V, Subject.PAGE, "", ""),
        (rf"pages/{NAME}/blocs/[^/]+\.(?P<detail>csv|svg|png)", D, Subject.PAGE, "", ""),
        (rf"pages/{NAME}/blocs/[^/]+/", E, Subject.PAGE, "", ""),
    ),
    "graphiques": rows(
        (r"graphiques/", V, Subject.PORTAL, "graphiques", ""),
        (r"graphiques/-/.*", E, Subject.PORTAL, "graphiques", ""),
        (rf"graphiques/{NAME}/", V, Subject.CHART, "", ""),
        (rf"graphiques/{NAME}/cadre/", E, Subject.CHART, "", ""),
        (rf"graphiques/{NAME}/[\w-]+\.(?P<detail>\w+)", D, Subject.CHART, "", ""),
    ),
    "cartes": rows(
        (r"cartes/", V, Subject.PORTAL, "cartes", ""),
        (r"cartes/-/.*", E, Subject.PORTAL, "cartes", ""),
        (rf"cartes/{NAME}/", V, Subject.MAP, "", ""),
        (rf"cartes/{NAME}/cadre/", E, Subject.MAP, "", ""),
        (rf"cartes/{NAME}/[\w-]+\.(?P<detail>\w+)", D, Subject.MAP, "", ""),
    ),
    "organisations": rows(
        (r"organisations/", V, Subject.PORTAL, "organisations", ""),
        (rf"organisations/{NAME}/catalog\.(?P<detail>\w+)", D, Subject.ORGANISATION, "", ""),
        (rf"organisations/{NAME}/(?:qualite/|inventaire/)?", V, Subject.ORGANISATION, "", ""),
    ),
    "territoires": rows(
        (r"territoires/", V, Subject.PORTAL, "territoires", ""),
        (rf"territoires/{NAME}/", V, Subject.TERRITORY, "", ""),
    ),
    "inventaire": rows((r"inventaire/", V, Subject.PORTAL, "inventaire", "")),
    "qualite": rows((r"qualite/", V, Subject.PORTAL, "qualite", "")),
    "valider": rows((r"valider/", V, Subject.PORTAL, "valider", "")),
    "schemas": rows((r"schemas/.*", V, Subject.PORTAL, "schemas", "")),
    "sql": rows((r"sql/", V, Subject.PORTAL, "sql", "")),
    "mentions-legales": rows((r"mentions-legales/", V, Subject.PORTAL, "mentions-legales", "")),
    "accessibilite": rows((r"accessibilite/", V, Subject.PORTAL, "accessibilite", "")),
    "donnees-personnelles": rows((r"donnees-personnelles/", V, Subject.PORTAL, "donnees-personnelles", "")),
    "tiles": rows((rf"tiles/{NAME}/.+", C, Subject.DATASET, "tiles", "")),
    "csw": rows((r"csw/?", C, Subject.PORTAL, "csw", "")),
    "ogc": rows(
        (r"ogc/collections/(?P<name>catalogue)_(?:/.*)?", C, Subject.DATASET, "ogc", ""),
        (r"ogc/collections/catalogue(?:/.*)?", C, Subject.PORTAL, "records", ""),
        (rf"ogc/collections/{NAME}(?:/.*)?", C, Subject.DATASET, "ogc", ""),
        (r"ogc(?:/.*)?", C, Subject.PORTAL, "ogc", ""),
    ),
    "odata": rows(
        (r"odata/?(?:\$metadata|datasets)?(?:[/(].*)?", C, Subject.PORTAL, "odata", ""),
        (rf"odata/{NAME}(?:/.*)?", C, Subject.DATASET, "odata", ""),
    ),
    "mcp": rows((r"mcp/?", C, Subject.PORTAL, "mcp", "")),
    "catalog.ttl": rows((r".+", D, Subject.PORTAL, "ttl", "")),
    "catalog.jsonld": rows((r".+", D, Subject.PORTAL, "jsonld", "")),
    "catalog.rdf": rows((r".+", D, Subject.PORTAL, "rdf", "")),
    "feed.xml": rows((r".+", C, Subject.PORTAL, "feed", "")),
}


@cache
def counted() -> dict[str, tuple[Address, ...]]:
    """By the first word of a path, the addresses that are counted, those of modules too: the first that matches tells.

    What is not here is not counted.
    """
    own = {word: found for module in modules() for word, found in module.addresses.items()}
    return {**_OWN, **{row.place: _of_collection(row.kind) for row in collections()}, **own}


def _of_collection(kind: type[CivicRecord]) -> tuple[Address, ...]:
    """What ``hub.collections`` shows of a kind of records, and the subject's own pages below: under a word that no record may
    take, those of all of them, else those of one."""
    reserved = "|".join(map(re.escape, sorted(kind.reserved))) or "(?!)"
    place, noun = kind.place, kind.noun
    return rows(
        (rf"{place}/(?:(?:{reserved})/.*)?", V, Subject.PORTAL, place, ""),
        (rf"{place}/{NAME}/integrer/", E, noun, "", ""),
        (rf"{place}/(?:{NAME}/)?flux\.atom", C, noun, "feed", ""),
        (rf"{place}/(?:{NAME}/)?calendrier\.(?P<detail>ics)", C, noun, "", ""),
        (rf"{place}/{NAME}/(?:[\w-]+/)*[\w-]+\.(?P<detail>\w+)", D, noun, "", ""),
        (rf"{place}/{NAME}/fichiers/[\w-]+/", D, noun, "attachment", ""),
        (rf"{place}/{NAME}/(?:[\w-]+/)*", V, noun, "", ""),
    )


def seen_at(path: str, query: str = "") -> Seen | None:
    """What asking for that path (as ``PATH_INFO`` gives it) is; None for what is not counted."""
    bare = path[1:]
    first = bare.partition("/")[0]
    for address in counted().get(first, ()):
        match = address.pattern.fullmatch(bare)
        if match is not None:
            return _seen(address, match, query)
    return None


def _seen(address: Address, match: re.Match[str], query: str) -> Seen:
    groups = match.groupdict()
    name = groups.get("name") or (_parameter(query, address.asks) if address.asks else "")
    detail = groups.get("detail") or address.detail
    if address.nature is Nature.VIEW and address.subject is Subject.PORTAL:
        name, detail = detail, ""
    return Seen(address.nature, address.subject, name[:LONGEST_NAME], detail[:LONGEST_DETAIL])


def _parameter(query: str, name: str) -> str:
    """The value of a parameter, if it may be the name of something."""
    for part in query.split("&"):
        key, _equals, value = part.partition("=")
        if key == name:
            plain = unquote_plus(value)
            return plain if re.fullmatch(r"[\w-]+", plain) else ""
    return ""
