"""The services of an organisation on udata (``/api/1/dataservices/``), which its API lists beside its datasets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from parvis.core.sources.contract import EXTRA, Page, Refusal, Request, ToldService
from parvis.core.sources.paging import cut_at, page_of, with_query
from parvis.core.sources.values import LONGEST_URL, address, email, keywords, mapping, markdown, rows, short, texts
from parvis.core.sources.vocabulary import licence_slug

PAGE: Final = 50
MOST_SERVED: Final = 100
LONGEST: Final = 10_000
"""Letters of a presentation: it may wait in a request for what the service serves."""
_KINDS: Final = {"REST": "rest", "WMS": "wms", "WSL": "other"}
_ACCESS: Final = frozenset({"open", "open_with_account", "restricted"})
_SERVICES, _DATASETS = "services", "datasets"
"""What a request asks: the services of an organisation, or the datasets of one of them."""
_NAMES: Final = re.compile(r"[0-9a-f]{24}")


def listing_of(url: str, datasets: Sequence[Mapping[str, Any]]) -> tuple[Request, ...]:
    """What asks for the services of the organisation of which a first page of datasets was asked; nothing without organisation, nor
    when only some of its datasets are wanted."""
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query))
    if parameters.get("page") != "1" or parameters.keys() - {"page", "page_size", "sort", "organization"}:
        return ()
    name = parameters.get("organization", "")
    if not name and "/organizations/" in parts.path:
        # Services are listed by the number of their organisation alone, which each of its datasets tells.
        name = next((short(mapping(row.get("organization")).get("id"), 100) for row in datasets), "")
    if not _NAMES.fullmatch(name):
        return ()
    query = {"organization": name, "page": "1", "page_size": str(PAGE)}
    return (Request(with_query(f"{cut_at(url, '/api/')}/api/1/dataservices/", query), state={EXTRA: _SERVICES}),)


def read_services(body: Mapping[str, Any], request: Request) -> Page:
    """A page of services, or of the datasets of one; what a service serves is asked apart where its card only says how many."""
    if request.state[EXTRA] == _DATASETS:
        return _with_served(body, request)
    services: list[ToldService] = []
    refusals: list[Refusal] = []
    asked_apart: list[Request] = []
    site = cut_at(request.url, "/api/")
    for row in rows(body.get("data")):
        if row.get("deleted_at") or row.get("archived_at") or row.get("private"):
            continue
        service = _service(row, site)
        listing = mapping(row.get("datasets"))
        if not service.identifier or not service.title:
            refusals.append(Refusal(service.identifier, "Service sans identifiant ou sans titre."))
        elif listing and listing.get("total") != 0 and _NAMES.fullmatch(service.identifier):
            asked_apart.append(_served_by(service, site))
        else:
            services.append(service)
    page = Page((), tuple(refusals), services=tuple(services))
    page = page_of(page, request, short(body.get("next_page"), LONGEST_URL + 1))
    return replace(page, following=(*asked_apart, *page.following))


def _served_by(service: ToldService, site: str) -> Request:
    """Asks which datasets it serves; the answer makes it whole."""
    query = {"dataservice": service.identifier, "page_size": str(MOST_SERVED)}
    fields = {name: getattr(service, name) for name in ToldService.__slots__}
    state = {name: "\n".join(value) if isinstance(value, tuple) else value for name, value in fields.items()}
    url = with_query(f"{site}/api/1/datasets/", query)
    return Request(url, headers={"X-Fields": "data{id}"}, state={EXTRA: _DATASETS, **state})


def _with_served(body: Mapping[str, Any], request: Request) -> Page:
    served = tuple(name for row in rows(body.get("data"))[:MOST_SERVED] if (name := short(row.get("id"), 200)))
    fields: dict[str, Any] = {name: request.state.get(name, "") for name in ToldService.__slots__}
    for name in ("endpoints", "keywords", "themes", "operations"):
        fields[name] = tuple(fields[name].splitlines())
    return Page(services=(ToldService(**{**fields, "serves": served}),))


def _service(row: Mapping[str, Any], site: str) -> ToldService:
    organisation = mapping(row.get("organization"))
    contact = next(iter(rows(row.get("contact_points"))), {})
    licence, access = short(row.get("license")), short(row.get("access_type"), 50)
    availability = row.get("availability")
    is_number = isinstance(availability, int | float) and not isinstance(availability, bool)
    identifier, endpoint = short(row.get("id"), 200), address(row.get("base_api_url"))
    listed = row.get("datasets")
    return ToldService(
        identifier=identifier,
        title=short(row.get("title")),
        description=markdown(row.get("description"), LONGEST),
        landing_page=address(row.get("self_web_url")) or f"{site}/dataservices/{identifier}/",
        publisher=short(organisation.get("name")),
        publisher_id=short(organisation.get("id"), 200),
        kind=_KINDS.get(short(row.get("format"), 10), ""),
        endpoints=(endpoint,) if endpoint else (),
        description_address=address(row.get("machine_documentation_url"))
        or address(row.get("endpoint_description_url")),
        documentation=address(row.get("technical_documentation_url")) or address(row.get("business_documentation_url")),
        licence="" if licence == "notspecified" else licence_slug(licence) or licence,
        access=access if access in _ACCESS else "restricted" if row.get("is_restricted") is True else "",
        access_address=address(row.get("authorization_request_url")),
        rate=short(row.get("rate_limiting"), 200),
        availability=f"{availability:g} %".replace(".", ",") if is_number else "",
        contact_name=short(contact.get("name")),
        contact_email=email(contact.get("email")),
        keywords=keywords(texts(row.get("tags"))),
        serves=tuple(short(part.get("id") if isinstance(part, dict) else part, 200) for part in listed[:MOST_SERVED])
        if isinstance(listed, list)
        else (),
    )
