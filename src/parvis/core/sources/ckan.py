"""A CKAN catalogue by its action API (``package_search``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import json_object
from parvis.core.sources.ckan_moves import moved_package
from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.moved import is_asked, with_moved
from parvis.core.sources.origins import first_page
from parvis.core.sources.paging import base_url, below, cut_at, next_by_start, page_of, with_query
from parvis.core.sources.translations import by_language, code_of, translations_extra
from parvis.core.sources.values import (
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
    stable,
    texts,
)
from parvis.core.sources.vocabulary import frequency_of, language_of, licence_slug, service_of
from parvis.core.translation import SOURCE, gettext_noop

PAGE: Final = 100
_FILTERS = {"organisation": "organization", "tag": "tags", "theme": "groups"}
_EXTRAS = (
    "guid",
    "uri",
    "harvest_source_title",
    "harvest_object_id",
    "access_rights",
    "provenance",
    "spatial_resolution",
)


class Ckan:
    """CKAN: ``package_search`` by pages, in the order of identifiers, which no change moves."""

    slug = "ckan"
    label = gettext_noop("Un catalogue CKAN")
    options = ("query", *_FILTERS)
    incremental = True

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The first page; values that filter are quoted, as Solr asks."""
        root = root_of(settings.url)
        conditions = [
            f'{field}:"{_escaped(value)}"'
            for option, field in _FILTERS.items()
            if (value := settings.options.get(option, "").strip())
        ]
        if settings.since:
            instant = settings.since[:10] + "T00:00:00Z"
            conditions.append(f"metadata_modified:[{instant} TO *]")
        parameters = {
            "q": settings.options.get("query") or None,
            "fq": " AND ".join(conditions) or None,
            "sort": "id asc",
            "rows": str(PAGE),
            "start": "0",
            "include_private": "true" if is_asked(settings) else None,
        }
        return (Request(with_query(below(root, "api/3/action/package_search"), parameters)),)

    def after(self, request: Request, settings: Settings, total: int | None) -> tuple[Request, ...]:
        """The page that follows."""
        return next_by_start(request, PAGE, total)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """One page of packages."""
        body = json_object(answer)
        if not body.get("success"):
            error = mapping(body.get("error"))
            raise SourceRefuses(file="", reason=short(error.get("message")) or short(body.get("error")) or "?")
        result = mapping(body.get("result"))
        root = cut_at(request.url, "/api/")
        items: list[Item] = []
        refusals: list[Refusal] = []
        packages = rows(result.get("results"))
        for package in packages:
            if reason := _unfit(package, with_private=is_asked(settings)):
                refusals.append(Refusal(short(package.get("id"), 200), reason))
                continue
            item = _item(package, root)
            if is_asked(settings):
                item = with_moved(item, moved_package(package, _extras(package), root))
            items.append(item)
        total = result.get("count") if isinstance(result.get("count"), int) else None
        start = int(request.state.get("start", "0")) + len(packages)  # a server may give fewer than were asked
        page = Page(tuple(items), tuple(refusals), (), total)
        # A full page is followed by another one, whatever the total says.
        is_last = start >= (total or 0) and len(packages) < PAGE
        following = with_query(request.url, {"start": start}) if packages and not is_last else ""
        return page_of(page, request, following, state={"start": str(start)})


def root_of(url: str) -> str:
    """The root of a catalogue, whichever of its addresses was given."""
    return cut_at(base_url(url), "/api/", "/dataset", "/organization", "/group")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _unfit(package: dict[str, Any], *, with_private: bool = False) -> str:
    if not short(package.get("id")) and not short(package.get("name")):
        return "Ni identifiant ni titre."
    if package.get("private") is True and not with_private:
        return "Privé à la source."
    if short(package.get("state"), 20) not in ("", "active"):
        return "Supprimé ou en brouillon à la source."
    return "Un moissonnage, pas un jeu de données." if package.get("type") == "harvest" else ""


def _extras(package: dict[str, Any]) -> dict[str, Any]:
    """What extensions add: a list of keys and values, or members beside the others."""
    pairs = {short(row.get("key"), 100): row.get("value") for row in rows(package.get("extras"))}
    return {**pairs, **{name: value for name, value in package.items() if name not in ("extras", "resources")}}


def _item(package: dict[str, Any], root: str) -> Item:
    extras = _extras(package)
    organisation = mapping(package.get("organization"))
    name = short(package.get("name"), 200)
    licence = short(package.get("license_title"))
    slug = licence_slug(*texts([package.get("license_id"), package.get("license_url"), licence, extras.get("license")]))
    return Item(
        identifier=short(package.get("id"), 200) or name,
        title=_translated(package, "title") or name or short(package.get("id"), 200),
        description=markdown(_language(package.get("notes_translated")) or package.get("notes")),
        landing_page=address(f"{root}/dataset/{name}") if name else "",
        publisher=short(extras.get("publisher_name"))
        or short(organisation.get("title") or organisation.get("name"))
        or short(package.get("organization") if isinstance(package.get("organization"), str) else "")
        or short(package.get("author")),
        publisher_id=short(extras.get("publisher_identifier"), 200) or short(organisation.get("id"), 200),
        contact_name=short(extras.get("contact_name")) or short(package.get("maintainer")),
        contact_email=email(extras.get("contact_email"))
        or email(package.get("maintainer_email"))
        or email(package.get("author_email")),
        licence=slug or ("" if short(package.get("license_id")) == "notspecified" else licence),
        frequency=frequency_of(short(extras.get("frequency") or extras.get("accrual_periodicity"))),
        keywords=keywords(_words(package.get("tags"), "display_name", "name")),
        themes=keywords(
            [*_listed(extras.get("theme")), *_words(package.get("groups"), "title", "display_name", "name")]
        ),
        spatial=keywords(texts([extras.get("spatial_text"), extras.get("spatial_uri")])),
        bbox=box_of_geometry(_geometry(extras.get("spatial"))),
        temporal_start=moment(extras.get("temporal_start") or extras.get("temporal-extent-begin"), 1000),
        temporal_end=moment(extras.get("temporal_end") or extras.get("temporal-extent-end"), 1000),
        issued=moment(extras.get("issued")) or moment(package.get("metadata_created")),
        modified=moment(extras.get("modified")) or moment(package.get("metadata_modified")),
        language=language_of(next(iter(_listed(extras.get("language"))), "")),
        conforms_to=keywords(_listed(extras.get("conforms_to"))),
        resources=resources(_resource(part) for part in rows(package.get("resources"))),
        extras={
            **{key: text for key in _EXTRAS if (text := short(extras.get(key), 500))},
            **({"name": name} if name else {}),
            **_translations(package),
            **({"origin": page} if (page := first_page(_names(extras))) else {}),
            **({"identifier": text} if (text := stable(short(extras.get("identifier")), root)) else {}),
        },
    )


def _names(extras: Mapping[str, Any]) -> list[str]:
    """What the dataset was called where CKAN took it (ckanext-dcat); its ``url`` is not one, which people fill with what they like."""
    names = ("alternate_identifier", "uri", "identifier", "guid")
    return [text for name in names for text in _listed(extras.get(name))]


def _translations(package: Mapping[str, Any]) -> dict[str, str]:
    """What the fields of ckanext-fluent and ckanext-multilang say in other languages than the one that is read."""
    titles = by_language(package.get("title_translated"))
    own = next((code for code, text in titles if code_of(code) == SOURCE and text.strip()), "")
    own = code_of(own or next((code for code, text in titles if text.strip()), SOURCE))
    notes = ((code, markdown(text)) for code, text in by_language(package.get("notes_translated")))
    words = by_language(package.get("tags_translated") or package.get("keywords"))
    return translations_extra(own, ((code, short(text)) for code, text in titles), notes, words)


def _words(value: object, *names: str) -> list[str]:
    """The words of a list of texts, or of objects by the first of their names that has one."""
    parts = value if isinstance(value, list) else []
    return [
        text
        for part in parts[:1_000]
        if (text := short(next((part[n] for n in names if part.get(n)), "") if isinstance(part, dict) else part))
    ]


def _translated(package: Mapping[str, Any], name: str) -> str:
    return short(_language(package.get(f"{name}_translated"))) or short(package.get(name))


def _language(value: object) -> object:
    return value if isinstance(value, Mapping) else ""


def _listed(value: object) -> list[str]:
    """A list, or the JSON of one in a text, as extensions store it."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return texts(json.loads(value))
        except (ValueError, RecursionError):
            return []
    return texts(value)


def _geometry(value: object) -> object:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


def _resource(part: dict[str, Any]) -> Resource:
    form = short(part.get("format"), 100)
    return resource(
        address(part.get("url")),
        title=short(_language(part.get("name_translated")) or part.get("name")) or short(part.get("description"), 200),
        formats=[form],
        media_type=short(part.get("mimetype"), 100),
        bytes=size(part.get("size")),
        modified=moment(part.get("last_modified"))
        or moment(part.get("metadata_modified"))
        or moment(part.get("created")),
        digest=digest(part.get("hash_algorithm"), part.get("hash")),
        dialect=service_of(form),
    )


DIALECT = Ckan()
