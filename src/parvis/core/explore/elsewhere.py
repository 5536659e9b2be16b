"""A question put to the Explore API of another portal: written again from what was understood of it, its answer read strictly.

Pure: nothing is sent here. What comes back is a stranger's: its size is bounded by whoever fetches it, its shape here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from parvis.core.errors import OperationError, RequestError
from parvis.core.explore.errors import UnknownFormat
from parvis.core.explore.facets import FacetGroup
from parvis.core.explore.query import bind, condition
from parvis.core.explore.records import RecordsPage
from parvis.core.explore.request import ExploreRequest
from parvis.core.odsql import Names
from parvis.core.odsql.bound import ALWAYS
from parvis.core.translation import Sentence, gettext_noop

FORMATS: Final = (
    *("csv", "xlsx", "json", "jsonl", "parquet", "geojson", "shp", "kml", "gpx", "fgb"),
    *("ov2", "rdfxml", "turtle", "n3", "jsonld", "ical"),
)
"""Files that every server of that API makes; which of them fit a table is its business."""

LONGEST_QUESTION: Final = 6_000
"""Characters of an address: common servers refuse longer ones."""
MOST_MARKS: Final = 600_000
"""Commas and brackets in an answer: each value may take a hundred bytes once it is read."""
DEEPEST: Final = 60
MOST_FACETS, MOST_VALUES = 200, 20_000

type Pairs = list[tuple[str, str]]


class NotAskedElsewhere(RequestError):
    """What another portal is not asked for us."""

    code: ClassVar[str] = "far-question"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de ce jeu sont demandées à leur portail d’origine, à qui cette question n’est pas posée : {reason}."
    )
    advice: ClassVar[str] = gettext_noop(
        "Le tableau, les enregistrements et les facettes de l’API Explore v2.1 et les téléchargements sont servis d’ici."
    )


class UnreadableElsewhere(OperationError):
    """The answer of another portal is not what its API says."""

    code: ClassVar[str] = "far-answer"
    status: ClassVar[int] = 502
    sentence: ClassVar[str] = gettext_noop("La réponse du portail d’origine ne peut pas être lue : {reason}.")
    advice: ClassVar[str] = gettext_noop("Recommencez plus tard, ou demandez ces lignes à ce portail lui-même.")


_WALK = gettext_noop("le parcours page par page (after) rend une page d’une version d’ici")
_EXTRA = gettext_noop("le filtre qv1 est de l’ancienne API")
_VERSION = gettext_noop("seules les lignes du moment sont là-bas")
_LONG = gettext_noop("elle est trop longue pour tenir dans une adresse")


def page_question(names: Names, request: ExploreRequest) -> Pairs:
    """The parameters of ``/records``; the errors of the language and of paging, as of a table of ours, and NotAskedElsewhere."""
    limit, offset = request.page()
    bind(names, request, limit, offset)
    pairs = [*_chosen(request), *_rows(request), ("limit", str(limit)), ("offset", str(offset))]
    if request.include_app_metas:
        pairs.append(("include_app_metas", "true"))
    return _short(pairs, request)


def record_question(names: Names, request: ExploreRequest) -> Pairs:
    """Those of one record: which fields."""
    bind(names, ExploreRequest(select=request.select, lang=request.lang, timezone=request.timezone), 1, 0)
    pairs = [("select", request.select)] if request.select.strip() not in ("", "*") else []
    return _short([*pairs, *_words(request)], request)


def facets_question(names: Names, request: ExploreRequest) -> Pairs:
    """Those of ``/facets``."""
    condition(names, request)
    return _short([*_rows(request), *_words(request)], request)


def export_question(names: Names, request: ExploreRequest, format_name: str) -> Pairs:
    """Those of a whole file; UnknownFormat for one that not every portal makes."""
    if format_name not in FORMATS:
        raise UnknownFormat(name=format_name, formats=", ".join(FORMATS))
    limit, offset = request.as_export()
    bind(names, request, limit, offset)
    pairs = [*_chosen(request), *_rows(request)]
    if limit is not None:
        pairs.append(("limit", str(limit)))
    if offset:
        pairs.append(("offset", str(offset)))
    usual = _file_options(ExploreRequest())
    pairs += [(name, value) for name, value in _file_options(request).items() if value != usual[name]]
    return _short(pairs, request)


def _file_options(request: ExploreRequest) -> Mapping[str, str]:
    """How the file is written."""
    switches = ("use_labels", "compressed", "quote_all", "with_bom", "use_extension")
    texts = ("delimiter", "list_separator", "parquet_compression", "epsg", "name_field")
    return {
        **{name: "true" if getattr(request, name) else "false" for name in switches},
        **{name: str(getattr(request, name)) for name in texts},
        "description_field_list": ",".join(request.description_field_list),
    }


def _chosen(request: ExploreRequest) -> Pairs:
    pairs = [("select", request.select)] if request.select.strip() not in ("", "*") else []
    pairs += [("group_by", request.group_by)] if request.is_grouped else []
    pairs += [("order_by", request.order_by)] if request.order_by.strip() else []
    return [*pairs, *_words(request)]


def _rows(request: ExploreRequest) -> Pairs:
    # Each was read to its end, so that a bracket closes what it opens.
    texts = [text for text in request.where if text.strip()]
    pairs = [("where", texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts))] if texts else []
    for name in ("refine", "exclude", "facet"):
        pairs += [(name, text) for text in getattr(request, name)]
    return pairs


def _words(request: ExploreRequest) -> Pairs:
    return [("lang", request.lang), ("timezone", request.timezone)]


def _short(pairs: Pairs, request: ExploreRequest) -> Pairs:
    reasons = {_WALK: request.after is not None, _EXTRA: request.extra != ALWAYS, _VERSION: bool(request.version)}
    reasons[_LONG] = sum(len(name) + len(value.encode("utf-8", "replace")) for name, value in pairs) > LONGEST_QUESTION
    for reason, is_so in reasons.items():
        if is_so:
            raise NotAskedElsewhere(reason=Sentence(reason))
    return pairs


def read_page(body: bytes, names: Names, request: ExploreRequest) -> RecordsPage:
    """A page of ``/records``, as the other portal gave its values; UnreadableElsewhere."""
    limit, offset = request.page()
    query = bind(names, request, limit, offset)
    answer = _object(_json(body))
    total, rows = answer.get("total_count"), answer.get("results")
    if total is None and request.is_grouped and isinstance(rows, list):
        total = offset + len(rows)  # some servers count no groups
    if not isinstance(total, int) or isinstance(total, bool) or total < 0 or not isinstance(rows, list):
        raise _unreadable(_SHAPE)
    if len(rows) > limit or not all(isinstance(row, dict) for row in rows):
        raise _unreadable(_SHAPE)
    for row in rows:
        row.pop("_links", None)  # they lead elsewhere
    return RecordsPage(total, rows, query.outputs)


def read_record(body: bytes) -> dict[str, Any]:
    """One record; UnreadableElsewhere."""
    row = _object(_json(body))
    row.pop("_links", None)
    return row


def read_facets(body: bytes) -> list[FacetGroup]:
    """The groups of ``/facets``; UnreadableElsewhere."""
    groups = _object(_json(body)).get("facets")
    if not isinstance(groups, list) or len(groups) > MOST_FACETS:
        raise _unreadable(_SHAPE)
    return [FacetGroup(_text(_object(group).get("name")), _values(group.get("facets"), 0)) for group in groups]


def _values(rows: Any, depth: int) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or len(rows) > MOST_VALUES or depth > DEEPEST:
        raise _unreadable(_SHAPE)
    listed = []
    for row in map(_object, rows):
        state = row.get("state")
        if state not in ("displayed", "refined", "excluded"):
            raise _unreadable(_SHAPE)
        value = {"name": _text(row.get("name")), "state": state, "value": _text(row.get("value"))}
        if state != "excluded" or "count" in row:
            count = row.get("count")
            if not isinstance(count, int) or isinstance(count, bool):
                raise _unreadable(_SHAPE)
            value = {"count": count, **value}
        if row.get("facets"):
            value["facets"] = _values(row["facets"], depth + 1)
        listed.append(value)
    return listed


_SHAPE = gettext_noop("elle n’a pas la forme de l’API Explore v2.1")
_NOT_JSON = gettext_noop("ce n’est pas du JSON")
_TOO_MANY = gettext_noop("elle compte trop de valeurs")


def _json(body: bytes) -> Any:
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_MARKS:
        raise _unreadable(_TOO_MANY)
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise _unreadable(_NOT_JSON) from error
    _require_shallow(value)
    return value


def _require_shallow(value: Any) -> None:
    """What writes a value again follows it to the end of the stack."""
    level = [value]
    for _depth in range(DEEPEST):
        parts = [part for part in level if isinstance(part, dict | list)]
        level = [inner for part in parts for inner in (part.values() if isinstance(part, dict) else part)]
        if not level:
            return
    raise _unreadable(_SHAPE)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unreadable(_SHAPE)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _unreadable(_SHAPE)
    return value


def _unreadable(reason: str) -> UnreadableElsewhere:
    return UnreadableElsewhere(reason=Sentence(reason))
