"""``/csw``: Catalogue Service for the Web 2.0.2 and 3.0, by GET and by POST."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from parvis.core.errors import NotFound, ParvisError
from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as datasets
from parvis.hub.catalogue.languages import card_language_for
from parvis.hub.catalogue.rules import cache_control
from parvis.hub.catalogue.selectors import catalogue_revision
from parvis.hub.quotas.metering import account_of
from parvis.web.api.explore.catalogue_files import whole
from parvis.web.api.explore.rdf_writer import serialized
from parvis.web.geocatalogue import opensearch
from parvis.web.geocatalogue.capabilities import (
    Portal,
    capabilities,
    domain,
    exception_report,
    parameter_values,
    record_schemas,
    service_languages,
)
from parvis.web.geocatalogue.catalogue import Catalogue, catalogue_of
from parvis.web.geocatalogue.csw_request import (
    ATOM,
    DCAT,
    GMD,
    MOST_IDS,
    OPENSEARCH,
    CswRequest,
    request_of_pairs,
    request_of_xml,
)
from parvis.web.geocatalogue.dublin_core import csw_record
from parvis.web.geocatalogue.errors import BadDocument, CatalogueRequestError, MissingValue, UnknownOperation
from parvis.web.geocatalogue.iso import iso_record
from parvis.web.geocatalogue.predicates import Identified, all_of
from parvis.web.geocatalogue.record import Record
from parvis.web.geocatalogue.service_record import ServiceRecord
from parvis.web.geocatalogue.xml_reader import MOST_BYTES, copied, whole_body
from parvis.web.geocatalogue.xml_writer import Xml, document, tag
from parvis.web.ogc.endpoint import etag, unchanged

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Accept, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Access-Control-Max-Age": "1000",
}
_FORM = "application/x-www-form-urlencoded"
_PARTS = ("csw", "dc", "dct", "ows")
_PARTS_30 = ("csw30", "dc", "dct", "ows20")

type View = Callable[[HttpRequest], HttpResponseBase]


def _ows(view: View) -> View:
    """Errors as exception reports, headers for other origins."""

    @csrf_exempt
    @functools.wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=200)
        elif request.method not in ("GET", "HEAD", "POST"):
            response = _report(request, 405, "NoApplicableCode", "", f"{request.method} : GET, HEAD, POST")
            response["Allow"] = "GET, HEAD, POST, OPTIONS"
        else:
            response = _answered(view, request)
        for name, value in _CORS.items():
            response[name] = value
        patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie"])
        return response

    return wrapped


def _answered(view: View, request: HttpRequest) -> HttpResponseBase:
    try:
        with account_of(request).working("csw") as account:
            response = view(request)
        for name, value in account.headers().items():
            response[name] = value
        return response
    except ParvisError as error:
        language = get_language() or "fr"
        is_own = isinstance(error, CatalogueRequestError)
        code = error.ows_code if is_own else "NoApplicableCode"
        text = " ".join(filter(None, (error.message(language), error.hint(language))))
        response = _report(request, error.status, code, error.locator if is_own else "", text)
        for name, value in error.headers().items():
            response[name] = value
        return response


def _report(request: HttpRequest, status: int, code: str, locator: str, text: str) -> HttpResponse:
    body = getattr(request, "_parvis_csw", b"")
    stated = " ".join(value for name, value in request.GET.items() if name.lower() in ("version", "acceptversions"))
    is_new = "3.0" in stated or b"csw/3.0" in body[:2_000]
    report = exception_report("3.0.0" if is_new else "2.0.2", code, locator, text)
    return HttpResponse(
        document(report), status=status, content_type="application/xml", headers={"Cache-Control": "no-store"}
    )


@_ows
def csw(request: HttpRequest) -> HttpResponseBase:
    """The one address of the service."""
    csw_request = _asked(request)
    is_description = _wants_description(request, csw_request)
    # A harvester that comes from elsewhere, or says nothing, must find the same words each time.
    lang = card_language_for(csw_request.text("lang") or _language(csw_request.text("language")) or "fr")
    catalogue = catalogue_of(request, lang)
    tag_text = etag(f"{catalogue.state} {request.get_full_path()} {lang} {is_description}")
    headers = {"Cache-Control": cache_control(public=catalogue.is_public)}
    if request.method != "POST":
        headers["ETag"] = tag_text
        if unchanged(request, tag_text):
            return HttpResponseNotModified(headers=headers)
    if is_description:
        body = document(opensearch.description(_portal(request, catalogue)))
        return HttpResponse(body, content_type=f"{OPENSEARCH}; charset=utf-8", headers=headers)
    body = document(_OPERATIONS[csw_request.operation](request, csw_request, catalogue))
    return HttpResponse(body, content_type=f"{csw_request.media_type}; charset=utf-8", headers=headers)


def _wants_description(request: HttpRequest, csw_request: CswRequest) -> bool:
    """Whether the client asks how to search by OpenSearch: CSW 3.0 gives that document where it gives its capabilities."""
    if csw_request.operation != "GetCapabilities":
        return False
    accepted = csw_request.text("acceptformats").replace(" ", "+") or request.headers.get("Accept", "")
    return OPENSEARCH in accepted


def _asked(request: HttpRequest) -> CswRequest:
    if request.method != "POST":
        pairs = [(name, value) for name, values in request.GET.lists() for value in values]
        if not pairs:
            pairs = [("service", "CSW"), ("request", "GetCapabilities")]
        return request_of_pairs(pairs)
    # Read to the bound and no further, whatever length is announced.
    body = request.read(MOST_BYTES + 1)
    request._parvis_csw = body  # type: ignore[attr-defined]
    if _is_form(request, body):
        try:
            pairs = parse_qsl(whole_body(body).decode(), keep_blank_values=True, max_num_fields=100)
        except ValueError as error:
            raise BadDocument(reason=str(error)[:100]) from error
        return request_of_pairs(pairs)
    return request_of_xml(body)


def _is_form(request: HttpRequest, body: bytes) -> bool:
    return request.content_type == _FORM and not body.lstrip().startswith(b"<")


def _portal(request: HttpRequest, catalogue: Catalogue) -> Portal:
    card = catalogue.card
    address = request.build_absolute_uri(absolute_path("/csw"))
    revision = datetime.fromtimestamp(catalogue_revision() / 1_000_000, UTC)
    language = service_languages()[catalogue.lang]
    return Portal(
        address, f"{card.origin}/", card.name, card.sentence, card.contact_email, revision.date().isoformat(), language
    )


def _language(code: str) -> str:
    """The language that INSPIRE's parameter names; empty when it is none of ours."""
    return next((lang for lang, known_code in service_languages().items() if known_code == code.lower()), "")


def _capabilities(request: HttpRequest, csw_request: CswRequest, catalogue: Catalogue) -> Xml:
    sections = [*csw_request.words("sections"), *csw_request.words("section")]
    return capabilities(_portal(request, catalogue), csw_request.version, sections)


def _schemas(_request: HttpRequest, csw_request: CswRequest, _catalogue: Catalogue) -> Xml:
    if csw_request.version == "3.0.0":
        raise UnknownOperation(
            name="request", value=csw_request.operation, expected=", ".join(parameter_values(csw_request.version))
        )
    csw_request.check_types()
    return record_schemas()


def _domain(_request: HttpRequest, csw_request: CswRequest, catalogue: Catalogue) -> Xml:
    rows: list[tuple[str, str, list[str]]] = []
    values = {
        f"{operation}.{name}".lower(): list(listed)
        for operation, parameters in parameter_values(csw_request.version).items()
        for name, listed in parameters.items()
    }
    names = [*csw_request.words("parametername")[:20]]
    rows += [("ParameterName", name, values.get(name.lower(), [])) for name in names]
    properties = [*csw_request.words("propertyname"), *csw_request.words("valuereference")][:20]
    kind = "ValueReference" if csw_request.version == "3.0.0" else "PropertyName"
    rows += [(kind, name, catalogue.values(name)[:MOST_VALUES]) for name in properties]
    if not rows:
        raise MissingValue(name="propertyName")
    return domain(csw_request.version, rows)


MOST_VALUES = 1_000
"""Values of a property that ``GetDomain`` lists."""


def _feed(request: HttpRequest, csw_request: CswRequest, catalogue: Catalogue, matching: list[str]) -> Xml:
    """A page of records as Atom; ways to other pages for a question that an address holds."""
    start, limit = csw_request.page()
    chosen = matching[start - 1 : start - 1 + limit]
    starts = {"self": start, "first": 1}
    if limit and start + limit <= len(matching):
        starts["next"] = start + limit
    if start > 1:
        starts["previous"] = max(start - limit, 1)
    links = [(name, _starting_at(request, place)) for name, place in starts.items()] if request.method != "POST" else []
    page = opensearch.Page(len(matching), start, limit, links)
    return opensearch.feed(_portal(request, catalogue), catalogue.records(chosen), page)


def _starting_at(request: HttpRequest, start: int) -> str:
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    others = [pair for pair in pairs if pair[0].lower() != "startposition"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*others, ('startPosition', start)])}")


def _records(request: HttpRequest, csw_request: CswRequest, catalogue: Catalogue) -> Xml:
    csw_request.check_types()
    start, limit = csw_request.page()
    predicate = csw_request.predicate
    if ids := csw_request.words("recordids"):
        predicate = all_of(predicate, Identified(tuple(ids[:MOST_IDS])))
    matching = catalogue.matching(predicate, csw_request.sort)
    if csw_request.media_type == ATOM:
        return _feed(request, csw_request, catalogue, matching)
    schema, element_set = csw_request.schema, csw_request.element_set
    if csw_request.result_type == "validate":
        return _acknowledgement(request)
    chosen = [] if csw_request.result_type == "hits" else matching[start - 1 : start - 1 + limit]
    written = _written(csw_request, catalogue, chosen)
    following = start + len(chosen)
    csw, names = ("csw30", _PARTS_30) if csw_request.version == "3.0.0" else ("csw", _PARTS)
    results = tag(
        f"{csw}:SearchResults",
        written,
        attributes={
            "numberOfRecordsMatched": len(matching),
            "numberOfRecordsReturned": len(chosen),
            "nextRecord": following if following <= len(matching) and (chosen or not limit) else 0,
            "recordSchema": schema,
            "elementSet": None if csw_request.element_names else element_set,
        },
    )
    return tag(
        f"{csw}:GetRecordsResponse",
        tag(f"{csw}:RequestId", csw_request.text("requestid")) if csw_request.text("requestid") else None,
        tag(f"{csw}:SearchStatus", attributes={"timestamp": _now()}),
        results,
        attributes={"version": csw_request.version},
        namespaces=names,
    )


def _acknowledgement(request: HttpRequest) -> Xml:
    """A request that was sent to be validated, and is a good one: it comes back."""
    body = getattr(request, "_parvis_csw", b"")
    if body and not _is_form(request, body):
        echo = Xml(copied(body))
    else:
        address = f"{request.build_absolute_uri(request.path)}?{body.decode() or request.GET.urlencode()}"
        echo = tag("ows:Get", attributes={"xlink:type": "simple", "xlink:href": address}, namespaces=("xlink",))
    return tag(
        "csw:Acknowledgement",
        tag("csw:EchoedRequest", echo),
        attributes={"timeStamp": _now()},
        namespaces=("csw", "ows"),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _record_by_id(request: HttpRequest, csw_request: CswRequest, catalogue: Catalogue) -> Xml:
    ids = csw_request.words("id")[:MOST_IDS]
    if not ids:
        raise MissingValue(name="id")
    present = [_present(request, catalogue, identifier) for identifier in ids]
    written = list(_written(csw_request, catalogue, [identifier for identifier in present if identifier]))
    if csw_request.version == "3.0.0":
        if not written:
            raise NotFound(name=ids[0])
        return _alone(written[0])
    return tag("csw:GetRecordByIdResponse", written, namespaces=_PARTS)


def _present(request: HttpRequest, catalogue: Catalogue, identifier: str) -> str | None:
    """The identifier, or the one that a renamed dataset has now; None for what does not exist for the caller."""
    if catalogue.has(identifier):
        return identifier
    return datasets.renamed(actor_of_request(request), identifier)


def _alone(record: Xml) -> Xml:
    """A record as a document of its own: CSW 3.0 gives it without anything around."""
    if not record.startswith("<csw30:"):
        return record
    name, rest = record.split(">", 1)
    spaces = tag("x", namespaces=_PARTS_30)[2:-2]
    return Xml(f"{name}{spaces}>{rest}")


def _written(csw_request: CswRequest, catalogue: Catalogue, identifiers: list[str]) -> Iterator[Xml]:
    for record in catalogue.records(identifiers):
        yield _form(csw_request, catalogue, record)


def _form(csw_request: CswRequest, catalogue: Catalogue, record: Record) -> Xml:
    if csw_request.schema == GMD:
        return iso_record(record, csw_request.element_set)
    if csw_request.schema == DCAT:
        is_service = isinstance(record, ServiceRecord)
        objects, services = ([], [record.service_card]) if is_service else ([record.row], [])
        text = b"".join(serialized(whole(catalogue.card), objects, "rdf", services=services)).decode()
        return Xml(text[text.index("<rdf:RDF") :].strip())
    return csw_record(record, csw_request.version, csw_request.element_set, csw_request.element_names)


_OPERATIONS: dict[str, Callable[[HttpRequest, CswRequest, Catalogue], Xml]] = {
    "GetCapabilities": _capabilities,
    "DescribeRecord": _schemas,
    "GetDomain": _domain,
    "GetRecords": _records,
    "GetRecordById": _record_by_id,
}
