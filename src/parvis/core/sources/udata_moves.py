"""A dataset of udata that is moved in: every resource, those of its community as links, what its card has besides, the addresses it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from parvis.core.sources.moved import Moved, Part, custom_of, is_link, paths_of
from parvis.core.sources.values import address, digest, mapping, moment, rows, short, size
from parvis.core.sources.vocabulary import service_of

_LANGUAGES: Final = ("", "/fr", "/en", "/es")
_LINK_TYPES: Final = frozenset({"api"})


def moved_dataset(dataset: Mapping[str, Any], site: str) -> Moved:
    """All of a dataset, as ``/api/1/datasets/`` tells it."""
    slug, identifier = short(dataset.get("slug"), 300), short(dataset.get("id"), 200)
    page = address(dataset.get("page"))
    pages = [f"{site}{language}/datasets/{word}" for word in (slug, identifier) if word for language in _LANGUAGES]
    spatial = mapping(dataset.get("spatial"))
    described = rows(dataset.get("resources"))
    extras = mapping(dataset.get("extras"))
    badges = [
        short(badge.get("kind") if isinstance(badge, dict) else badge, 100) for badge in _listed(dataset, "badges")
    ]
    custom = custom_of(
        [
            ("acronym", dataset.get("acronym")),
            ("badges", ", ".join(filter(None, badges))),
            ("granularity", spatial.get("granularity")),
            *sorted(extras.items(), key=lambda pair: str(pair[0])),
        ],
        ("dcat_theme",),
    )
    schemas = dict.fromkeys(
        word for part in described for word in [short(mapping(part.get("schema")).get("name"), 200)] if word
    )
    return Moved(
        name=slug or identifier,
        is_restricted=bool(dataset.get("private")) or dataset.get("access_type") in ("open_with_account", "restricted"),
        parts=(
            *(part for row in described if (part := _part(row, site, is_community=False))),
            *(
                part
                for row in rows(dataset.get("community_resources"))
                if (part := _part(row, site, is_community=True))
            ),
        ),
        metas={"dcat": {"conforms_to": ", ".join(schemas)}} if schemas else {},
        custom=custom,
        paths=paths_of(*([page] if page else []), *pages),
    )


def _listed(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    return value[:100] if isinstance(value, list) else []


def _part(row: Mapping[str, Any], site: str, *, is_community: bool) -> Part | None:
    identifier, url = short(row.get("id"), 200), address(row.get("url"))
    if not url:
        return None
    form, media_type = short(row.get("format"), 100), short(row.get("mime"), 100)
    checksum = mapping(row.get("checksum"))
    is_hosted = row.get("filetype") == "file"
    latest = address(row.get("latest"))
    title = short(row.get("title"))
    owner = short(mapping(row.get("organization")).get("name")) if is_community else ""
    return Part(
        id=identifier or url,
        title=f"{title} ({owner})"[:200] if owner else title,
        url=url,
        format=form,
        media_type=media_type,
        bytes=size(row.get("filesize")),
        modified=moment(row.get("last_modified")) or moment(row.get("published")),
        digest=digest(checksum.get("type"), checksum.get("value")),
        is_hosted=is_hosted,
        # What a community adds to a dataset of another is theirs: the card says where it is.
        is_link=is_community
        or row.get("type") in _LINK_TYPES
        or is_link(url, form, media_type, is_hosted=is_hosted, is_service=bool(service_of(form))),
        paths=paths_of(
            *([latest] if latest else []),
            *([f"{site}/datasets/r/{identifier}", f"{site}/fr/datasets/r/{identifier}"] if identifier else []),
            *([url] if is_hosted and _same_site(url, site) else []),
        ),
    )


def _same_site(url: str, site: str) -> bool:
    return urlsplit(url).hostname == urlsplit(site).hostname
