"""A WFS: its layers as datasets by ``GetCapabilities``, the features of one by pages of GeoJSON, or of GML where there is nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

from parvis.core.errors import UnreadableFile
from parvis.core.sources.answers import answer_bytes, descend, first_text, json_object, local, unreadable, xml_answer
from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import BadSource, EndlessSource, SourceRefuses
from parvis.core.sources.features import PAGE, features_of, plain_feature, swapped, turned
from parvis.core.sources.gml import COLLECTIONS, attribute_kinds, in_degrees, read_collection
from parvis.core.sources.paging import base_url, check_whole, mark, more_rows, with_query, write_rows
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import Box, address, box, email, keywords, plain, short
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.translation import Sentence, gettext_noop

MOST_LAYERS: Final = 10_000
_PARAMETERS = (
    *(
        "service",
        "request",
        "version",
        "acceptversions",
        "typename",
        "typenames",
        "outputformat",
        "count",
        "maxfeatures",
    ),
    *("startindex", "srsname", "sortby", "resulttype"),
)
_NOT_WFS = gettext_noop("ce ne sont pas les capacités d’un WFS (élément « {name} »)")
_NO_LAYER = gettext_noop("l’adresse ne dit pas de quelle couche il s’agit (typeNames=…)")
_LOST_LAYER = gettext_noop("la couche « {name} » n’est plus dans le service")
_NOT_FEATURES = gettext_noop("ce ne sont pas des objets géographiques (élément « {name} »)")
_GML: Final = "gml"
_REFUSALS: Final = ("ExceptionReport", "ServiceExceptionReport")
_DEGREES = re.compile(r"(EPSG[:/].*\b(4326|4258|4171)|CRS:?84)$|epsg\.xml#4326$", re.IGNORECASE)
_SAME = gettext_noop("deux pages de suite ont le même contenu")


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    element: Element
    formats: tuple[str, ...]
    bounds: Box | None


@dataclass(frozen=True, slots=True)
class _Service:
    root: Element
    version: str
    layers: tuple[_Layer, ...]


class Wfs:
    """The layers of a WFS 2.0, 1.1 or 1.0."""

    slug = "wfs"
    label = gettext_noop("Un service WFS")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """What the service can do."""
        return (Request(_capabilities(base_url(settings.url))),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """A dataset by layer; those who answer for the service answer for all of them."""
        service = _service(answer)
        listed = _typenames(settings.url)
        items = [_item(layer, service, request.url) for layer in service.layers if not listed or layer.name in listed]
        refusals = [
            Refusal(name, "Cette couche n’est pas dans le service.") for name in listed - {i.identifier for i in items}
        ]
        return Page(tuple(items), tuple(refusals), (), len(items))


class WfsRows:
    """The features of a layer: its formats and version first, then pages; services before WFS 2.0 may know pages without saying so."""

    slug = "wfs"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """What the service can do, once more: it may have changed since."""
        layer = first_of(_typenames(resource.url))  # empty: the only one of the service
        return (Request(_capabilities(base_url(resource.url)), state={"layer": layer}),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Features by line, longitude first."""
        if "format" not in request.state:
            return (_first_page(answer, request),)
        if request.state.get("step") == "schema":
            return (_after_schema(answer, request),)
        state = dict(request.state)
        if state["format"] == _GML:
            collection = read_collection(answer, json.loads(state.get("kinds", "{}")), state.get("crs", ""))
            if collection.root in _REFUSALS:
                return _after_refusal(answer, request, destination)
            if collection.root not in COLLECTIONS:
                raise unreadable(_NOT_FEATURES, name=collection.root[:100])
            features, body = in_degrees(collection), {"numberMatched": collection.matched}
        elif answer_bytes(answer).lstrip()[:1] == b"<":
            return _after_refusal(answer, request, destination)
        else:
            body = json_object(answer)
            features = features_of(body)
        if "axes" not in state:
            bounds = box(state.get("box", "").split(","))
            state["axes"] = "latitude" if swapped(features, bounds) else "longitude"
            state["first"] = first_of(_scalars(features))
        if state["axes"] == "latitude":
            features = [{**feature, "geometry": turned(feature.get("geometry"))} for feature in features]
        plain_features = [plain_feature(feature) for feature in features]
        content = mark(str(feature) for feature in plain_features)
        paged = state["version"].startswith("2")
        if content == state.get("content") and features:
            if not paged or len(features) < PAGE:
                return ()  # a service without pages gave all at once, twice
            raise EndlessSource(file="", reason=Sentence(_SAME))
        write_rows(destination, plain_features)
        start = int(state["start"]) + len(features)
        matched = next((body[n] for n in ("numberMatched", "totalFeatures") if isinstance(body.get(n), int)), None)
        whole = paged and len(features) > PAGE
        if not features or whole or (matched is not None and start >= matched):
            check_whole(start, matched)
            return ()
        url = with_query(request.url, {"startIndex": start})
        return more_rows(request, url, content, {**state, "start": str(start)})


def _capabilities(url: str) -> str:
    base = with_query(url, {}, drop=_PARAMETERS)
    return with_query(base, {"service": "WFS", "version": "2.0.0", "request": "GetCapabilities"})


def _typenames(url: str) -> set[str]:
    pairs = parse_qsl(urlsplit(url).query)
    return {
        name for key, value in pairs if key.lower() in ("typename", "typenames") for name in value.split(",") if name
    }


def _service(answer: Path) -> _Service:
    root = xml_answer(answer)
    if local(root) in _REFUSALS:
        raise SourceRefuses(file="", reason=short(" ".join("".join(root.itertext()).split()), 300))
    if local(root) != "WFS_Capabilities":
        raise unreadable(_NOT_WFS, name=local(root)[:100])
    common = _formats(root)
    layers = []
    for element in list(descend(root, "FeatureTypeList", "FeatureType"))[:MOST_LAYERS]:
        if name := short(first_text(element, "Name"), 300):
            own = tuple("".join(part.itertext()).strip() for part in descend(element, "OutputFormats", "Format"))
            layers.append(_Layer(name, element, tuple(dict.fromkeys([*own, *common])), _bounds(element)))
    return _Service(root, root.get("version", "2.0.0")[:10], tuple(layers))


def _formats(root: Element) -> tuple[str, ...]:
    texts = []
    for operation in descend(root, "OperationsMetadata", "Operation"):
        if operation.get("name") == "GetFeature":
            for parameter in descend(operation, "Parameter"):
                if parameter.get("name", "").lower() == "outputformat":
                    texts += [
                        part for way in (("Value",), ("AllowedValues", "Value")) for part in descend(parameter, *way)
                    ]
    former = [local(part) for part in descend(root, "Capability", "Request", "GetFeature", "ResultFormat", "*")]
    return (*("".join(part.itertext()).strip()[:200] for part in texts), *former)


def _bounds(element: Element) -> Box | None:
    for part in descend(element, "WGS84BoundingBox"):
        corners = [first_text(part, name).split() for name in ("LowerCorner", "UpperCorner")]
        if all(len(corner) == 2 for corner in corners):
            return box([*corners[0], *corners[1]])
    for part in descend(element, "LatLongBoundingBox"):
        return box(part.get(name) for name in ("minx", "miny", "maxx", "maxy"))
    return None


def _item(layer: _Layer, service: _Service, url: str) -> Item:
    root, element = service.root, layer.element
    constraints = [
        *(
            first_text(root, block, name)
            for block in ("ServiceIdentification", "Service")
            for name in ("AccessConstraints", "Fees")
        )
    ]
    mail = ("ServiceProvider", "ServiceContact", "ContactInfo", "Address", "ElectronicMailAddress")
    words = ["".join(part.itertext()) for part in descend(element, "Keywords", "Keyword")]
    links = [
        address(part.get("{http://www.w3.org/1999/xlink}href") or part.text) for part in descend(element, "MetadataURL")
    ]
    get = with_query(url, {"request": "GetFeature", "typeNames": layer.name})
    return Item(
        identifier=layer.name,
        title=short(first_text(element, "Title")) or layer.name,
        description=plain(first_text(element, "Abstract")),
        publisher=short(first_text(root, "ServiceProvider", "ProviderName")),
        contact_name=short(first_text(root, "ServiceProvider", "ServiceContact", "IndividualName")),
        contact_email=email(first_text(root, *mail)),
        licence=licence_slug(*constraints),
        keywords=keywords(words or first_text(element, "Keywords").split(",")),
        bbox=layer.bounds,
        resources=(Resource(get, title=layer.name, format="geojson", dialect="wfs"),),
        extras={
            name: value
            for name, value in (
                ("crs", short(first_of([first_text(element, n) for n in ("DefaultCRS", "DefaultSRS", "SRS")]), 200)),
                ("links", "\n".join(filter(None, links[:5]))),
                ("constraints", short(" ".join(filter(None, constraints)), 1_000)),
            )
            if value
        },
    )


def _first_page(answer: Path, request: Request) -> Request:
    service = _service(answer)
    name = request.state["layer"]
    if not name and len(service.layers) != 1:
        raise BadSource(reason=Sentence(_NO_LAYER))
    layer = next(
        (layer for layer in service.layers if name in ("", layer.name) or layer.name.endswith(f":{name}")), None
    )
    if layer is None:
        raise unreadable(_LOST_LAYER, name=name[:200])
    formats = [word for word in layer.formats if "json" in word.lower() and "jsonp" not in word.lower()]
    formats.sort(key=lambda word: ("geo" not in word.lower(), "/" not in word))
    paged = service.version.startswith("2")
    if not formats:
        return _schema_of(layer, service, request)
    parameters: dict[str, str | int | None] = {
        "service": "WFS",
        "version": service.version,
        "request": "GetFeature",
        "typeNames" if paged else "typeName": layer.name,
        "outputFormat": formats[0],
        "srsName": "EPSG:4326",
        "count": PAGE if paged else None,
    }
    state = {"layer": layer.name, "format": formats[0], "version": service.version, "start": "0"}
    if layer.bounds is not None:
        state["box"] = ",".join(map(str, layer.bounds))
    return Request(with_query(with_query(request.url, {}, drop=_PARAMETERS), parameters), state=state)


def _schema_of(layer: _Layer, service: _Service, request: Request) -> Request:
    """What types the attributes of a layer have, before its features in GML, which are texts without that."""
    systems = [
        "".join(part.itertext()).strip()[:200]
        for name in ("DefaultCRS", "DefaultSRS", "SRS", "OtherCRS", "OtherSRS")
        for part in descend(layer.element, name)
    ]
    base = with_query(request.url, {}, drop=_PARAMETERS)
    common = {"service": "WFS", "version": service.version}
    names = "typeNames" if service.version.startswith("2") else "typeName"
    features = {
        **common,
        "request": "GetFeature",
        names: layer.name,
        "srsName": first_of(system for system in systems if _DEGREES.search(system)) or None,
        "count": PAGE if service.version.startswith("2") else None,
    }
    state = {
        "step": "schema",
        "layer": layer.name,
        "format": _GML,
        "version": service.version,
        "start": "0",
        "crs": first_of(systems),
        "features": with_query(base, features),
    }
    if layer.bounds is not None:
        state["box"] = ",".join(map(str, layer.bounds))
    # Some servers of version 2 know the former name of the parameter alone.
    describe = {**common, "request": "DescribeFeatureType", "typeName": layer.name, names: layer.name}
    return Request(with_query(base, describe), state=state)


def _after_schema(answer: Path, request: Request) -> Request:
    """The first page of features; a schema that cannot be read leaves every attribute a text."""
    try:
        kinds = attribute_kinds(answer)
    except UnreadableFile:
        kinds = {}
    state = {name: text for name, text in request.state.items() if name not in ("step", "features")}
    return Request(request.state["features"], state={**state, "kinds": json.dumps(kinds)})


def _scalars(features: list[dict[str, object]]) -> list[str]:
    properties = features[0].get("properties") if features else None
    listed = properties.items() if isinstance(properties, dict) else ()
    return [name for name, value in listed if isinstance(value, str | int) and re.fullmatch(r"\w+", name)]


def _after_refusal(answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
    """Some services give no second page without an order: all is read again, by the first property."""
    root = xml_answer(answer)
    reason = short(" ".join("".join(root.itertext()).split()), 300)
    first = request.state.get("first", "")
    if request.state.get("start") != "0" and first and "sortby" not in request.url.lower():
        destination.write_bytes(b"")
        state = {
            key: request.state[key]
            for key in ("layer", "format", "version", "box", "axes", "first", "crs", "kinds")
            if key in request.state
        }
        url = with_query(request.url, {"sortBy": first, "startIndex": 0})
        return (Request(url, state={**state, "start": "0"}),)
    raise SourceRefuses(file="", reason=reason)


DIALECT = Wfs()
ROWS = WfsRows()
