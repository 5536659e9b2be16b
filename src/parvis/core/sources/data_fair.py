"""The catalogue of Data Fair (``/data-fair/api/v1``), and the rows of its datasets by ``/lines``, page after page as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from parvis.core.columns import LABELS
from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import NEXT_PAGE, Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.moved import Moved, Part, custom_of, is_asked, is_link, named_fields, paths_of, with_moved
from parvis.core.sources.paging import (
    base_url,
    below,
    check_whole,
    cut_at,
    more_rows,
    next_by_start,
    page_of,
    with_query,
    write_rows,
)
from parvis.core.sources.values import (
    LONGEST_URL,
    address,
    box,
    email,
    keywords,
    mapping,
    markdown,
    moment,
    plain,
    resource,
    resources,
    rows,
    short,
    size,
    texts,
)
from parvis.core.sources.vocabulary import frequency_of, licence_slug
from parvis.core.translation import gettext_noop

SLUG: Final = "data_fair"
PAGE: Final = 100
FURTHEST: Final = 10_000
"""The last dataset of a list that can be asked for."""
LINES: Final = 10_000
"""The most that one page of lines may have."""
_DATASET = re.compile(r"/datasets/([^/?#]+)")
_GEOMETRIES: Final = frozenset({"https://purl.org/geojson/vocab#geometry", "http://data.ign.fr/def/geometrie#Geometry"})
_FILE: Final = "http://schema.org/DigitalDocument"
"""The concept of a column whose cells name files joined to lines."""
_FILTERS: Final = {"query": "q", "theme": "topics", "tag": "keywords"}
_ON_THE_CARD: Final = (
    "title",
    "description",
    "keywords",
    "topics",
    "license",
    "frequency",
    "creator",
    "origin",
    "image",
)


class DataFair:
    """Data Fair: datasets by pages, the oldest first, which no change moves."""

    slug = SLUG
    label = gettext_noop("Un portail Data Fair")
    options = ("owner", *_FILTERS)
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The first page, or the dataset whose page was given."""
        root = api_of(settings.url)
        own = _DATASET.search(urlsplit(base_url(settings.url)).path)
        if own:
            return (Request(f"{root}/datasets/{quote(unquote(own[1]), safe='')}", state={"single": "1"}),)
        parameters: dict[str, str | int | None] = {"size": PAGE, "skip": 0, "sort": "createdAt:1"}
        parameters["owner"] = settings.options.get("owner", "").strip() or None
        parameters |= {name: settings.options.get(option, "").strip() or None for option, name in _FILTERS.items()}
        return (Request(with_query(f"{root}/datasets", parameters), state={"start": "0"}),)

    def after(self, request: Request, settings: Settings, total: int | None) -> tuple[Request, ...]:
        """The page that follows."""
        return tuple(
            Request(
                with_query(following.url, {"skip": following.state["start"]}, drop=("start",)), state=following.state
            )
            for following in next_by_start(request, PAGE, total)
        )

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """One page of datasets, or one dataset."""
        body = json_object(answer)
        single = "single" in request.state
        if not isinstance(body.get("id" if single else "results"), str if single else list):
            raise SourceRefuses(file="", reason=short(body.get("message") or body.get("error")) or "?")
        root = request.url.partition("/api/v1/")[0] + "/api/v1"
        described = [body] if single else rows(body.get("results"))
        items: list[Item] = []
        refusals: list[Refusal] = []
        for dataset in described:
            if reason := _unfit(dataset):
                refusals.append(Refusal(short(dataset.get("id"), 200), reason))
                continue
            item = _item(dataset, root, settings)
            items.append(with_moved(item, _moved(dataset, root)) if is_asked(settings) else item)
        total = body.get("count") if isinstance(body.get("count"), int) else None
        start = int(request.state.get("start", "0")) + len(described)
        page = Page(tuple(items), tuple(refusals), (), 1 if single else total)
        is_last = single or not described or (start >= (total or 0) and len(described) < PAGE)
        if not is_last and start + PAGE > FURTHEST:
            reason = f"La source ne donne que ses {FURTHEST} premiers jeux : lisez-la organisation par organisation."
            return replace(page, refusals=(*page.refusals, Refusal(NEXT_PAGE, reason)))
        following = "" if is_last else with_query(request.url, {"skip": start})
        return page_of(page, request, following, state={"start": str(start)})


def api_of(url: str) -> str:
    """The root of the API: below ``/data-fair``, unless the address says where it is."""
    url = base_url(url)
    head, seen, _rest = url.partition("/api/v1")
    if seen:
        return f"{head}/api/v1"
    site = cut_at(url, "/datasets", "/applications", "/embed/", "/pages/", "/reuses")
    return (
        f"{site.removesuffix('/')}/api/v1"
        if urlsplit(site).path.endswith("/data-fair")
        else below(site, "data-fair/api/v1")
    )


def _unfit(dataset: Mapping[str, Any]) -> str:
    if not short(dataset.get("id")) or not short(dataset.get("title")):
        return "Ni identifiant ni titre."
    if dataset.get("status") in ("draft", "error") and not dataset.get("finalizedAt"):
        return "Brouillon à la source."
    return ""


def _has_lines(dataset: Mapping[str, Any]) -> bool:
    return dataset.get("isMetaOnly") is not True and bool(rows(dataset.get("schema")) or dataset.get("finalizedAt"))


def _item(dataset: Mapping[str, Any], root: str, settings: Settings) -> Item:
    licence, temporal = mapping(dataset.get("license")), mapping(dataset.get("temporal"))
    owner = mapping(dataset.get("owner"))
    contact = mapping(dataset.get("contactPoint"))
    href, title = address(licence.get("href")), short(licence.get("title"))
    return Item(
        identifier=short(dataset.get("id"), 200),
        title=short(dataset.get("title")),
        description=markdown(dataset.get("description")) or markdown(dataset.get("summary")),
        landing_page=_page(dataset, root),
        publisher=short(dataset.get("creator")) or short(owner.get("departmentName")) or short(owner.get("name")),
        publisher_id=short(owner.get("id"), 200),
        contact_name=short(contact.get("name")),
        contact_email=email(contact.get("email")),
        licence=licence_slug(href, title) or title or href,
        frequency=frequency_of(short(dataset.get("frequency"))),
        keywords=keywords(texts(dataset.get("keywords"))),
        themes=keywords(short(topic.get("title"), 200) for topic in rows(dataset.get("topics"))),
        spatial=keywords(texts(dataset.get("spatial"))),
        bbox=box(dataset["bbox"]) if isinstance(dataset.get("bbox"), list) else None,
        temporal_start=moment(temporal.get("start"), 1000),
        temporal_end=moment(temporal.get("end"), 1000),
        issued=moment(dataset.get("createdAt")),
        modified=moment(dataset.get("modified"))
        or moment(dataset.get("dataUpdatedAt"))
        or moment(dataset.get("updatedAt")),
        language="",
        conforms_to=keywords(
            address(row.get("href")) or short(row.get("title"), 200) for row in rows(dataset.get("conformsTo"))
        ),
        resources=resources(_resources(dataset, root)),
        extras={"name": short(dataset.get("slug"), 300) or short(dataset.get("id"), 200)},
    )


def _page(dataset: Mapping[str, Any], root: str) -> str:
    """The page of a dataset on its portal, which stands before the API."""
    name = short(dataset.get("slug"), 300) or short(dataset.get("id"), 200)
    site = root.removesuffix("/api/v1").removesuffix("/data-fair")
    return address(f"{site}/datasets/{quote(name, safe='')}")


def _own(dataset: Mapping[str, Any], root: str) -> str:
    return f"{root}/datasets/{quote(short(dataset.get('id'), 200), safe='')}"


def _changed(dataset: Mapping[str, Any]) -> str:
    return (
        moment(dataset.get("finalizedAt")) or moment(dataset.get("dataUpdatedAt")) or moment(dataset.get("updatedAt"))
    )


def _lines_url(dataset: Mapping[str, Any], root: str) -> str:
    keys = [short(row.get("key"), 200) for row in _columns(dataset)]
    return with_query(f"{_own(dataset, root)}/lines", {"select": ",".join(keys) or None})


def _columns(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What people put there; what Data Fair computes of it (numbers of lines, centres, boxes) is computed here too."""
    described = rows(dataset.get("schema"))[:2_000]
    return [row for row in described if not row.get("x-calculated") and short(row.get("key"), 200)]


def _resources(dataset: Mapping[str, Any], root: str) -> list[Resource]:
    title = short(dataset.get("title"), 200)
    parts = []
    if _has_lines(dataset):
        parts.append(Resource(_lines_url(dataset, root), title, "json", modified=_changed(dataset), dialect=SLUG))
    for row in rows(dataset.get("attachments")):
        url = address(row.get("url"))
        name = short(row.get("title"), 200) or short(row.get("name"), 200)
        parts.append(resource(url, title=name, media_type=short(row.get("mimetype"), 100), bytes=size(row.get("size"))))
    return parts


def _parts(dataset: Mapping[str, Any], own: str, root: str) -> Iterator[Part]:
    """Its lines, the file that they were made of, the documents of its card."""
    if _has_lines(dataset):
        yield Part(
            id=short(dataset.get("id"), 200),
            title=short(dataset.get("title"), 200),
            url=own,
            format="json",
            modified=_changed(dataset),
            is_hosted=True,
            rows=SLUG,
            rows_url=_lines_url(dataset, root),
            paths=paths_of(*(f"{own}/{word}" for word in ("lines", "full", "convert"))),
        )
    original = mapping(dataset.get("originalFile")) or mapping(dataset.get("file"))
    if name := short(original.get("name"), 200):
        yield Part(
            id="raw",
            title=name,
            url=f"{own}/raw",
            media_type=short(original.get("mimetype"), 100),
            bytes=size(original.get("size")),
            modified=moment(dataset.get("dataUpdatedAt")),
            is_hosted=True,
            paths=paths_of(f"{own}/raw", f"{own}/data-files/{name}"),
        )
    for row in rows(dataset.get("attachments")):
        name, url = short(row.get("name"), 200), address(row.get("url"))
        is_hosted = row.get("type") in ("file", "remoteFile") or (
            bool(name) and f"/metadata-attachments/{name}" in unquote(url)
        )
        media_type = short(row.get("mimetype"), 100)
        if url:
            yield Part(
                id=name or url,
                title=short(row.get("title"), 200) or name,
                url=url,
                media_type=media_type,
                bytes=size(row.get("size")),
                modified=moment(row.get("updatedAt")),
                is_hosted=is_hosted,
                is_link=is_link(url, "", media_type, is_hosted=is_hosted, is_service=False),
                paths=paths_of(url) if is_hosted else (),
            )


def _moved(dataset: Mapping[str, Any], root: str) -> Moved:
    own = _own(dataset, root)
    page, identifier = _page(dataset, root), short(dataset.get("id"), 200)
    site = page.rpartition("/datasets/")[0]
    metas: dict[str, dict[str, Any]] = {"default": {}, "dcat": {}}
    if origin := address(dataset.get("origin")):
        metas["default"]["references"] = [origin]
    if creator := short(dataset.get("creator")):
        metas["dcat"]["creator"] = creator
    extras = {**mapping(dataset.get("extras")), **mapping(dataset.get("customMetadata"))}
    return Moved(
        name=short(dataset.get("slug"), 300) or identifier,
        # Who has no key does not see the others: only « public » is open to everybody.
        is_restricted=dataset.get("visibility") not in (None, "", "public"),
        parts=tuple(_parts(dataset, own, root)),
        fields=schema_fields(dataset.get("schema"))[1],
        metas=metas,
        custom=custom_of([("summary", dataset.get("summary")), *sorted(extras.items())], _ON_THE_CARD),
        paths=paths_of(
            page,
            f"{site}/datasets/{identifier}",
            own,
            *(f"{root.removesuffix('/api/v1')}/embed/dataset/{identifier}/{view}" for view in ("table", "map")),
        ),
        rows=dataset["count"] if isinstance(dataset.get("count"), int) else None,
    )


def _field(row: Mapping[str, Any]) -> dict[str, Any]:
    kind, form = short(row.get("type"), 30), short(row.get("format"), 30)
    concept = short(row.get("x-refersTo"), 300)
    types = {"integer": "int", "number": "double", "boolean": "boolean"}
    column_type = (
        {"date": "date", "date-time": "datetime"}.get(form, "text") if kind == "string" else types.get(kind, "")
    )
    column_type = "file" if kind == "string" and concept == _FILE else column_type
    separator = short(row.get("separator"), 5) or (row["separator"] if isinstance(row.get("separator"), str) else "")
    labels = mapping(row.get("x-labels"))
    annotations: dict[str, Any] = {
        **({"multivalued": separator} if separator and column_type == "text" else {}),
        **(
            {LABELS: {str(key)[:200]: short(text, 200) for key, text in list(labels.items())[:1_000]}} if labels else {}
        ),
        **({"concept": concept} if concept else {}),
        **({"group": short(row.get("x-group"), 100)} if row.get("x-group") else {}),
    }
    if concept in _GEOMETRIES:
        column_type = (
            "geo_shape" if kind == "object" else ""
        )  # in a text it may be GeoJSON or WKT: it is recognised when it is read
    return {
        "label": short(row.get("title"), 200) or short(row.get("x-originalName"), 200) or short(row.get("key"), 200),
        "description": plain(row.get("description"), 2_000),
        **({"type": column_type} if column_type else {}),
        **({"annotations": annotations} if annotations else {}),
    }


def schema_fields(schema: object) -> tuple[list[str], tuple[dict[str, Any], ...]]:
    """The keys of the columns of a schema, and their fields under our names."""
    columns = _columns({"schema": schema})
    keys = [short(row.get("key"), 200) for row in columns]
    return keys, named_fields((key, _field(row)) for key, row in zip(keys, columns, strict=True))


def place_of_file(lines_url: str, cell: str) -> tuple[str, str]:
    """The address and the name of a file that a line names by its path below the dataset, or by its address; one that leads out of the
    dataset is left as it is written."""
    own = lines_url.partition("?")[0].removesuffix("/lines")
    parts = cell.split("/")
    if cell.startswith(("http://", "https://")):
        return cell, unquote(urlsplit(cell).path).rpartition("/")[2][:200]
    if any(part in ("", ".", "..") for part in parts) or "\\" in cell:
        return cell, cell[:200]
    return f"{own}/attachments/{quote(cell, safe='/', errors='replace')}", parts[-1][:200]


class DataFairLines:
    """The lines of a dataset, from one mark to the next: numbers of pages stop at ten thousand lines."""

    slug = SLUG

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The first page."""
        return (Request(with_query(base_url(resource.url), {"size": LINES})),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Lines under our names; EndlessSource when there are fewer than were announced."""
        body = json_object(answer)
        if not isinstance(body.get("results"), list):
            raise SourceRefuses(file="", reason=short(body.get("message") or body.get("error")) or "?")
        lines = rows(body["results"])
        keys = parse_qs(urlsplit(request.url).query).get("select", [""])[0]
        selected = [key for key in keys.split(",") if key]
        if not selected:
            selected = [key for key in dict.fromkeys(key for line in lines for key in line) if not key.startswith("_")]
        names = {
            key: row["name"] for key, row in zip(selected, named_fields((key, {}) for key in selected), strict=True)
        }
        content = write_rows(destination, ({name: line.get(key) for key, name in names.items()} for line in lines))
        count = int(request.state.get("count", "0")) + len(lines)
        following = short(body.get("next"), LONGEST_URL + 1) if lines else ""
        if not following:
            check_whole(count, body.get("total", request.state.get("total")))
            return ()
        total = body.get("total")
        state = {"count": str(count), **({"total": str(total)} if isinstance(total, int) else {})}
        # A portal names itself by the address that its settings have; what is asked is where it was reached.
        return more_rows(request, _here(request.url, following), content, state=state)


def _here(current: str, url: str) -> str:
    """The question of ``url`` put where the first was: lines of one dataset are at one address."""
    query = urlsplit(url).query
    return f"{current.partition('?')[0]}?{query}"


DIALECT = DataFair()
ROWS = DataFairLines()
