"""OpenAgenda by its API v2: an agenda as a dataset, its events by pages that a cursor links."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings
from parvis.core.sources.errors import BadSource, SourceRefuses
from parvis.core.sources.paging import base_url, check_whole, mark, more_rows, with_query, write_rows
from parvis.core.sources.values import (
    address,
    box,
    box_number,
    keywords,
    mapping,
    markdown,
    moment,
    rows,
    short,
    texts,
)
from parvis.core.translation import Sentence, gettext_noop

API: Final = "https://api.openagenda.com/v2"
PAGE: Final = 300
_UID = re.compile(r"/agendas/(\d{1,15})(?:/|$)")
_SLUG = re.compile(r"^/(?:[a-z]{2}/)?([\w-]+)(?:/|$)")
_BAD = gettext_noop("l’adresse n’est pas celle d’un agenda d’OpenAgenda")
_LOST = gettext_noop("aucun agenda de ce nom")
_MOST_ADDITIONS: Final = 100
_OWN: Final = frozenset(
    [
        "uid",
        "slug",
        "title",
        "description",
        "longDescription",
        "conditions",
        "keywords",
        "dateRange",
        "timings",
        "timezone",
        "location",
        "attendanceMode",
        "onlineAccessLink",
        "status",
        "registration",
        "accessibility",
        "age",
        "image",
        "imageCredits",
        "originAgenda",
        "updatedAt",
        "createdAt",
        "firstTiming",
        "lastTiming",
        "nextTiming",
        "state",
        "featured",
        "private",
        "draft",
        "creatorUid",
        "ownerUid",
        "links",
        "addMethod",
        "sourceAgendas",
        "sourcePaths",
        "member",
        "contributor",
        "country",
        "motive",
        "locationUid",
        "agendaUid",
        "fileKey",
        "aggregated",
        "canEdit",
        "extIds",
        "removed",
        "type",
        "references",
        "deletedUser",
        "sort",
        "html",
        "thumbnail",
        "originalImage",
        "custom",
        "hasPrivateCustomFields",
        "stand",
        "section",
        "canonicalUrl",
    ]
)
"""Members that events of every agenda have."""
_MODES = {"1": "sur place", "2": "en ligne", "3": "sur place et en ligne"}
_STATUS = {
    "1": "programmé",
    "2": "horaires modifiés",
    "3": "passé en ligne",
    "4": "reporté",
    "5": "complet",
    "6": "annulé",
}


class OpenAgenda:
    """An agenda, by its page or by its number; the key of the API is a secret of the source, which the request is sent with."""

    slug = "openagenda"
    label = gettext_noop("Un agenda d’OpenAgenda")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The agenda by number, or sought by its name of address."""
        parts = urlsplit(base_url(settings.url))
        api = f"{parts.scheme}://{parts.netloc}/v2" if (parts.hostname or "").startswith("api.") or parts.port else API
        if match := _UID.search(parts.path):
            return (Request(f"{api}/agendas/{match[1]}"),)
        if (match := _SLUG.match(parts.path)) and match[1] not in ("v2", "agendas"):
            return (Request(with_query(f"{api}/agendas", {"slug[]": match[1]})),)
        raise BadSource(reason=Sentence(_BAD))

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """The agenda."""
        body = _body(answer)
        agenda = body if "uid" in body else next(iter(rows(body.get("agendas"))), {})
        uid = short(agenda.get("uid"), 20)
        if not uid.isdigit():
            raise SourceRefuses(file="", reason=_LOST)
        api = request.url.partition("/agendas")[0]
        return Page((_agenda(agenda, uid, api),), total=1)


class OpenAgendaRows:
    """The events of an agenda, past ones included, in French."""

    slug = "openagenda"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The first page; French texts alone, all that events say."""
        parameters = {
            "detailed": "1",
            "size": str(PAGE),
            "monolingual": "fr",
            "includeLabels": "1",
            "sort": "updatedAt.asc",
            "longDescriptionFormat": "HTML",
        }
        return (Request(with_query(base_url(resource.url), parameters)),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Events as points by line; the cursor ``after`` leads on."""
        body = _body(answer)
        events = rows(body.get("events"))
        public = [event for event in events if not (event.get("draft") or event.get("private"))]
        content = write_rows(destination, map(_event, public)) or mark(short(event.get("uid")) for event in events)
        after = body.get("after")
        count = int(request.state.get("rows", "0")) + len(events)
        if not events or not isinstance(after, list) or not after:
            check_whole(count, body.get("total"))
            return ()
        base = with_query(request.url, {}, drop=("after[]",))
        cursor = "".join(
            f"&after[]={quote('' if part is None else str(part)[:200], errors='replace')}" for part in after[:10]
        )
        return more_rows(request, base + cursor, content, {"rows": str(count)})


def _body(answer: Path) -> dict[str, Any]:
    body = json_object(answer)
    if body.get("success") is False or ("message" in body and "uid" not in body and "events" not in body):
        raise SourceRefuses(file="", reason=short(body.get("message"), 300) or short(body.get("error"), 300) or "?")
    return body


def _agenda(agenda: dict[str, Any], uid: str, api: str) -> Item:
    title = short(agenda.get("title"))
    summary = mapping(agenda.get("summary"))
    corners = [mapping(mapping(summary.get("viewport")).get(name)) for name in ("topLeft", "bottomRight")]
    name = short(agenda.get("slug"), 200)
    return Item(
        identifier=uid,
        title=title or name or uid,
        description=markdown(agenda.get("description")),
        landing_page=address(f"https://openagenda.com/{name}") if name else "",
        publisher=title,
        keywords=keywords(
            ["agenda", "événements", *texts(agenda.get("keywords")), *texts(summary.get("keywords"))[:20]]
        ),
        bbox=box(part.get(side) for part in corners for side in ("longitude", "latitude")),
        issued=moment(agenda.get("createdAt")),
        modified=moment(agenda.get("updatedAt")),
        resources=(Resource(f"{api}/agendas/{uid}/events", title=title, format="geojson", dialect="openagenda"),),
        extras={"official": "1"} if agenda.get("official") else {},
    )


def _event(event: dict[str, Any]) -> dict[str, Any]:
    place = mapping(event.get("location"))
    pair = [box_number(place.get(name)) for name in ("longitude", "latitude")]
    fits = None not in pair and pair != [0, 0]  # where online events are put
    # ``start`` in agendas of the first version, which some tools still write
    timings = [
        {"begin": moment(t.get("begin") or t.get("start")), "end": moment(t.get("end"))}
        for t in rows(event.get("timings"))
    ]
    edges = [mapping(event.get(name)) for name in ("firstTiming", "lastTiming")]
    first = moment(edges[0].get("begin")) or min((t["begin"] for t in timings if t["begin"]), default="")
    last = moment(edges[1].get("end")) or max((t["end"] for t in timings if t["end"]), default="")
    image = mapping(event.get("image"))
    picture = (
        short(image.get("base"), 500) + short(image.get("filename"), 300) if image else short(event.get("image"), 800)
    )
    properties = {
        "uid": event.get("uid"),
        "slug": short(event.get("slug"), 300),
        "title": short(event.get("title")),
        "description": markdown(event.get("description"), 1_000),
        "long_description": markdown(event.get("longDescription")),
        "conditions": short(event.get("conditions"), 1_000),
        "keywords": list(keywords(texts(event.get("keywords")))),
        "date_range": short(event.get("dateRange")),
        "first_begin": first,
        "last_end": last,
        "timings": json.dumps(timings, separators=(",", ":")) if timings else None,
        "timezone": short(event.get("timezone"), 60),
        "location_uid": place.get("uid"),
        "location_name": short(place.get("name")),
        "address": short(place.get("address")),
        "postal_code": short(place.get("postalCode"), 20),
        "city": short(place.get("city") or place.get("adminLevel4")),
        "insee": short(place.get("insee"), 10),
        "department": short(place.get("department") or place.get("adminLevel2")),
        "region": short(place.get("region") or place.get("adminLevel1")),
        "attendance": _MODES.get(_choice(event.get("attendanceMode"))[:2]),
        "online_link": address(event.get("onlineAccessLink")),
        "status": _STATUS.get(_choice(event.get("status"))[:2]),
        "registration": [_contact(row) for row in event["registration"][:50]]
        if isinstance(event.get("registration"), list)
        else None,
        "accessibility": sorted(name for name, there in mapping(event.get("accessibility")).items() if there is True),
        "age_min": mapping(event.get("age")).get("min"),
        "age_max": mapping(event.get("age")).get("max"),
        "image": address(picture),
        "image_credits": short(event.get("imageCredits")),
        "origin_agenda": short(mapping(event.get("originAgenda")).get("title")),
        "updated_at": moment(event.get("updatedAt")),
    }
    properties |= {name: _additional(value) for name, value in _additions(event) if name not in properties}
    rest = {name: value if value not in ("", [], {}) else None for name, value in properties.items()}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": pair} if fits else None, "properties": rest}


def _additions(event: dict[str, Any]) -> list[tuple[str, Any]]:
    """What the form of this agenda asks for besides the questions of all agendas; nothing of the people who answered it."""
    answers = [(re.sub(r"\W+", "_", name), value) for name, value in event.items() if name not in _OWN]
    return [(name, value) for name, value in answers if name][:_MOST_ADDITIONS]


def _additional(value: object) -> object:
    """An answer as people read it: the label of a choice, a list of labels, a text, a number."""
    if isinstance(value, list):
        return [text for part in value[:100] if (text := _label(part))]
    return value if isinstance(value, bool | int | float) else _label(value)


def _label(value: object) -> str:
    choice = mapping(value)
    return markdown(choice.get("label") if "label" in choice else value, 5_000)


def _choice(value: object) -> str:
    """A code that comes alone, or with its label."""
    return short(mapping(value).get("id") if isinstance(value, dict) else value, 20)


def _contact(row: object) -> str:
    """A way to register: a text, or an object with its kind."""
    return short(mapping(row).get("value") if isinstance(row, dict) else row, 300)


DIALECT = OpenAgenda()
ROWS = OpenAgendaRows()
