"""``data.json`` of Project Open Data 1.1, which ArcGIS Hub and many portals write: one file that lists a whole catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import json_answer, unreadable
from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.origins import OTHER_NAME, first_page
from parvis.core.sources.paging import base_url
from parvis.core.sources.values import (
    Box,
    address,
    box_of_geometry,
    box_of_text,
    email,
    keywords,
    mapping,
    moment,
    period,
    plain,
    resource,
    resources,
    rows,
    short,
    stable,
    texts,
)
from parvis.core.sources.vocabulary import frequency_of, language_of, licence_slug, service_of
from parvis.core.translation import gettext_noop

MOST_ITEMS: Final = 50_000
_NO_LICENCE = ("/null", "/unknown-license")
_NO_LIST = gettext_noop("aucune liste « dataset » n’y est")


class DataJson:
    """data.json: the file at the address of the source, or ``/data.json`` of a site."""

    slug = "data_json"
    label = gettext_noop("Un fichier data.json")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The file."""
        url = base_url(settings.url)
        path = url.partition("://")[2].partition("/")[2]
        return (Request(url if path else url.rstrip("/") + "/data.json"),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """All the datasets of the file."""
        body = json_answer(answer)
        listed = body if isinstance(body, list) else mapping(body).get("dataset")
        if not isinstance(listed, list):
            raise unreadable(_NO_LIST)
        described = rows(listed)
        items: list[Item] = []
        refusals: list[Refusal] = []
        for dataset in described[:MOST_ITEMS]:
            item = _item(dataset, request.url)
            level = short(dataset.get("accessLevel"), 50)
            if not item.identifier:
                refusals.append(Refusal("", f"Ni identifiant ni titre : {item.description[:80]}"))
            elif level not in ("", "public"):
                refusals.append(Refusal(item.identifier, f"Accès « {level} » à la source."))
            else:
                items.append(item)
        if len(described) > MOST_ITEMS:
            refusals.append(Refusal("", f"Plus de {MOST_ITEMS} jeux de données : les suivants ne sont pas lus."))
        return Page(tuple(items), tuple(refusals), (), len(described))


def _item(dataset: dict[str, Any], home: str) -> Item:
    contact = mapping(dataset.get("contactPoint"))
    publisher = dataset.get("publisher")
    title = short(dataset.get("title"))
    places, rectangle = _place(dataset.get("spatial"))
    start, end = period(dataset.get("temporal"))
    licence = short(dataset.get("license"))
    distributions = rows(dataset.get("distribution"))
    return Item(
        identifier=stable(short(dataset.get("identifier"), 1_000), home) or title,
        title=title or short(dataset.get("identifier")),
        description=plain(dataset.get("description")),
        landing_page=address(dataset.get("landingPage"), home),
        publisher=short(mapping(publisher).get("name") or publisher),
        contact_name=short(contact.get("fn")),
        contact_email=email(contact.get("hasEmail")) or email(dataset.get("mbox")),
        licence=licence_slug(licence) or ("" if licence.endswith(_NO_LICENCE) else licence),
        frequency=frequency_of(short(dataset.get("accrualPeriodicity"))),
        keywords=keywords(texts(dataset.get("keyword"))),
        themes=keywords(
            word for word in texts(dataset.get("theme")) if word != "geospatial"
        ),  # which says that it has a place
        spatial=keywords(places),
        bbox=rectangle,
        temporal_start=start,
        temporal_end=end,
        issued=moment(dataset.get("issued")),
        modified=moment(dataset.get("modified")),
        language=language_of(next(iter(texts(dataset.get("language"))), "")),
        conforms_to=keywords(filter(None, [address(dataset.get("conformsTo"))])),
        resources=resources(_resource(part, home) for part in distributions),
        extras={
            name: value
            for name, value in (
                ("described_by", address(dataset.get("describedBy"), home)),
                ("is_part_of", short(dataset.get("isPartOf"), 300)),
                ("rights", short(dataset.get("rights"), 500)),
                ("origin", first_page([dataset.get(OTHER_NAME), dataset.get("identifier")])),
            )
            if value
        },
    )


def _place(value: object) -> tuple[list[str], Box | None]:
    """The rectangle that a place is, else its names: neither for coordinates that cannot be told."""
    rectangle = box_of_text(value) if isinstance(value, str) else box_of_geometry(value)
    if rectangle is not None:
        return [], rectangle
    return [word for word in texts(value) if not re.match(r"[\[{<]|(MULTI)?(POLYGON|POINT)\b", word)], None


def _resource(part: dict[str, Any], home: str) -> Resource:
    words = texts([part.get("format"), part.get("title")])
    service = service_of(*words)
    return resource(
        address(part.get("downloadURL"), home) or address(part.get("accessURL"), home),
        title=short(part.get("title")),
        formats=words,
        media_type=short(part.get("mediaType"), 100),
        modified=moment(part.get("modified")),
        dialect=service,
    )


DIALECT = DataJson()
