"""Which address is what: rows, by the first word of the path. These addresses are permanent, so a path tells enough, and what
is answered before Django knows no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from parvis.hub.usage.rules import LONGEST_DETAIL, LONGEST_NAME, Nature, Seen, Subject

V, D, C, E = Nature.VIEW, Nature.DOWNLOAD, Nature.CALL, Nature.EMBED


@dataclass(frozen=True, slots=True)
class Address:
    """A pattern of whole paths, less their first slash. Its groups ``name`` and ``detail`` say more when they are there;
    with ``asks``, the name is that parameter of the query."""

    pattern: re.Pattern[str]
    nature: Nature
    subject: Subject
    detail: str = ""
    asks: str = ""


def _rows(*rows: tuple[str, Nature, Subject, str, str]) -> tuple[Address, ...]:
    return tuple(
        Address(re.compile(pattern), nature, subject, detail, asks) for pattern, nature, subject, detail, asks in rows
    )


_NAME = r"(?P<name>[\w-]+)"
_DATASETS = rf"datasets/{_NAME}"
_TABS = "information|table|map|analyze|quality|profile|export|api"


def _explore(root: str, door: str) -> Iterable[tuple[str, Nature, Subject, str, str]]:
    below = rf"{root}/(?:catalog|shared|opendatasoft|monitoring)"
    yield rf"{below}/{_DATASETS}/exports/(?P<detail>[\w-]+)/?", D, Subject.DATASET, "", ""
    yield rf"{below}/{_DATASETS}/(?:attachments|files)/.+", D, Subject.DATASET, "attachment", ""
    yield rf"{below}/exports/(?P<detail>[\w-]+)/?", D, Subject.PORTAL, "", ""
    yield rf"{below}/{_DATASETS}(?:/.*)?", C, Subject.DATASET, door, ""
    yield rf"{root}/.+", C, Subject.PORTAL, door, ""


_API = _rows(
    *_explore(r"api/explore/v2\.1", "explore-v2.1"),
    *_explore(r"api/explore/v2\.0", "explore-v2.0"),
    *_explore(r"api/v2", "explore-v2.0"),
    (r"api/records/1\.0/download/?", D, Subject.DATASET, "v1", "dataset"),
    (r"api/records/1\.0/.+", C, Subject.DATASET, "explore-v1", "dataset"),
    (rf"api/datasets/1\.0/{_NAME}/(?:attachments|files)/.+", D, Subject.DATASET, "attachment", ""),
    (r"api/datasets/1\.0/search/?", C, Subject.PORTAL, "explore-v1", ""),
    (rf"api/datasets/1\.0/{_NAME}(?:/.*)?", C, Subject.DATASET, "explore-v1", ""),
    (r"api/parvis/v1/sql", C, Subject.PORTAL, "sql", ""),
    (r"api/parvis/v1/.+", C, Subject.PORTAL, "parvis-v1", ""),
)

ADDRESSES: dict[str, tuple[Address, ...]] = {
    "": _rows((r"", V, Subject.PORTAL, "accueil", "")),
    "api": _API,
    "explore": _rows(
        (r"explore/?", V, Subject.PORTAL, "explorer", ""),
        (rf"explore/dataset/{_NAME}/(?:(?:{_TABS})/)?", V, Subject.DATASET, "", ""),
        (rf"explore/dataset/{_NAME}/(?:attachments|files)/.+", D, Subject.DATASET, "attachment", ""),
        (rf"explore/dataset/{_NAME}/download/?", D, Subject.DATASET, "v1", ""),
        (rf"explore/dataset/{_NAME}/versions/[\w-]+/original/", D, Subject.DATASET, "original", ""),
        (rf"explore/dataset/{_NAME}/versions/[\w-]+/[\w-]+\.csv", D, Subject.DATASET, "csv", ""),
        (rf"explore/dataset/{_NAME}/versions/.+", V, Subject.DATASET, "", ""),
        (rf"explore/embed/dataset/{_NAME}/(?:[\w-]+/)?", E, Subject.DATASET, "", ""),
    ),
    "pages": _rows(
        (r"pages/", V, Subject.PORTAL, "pages", ""),
        (rf"pages/{_NAME}/", V, Subject.PAGE, "", ""),
        (rf"pages/{_NAME}/blocs/[^/]+\.(?P<detail>csv|svg|png)", D, Subject.PAGE, "", ""),
        (rf"pages/{_NAME}/blocs/[^/]+/", E, Subject.PAGE, "", ""),
    ),
    "indicateurs": _rows(
        (r"indicateurs/", V, Subject.PORTAL, "indicateurs", ""),
        (rf"indicateurs/{_NAME}/integrer/", E, Subject.INDICATOR, "", ""),
        (r"indicateurs/(?:alertes|tableau|semaine)/.*", V, Subject.PORTAL, "indicateurs", ""),
        (rf"indicateurs/{_NAME}/(?:prevenir/|valeurs/\d+/)?", V, Subject.INDICATOR, "", ""),
        (rf"indicateurs/(?:{_NAME}/)?flux\.atom", C, Subject.INDICATOR, "feed", ""),
        (rf"indicateurs/{_NAME}[/.](?:[\w/-]*\.)?(?P<detail>csv|svg|png|json)", D, Subject.INDICATOR, "", ""),
    ),
    "graphiques": _rows(
        (r"graphiques/", V, Subject.PORTAL, "graphiques", ""),
        (r"graphiques/-/.*", E, Subject.PORTAL, "graphiques", ""),
        (rf"graphiques/{_NAME}/", V, Subject.CHART, "", ""),
        (rf"graphiques/{_NAME}/cadre/", E, Subject.CHART, "", ""),
        (rf"graphiques/{_NAME}/[\w-]+\.(?P<detail>\w+)", D, Subject.CHART, "", ""),
    ),
    "cartes": _rows(
        (r"cartes/", V, Subject.PORTAL, "cartes", ""),
        (r"cartes/-/.*", E, Subject.PORTAL, "cartes", ""),
        (rf"cartes/{_NAME}/", V, Subject.MAP, "", ""),
        (rf"cartes/{_NAME}/cadre/", E, Subject.MAP, "", ""),
        (rf"cartes/{_NAME}/[\w-]+\.(?P<detail>\w+)", D, Subject.MAP, "", ""),
    ),
    "organisations": _rows(
        (r"organisations/", V, Subject.PORTAL, "organisations", ""),
        (rf"organisations/{_NAME}/(?:qualite/|inventaire/)?", V, Subject.ORGANISATION, "", ""),
    ),
    "territoires": _rows(
        (r"territoires/", V, Subject.PORTAL, "territoires", ""),
        (rf"territoires/{_NAME}/", V, Subject.TERRITORY, "", ""),
    ),
    "inventaire": _rows((r"inventaire/", V, Subject.PORTAL, "inventaire", "")),
    "qualite": _rows((r"qualite/", V, Subject.PORTAL, "qualite", "")),
    "valider": _rows((r"valider/", V, Subject.PORTAL, "valider", "")),
    "schemas": _rows((r"schemas/.*", V, Subject.PORTAL, "schemas", "")),
    "sql": _rows((r"sql/", V, Subject.PORTAL, "sql", "")),
    "mentions-legales": _rows((r"mentions-legales/", V, Subject.PORTAL, "mentions-legales", "")),
    "accessibilite": _rows((r"accessibilite/", V, Subject.PORTAL, "accessibilite", "")),
    "donnees-personnelles": _rows((r"donnees-personnelles/", V, Subject.PORTAL, "donnees-personnelles", "")),
    "tiles": _rows((rf"tiles/{_NAME}/.+", C, Subject.DATASET, "tiles", "")),
    "ogc": _rows(
        (rf"ogc/collections/{_NAME}(?:/.*)?", C, Subject.DATASET, "ogc", ""),
        (r"ogc(?:/.*)?", C, Subject.PORTAL, "ogc", ""),
    ),
    "mcp": _rows((r"mcp/?", C, Subject.PORTAL, "mcp", "")),
    "catalog.ttl": _rows((r".+", D, Subject.PORTAL, "ttl", "")),
    "catalog.jsonld": _rows((r".+", D, Subject.PORTAL, "jsonld", "")),
    "catalog.rdf": _rows((r".+", D, Subject.PORTAL, "rdf", "")),
    "feed.xml": _rows((r".+", C, Subject.PORTAL, "feed", "")),
}
"""By the first word of a path, the addresses that are counted: the first that matches tells. What is not here is not counted."""


def seen_at(path: str, query: str = "") -> Seen | None:
    """What asking for that path (as ``PATH_INFO`` gives it) is; None for what is not counted."""
    bare = path[1:]
    first = bare.partition("/")[0]
    for address in ADDRESSES.get(first, ()):
        found = address.pattern.fullmatch(bare)
        if found is not None:
            return _seen(address, found, query)
    return None


def _seen(address: Address, found: re.Match[str], query: str) -> Seen:
    said = found.groupdict()
    name = said.get("name") or (_parameter(query, address.asks) if address.asks else "")
    detail = said.get("detail") or address.detail
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
