"""The catalogue for readers of other habits: Project Open Data, RSS, Dublin Core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from parvis.core.metadata import frequency_slug
from parvis.core.sources.origins import OTHER_NAME, origin_page
from parvis.core.text import xml_text
from parvis.hub.addresses import page_elsewhere
from parvis.hub.ui.atom import RssFeed
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.dcat_access import export_address, listed_exports, media_type

_POD = "https://project-open-data.cio.gov/v1.1/schema"
_PERIODS = {
    "daily": "R/P1D",
    "weekly": "R/P1W",
    "monthly": "R/P1M",
    "quarterly": "R/P3M",
    "biannual": "R/P6M",
    "annual": "R/P1Y",
    "continuous": "R/PT1S",
    "irregular": "irregular",
}
"""Our frequencies → the ISO 8601 interval Project Open Data wants."""
_DUBLIN_CORE = (
    ("title", lambda row: [row["metas"]["default"]["title"]]),
    ("identifier", lambda row: [row["dataset_id"]]),
    ("description", lambda row: [row["metas"]["default"]["description"]]),
    ("creator", lambda row: [row["metas"]["dcat"]["creator"]]),
    ("publisher", lambda row: [row["metas"]["default"]["publisher"]]),
    ("contributor", lambda row: [row["metas"]["dcat"]["contributor"]]),
    ("date", lambda row: [row["metas"]["default"]["modified"]]),
    ("type", lambda row: ["Dataset"]),
    ("language", lambda row: [row["metas"]["default"]["language"]]),
    ("subject", lambda row: [*(row["metas"]["default"]["theme"] or ()), *(row["metas"]["default"]["keyword"] or ())]),
    ("coverage", lambda row: [row["metas"]["dcat"]["spatial"]]),
    ("rights", lambda row: [row["metas"]["default"]["license"]]),
    ("source", lambda row: [row["metas"]["default"]["references"]]),
)
"""Element of Dublin Core → its values in a dataset object."""


def page_of(card: CatalogueCard, dataset_id: str) -> str:
    """The page of a dataset for people."""
    return f"{card.origin}/explore/dataset/{quote(dataset_id)}/"


def project_open_data(card: CatalogueCard, objects: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The catalogue as ``data.json``, Project Open Data 1.1."""
    return {
        "@context": f"{_POD}/catalog.jsonld",
        "@id": f"{card.origin}/api/explore/v2.1/catalog/exports/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": _POD,
        "describedBy": f"{_POD}/catalog.json",
        "dataset": [_pod_dataset(card, row) for row in objects],
    }


def _pod_dataset(card: CatalogueCard, row: dict[str, Any]) -> dict[str, Any]:
    default, dcat = row["metas"]["default"], row["metas"]["dcat"]
    elsewhere = page_elsewhere(card.origin, row["dataset_id"], row["metas"]["parvis"].get("identifier", ""))
    email = dcat["contact_email"] or card.contact_email
    contact = {"@type": "vcard:Contact", "fn": dcat["contact_name"] or default["publisher"]}
    period = dcat["temporal_coverage_start"], dcat["temporal_coverage_end"]
    entry = {
        "@type": "dcat:Dataset",
        "identifier": page_of(card, row["dataset_id"]),
        "title": default["title"],
        "description": default["description"] or default["title"],
        "keyword": default["keyword"] or default["theme"] or [default["title"]],
        "modified": default["modified"],
        "issued": dcat["issued"],
        "publisher": {"@type": "org:Organization", "name": default["publisher"]},
        "contactPoint": {**contact, "hasEmail": f"mailto:{email}"} if email else contact,
        "accessLevel": "public" if row["visibility"] == "domain" else "restricted public",
        "license": default["license_url"],
        "language": [default["language"]] if default["language"] else None,
        "theme": default["theme"],
        "spatial": _box(default["bbox"]) or dcat["spatial"],
        "temporal": "/".join(period) if all(period) else None,
        "accrualPeriodicity": _PERIODS.get(frequency_slug(dcat["accrualperiodicity"] or "")),
        "references": [default["references"]] if default["references"] else None,
        "landingPage": page_of(card, row["dataset_id"]),
        OTHER_NAME: origin_page(default) or elsewhere or None,
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": f"{row['dataset_id']}.{export.name}",
                "format": export.label,
                "mediaType": media_type(export),
                "downloadURL": export_address(card, row["dataset_id"], export),
            }
            for export in listed_exports(card, row)
        ],
    }
    return {name: value for name, value in entry.items() if value is not None}


def _box(box: dict[str, Any] | None) -> str | None:
    if box is None:
        return None
    (ring,) = box["geometry"]["coordinates"]
    return ",".join(str(degree) for degree in (*ring[0], *ring[2]))


def rss(card: CatalogueCard, objects: Iterable[dict[str, Any]], lang: str, address: str) -> str:
    """The catalogue as RSS 2.0, in the order given."""
    feed = RssFeed(
        title=card.name, link=f"{card.origin}/explore/", description=card.sentence, language=lang, feed_url=address
    )
    for row in objects:
        default = row["metas"]["default"]
        page = page_of(card, row["dataset_id"])
        feed.add_item(
            title=default["title"],
            link=page,
            description=default["description"] or default["title"],
            pubdate=datetime.fromisoformat(default["modified"]) if default["modified"] else None,
            categories=[*(default["theme"] or ()), *(default["keyword"] or ())],
            unique_id=page,
            unique_id_is_permalink=True,
        )
    return feed.writeString("utf-8")


def dublin_core(card: CatalogueCard, objects: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The catalogue as RDF/XML of the fifteen Dublin Core elements."""
    yield (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
    )
    for row in objects:
        lines = [f'<rdf:Description rdf:about="{escape(page_of(card, row["dataset_id"]))}">']
        for name, values in _DUBLIN_CORE:
            lines += [f"<dc:{name}>{_printable(value)}</dc:{name}>" for value in values(row) if value]
        yield "\n".join([*lines, "</rdf:Description>\n"]).encode()
    yield b"</rdf:RDF>\n"


def _printable(text: str) -> str:
    """Text that XML may hold: its control characters left out."""
    return escape(xml_text(text))
