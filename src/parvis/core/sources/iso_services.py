"""A record of ISO 19119 (``srv:SV_ServiceIdentification``) as a service: where it is asked, what it is, which data it operates on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

from parvis.core.sources.answers import descend, local
from parvis.core.sources.contract import ToldService
from parvis.core.sources.iso import item_of
from parvis.core.sources.iso_parts import XLINK, text_at
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import address, short, stable

LEVEL: Final = "service"
MOST_SERVED: Final = 100
_SERVICE: Final = ("identificationInfo", "SV_ServiceIdentification")
_KINDS: Final = (
    (re.compile(r"wmts", re.IGNORECASE), "wmts"),
    (re.compile(r"\bwms|ogc:wms|service=wms|/wms", re.IGNORECASE), "wms"),
    (re.compile(r"\bwfs|ogc:wfs|service=wfs|/wfs", re.IGNORECASE), "wfs"),
    (re.compile(r"\bcsw|ogc:csw|service=csw|discovery", re.IGNORECASE), "csw"),
    (re.compile(r"ogc ?api", re.IGNORECASE), "ogc-api"),
    (re.compile(r"sensorthings", re.IGNORECASE), "sensorthings"),
    (re.compile(r"sparql", re.IGNORECASE), "sparql"),
)
"""Kinds by what protocols, types and addresses hold."""
_DESCRIPTION: Final = re.compile(r"request=getcapabilities|openapi|\.json($|\?)", re.IGNORECASE)
_PAGE: Final = re.compile(r"link-1\.0-http--link|text/html|information", re.IGNORECASE)


def told_service(record: Element, home: str) -> ToldService | None:
    """The service of a record; None for one that says nowhere where it is asked."""
    item = item_of(record, home)
    about = next(descend(record, *_SERVICE), None)
    operations = list(descend(about, "containsOperations", "SV_OperationMetadata", "connectPoint", "CI_OnlineResource"))
    options = ("distributionInfo", "MD_Distribution", "transferOptions", "MD_DigitalTransferOptions", "onLine")
    lines = list(descend(record, *options, "CI_OnlineResource"))
    addresses = [url for part in operations if (url := _url(part))]
    addresses = addresses or [
        url for part in lines if (url := _url(part)) and not _PAGE.search(text_at(part, "protocol"))
    ]
    if not addresses or not item.identifier or not item.title:
        return None
    bare = [url for url in addresses if not _DESCRIPTION.search(url)] or addresses
    words = [text_at(part, "protocol") for part in (*operations, *lines)]
    words += [text_at(about, "serviceType", "*"), text_at(about, "serviceType"), *addresses]
    return ToldService(
        identifier=item.identifier,
        title=item.title,
        description=item.description,
        landing_page=item.landing_page,
        publisher=item.publisher,
        kind=kind_of(words),
        endpoints=tuple(dict.fromkeys(bare))[:10],
        description_address=first_of(url for url in (*addresses, *map(_url, lines)) if _DESCRIPTION.search(url)),
        version=short(text_at(about, "serviceTypeVersion"), 40),
        licence=item.licence,
        contact_name=item.contact_name,
        contact_email=item.contact_email,
        keywords=item.keywords,
        themes=item.themes,
        serves=tuple(dict.fromkeys(stable(name, home) for name in _served(about) if name))[:MOST_SERVED],
    )


def kind_of(words: Iterable[str]) -> str:
    """The slug of the kind of a service, by what is said of it, the surest words first; empty when they do not tell."""
    return first_of(slug for word in words for pattern, slug in _KINDS if pattern.search(word[:2_000]))


def _url(part: Element) -> str:
    return address(text_at(part, "linkage"))


def _served(about: Element | None) -> list[str]:
    """The identifiers of the records of data that it operates on."""
    names = []
    for part in descend(about, "operatesOn"):
        link = part.get(XLINK, "")
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(link[:2_000]).query)}
        names.append(part.get("uuidref", "") or query.get("id", "") or query.get("uuid", ""))
    for part in descend(about, "coupledResource", "SV_CoupledResource"):
        names += ["".join(child.itertext()).strip() for child in part if local(child) == "identifier"]
    return names
