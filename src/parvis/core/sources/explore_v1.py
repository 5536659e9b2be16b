"""The catalogue of an Opendatasoft portal by its first API (``/api/datasets/1.0/search/``), for portals that speak no later one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import NEXT_PAGE, Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.paging import base_url, below, cut_at, next_by_start, page_of, with_query
from parvis.core.sources.values import (
    address,
    box,
    email,
    extension,
    keywords,
    mapping,
    moment,
    plain,
    resource,
    resources,
    rows,
    short,
    texts,
)
from parvis.core.sources.vocabulary import frequency_of, language_of, licence_slug
from parvis.core.translation import gettext_noop

PAGE: Final = 100
LAST: Final = 10_000
"""The API answers no further: ``start`` and ``rows`` together are 10,000 at most."""
_DATASET = re.compile(r"/(?:explore/dataset|api/datasets/1\.0)/([^/?#]+)")
_EDGES = ("westbound_longitude", "southbound_latitude", "eastbound_longitude", "northbound_latitude")
_FILTERS = {
    "organisation": "refine.publisher",
    "theme": "refine.theme",
    "tag": "refine.keyword",
    "territory": "refine.territory",
}


class ExploreV1:
    """Explore v1: the search of the catalogue by pages of ``PAGE``."""

    slug = "explore_v1"
    label = gettext_noop("Un portail Opendatasoft (API v1)")
    options = ("query", *_FILTERS)
    incremental = True

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The first page, the words and the values that a facet is refined by taken from the options; a dataset by its own address."""
        base = _portal(settings.url)
        single = _DATASET.search(urlsplit(settings.url).path)
        if single and single[1] != "search":
            url = below(base, "api/datasets/1.0", quote(unquote(single[1]), safe=""))
            return (Request(with_query(f"{url}/", {"interopmetas": "true"})),)
        conditions = [settings.options.get("query", ""), _since(settings.since)]
        parameters = {
            "rows": str(PAGE),
            "start": "0",
            "sort": "modified",  # newest first: what changes meanwhile is read twice rather than never
            "interopmetas": "true",
            "q": " AND ".join(f"({part})" if " " in part else part for part in conditions if part) or None,
            **{name: settings.options.get(option) or None for option, name in _FILTERS.items()},
        }
        return (Request(with_query(below(base, "api/datasets/1.0/search/"), parameters)),)

    def after(self, request: Request, settings: Settings, total: int | None) -> tuple[Request, ...]:
        """The page that follows."""
        return next_by_start(request, PAGE, total)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """One page of datasets."""
        body = json_object(answer)
        if "datasets" not in body and "error" in body:
            raise SourceRefuses(file="", reason=short(body.get("error")))
        base = _portal(settings.url)
        items: list[Item] = []
        refusals: list[Refusal] = []
        is_single = "datasets" not in body and "datasetid" in body
        described = [body] if is_single else rows(body.get("datasets"))
        for dataset in described:
            item = _item(dataset, base)
            if item is None:
                refusals.append(Refusal(short(dataset.get("datasetid")), "Ni identifiant ni titre."))
            else:
                items.append(item)
        total = body.get("nhits") if isinstance(body.get("nhits"), int) else 1 if is_single else None
        start = int(request.state.get("start", "0")) + PAGE
        page = Page(tuple(items), tuple(refusals), (), total)
        # A full page is followed by another one, whatever the total says.
        if not described or (start >= (total or 0) and len(described) < PAGE):
            return page
        if start + PAGE > LAST:
            last = Refusal(
                NEXT_PAGE, f"L’API v1 ne donne pas plus de {LAST} jeux de données : les suivants ne sont pas lus."
            )
            return Page(page.items, (*page.refusals, last), (), total)
        return page_of(page, request, with_query(request.url, {"start": start}), state={"start": str(start)})


def _portal(url: str) -> str:
    return cut_at(base_url(url), "/api/", "/explore", "/pages/", "/page/", "/catalog")


def _since(day: str) -> str:
    return f"modified>={day[:10].replace('-', '/')}" if day else ""


def _item(dataset: dict[str, Any], base: str) -> Item | None:
    metas = mapping(dataset.get("metas"))
    identifier, title = short(dataset.get("datasetid"), 200), short(metas.get("title"))
    if not identifier:
        return None
    interop = mapping(dataset.get("interop_metas") or metas.get("interop_metas"))
    dcat, inspire = {**mapping(interop.get("dcat")), **mapping(interop.get("dcat_ap"))}, mapping(interop.get("inspire"))
    licence = short(metas.get("license"))
    start, end = moment(dcat.get("temporal_coverage_start"), 1000), moment(dcat.get("temporal_coverage_end"), 1000)
    landing = address(f"{base}/explore/dataset/{identifier}/")
    return Item(
        identifier=identifier,
        title=title or identifier,
        description=plain(metas.get("description")),
        landing_page=landing,
        publisher=short(metas.get("publisher")) or short(dcat.get("creator")),
        contact_name=short(dcat.get("contact_name")) or short(inspire.get("contact_individual_name")),
        contact_email=email(dcat.get("contact_email")) or email(inspire.get("contact_email")),
        licence=licence_slug(licence, short(metas.get("license_url"))) or licence,
        frequency=frequency_of(short(dcat.get("accrualperiodicity"))),
        keywords=keywords(texts(metas.get("keyword"))),
        themes=keywords(texts(metas.get("theme"))),
        spatial=keywords([*texts(metas.get("territory")), *texts(dcat.get("spatial"))]),
        bbox=box(inspire.get(f"extend_bounding_box_{edge}") for edge in _EDGES),
        temporal_start=start,
        temporal_end=end,
        issued=moment(dcat.get("created") or dcat.get("issued")),
        modified=moment(metas.get("modified")) or moment(metas.get("data_processed")),
        language=language_of(short(metas.get("language"))),
        resources=resources(_exports(dataset, identifier, base)),
        extras={
            name: value
            for name, value in (
                ("references", short(metas.get("references"), 1_000)),
                ("file_identifier", short(inspire.get("file_identifier"), 300)),
                ("source_domain", short(metas.get("source_domain_address"), 300)),
                ("source_dataset", short(metas.get("source_dataset"), 300)),
                ("rows", short(metas.get("records_count"))),
                ("attributions", "\n".join(texts(metas.get("attributions")))),
            )
            if value
        },
    )


def _exports(dataset: dict[str, Any], identifier: str, base: str) -> list[Resource]:
    features = texts(dataset.get("features"))
    modified = moment(mapping(dataset.get("metas")).get("data_processed"))
    exports: list[Resource] = []
    if dataset.get("has_records", True) and dataset.get("data_visible", True):
        formats = [("csv", "text/csv"), *([("geojson", "application/geo+json")] if "geo" in features else [])]
        for slug, media_type in formats:
            url = f"{base}/api/records/1.0/download/?dataset={identifier}&format={slug}"
            exports.append(resource(url, title=f"{identifier}.{slug}", media_type=media_type, modified=modified))
    for kind in ("alternative_exports", "attachments"):
        for attachment in rows(dataset.get(kind)):
            name, written = short(attachment.get("id"), 200), short(attachment.get("url"), 500)
            url = address(attachment.get("url")) or (
                address(f"{base}/api/datasets/1.0/{identifier}/{kind}/{name}/") if name else ""
            )
            title = short(attachment.get("title")) or name
            # "odsfile://releve.xls" names the file, which the address of the API does not.
            suffix = extension(title, written)
            media_type = short(attachment.get("mimetype"), 100)
            exports.append(resource(url, title=title, formats=[suffix] if suffix else [], media_type=media_type))
    return exports


DIALECT = ExploreV1()
