"""ArcGIS REST: the layers and tables of a server's folders and services as datasets, their rows by their own keys."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from parvis.core.sources.answers import json_object, unreadable
from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import BadSource, SourceRefuses
from parvis.core.sources.esri import DEGREES, MERCATOR, degrees, geojson_geometry, system_of, unprojected
from parvis.core.sources.features import features_of
from parvis.core.sources.paging import MOST_PAGES, base_url, more_rows, with_query, write_rows
from parvis.core.sources.values import box, keywords, mapping, moment, plain, rows, short, texts
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.translation import Sentence, gettext_noop

PAGE: Final = 1_000
_MOST_LABELS: Final = 2_000
_AT_ONCE: Final = 500
"""Rows that the oldest servers give at once."""
MOST_SERVICES: Final = 2_000
MOST_FOLDERS: Final = 200
_SERVICE = re.compile(r"^(?P<service>.*/(?:FeatureServer|MapServer))(?:/(?P<layer>\d+))?(?:/.*)?$")
_DIRECTORY = re.compile(r"^(?P<root>.*/rest/services)(?:/(?P<folder>[^/]+))?/?$")
_NOT_REST = gettext_noop("l’adresse doit mener à « …/rest/services », à un service ou à une couche ArcGIS")
_NO_KEYS = gettext_noop(
    "le champ « {name} » de la couche n’a pas de valeurs entières : ses lignes ne peuvent pas être suivies"
)
_NO_DEGREES = gettext_noop(
    "la couche donne ses géométries dans un système de coordonnées ({number}) qui n’est pas celui demandé"
)
_NO_QUERY = gettext_noop("la couche ne peut pas être interrogée (ni « Query » ni champ d’identifiant)")


class ArcGis:
    """A server's directory, one of its services, or one layer."""

    slug = "arcgis"
    label = gettext_noop("Un serveur ArcGIS (REST)")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The directory, all the layers of a service, or the layer."""
        url = with_query(base_url(settings.url), {}).partition("?")[0].rstrip("/")
        if match := _SERVICE.match(url):
            if match["layer"]:
                return (_asked(f"{match['service']}/{match['layer']}", "layer"),)
            return (_asked(f"{match['service']}/layers", "layers"),)
        if match := _DIRECTORY.match(url):
            return (_asked(url, "folder" if match["folder"] else "root"),)
        raise BadSource(reason=Sentence(_NOT_REST))

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """What a step of the walk says: folders and services to go to, or layers."""
        body = _body(answer)
        step = request.state.get("step", "root")
        if step in ("root", "folder"):
            return _directory(body, request, with_folders=step == "root")
        listed = [body] if step == "layer" else [*rows(body.get("layers")), *rows(body.get("tables"))]
        service = re.sub(r"/(layers|\d+)$", "", request.url.partition("?")[0])
        items: list[Item] = []
        refusals: list[Refusal] = []
        for layer in listed:
            name = short(f"{_service_name(service)}/{layer.get('id')}")
            reason = _unfit(layer)
            if reason:
                refusals.append(Refusal(name, reason))
            else:
                items.append(_item(layer, service, name))
        return Page(tuple(items), tuple(refusals), (), len(listed) if step == "layers" else None)


class ArcGisRows:
    """The rows of a layer: its fields first, then rows after the last key seen, so that changes meanwhile shift nothing."""

    slug = "arcgis"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The layer itself."""
        match = _SERVICE.match(base_url(resource.url).partition("?")[0].rstrip("/"))
        if match is None or not match["layer"]:
            raise BadSource(reason=Sentence(_NOT_REST))
        return (_asked(f"{match['service']}/{match['layer']}", "layer"),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Features by line, dates in ISO 8601."""
        body = _body(answer)
        if request.state.get("step") == "layer":
            return (_first_page(body, request),)
        if request.state.get("step") == "keys":
            return _ranges(body, request)
        key, dates = request.state["key"], set(filter(None, request.state["dates"].split(",")))
        labels = json.loads(request.state.get("labels", "{}"))
        features = [_labelled(_feature(feature, key, dates), labels) for feature in features_of(body)]
        features = _in_degrees(features, system_of(body.get("spatialReference")) if "properties" not in body else 0)
        content = write_rows(destination, features)
        if "ranges" in request.state:
            return _next_range(request, content)
        keys = [value for f in features if isinstance(value := f["properties"].get(key), int)]
        more = bool(body.get("exceededTransferLimit") or mapping(body.get("properties")).get("exceededTransferLimit"))
        if features and not keys:
            raise unreadable(_NO_KEYS, name=key)
        # A server that does not say how many rows it gives at once may give fewer than a page: the end is an empty answer.
        is_last = not more and request.state.get("announces") and len(features) < int(request.state["page_size"])
        if not features or is_last:
            return ()
        return more_rows(request, with_query(request.url, {"where": f"{key}>{max(keys)}"}), content)


def _asked(url: str, step: str) -> Request:
    return Request(f"{url}?f=json", state={"step": step})


def _body(answer: Path) -> dict[str, Any]:
    body = json_object(answer)
    if error := mapping(body.get("error")):
        detail = " ".join([short(error.get("message")), *texts(error.get("details"))])
        raise SourceRefuses(file="", reason=short(f"{short(error.get('code'))} {detail}", 300))
    return body


def _directory(body: dict[str, Any], request: Request, *, with_folders: bool) -> Page:
    services = {
        (short(row.get("name"), 300), short(row.get("type"), 50))
        for row in rows(body.get("services"))
        if row.get("type") in ("FeatureServer", "MapServer")
    }
    if "services" not in body and "folders" not in body:
        raise unreadable(_NOT_REST)
    match = _DIRECTORY.match(request.url.partition("?")[0])
    root = match["root"] if match else request.url.partition("?")[0]
    following = [
        _asked(f"{root}/{quote(name, errors='replace')}/{kind}/layers", "layers")
        for name, kind in sorted(services)
        if kind == "FeatureServer"
        or (name, "FeatureServer") not in services  # the same layers, that can also be edited
    ]
    if with_folders:  # folders have no folders of their own
        folders = [name for name in texts(body.get("folders")) if name not in ("System", "Utilities")]
        following += [_asked(f"{root}/{quote(name, errors='replace')}", "folder") for name in folders[:MOST_FOLDERS]]
    refusals = (
        [Refusal("", f"Plus de {MOST_SERVICES} services : les suivants ne sont pas lus.")]
        if len(following) > MOST_SERVICES
        else []
    )
    return Page((), tuple(refusals), tuple(following[:MOST_SERVICES]), None)


def _unfit(layer: dict[str, Any]) -> str:
    if not isinstance(layer.get("id"), int):
        return "Couche sans numéro."
    kind = short(layer.get("type"), 50)
    if kind not in ("Feature Layer", "Table"):
        return f"Ce n’est pas une couche d’objets mais : {kind}."
    if "Query" not in short(layer.get("capabilities"), 300) and layer.get("capabilities") is not None:
        return "La couche ne peut pas être interrogée."
    return ""


def _service_name(service: str) -> str:
    """``Dossier/Service/FeatureServer``: what stays when the server moves."""
    return urlsplit(service).path.partition("/rest/services/")[2]


def _item(layer: dict[str, Any], service: str, name: str) -> Item:
    hosted = short(layer.get("serviceItemId"), 100)
    rights = short(layer.get("copyrightText"), 1_000)
    edited = mapping(layer.get("editingInfo"))
    return Item(
        identifier=f"{hosted}/{layer.get('id')}" if hosted else name,
        title=short(layer.get("name")) or name,
        description=plain(layer.get("description")),
        landing_page=f"{service}/{layer.get('id')}",
        publisher="" if licence_slug(rights) else short(rights, 200),
        licence=licence_slug(rights),
        keywords=keywords(texts(layer.get("keywords"))),
        bbox=_degrees(mapping(layer.get("extent"))),
        modified=moment(edited.get("dataLastEditDate") or edited.get("lastEditDate")),
        resources=(
            Resource(
                f"{service}/{layer.get('id')}", title=short(layer.get("name")), format="geojson", dialect="arcgis"
            ),
        ),
        extras={
            key: value
            for key, value in (
                ("rights", rights),
                ("geometry", short(layer.get("geometryType"), 50)),
                ("service", name),
            )
            if value
        },
    )


def _degrees(extent: dict[str, Any]) -> tuple[float, float, float, float] | None:
    """The extent when it is in degrees or in Web Mercator; that of other systems would have to be projected."""
    system = system_of(extent.get("spatialReference"))
    corners = [extent.get(name) for name in ("xmin", "ymin", "xmax", "ymax")]
    if system in MERCATOR and all(isinstance(corner, int | float) and math.isfinite(corner) for corner in corners):
        west, south, east, north = map(float, corners)  # type: ignore[arg-type]
        return box([*degrees(west, south), *degrees(east, north)])
    return box(corners) if system in DEGREES else None


def _first_page(layer: dict[str, Any], request: Request) -> Request:
    fields = rows(layer.get("fields"))
    key = short(layer.get("objectIdField"), 100) or next(
        (short(field.get("name"), 100) for field in fields if field.get("type") == "esriFieldTypeOID"), ""
    )
    if not re.fullmatch(r"[\w.$]+", key) or _unfit(layer):
        raise unreadable(_NO_QUERY)
    dates = [short(field.get("name"), 200) for field in fields if field.get("type") == "esriFieldTypeDate"]
    most = layer.get("maxRecordCount")
    size = min(PAGE, most) if isinstance(most, int) and most > 0 else PAGE
    advanced = mapping(layer.get("advancedQueryCapabilities"))
    paged = advanced.get("supportsPagination") is True
    # Before its version 10.1 a server gives rows in an order of its own: their keys first, then rows by ranges of keys.
    version = layer.get("currentVersion")
    is_old = isinstance(version, int | float) and version < 10.1
    is_ordered = advanced.get("supportsOrderBy", layer.get("supportsAdvancedQueries", not (is_old or version is None)))
    geojson = "geojson" in short(layer.get("supportedQueryFormats"), 200).lower()
    parameters: dict[str, str | int | None] = {
        "where": "1=1",
        "outFields": "*",
        "outSR": 4326,
        "orderByFields": f"{key} ASC",
        "resultRecordCount": size if paged else None,
        "f": "geojson" if geojson else "json",
    }
    url = with_query(request.url.partition("?")[0].rstrip("/") + "/query", parameters)
    state = {"step": "rows", "key": key, "dates": ",".join(dates), "page_size": str(size)}
    if labels := _labels(fields):
        state["labels"] = json.dumps(labels, ensure_ascii=False)
    if is_ordered:
        return Request(url, state={**state, "announces": "1"} if isinstance(most, int) else state)
    unordered = with_query(url, {}, drop=("orderByFields", "resultRecordCount"))
    keys = with_query(unordered, {"returnIdsOnly": "true", "f": "json"}, drop=("outFields", "outSR"))
    return Request(keys, state={**state, "step": "keys", "rows": unordered})


def _ranges(body: dict[str, Any], request: Request) -> tuple[Request, ...]:
    """The first rows of a layer of which all the keys came at once."""
    listed = body.get("objectIds")
    keys = sorted({int(key) for key in listed if isinstance(key, int | float)}) if isinstance(listed, list) else []
    if listed and not keys:
        raise unreadable(_NO_KEYS, name=request.state["key"])
    at_once = min(_AT_ONCE, int(request.state["page_size"]))
    if len(keys) > at_once * MOST_PAGES:
        raise unreadable(_NO_QUERY)
    starts = keys[::at_once]
    ends = [*(start - 1 for start in starts[1:]), *keys[-1:]]
    state = {**request.state, "step": "rows", "ranges": " ".join(f"{a},{b}" for a, b in zip(starts, ends, strict=True))}
    return _next_range(Request(state.pop("rows"), state=state), "") if keys else ()


def _next_range(request: Request, content: str) -> tuple[Request, ...]:
    bounds, _, rest = request.state["ranges"].partition(" ")
    if not bounds:
        return ()
    first, last = bounds.split(",")
    key = request.state["key"]
    url = with_query(request.url, {"where": f"{key}>={first} AND {key}<={last}"})
    return more_rows(request, url, content, {"ranges": rest})


def _in_degrees(features: list[dict[str, Any]], system: int) -> list[dict[str, Any]]:
    """What an answer of Esri's own JSON says of its system is believed, whatever was asked."""
    if system in MERCATOR:
        return [{**feature, "geometry": unprojected(feature["geometry"])} for feature in features]
    if system and system not in DEGREES and any(feature["geometry"] for feature in features):
        raise unreadable(_NO_DEGREES, number=system)
    return features


def _labels(fields: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """What the codes of a layer mean, by field and by code as text, where that says more than the code."""
    labels: dict[str, dict[str, str]] = {}
    room = _MOST_LABELS
    for field in fields:
        pairs = {
            str(value.get("code"))[:200]: short(value.get("name"), 200)
            for value in rows(mapping(field.get("domain")).get("codedValues"))
        }
        if any(label and label != code for code, label in pairs.items()) and len(pairs) <= room:
            labels[short(field.get("name"), 200)] = pairs
            room -= len(pairs)
    return labels


def _labelled(feature: dict[str, Any], labels: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The same with what codes mean beside them."""
    properties = feature["properties"]
    return (
        {
            **feature,
            "properties": {
                **properties,
                **{
                    f"{name}_libelle": pairs.get(str(properties[name]))
                    for name, pairs in labels.items()
                    if name in properties
                },
            },
        }
        if labels
        else feature
    )


def _feature(feature: dict[str, Any], key: str, dates: Iterable[str]) -> dict[str, Any]:
    """A feature of GeoJSON or of Esri's own JSON."""
    attributes = feature.get("properties") if "properties" in feature else feature.get("attributes")
    properties = dict(mapping(attributes))
    if key not in properties and isinstance(feature.get("id"), int):
        properties[key] = feature["id"]
    if isinstance(number := properties.get(key), float) and number.is_integer():
        properties[key] = int(number)
    for name in dates:
        if isinstance(value := properties.get(name), int):
            properties[name] = moment(value, 1, 9999) or None
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and "type" not in geometry:
        geometry = geojson_geometry(geometry)
    return {"type": "Feature", "geometry": geometry if isinstance(geometry, dict) else None, "properties": properties}


DIALECT = ArcGis()
ROWS = ArcGisRows()
