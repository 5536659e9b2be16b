"""A geographic catalogue by CSW 2.0.2: ``GetRecords`` by POST, records of ISO 19139, ISO 19115-3 or Dublin Core."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from parvis.core.sources.answers import local, unreadable, xml_answer
from parvis.core.sources.contract import Item, Page, Refusal, Request, Settings, ToldService
from parvis.core.sources.errors import BadSource, SourceRefuses
from parvis.core.sources.iso import DATA_LEVELS, identifier_of, is_record, item_of, level_of
from parvis.core.sources.iso_services import LEVEL as SERVICE
from parvis.core.sources.iso_services import told_service
from parvis.core.sources.paging import base_url, page_of, with_query
from parvis.core.sources.values import short
from parvis.core.translation import Sentence, gettext_noop

PAGE: Final = 50
SCHEMAS: Final = {
    "iso19139": "http://www.isotc211.org/2005/gmd",
    "iso19115-3": "http://standards.iso.org/iso/19115/-3/mdb/2.0",
    "dublin-core": "http://www.opengis.net/cat/csw/2.0.2",
}
_NO_RESULTS = gettext_noop("ce n’est pas une réponse GetRecords de CSW (élément « {name} »)")
_OTHER_RECORDS = gettext_noop("ses fiches sont d’un autre format que celui demandé (élément « {name} »)")
_BAD_SCHEMA = gettext_noop("« {value} » n’est pas un format de métadonnées ({listing})")
_ORDER = (
    "<ogc:SortBy><ogc:SortProperty><ogc:PropertyName>dc:identifier</ogc:PropertyName><ogc:SortOrder>ASC</ogc:SortOrder>"
    "</ogc:SortProperty></ogc:SortBy>"
)
_OWN_PARAMETERS = ("service", "request", "version", "outputschema", "typenames", "resulttype", "elementsetname", "id")


class Csw:
    """CSW: pages of ``PAGE`` records in the order of identifiers; options narrow by words, theme word or organisation."""

    slug = "csw"
    label = gettext_noop("Un catalogue géographique (CSW)")
    options = ("query", "tag", "organisation", "metadata")
    incremental = True

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The first page; the option ``metadata`` is ``iso19139`` unless it is said otherwise."""
        schema = settings.options.get("metadata", "") or "iso19139"
        if schema not in SCHEMAS:
            raise BadSource(reason=Sentence(_BAD_SCHEMA, {"value": schema[:100], "listing": ", ".join(SCHEMAS)}))
        url = with_query(base_url(settings.url), {}, drop=_OWN_PARAMETERS)
        headers = {"Content-Type": "application/xml; charset=utf-8", "Accept": "application/xml"}
        return (Request(url, "POST", headers, _body(settings, 1, {})),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """The records of a page, services beside data; other resources are refused by name."""
        root = xml_answer(answer)
        if local(root) in ("ExceptionReport", "ServiceExceptionReport"):
            if simpler := _simpler(request, settings):
                return Page(following=(simpler,))
            raise SourceRefuses(file="", reason=short(" ".join("".join(root.itertext()).split()), 300))
        results = next((part for part in root if local(part) == "SearchResults"), None)
        if results is None:
            raise unreadable(_NO_RESULTS, name=local(root)[:100])
        items: list[Item] = []
        refusals: list[Refusal] = []
        services: list[ToldService] = []
        records = [part for part in results if is_record(part)]
        for record in records:
            if level_of(record) == SERVICE and (service := told_service(record, settings.url)) is not None:
                services.append(service)
                continue
            item, reason = _item(record, settings.url)
            if item is not None:
                items.append(item)
            else:
                refusals.append(Refusal(short(identifier_of(record), 500), reason))
        if not records and (other := next((local(part) for part in results), "")):
            raise unreadable(_OTHER_RECORDS, name=other[:100])
        total = _whole(results, "numberOfRecordsMatched")
        before = int(request.state.get("services", "0")) + len(services)
        # Catalogues count their services among their records.
        of_items = None if total is None else max(total - before, 0)
        page = Page(tuple(items), tuple(refusals), (), of_items, tuple(services))
        start = int(request.state.get("start", "1"))
        following = _following(results, start, len(records), total)
        if not following:
            return page
        state = {"start": str(following), "services": str(before)}
        return page_of(page, request, request.url, body=_body(settings, following, request.state), state=state)


def _item(record: Element, home: str) -> tuple[Item | None, str]:
    level = level_of(record)
    if level not in DATA_LEVELS:
        return None, f"Ce n’est pas un jeu de données mais : {short(level, 50)}."
    item = item_of(record, home)
    if not item.identifier:
        return None, f"Sans identifiant : {item.title}"
    return (item, "") if item.title else (None, "Sans titre.")


def _following(results: Element, start: int, count: int, total: int | None) -> int:
    """The rank to go on from: what the server says when it goes forward, else after the records of this page."""
    announced = _whole(results, "nextRecord")
    if announced == 0 or (total is not None and start + count > total):
        return 0
    if announced is not None and announced > start:
        return announced if total is None or announced <= total else 0
    return start + count if count and total is not None else 0


def _whole(element: Element, name: str) -> int | None:
    text = element.get(name, "").strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def _simpler(request: Request, settings: Settings) -> Request | None:
    """The first page again without an order, then without a day since, for catalogues that refuse these; None when it was no first page."""
    state = request.state
    if state.get("start") or "anytime" in state or ("unsorted" in state and not settings.since):
        return None
    more = {"unsorted": "1"} if "unsorted" not in state else {"unsorted": "1", "anytime": "1"}
    return Request(request.url, request.method, request.headers, _body(settings, 1, more), more)


def _body(settings: Settings, start: int, state: Mapping[str, str]) -> str:
    schema = SCHEMAS[settings.options.get("metadata", "") or "iso19139"]
    conditions = [
        _like(name, settings.options.get(option, ""))
        for option, name in (("query", "csw:AnyText"), ("tag", "dc:subject"), ("organisation", "dc:publisher"))
        if settings.options.get(option)
    ]
    if settings.since and "anytime" not in state:
        conditions.append(
            "<ogc:PropertyIsGreaterThanOrEqualTo><ogc:PropertyName>dct:modified</ogc:PropertyName>"
            f"<ogc:Literal>{escape(settings.since[:10])}</ogc:Literal></ogc:PropertyIsGreaterThanOrEqualTo>"
        )
    joined = "".join(conditions)
    both = f"<ogc:And>{joined}</ogc:And>" if len(conditions) > 1 else joined
    where = f'<csw:Constraint version="1.1.0"><ogc:Filter>{both}</ogc:Filter></csw:Constraint>' if conditions else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/" service="CSW" version="2.0.2" '
        f'resultType="results" startPosition="{start}" maxRecords="{PAGE}" outputFormat="application/xml" '
        f'outputSchema="{schema}"><csw:Query typeNames="csw:Record"><csw:ElementSetName>full</csw:ElementSetName>{where}'
        f"{'' if 'unsorted' in state else _ORDER}</csw:Query></csw:GetRecords>"
    )


def _like(name: str, value: str) -> str:
    pattern = escape(f"%{value}%")
    return (
        '<ogc:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\">'
        f"<ogc:PropertyName>{name}</ogc:PropertyName><ogc:Literal>{pattern}</ogc:Literal></ogc:PropertyIsLike>"
    )


DIALECT = Csw()
