"""What cells hold that is more than a text: JSON, XML, addresses of the web."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, urlsplit, urlunsplit
from xml.etree import ElementTree

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import BLANKS, filled
from parvis.core.staging import ROWS, quote_identifier
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.texts import distinct_values
from parvis.core.transforms.preparation.work import NUMBERED, Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

LONGEST_DOCUMENT = 1_000_000
MOST_ITEMS = 1_000
"""Items of one cell that become rows."""
_PATH = re.compile(r"[^.\[\]]+|\[\d+\]")
_MADE = "extracted"


def json_path(work: Work, path: str) -> str:
    """``adresse.voies[0].nom`` as a path of DuckDB, each name between quotes; refused when it is none."""
    parts = _PATH.findall(path.removeprefix("$."))
    if "".join(parts).replace(".", "") != path.removeprefix("$.").replace(".", "") or not parts or len(parts) > 20:
        raise work.refuse(Sentence("le chemin « {path} » est mal écrit", {"path": path[:80]}))
    return "$" + "".join(part if part.startswith("[") else '."' + part.replace('"', "") + '"' for part in parts)


def _json(work: Work, values: Mapping[str, Any]) -> Result:
    header = values["column"]
    cell = work.cell(header)
    cells = {}
    wrong = Failure(f"{cell} <> '' AND NOT json_valid({cell})", cell, "not-json")
    for rank, (new, path) in enumerate(values["paths"].items()):
        bound = f"{work.bind(json_path(work, path))}::VARCHAR"
        sql = f"CASE WHEN json_valid({cell}) THEN nullif(json_extract_string({cell}, {bound}), '') END"
        cells[work.free(new)] = Cell(sql, None, () if rank else (wrong,))
    return work.put(cells, after=header)


def _json_rows(work: Work, values: Mapping[str, Any]) -> Result:
    header = values["column"]
    cell, column = work.cell(header), work.column(header)
    path = f"{work.bind(json_path(work, values['path']))}::VARCHAR" if values["path"] else "'$'"
    items = f"json_extract({cell}, {path})"
    listed = f"CASE WHEN json_valid({cell}) AND json_type({items}) = 'ARRAY' THEN json_extract({items}, '$[*]') END"
    total = work.number(f"SELECT sum(greatest(coalesce(len({listed}), 1), 1)) FROM {ROWS}")
    work.check_rows(total)
    result = work.put(
        {header: Cell(cell, column.hint, (Failure(f"{cell} <> '' AND ({listed}) IS NULL", cell, "not-a-list"),))}
    )
    work.staged = result.staged
    chosen = ", ".join(
        f"json_extract_string(unnest(CASE WHEN len({listed}) > 0 THEN {listed} ELSE [NULL] END), '$') AS {quote_identifier(c.name)}"
        if c.name == column.name
        else quote_identifier(c.name)
        for c in work.staged.columns
    )
    split = work.select(f"SELECT line, {chosen} FROM {ROWS}")
    return Result(split.staged, split.rows, 0, result.failures)


def _xml_values(text: str, paths: Mapping[str, str]) -> dict[str, str | None]:
    """What each path gives in a document; nothing of one that is not whole, too long, or defines entities."""
    if len(text) > LONGEST_DOCUMENT or "<!DOCTYPE" in text or "<!ENTITY" in text:
        return {"ok": None}
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 no DTD reaches the parser, and this runs in the confined child
    except (ElementTree.ParseError, ValueError):
        return {"ok": None}
    for element in root.iter():  # names of elements without their namespace, as people write them
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else element.tag
    return {"ok": "1"} | {name: _xml_value(root, path) for name, path in paths.items()}


def _xml_value(root: ElementTree.Element, path: str) -> str | None:
    place, at, attribute = path.partition("@")
    place = place.strip("/")
    try:
        elements = root.findall(place) if place and place != root.tag else [root]
        if not elements and place.startswith(f"{root.tag}/"):
            elements = root.findall(place.removeprefix(f"{root.tag}/"))
    except (SyntaxError, KeyError):
        return None
    texts = [element.get(attribute) if at else "".join(element.itertext()).strip() for element in elements[:MOST_ITEMS]]
    return " ; ".join(text for text in texts if text) or None


def _xml(work: Work, values: Mapping[str, Any]) -> Result:
    header = values["column"]
    cell = work.cell(header)
    names = {new: f"v{rank}" for rank, new in enumerate(values["paths"])}
    paths = {names[new]: path for new, path in values["paths"].items()}
    for path in paths.values():
        try:
            ElementTree.Element("x").findall(path.partition("@")[0].strip("/") or ".")
        except (SyntaxError, KeyError) as error:
            raise work.refuse(Sentence("le chemin « {path} » est mal écrit", {"path": path[:80]})) from error
    distinct_values(work, header, _MADE, lambda text: _xml_values(text, paths), ("ok", *names.values()))
    source = f"{NUMBERED} LEFT JOIN {_MADE} m ON m.before = {ROWS}.{cell}"
    wrong = Failure(f"{cell} <> '' AND ok IS NULL", cell, "not-xml")
    cells = {
        work.free(new): Cell(name, None, () if rank else (wrong,)) for rank, (new, name) in enumerate(names.items())
    }
    return work.put(cells, after=header, source=source, select=f"{ROWS}.*, m.*", order="place")


_BARE_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
"""« www.ville.fr/agenda », as many write it."""
_WITHOUT_HOST = frozenset({"mailto", "tel", "sms"})


def _whole(url: SplitResult) -> str | None:
    """An address that any program takes: host in small letters and plain signs, spaces and accents written out."""
    try:
        host = (url.hostname or "").encode("idna").decode() if url.hostname else ""
        port = f":{url.port}" if url.port else ""
    except (UnicodeError, ValueError):
        return None
    path, query, fragment = (quote(text, safe="%/:=&?~+!$,;'@()*[]") for text in (url.path, url.query, url.fragment))
    return urlunsplit((url.scheme, host + port, path, query, fragment))


def _url_part(text: str, part: str, name: str) -> str | None:
    """A part of an address; None when it has none, an empty text when the address has none of that part."""
    address = text.strip(BLANKS)
    try:
        url = urlsplit(f"http://{address}" if _BARE_HOST.match(address) else address)
        if not url.hostname and (url.scheme not in _WITHOUT_HOST or part in ("host", "query")):
            return None
    except ValueError:
        return None
    if part == "query":
        return next(iter(parse_qs(url.query).get(name, ())), "")
    if part == "address":
        return _whole(url)
    scheme = "" if _BARE_HOST.match(address) else url.scheme
    return {"host": url.hostname, "path": url.path, "scheme": scheme, "fragment": url.fragment}[part] or ""


def _url(work: Work, values: Mapping[str, Any]) -> Result:
    header, part = values["column"], values["part"]
    cell = work.cell(header)
    distinct_values(work, header, _MADE, lambda text: {"after": _url_part(text, part, values["name"])})
    source = f"{NUMBERED} LEFT JOIN {_MADE} m ON m.before = {ROWS}.{cell}"
    failure = Failure(f"({filled(cell)}) AND after IS NULL", cell, "not-an-address")
    return work.put(
        {work.free(values["to"]): Cell("nullif(after, '')", ColumnType.TEXT, (failure,))},
        after=header,
        source=source,
        select=f"{ROWS}.*, m.after",
        order="place",
    )


def _links(text: str) -> str | None:
    links = re.findall(r"https?://[^\s<>\"')\]]{1,2000}", text[:LONGEST_DOCUMENT])
    return " ; ".join(dict.fromkeys(link.rstrip(".,;:") for link in links)) or None


def _extract_links(work: Work, values: Mapping[str, Any]) -> Result:
    header = values["column"]
    cell = work.cell(header)
    distinct_values(work, header, _MADE, lambda text: {"after": _links(text)})
    source = f"{NUMBERED} LEFT JOIN {_MADE} m ON m.before = {ROWS}.{cell}"
    return work.put(
        {work.free(values["to"]): Cell("after", ColumnType.TEXT)},
        after=header,
        source=source,
        select=f"{ROWS}.*, m.after",
        order="place",
    )


def _to_json(work: Work, values: Mapping[str, Any]) -> Result:
    pairs = ", ".join(f"{work.bind(header)}::VARCHAR, {work.text(header)}" for header in values["columns"])
    gone = values["columns"] if values["drop"] else []
    return work.put({work.free(values["to"], gone): Cell(f"json_object({pairs})::VARCHAR", ColumnType.JSON)}, gone=gone)


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_TO = Parameter("to", Kind.NEW, gettext_noop("Nouvelle colonne"))
_PATHS = Parameter("paths", Kind.VALUES, gettext_noop("Nouvelle colonne, puis le chemin de sa valeur"))

STRUCTURES: tuple[Preparation, ...] = (
    Preparation(
        "json", Group.STRUCTURES, gettext_noop("Extraire d’un JSON"),
        gettext_noop("Met dans de nouvelles colonnes ce qui est à un chemin d’un JSON (« adresse.voies[0].nom »)."),
        gettext_noop("Colonnes extraites du JSON de {column} : {paths}"), (_COLUMN, _PATHS), _json, fails=True,
    ),
    Preparation(
        "json_rows", Group.STRUCTURES, gettext_noop("Une ligne par élément d’une liste JSON"),
        gettext_noop("Fait une ligne de chaque élément d’une liste JSON."),
        gettext_noop("Une ligne pour chaque élément du JSON de {column}"),
        (_COLUMN, Parameter("path", Kind.TEXT, gettext_noop("Chemin de la liste"), required=False, default="")), _json_rows, fails=True,
    ),
    Preparation(
        "to_json", Group.STRUCTURES, gettext_noop("Réunir des colonnes en JSON"),
        gettext_noop("Met plusieurs colonnes dans un objet JSON."),
        gettext_noop("Colonnes {columns} réunies en JSON dans {to}"),
        (
            Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes")), _TO,
            Parameter("drop", Kind.BOOLEAN, gettext_noop("Retirer les colonnes d’origine"), required=False, default=False),
        ), _to_json,
    ),
    Preparation(
        "xml", Group.STRUCTURES, gettext_noop("Extraire d’un XML"),
        gettext_noop("Met dans de nouvelles colonnes ce qui est à un chemin d’un XML (« lieu/ville », « lieu@code »)."),
        gettext_noop("Colonnes extraites du XML de {column} : {paths}"), (_COLUMN, _PATHS), _xml, fails=True,
    ),
    Preparation(
        "url", Group.STRUCTURES, gettext_noop("Extraire d’une adresse web"),
        gettext_noop("Met dans une colonne le domaine, le chemin ou un paramètre d’une adresse web."),
        gettext_noop("{to} extrait des adresses de {column} : {part}"),
        (
            _COLUMN,
            Parameter(
                "part", Kind.CHOICE, gettext_noop("Partie"),
                choices=(
                    Choice("host", gettext_noop("domaine")), Choice("path", gettext_noop("chemin")), Choice("query", gettext_noop("paramètre")),
                    Choice("scheme", gettext_noop("protocole")), Choice("fragment", gettext_noop("ancre")), Choice("address", gettext_noop("adresse entière, corrigée")),
                ),
            ),
            Parameter("name", Kind.TEXT, gettext_noop("Nom du paramètre"), required=False, default=""), _TO,
        ), _url, fails=True,
    ),
    Preparation(
        "links", Group.STRUCTURES, gettext_noop("Extraire les liens d’un texte"),
        gettext_noop("Met dans une colonne les adresses web d’un texte ou d’un HTML."),
        gettext_noop("Liens de {column} extraits dans {to}"), (_COLUMN, _TO), _extract_links,
    ),
)  # fmt: skip
"""One row a step."""
