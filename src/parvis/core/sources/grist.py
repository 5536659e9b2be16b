"""Grist: the tables of a document as datasets, their records by its API."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings
from parvis.core.sources.errors import BadSource, SourceRefuses
from parvis.core.sources.paging import base_url, write_rows
from parvis.core.sources.values import LONGEST_TITLE, mapping, moment, rows, short
from parvis.core.translation import Sentence, gettext_noop

MOST_TABLES: Final = 500
_API = re.compile(r"^(?P<root>.*)/api/docs/(?P<document>[\w~.-]+)(?:/tables/(?P<table>[\w-]+))?")
_PAGE = re.compile(r"^(?P<root>(?:/o/[\w-]+)?)/(?:doc/)?(?P<document>[A-Za-z0-9~]{8,})(?:/[^/]*)?(?:/p/\w+)?/?$")
_BAD = gettext_noop("l’adresse n’est pas celle d’un document Grist")


class Grist:
    """The document at an address, its page or its API."""

    slug = "grist"
    label = gettext_noop("Un document Grist")
    options = ("table",)
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The document: its name and who owns it."""
        root, _ = _document(settings.url)
        return (Request(root, state={"step": "document", "root": root}),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """The document, then its tables; those that Grist makes for itself are left out."""
        body, root = _body(answer), request.state["root"]
        if request.state["step"] == "document":
            workspace = mapping(body.get("workspace"))
            state = {
                "step": "tables",
                "root": root,
                "name": short(body.get("name")),
                "owner": short(mapping(workspace.get("org")).get("name")),
                "changed": moment(body.get("updatedAt")),
            }
            return Page(following=(Request(f"{root}/tables", state=state),))
        _, own = _document(settings.url)
        asked_for = settings.options.get("table", "") or own
        tables = [short(row.get("id"), 200) for row in rows(body.get("tables"))]
        tables = [name for name in tables if re.fullmatch(r"\w+", name) and not name.startswith("_grist")]
        taken = [name for name in tables if asked_for in ("", name)][:MOST_TABLES]
        return Page(tuple(_item(name, request.state, single=len(tables) == 1) for name in taken), total=len(taken))


class GristRows:
    """The records of a table: its columns first, then all records at once, as Grist gives them."""

    slug = "grist"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The columns."""
        root, table = _document(resource.url)
        if not table:
            raise BadSource(reason=Sentence(_BAD))
        return (Request(f"{root}/tables/{table}/columns?hidden=true", state={"step": "columns"}),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Records by line, under the labels of their columns, in the order of these."""
        body = _body(answer)
        if request.state["step"] == "columns":
            described = rows(body.get("columns"))
            helpers = {
                mapping(row.get("fields")).get("colRef"): short(row.get("id"), 200)
                for row in described
                if _is_helper(row)
            }
            columns = [_column(row, helpers) for row in described if not _is_helper(row)]
            visible = json.dumps([column for column in columns if column], ensure_ascii=False)
            url = re.sub(r"/columns(?=$|\?)", "/records", request.url)
            return (Request(url, state={"step": "records", "columns": visible}),)
        columns = json.loads(request.state["columns"])
        names, files = _names(columns), request.url.partition("/tables/")[0] + "/attachments/{}/download"
        write_rows(
            destination,
            (
                {"id": row.get("id"), **{names[c[0]]: _cell(mapping(row.get("fields")), c, files) for c in columns}}
                for row in rows(body.get("records"))
            ),
        )
        return ()


def _document(url: str) -> tuple[str, str]:
    """The address of the API of a document, and the table that the address names."""
    parts = urlsplit(base_url(url))
    site = f"{parts.scheme}://{parts.netloc}"
    if match := _API.match(parts.path):
        return f"{site}{match['root']}/api/docs/{quote(match['document'])}", match["table"] or ""
    if match := _PAGE.match(parts.path):
        return f"{site}{match['root']}/api/docs/{quote(match['document'])}", ""
    raise BadSource(reason=Sentence(_BAD))


def _body(answer: Path) -> dict[str, Any]:
    body = json_object(answer)
    if isinstance(body.get("error"), str):
        raise SourceRefuses(file="", reason=short(body["error"], 300))
    return body


def _item(table: str, state: Mapping[str, str], *, single: bool) -> Item:
    root = state["root"]
    document = root.rpartition("/")[2]
    label = table.replace("_", " ")
    title = state["name"] if single and state["name"] else f"{label} – {state['name']}".strip(" –")
    return Item(
        identifier=f"{document}/{table}",
        title=title[:LONGEST_TITLE],
        landing_page=root.replace("/api/docs/", "/doc/"),
        publisher=state["owner"],
        modified=state["changed"],
        resources=(Resource(f"{root}/tables/{table}", title=label, format="json", dialect="grist"),),
        extras={"document": state["name"]} if state["name"] else {},
    )


def _is_helper(row: dict[str, Any]) -> bool:
    """Columns that Grist makes for itself: what a reference shows, the order of rows."""
    return short(row.get("id"), 200).startswith(("gristHelper_", "manualSort"))


def _column(row: dict[str, Any], helpers: Mapping[object, str]) -> list[str]:
    """Identifier, label and type of a column that people see, and the column that holds what its references show."""
    name, fields = short(row.get("id"), 200), mapping(row.get("fields"))
    if not name:
        return []
    kind = short(fields.get("type"), 100)
    shown = helpers.get(fields.get("displayCol"), "") if kind.startswith(("Ref:", "RefList:")) else ""
    return [name, short(fields.get("label"), 200) or name, kind, shown]


def _names(columns: list[list[str]]) -> dict[str, str]:
    """Labels, the identifier in the place of one that two columns share."""
    labels = [label.casefold() for _, label, *_ in columns]
    return {
        name: label if labels.count(label.casefold()) == 1 and label != "id" else name for name, label, *_ in columns
    }


def _cell(fields: Mapping[str, Any], column: list[str], files: str) -> object:
    """A cell as people see it: what references show, where attachments are, and the values of the others."""
    name, _, kind, shown = column
    if shown and fields.get(shown) is not None:
        return _value(fields[shown], "")
    value = _value(fields.get(name), kind)
    if kind == "Attachments" and isinstance(value, list):
        return [files.format(part) for part in value if isinstance(part, int)]
    return None if kind.startswith("Ref:") and value == 0 else value  # an empty reference


def _value(value: object, kind: str) -> object:
    """Dates of seconds in ISO 8601, lists without their letter, errors empty."""
    if isinstance(value, list):
        letter, rest = (value[0], value[1:]) if value else ("", [])
        if letter == "L":
            return [_value(part, "") for part in rest]
        if letter in ("d", "D") and rest:
            return _date(rest[0], whole=letter == "D")
        return rest[-1] if letter in ("R", "r") and rest and isinstance(rest[-1], str | int) else None
    if kind == "Date" or kind.startswith("DateTime"):
        return _date(value, whole=kind != "Date")
    return value


def _date(value: object, *, whole: bool) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    instant = moment(value, 1, 9999)
    return instant if whole else instant[:10]


DIALECT = Grist()
ROWS = GristRows()
