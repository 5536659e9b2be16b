"""A record of OGC API – Records that describes a service: where it is asked, what describes it, which records of data it serves."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from parvis.core.sources.contract import ToldService
from parvis.core.sources.iso_services import MOST_SERVED, kind_of
from parvis.core.sources.ogc_links import relation_of
from parvis.core.sources.online import DATA_PROTOCOL
from parvis.core.sources.paging import beside
from parvis.core.sources.rdf import first_of
from parvis.core.sources.record_json import item_of, links_of_record
from parvis.core.sources.values import address, short
from parvis.core.sources.vocabulary import service_of

SERVICE: Final = "service"
_ENDPOINT: Final = "service"
_DESCRIPTION: Final = ("service-desc", "service-meta")
_DOCUMENTATION: Final = "service-doc"
_SERVED: Final = "related"


def told_service(record: dict[str, Any], home: str) -> ToldService | None:
    """The service of a record; None for one that says nowhere where it is asked. ``home`` is the address of the records of its collection."""
    item = item_of(record, home)
    links = [
        (relation_of(link).lower(), url, f"{short(link.get('protocol'), 200)} {short(link.get('type'), 200)}")
        for link in links_of_record(record)
        if (url := address(link.get("href"), home))
    ]
    by_relation = [url for relation, url, _ in links if relation == _ENDPOINT]
    by_protocol = [url for _, url, protocol in links if service_of(protocol) or DATA_PROTOCOL.search(protocol)]
    endpoints = tuple(dict.fromkeys(by_relation or by_protocol))[:10]
    if not endpoints or not item.identifier or not item.title:
        return None
    served = [beside(home, url).removeprefix(f"{home}/") for relation, url, _ in links if relation == _SERVED]
    return ToldService(
        identifier=item.identifier,
        title=item.title,
        description=item.description,
        landing_page=item.landing_page,
        publisher=item.publisher,
        kind=kind_of([*(protocol for _, _, protocol in links), *endpoints]),
        endpoints=endpoints,
        description_address=first_of(url for relation, url, _ in links if relation in _DESCRIPTION),
        documentation=first_of(url for relation, url, _ in links if relation == _DOCUMENTATION),
        licence=item.licence,
        contact_name=item.contact_name,
        contact_email=item.contact_email,
        keywords=item.keywords,
        themes=item.themes,
        serves=tuple(dict.fromkeys(unquote(name) for name in served if "/" not in name))[:MOST_SERVED],
    )
