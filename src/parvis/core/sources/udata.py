"""data.gouv.fr and the other sites made with udata, by their API (``/api/1/datasets/``)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import EXTRA, Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.moved import is_asked, with_moved
from parvis.core.sources.origins import first_page
from parvis.core.sources.paging import base_url, below, cut_at, page_of, with_query
from parvis.core.sources.udata_moves import moved_dataset
from parvis.core.sources.udata_services import listing_of, read_services
from parvis.core.sources.values import (
    LONGEST_URL,
    address,
    box_of_geometry,
    digest,
    email,
    keywords,
    mapping,
    markdown,
    moment,
    resource,
    resources,
    rows,
    short,
    size,
    texts,
)
from parvis.core.sources.vocabulary import frequency_of, licence_slug, service_of
from parvis.core.translation import gettext_noop

PAGE: Final = 50
_FILTERS = {"query": "q", "tag": "tag", "territory": "geozone", "schema": "schema", "licence": "license"}
_ROWS_TYPES = {"main", "update", "api", ""}
_TABLES = {"csv", "geojson", "json", "xlsx", "xls", "ods", "parquet", "shapefile", "geopackage", "kml", "xml"}
_ORGANISATION = re.compile(r"/organizations/([^/?#]+)")
_DATASET = re.compile(r"/datasets/([^/?#]+)")


class Udata:
    """The API of udata: all datasets, those of an organisation, or one, newest changes first."""

    slug = "udata"
    label = gettext_noop("data.gouv.fr ou un site udata")
    options = ("organisation", *_FILTERS)
    incremental = True

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The first page; an organisation comes from the options or from the address of its page, by identifier or by name of address."""
        url = base_url(settings.url)
        path = urlsplit(url).path
        root = below(site_of(url), "api/1")
        own = _ORGANISATION.search(path)
        if (dataset := _DATASET.search(path)) and not own and dataset[1] not in ("r", "search"):
            return (Request(f"{root}/datasets/{quote(dataset[1], safe='')}/"),)
        organisation = settings.options.get("organisation", "").strip() or (own[1] if own else "")
        parameters: dict[str, str | int | None] = {"page": "1", "page_size": str(PAGE), "sort": "-last_update"}
        parameters |= {name: settings.options.get(option) or None for option, name in _FILTERS.items()}
        if organisation and not re.fullmatch(r"[0-9a-f]{24}", organisation):
            root = f"{root}/organizations/{quote(organisation, safe='')}"
        elif organisation:
            parameters["organization"] = organisation
        return (Request(with_query(f"{root}/datasets/", parameters)),)

    def after(self, request: Request, settings: Settings, total: int | None) -> tuple[Request, ...]:
        """The page that follows."""
        number = dict(parse_qsl(urlsplit(request.url).query)).get("page", "")
        if EXTRA in request.state or not number.isdecimal() or int(number) * PAGE >= (total or 0):
            return ()
        return (replace(request, url=with_query(request.url, {"page": int(number) + 1})),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """One page of datasets, or one dataset; with a day since, pages end where nothing is as new."""
        body = json_object(answer)
        if EXTRA in request.state:
            return read_services(body, request)
        if "data" not in body and "id" not in body:
            raise SourceRefuses(file="", reason=short(body.get("message")) or "?")
        single = "data" not in body
        items: list[Item] = []
        refusals: list[Refusal] = []
        older = False
        for dataset in [body] if single else rows(body["data"]):
            reason = _unfit(dataset, with_private=is_asked(settings))
            changed = moment(dataset.get("last_update")) or moment(dataset.get("last_modified"))
            if settings.since and changed and changed[:10] < settings.since[:10]:
                older = True
            elif reason:
                refusals.append(Refusal(short(dataset.get("id"), 200), reason))
            else:
                item = _item(dataset)
                site = cut_at(request.url, "/api/")
                items.append(with_moved(item, moved_dataset(dataset, site)) if is_asked(settings) else item)
        total = body.get("total") if isinstance(body.get("total"), int) else None
        page = Page(tuple(items), tuple(refusals), (), 1 if single else total)
        following = "" if single or older else short(body.get("next_page"), LONGEST_URL + 1)
        page = page_of(page, request, following)
        services = () if single else listing_of(request.url, rows(body["data"]))
        return replace(page, following=(*page.following, *services))


def site_of(url: str) -> str:
    """The root of the site, whichever of its addresses was given."""
    site = cut_at(url, "/api/", "/organizations", "/datasets", "/dataset/", "/pages/")
    return re.sub(r"/(fr|en|es)$", "", site)


def _unfit(dataset: dict[str, Any], *, with_private: bool = False) -> str:
    if not short(dataset.get("id")) or not short(dataset.get("title")):
        return "Ni identifiant ni titre."
    if dataset.get("deleted") or dataset.get("deleted_at"):
        return "Supprimé à la source."
    if dataset.get("archived") or dataset.get("archived_at"):
        return "Archivé à la source."
    return "Brouillon à la source." if dataset.get("private") and not with_private else ""


def _item(dataset: dict[str, Any]) -> Item:
    organisation = mapping(dataset.get("organization"))
    contact = next(iter(rows(dataset.get("contact_points")) or [mapping(dataset.get("contact_point"))]), {})
    spatial, coverage = mapping(dataset.get("spatial")), mapping(dataset.get("temporal_coverage"))
    harvest, extras = mapping(dataset.get("harvest")), mapping(dataset.get("extras"))
    licence = short(dataset.get("license"))
    described = rows(dataset.get("resources"))
    papers = [part for part in described if short(part.get("type")) not in _ROWS_TYPES]
    if len(papers) == len(described):  # some portals that are harvested there have nothing but "other"
        papers = [
            part for part in papers if short(part.get("type")) != "other" or _resource(part).format not in _TABLES
        ]
    documents = [address(part.get("url")) for part in papers[:20]]
    return Item(
        identifier=short(dataset.get("id"), 200),
        title=short(dataset.get("title")),
        description=markdown(dataset.get("description")),
        landing_page=address(dataset.get("page")) or address(mapping(dataset.get("self")).get("href")),
        publisher=short(organisation.get("name")),  # one that a person publishes alone names nobody here
        publisher_id=short(organisation.get("business_number_id"), 20) or short(organisation.get("id"), 200),
        contact_name=short(contact.get("name")),
        contact_email=email(contact.get("email")),
        licence="" if licence == "notspecified" else licence_slug(licence) or licence,
        frequency=frequency_of(short(dataset.get("frequency"))),
        keywords=keywords(texts(dataset.get("tags"))),
        themes=keywords(texts(extras.get("dcat_theme"))),
        spatial=keywords(_zones(spatial)),
        bbox=box_of_geometry(spatial.get("geom")),
        temporal_start=moment(coverage.get("start"), 1000),
        temporal_end=moment(coverage.get("end"), 1000),
        issued=moment(harvest.get("created_at") or harvest.get("issued_at") or dataset.get("created_at")),
        modified=moment(dataset.get("last_update")) or moment(dataset.get("last_modified")),
        language=short(extras.get("language"), 2),
        conforms_to=keywords(_schema(part) for part in described),
        resources=resources(_resource(part) for part in described if part not in papers),
        extras={
            name: value
            for name, value in (
                ("slug", short(dataset.get("slug"), 300)),
                ("acronym", short(dataset.get("acronym"), 100)),
                ("access", short(dataset.get("access_type"), 50)),
                ("harvest_backend", short(harvest.get("backend"), 100)),
                ("harvest_domain", short(harvest.get("domain"), 300)),
                ("harvest_identifier", short(harvest.get("dct_identifier") or harvest.get("remote_id"), 500)),
                ("harvest_url", address(harvest.get("remote_url"))),
                ("origin", first_page(_names(harvest, extras))),
                ("quality", short(mapping(dataset.get("quality")).get("score"), 10)),
                ("documentation", "\n".join(filter(None, documents))),
            )
            if value
        },
    )


def _names(harvest: dict[str, Any], extras: dict[str, Any]) -> list[object]:
    """What the dataset was called where udata took it, and the page that a Parvis which publishes there leaves with it."""
    return [
        *texts(mapping(extras.get("dcat")).get("provenance")),
        extras.get("parvis:page"),
        *(harvest.get(name) for name in ("uri", "dct_identifier", "remote_id", "remote_url")),
    ]


def _zones(spatial: dict[str, Any]) -> list[str]:
    zones = spatial.get("zones")
    return (
        [short(zone.get("id") if isinstance(zone, dict) else zone, 100) for zone in zones[:200]]
        if isinstance(zones, list)
        else []
    )


def _schema(part: dict[str, Any]) -> str:
    schema = mapping(part.get("schema"))
    return address(schema.get("url")) or short(schema.get("name"), 200)


def _resource(part: dict[str, Any]) -> Resource:
    checksum = mapping(part.get("checksum"))
    url = address(part.get("url"))
    return resource(
        url,
        title=short(part.get("title")),
        formats=[short(part.get("format"), 100)],
        media_type=short(part.get("mime"), 100),
        bytes=size(part.get("filesize")),
        modified=moment(part.get("last_modified")) or moment(part.get("published")),
        digest=digest(checksum.get("type"), checksum.get("value")),
        dialect=service_of(short(part.get("format"), 100)),
    )


DIALECT = Udata()
