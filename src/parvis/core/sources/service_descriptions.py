"""What a service says of itself for programs, by the document that describes it: OpenAPI, capabilities of OGC services, landing pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from parvis.core.sources.answers import answer_bytes, descend, first_text, json_object, local, unreadable, xml_answer
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import address, email, mapping, plain, rows, short
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.translation import gettext_noop

MOST_OPERATIONS: Final = 300
"""Operations or layers that are told of one service."""
LONGEST_OPERATION: Final = 200
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_UNKNOWN = gettext_noop("ce n’est ni OpenAPI, ni les capacités d’un service de l’OGC (« {name} »)")
_YAML = gettext_noop("elle est en YAML : donnez l’adresse de sa forme JSON")
_REFUSED = gettext_noop("le service répond par une erreur : « {reason} »")
_OPENAPI_YAML = re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:openapi|swagger)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServiceDescription:
    """What was read; empty where the document says nothing. ``kind`` is a slug of the kinds of services."""

    kind: str
    title: str = ""
    description: str = ""
    version: str = ""
    endpoint: str = ""
    documentation: str = ""
    licence: str = ""
    contact_name: str = ""
    contact_email: str = ""
    keywords: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    """Operations of an API, or layers of a geographic service, each in a line."""


def read_service_description(answer: Path, url: str) -> ServiceDescription:
    """What a description says; UnreadableAnswer for what is none. ``url`` is where it came from: what it names is beside it."""
    body = answer_bytes(answer).lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith(b"<"):
        return _of_xml(xml_answer(answer), url)
    if _OPENAPI_YAML.match(body[:2_000]):
        raise unreadable(_YAML)
    return _of_json(json_object(answer), url)


# -- JSON


def _of_json(body: dict[str, Any], url: str) -> ServiceDescription:
    if "openapi" in body or "swagger" in body:
        return _openapi(body, url)
    links = rows(body.get("links"))
    if links and any(str(link.get("rel")).endswith(("conformance", "data")) for link in links):
        return _landing_page(body, links, url)
    if "serverSettings" in body or any("name" in part and "url" in part for part in rows(body.get("value"))):
        names = _lines(short(part.get("name")) for part in rows(body.get("value")))
        return ServiceDescription("sensorthings", endpoint=address(url), operations=names)
    raise unreadable(_UNKNOWN, name=", ".join(map(str, islice(body, 3)))[:100] or "{}")


def _openapi(body: Mapping[str, Any], url: str) -> ServiceDescription:
    info = mapping(body.get("info"))
    contact, licence = mapping(info.get("contact")), mapping(info.get("license"))
    outside = mapping(body.get("externalDocs"))
    return ServiceDescription(
        "rest",
        title=short(info.get("title")),
        description=plain(info.get("description") or info.get("summary")),
        version=short(info.get("version"), 40),
        endpoint=_server(body, url),
        documentation=address(outside.get("url"), url) or address(contact.get("url"), url),
        licence=licence_slug(*(short(licence.get(name)) for name in ("url", "identifier", "name"))),
        contact_name=short(contact.get("name"), 100),
        contact_email=email(contact.get("email")),
        keywords=_lines(short(tag.get("name"), 60) for tag in rows(body.get("tags"))[:20]),
        operations=_lines(_paths(mapping(body.get("paths")))),
    )


def _server(body: Mapping[str, Any], url: str) -> str:
    """The first server that has no variable; of Swagger 2, its host and the path below which all is."""
    for server in rows(body.get("servers")):
        text = str(server.get("url") or "")
        if "{" not in text and (full := address(text, url)):
            return full
    if isinstance(body.get("host"), str):
        schemes = [scheme for scheme in ("https", "http") if scheme in (body.get("schemes") or ())]
        return address(f"{first_of([*schemes, 'https'])}://{body['host']}{body.get('basePath') or ''}")
    return ""


def _paths(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, ways in paths.items():
        for method in _METHODS:
            if isinstance(operation := mapping(ways).get(method), dict):
                words = short(operation.get("summary") or operation.get("operationId"), 120)
                yield f"{method.upper()} {path}{f' — {words}' if words else ''}"


def _landing_page(body: Mapping[str, Any], links: list[dict[str, Any]], url: str) -> ServiceDescription:
    """That of an API of the OGC; its collections are told elsewhere, unless it links each of them."""
    pages = [link for link in links if link.get("rel") == "service-doc"]
    return ServiceDescription(
        "ogc-api",
        title=short(body.get("title")),
        description=plain(body.get("description")),
        endpoint=address(first_of([str(link.get("href") or "") for link in links if link.get("rel") == "self"]), url)
        or address(url),
        documentation=first_of(address(link.get("href"), url) for link in pages),
        keywords=_lines(short(word, 60) for word in _texts(body.get("keywords"))),
    )


def _texts(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


# -- XML


def _of_xml(root: Element, url: str) -> ServiceDescription:
    name = local(root)
    if name.endswith(("ExceptionReport", "Exception")):
        reason = first_text(root, "*", "ExceptionText") or first_text(root, "ServiceException") or name
        raise unreadable(_REFUSED, reason=short(reason, 150))
    if name in ("WMS_Capabilities", "WMT_MS_Capabilities"):
        return _ogc(root, url, "wms", "Service", "Title", "Abstract", lambda: _layers_of_wms(root))
    if name in ("WFS_Capabilities", "Capabilities"):
        service = first_text(root, "ServiceIdentification", "ServiceType") or first_text(root, "Service", "Name")
        kind = _kind_of(service) or ("wfs" if name.startswith("WFS") else "wmts")
        around = (
            "ServiceIdentification" if next(descend(root, "ServiceIdentification"), None) is not None else "Service"
        )
        return _ogc(root, url, kind, around, "Title", "Abstract", lambda: _parts_of_ows(root))
    raise unreadable(_UNKNOWN, name=name[:100])


def _kind_of(service: str) -> str:
    folded = service.upper()
    return next((slug for slug in ("wmts", "wfs", "wms", "wcs", "csw", "wps") if slug.upper() in folded), "")


def _ogc(
    root: Element, url: str, kind: str, around: str, title: str, abstract: str, parts: Callable[[], Iterator[str]]
) -> ServiceDescription:
    licences = [*_all(root, around, "AccessConstraints"), *_all(root, around, "Fees")]
    contacts = (
        ("ServiceProvider", "ServiceContact", "IndividualName"),
        ("Service", "ContactInformation", "ContactPersonPrimary", "ContactPerson"),
        ("ServiceProvider", "ProviderName"),
        ("Service", "ContactInformation", "ContactPersonPrimary", "ContactOrganization"),
    )
    mails = (
        ("ServiceProvider", "ServiceContact", "ContactInfo", "Address", "ElectronicMailAddress"),
        ("Service", "ContactInformation", "ContactElectronicMailAddress"),
    )
    words = [*_all(root, around, "Keywords", "Keyword"), *_all(root, around, "KeywordList", "Keyword")]
    return ServiceDescription(
        _other_kind(kind),
        title=short(first_text(root, around, title)),
        description=plain(first_text(root, around, abstract)),
        version=short(root.get("version"), 40),
        endpoint=_get_address(root, url) or address(url.partition("?")[0]),
        licence=licence_slug(*(word[:1_000] for word in licences)),
        contact_name=short(first_of(first_text(root, *path) for path in contacts), 100),
        contact_email=first_of(email(first_text(root, *path)) for path in mails),
        keywords=_lines(short(word, 60) for word in words[:20]),
        operations=_lines(parts()),
    )


def _other_kind(kind: str) -> str:
    return "other" if kind in ("wcs", "wps") else kind


def _all(root: Element, *names: str) -> list[str]:
    return [text for part in descend(root, *names) if (text := "".join(part.itertext()).strip())]


def _get_address(root: Element, url: str) -> str:
    """Where the service is asked, as it says it itself."""
    ways = (
        ("OperationsMetadata", "Operation", "DCP", "HTTP", "Get"),
        ("Capability", "Request", "GetMap", "DCPType", "HTTP", "Get", "OnlineResource"),
        ("Capability", "Request", "GetFeature", "DCPType", "HTTP", "Get"),
    )
    links = [part.get(_XLINK) or part.get("onlineResource") for way in ways for part in descend(root, *way)]
    return first_of(address(link.rstrip("?&"), url) for link in links if link)


def _layers_of_wms(root: Element) -> Iterator[str]:
    """The layers that have a name, those within others too."""
    waiting = list(descend(root, "Capability", "Layer"))
    while waiting:
        layer = waiting.pop(0)
        yield _named(first_text(layer, "Name"), first_text(layer, "Title"))
        waiting[:0] = list(descend(layer, "Layer"))


def _parts_of_ows(root: Element) -> Iterator[str]:
    for layer in descend(root, "FeatureTypeList", "FeatureType"):
        yield _named(first_text(layer, "Name"), first_text(layer, "Title"))
    for layer in descend(root, "Contents", "*"):
        if local(layer) in ("Layer", "CoverageSummary"):
            yield _named(first_text(layer, "Identifier"), first_text(layer, "Title"))


def _named(name: str, title: str) -> str:
    return f"{short(name, 100)} — {short(title, 100)}" if name and title and title != name else short(name, 100)


def _lines(lines: Iterable[str]) -> tuple[str, ...]:
    """The first of them, each once, none empty."""
    seen: dict[str, None] = {}
    for line in lines:
        if text := " ".join(line.split())[:LONGEST_OPERATION]:
            seen[text] = None
        if len(seen) == MOST_OPERATIONS:
            break
    return tuple(seen)
