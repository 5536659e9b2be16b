"""A record of OGC API – Records (GeoJSON) as an item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final
from urllib.parse import quote

from parvis.core.inspire.block import readable
from parvis.core.inspire.elsewhere import theme_of
from parvis.core.inspire.vocabulary import THEME_REGISTER, TOPIC_BY_SLUG, TOPIC_REGISTER
from parvis.core.sources.contract import Item, Resource
from parvis.core.sources.ogc_links import relation_of
from parvis.core.sources.online import DATA_PROTOCOL, OWN_PAGE, PICTURE, ROLES, with_layer
from parvis.core.sources.origins import is_page
from parvis.core.sources.paging import beside
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import (
    Box,
    address,
    box,
    box_of_geometry,
    email,
    keywords,
    mapping,
    moment,
    plain,
    resource,
    resources,
    rows,
    short,
    size,
    stable,
    texts,
)
from parvis.core.sources.vocabulary import format_of, language_of, licence_slug, service_of, theme_slug

MOST_LINKS: Final = 1_000
MOST_CONCEPTS: Final = 1_000
_DATA_THEMES: Final = "/authority/data-theme"
_FILES: Final = frozenset({"enclosure", "data", "download"})
"""Relations of links to files, whatever their format; others lead to a file when they say its format."""
_AROUND: Final = frozenset(
    {
        *(
            "self",
            "alternate",
            "collection",
            "root",
            "parent",
            "up",
            "prev",
            "next",
            "first",
            "last",
            "canonical",
            "about",
        ),
        *("describedby", "license", "preview", "thumbnail", "icon", "via", "search", "author", "help", "cite-as"),
        *(
            "service-desc",
            "service-doc",
            "service-meta",
            "related",
            "latest-version",
            "predecessor-version",
            "stylesheet",
        ),
    }
)
"""Relations of links that are no data."""
_PAGES: Final = ("describedby", "canonical", "about", "alternate")
_NO_LICENCE: Final = frozenset({"other", "various", "unknown", "none", "proprietary"})
_FEATURES: Final = re.compile(r"/collections/[^/?#]+(/items)?/?(\?|$)")


def type_of(record: dict[str, Any]) -> str:
    """What the record describes, by its last word when it is an address; empty when it does not say."""
    return re.split(r"[/#]", short(mapping(record.get("properties")).get("type"), 300))[-1]


def item_of(record: dict[str, Any], home: str) -> Item:
    """All that the card has a place for; ``home`` is the address of the records of its collection."""
    facts = mapping(record.get("properties"))
    identifier = short(record.get("id"), 1_000)
    publisher, contact, mail = _parties(facts)
    themes, words = _concepts(facts)
    data, links = _ways(record, facts, home)
    start, end = _period(record, facts)
    language = next(chain(_languages(facts.get("resourceLanguages")), _languages(facts.get("language"))), "")
    return Item(
        identifier=stable(identifier, home),
        title=short(facts.get("title")),
        description=plain(facts.get("description")),
        landing_page=_landing(record, home) or (address(f"{home}/{quote(identifier, safe='')}") if identifier else ""),
        publisher=publisher,
        contact_name=contact,
        contact_email=mail,
        licence=_licence(record, facts),
        keywords=keywords([*texts(facts.get("keywords")), *words]),
        themes=keywords(themes),
        bbox=_box(record, facts),
        temporal_start=start,
        temporal_end=end,
        issued=moment(facts.get("created")) or moment(facts.get("recordCreated")),
        modified=moment(facts.get("updated")) or moment(facts.get("recordUpdated")),
        language=language,
        resources=resources(data),
        extras={name: value for name, value in _extras(record, facts, links).items() if value},
    )


def links_of_record(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The links of a record; those of the drafts are associations among its properties, those of STAC its assets."""
    associations = rows(mapping(record.get("properties")).get("associations"))
    assets = mapping(record.get("assets")).items()
    named = [{"rel": "enclosure", "name": name, **part} for name, part in assets if isinstance(part, dict)]
    return [*rows(record.get("links")), *associations, *named][:MOST_LINKS]


def _landing(record: dict[str, Any], home: str) -> str:
    """The page for people of the dataset."""
    links = [link for link in links_of_record(record) if "html" in short(link.get("type"), 100)]
    for relation in _PAGES:
        if page := first_of(address(link.get("href"), home) for link in links if relation_of(link) == relation):
            return beside(home, page)
    return ""


def _parties(facts: dict[str, Any]) -> tuple[str, str, str]:
    """Who publishes, by role in the order of ``ROLES``, and the name and address of whom to write to."""
    parties: dict[str, tuple[str, str, str]] = {}
    for contact in [*rows(facts.get("contacts")), *rows(facts.get("providers"))][:200]:
        name, organisation = short(contact.get("name")), short(contact.get("organization"))
        mails = [contact.get("email"), *(row.get("value") for row in rows(contact.get("emails")))]
        mail = first_of(email(first_of(texts(value))) for value in mails)
        roles = contact.get("roles") or contact.get("role") or ""
        for role in texts(roles) or [""]:
            parties.setdefault(role.lower(), (organisation or name, name or organisation, mail))
    ordered = [parties[role.lower()] for role in ROLES if role.lower() in parties] + list(parties.values())
    contact_point = parties.get("pointofcontact", ("", "", ""))
    publisher = first_of(name for name, _, _ in ordered) or short(facts.get("publisher")) or short(facts.get("creator"))
    return (
        publisher,
        first_of([contact_point[1], *(name for _, name, _ in ordered)]),
        first_of([contact_point[2], *(mail for _, _, mail in ordered)]) or email(short(facts.get("contactPoint"))),
    )


def _scheme(theme: dict[str, Any]) -> str:
    return short(theme.get("scheme"), 1_000)


def _terms(theme: dict[str, Any]) -> list[list[str]]:
    """The address, the name and the identifier of each concept of a scheme, which the drafts write as texts."""
    value = theme.get("concepts")
    concepts = value[:MOST_CONCEPTS] if isinstance(value, list) else []
    terms = (
        [part.get("url"), part.get("title"), part.get("name"), part.get("id")] if isinstance(part, dict) else [part]
        for part in concepts
    )
    return [[text for text in map(short, term) if text] for term in terms]


def _concepts(facts: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Themes of ours, those of the European list alone where it is used, and words for the concepts that are none."""
    themes: list[str] = []
    words: list[str] = []
    european: list[str] = []
    for theme in rows(facts.get("themes"))[:200]:
        for term in _terms(theme):
            slug = next(filter(None, map(theme_slug, term)), "")
            if slug and _DATA_THEMES in _scheme(theme):
                european.append(slug)
            elif slug:
                themes.append(slug)
            else:
                words += [word for word in term if "://" not in word][:1]
    return european or themes, words


def _languages(value: object) -> Iterator[str]:
    parts = value if isinstance(value, list) else [value]
    for part in parts[:20]:
        if code := language_of(short(part.get("code"), 50) if isinstance(part, dict) else short(part, 50)):
            yield code


def _licence(record: dict[str, Any], facts: dict[str, Any]) -> str:
    """The licence that it names, or that its links lead to; its words when they are no licence of ours."""
    links = [link for link in links_of_record(record) if relation_of(link) == "license"]
    words = [*texts(facts.get("license")), *(address(link.get("href")) for link in links)]
    words += [*(short(link.get("title")) for link in links), *texts(facts.get("rights"))]
    rest = (word for word in words if word.lower() not in _NO_LICENCE)
    return licence_slug(*words) or first_of(rest)[:300]


def _box(record: dict[str, Any], facts: dict[str, Any]) -> Box | None:
    """The rectangle of its geometry, else of its extent."""
    if (rectangle := box_of_geometry(record.get("geometry"))) is not None:
        return rectangle
    extents = mapping(mapping(facts.get("extent")).get("spatial")).get("bbox")
    for written in (record.get("bbox"), *(extents if isinstance(extents, list) else [])[:1]):
        if isinstance(written, list) and (rectangle := box(written[:6])) is not None:
            return rectangle
    return None


def _period(record: dict[str, Any], facts: dict[str, Any]) -> tuple[str, str]:
    """The interval that the data are about. An instant alone is not one: pycsw writes there the date of the record."""
    intervals = mapping(mapping(facts.get("extent")).get("temporal")).get("interval")
    if isinstance(intervals, list) and intervals and isinstance(intervals[0], list):
        intervals = intervals[0]
    time = record.get("time")
    for written in (mapping(time).get("interval"), time, intervals):
        if isinstance(written, list) and len(written) >= 2:
            start, end = (moment(part, 1000, 2500) for part in written[:2])
            if start or end:
                return start, end
    return "", ""


def _ways(record: dict[str, Any], facts: dict[str, Any], home: str) -> tuple[list[Resource], list[str]]:
    """Where the data are, and the other addresses."""
    data: list[Resource] = []
    links: list[str] = []
    for link in links_of_record(record):
        relation, url = relation_of(link).lower(), beside(home, address(link.get("href"), home))
        if not url or relation in _AROUND:
            links += [url] if relation == "related" else []
            continue
        # The drafts and pycsw write the protocol as the type.
        media_type, protocol = short(link.get("type"), 100), short(link.get("protocol"), 200)
        is_feature_service = bool(_FEATURES.search(url)) and "json" in media_type
        dialect = service_of(protocol, media_type) or ("wfs" if "service=wfs" in url.lower() else "")
        if dialect == "wfs":
            url = with_layer(url, short(link.get("name"), 200))
        titles = [text for name in ("title", "name", "description") if (text := short(link.get(name)))]
        # What is only said to be JSON, XML or an archive may be called by its format ("GeoJSON", "Shapefile").
        is_vague = format_of(media_type) in ("", "json", "xml")
        way = resource(
            url,
            title=first_of(titles),
            formats=[*titles, media_type] if is_vague else [media_type],
            media_type=media_type if "/" in media_type and format_of(media_type) else "",
            bytes=size(link.get("length")),
            modified=moment(link.get("updated")),
            dialect=dialect or ("ogc_features" if is_feature_service else ""),
        )
        is_shown = OWN_PAGE.search(url) or PICTURE.search(url) or "html" in media_type
        is_file = (way.format or relation in _FILES) and relation != "service"
        if is_shown or not (way.dialect or is_file or DATA_PROTOCOL.search(f"{protocol} {media_type}")):
            links.append(url)
        else:
            data.append(way)
    return data, links


def _extras(record: dict[str, Any], facts: dict[str, Any], links: list[str]) -> dict[str, str]:
    vias = [address(link.get("href")) for link in links_of_record(record) if relation_of(link) == "via"]
    block = _inspire(facts)
    return {
        "resource_identifier": first_of(short(row.get("value"), 500) for row in rows(facts.get("externalIds"))),
        "origin": first_of(filter(is_page, vias))[:1000],
        "links": "\n".join(dict.fromkeys(links[:20])),
        "rights": "" if licence_slug(*texts(facts.get("license"))) else short(facts.get("rights"), 500),
        "inspire": json.dumps(block, ensure_ascii=False) if block else "",
    }


def _inspire(facts: dict[str, Any]) -> dict[str, Any]:
    """What it says for INSPIRE, as the card has it; empty of what names no theme of the directive."""
    named: dict[str, list[str]] = {THEME_REGISTER: [], TOPIC_REGISTER: []}
    for theme in rows(facts.get("themes"))[:200]:
        if (scheme := _scheme(theme).rstrip("/")) in named:
            named[scheme] += chain.from_iterable(_terms(theme))
    themes = list(dict.fromkeys(filter(None, map(theme_of, named[THEME_REGISTER]))))
    if not themes:
        return {}
    topics = [word.rpartition("/")[2] for word in named[TOPIC_REGISTER]]
    topics = [word for word in dict.fromkeys(topics) if word in TOPIC_BY_SLUG]
    return {"scope": True, **readable({**mapping(facts.get("inspire")), "themes": themes, "topics": topics})}
