"""One request to CSW, whether its parameters came in an address, a form or a document of XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from parvis.web.geocatalogue import fes
from parvis.web.geocatalogue.boxes import box_of, period_of
from parvis.web.geocatalogue.cql import predicate_of_text
from parvis.web.geocatalogue.dublin_core import ELEMENT_SETS
from parvis.web.geocatalogue.errors import BadValue, MissingValue, UnknownOperation, UnknownVersion
from parvis.web.geocatalogue.predicates import ALWAYS, Like, Predicate, Relation, Spatial, all_of
from parvis.web.geocatalogue.xml_reader import local, namespace, text_of, xml_tree

VERSIONS: Final = ("2.0.2", "3.0.0")
OPERATIONS: Final = ("GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById")
PAGE: Final = 10
LARGEST_PAGE: Final = 100
MOST_IDS: Final = 100
FURTHEST: Final = 10**9

CSW: Final = "http://www.opengis.net/cat/csw/2.0.2"
CSW30: Final = "http://www.opengis.net/cat/csw/3.0"
GMD: Final = "http://www.isotc211.org/2005/gmd"
DCAT: Final = "http://www.w3.org/ns/dcat#"
SCHEMAS: Final = (CSW, CSW30, GMD, DCAT)
TYPES: Final = ("csw:Record", "gmd:MD_Metadata")
MEDIA_TYPES: Final = ("application/xml", "text/xml")
ATOM: Final = "application/atom+xml"
"""What version 3 writes records in besides, for clients of OpenSearch."""
OPENSEARCH: Final = "application/opensearchdescription+xml"
"""What it tells clients of OpenSearch in the place of its capabilities."""
_NOT_ASKED = ("geometry", "geometry_crs", "relation", "lat", "lon", "radius", "name", "trel")
"""Conditions of version 3 that this catalogue does not know: to leave them out would be to answer another question."""
_RESULT_TYPES = ("hits", "results", "validate")
_TYPE_NAMES = ("record", "md_metadata", "metadata", "dataset")


@dataclass(frozen=True, slots=True)
class CswRequest:
    """What is asked: parameters by their name in small letters, and what documents say besides."""

    version: str
    operation: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    predicate: Predicate = ALWAYS
    sort: tuple[tuple[str, bool], ...] = ()
    element_names: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """The value of a parameter; empty without one."""
        return self.parameters.get(name, "").strip()

    def words(self, name: str) -> list[str]:
        """The values of a parameter that takes several."""
        return [word for word in (part.strip() for part in self.text(name).split(",")) if word]

    def number(self, name: str, default: int, least: int) -> int:
        """A parameter that is a whole number; BadValue for what is none, or too small."""
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= FURTHEST):
            raise BadValue(name=name, value=text, expected=f"{name} >= {least}")
        return int(text)

    def chosen(self, name: str, values: Iterable[str], default: str) -> str:
        """A parameter that takes one of these values, whatever the case; BadValue for another."""
        text = self.text(name)
        if not text:
            return default
        for value in values:
            if value.lower() == text.lower():
                return value
        raise BadValue(name=name, value=text, expected=" | ".join(values))

    @property
    def schema(self) -> str:
        """The form of the records, by its namespace."""
        own = CSW30 if self.version == "3.0.0" else CSW
        schema = self.chosen("outputschema", SCHEMAS, own)
        return own if schema in (CSW, CSW30) else schema

    @property
    def element_set(self) -> str:
        """How much of each record: ``brief``, ``summary`` or ``full``."""
        return self.chosen("elementsetname", ELEMENT_SETS, "summary")

    @property
    def media_type(self) -> str:
        """The media type of the answer."""
        # A plus that nobody escaped comes as a space.
        wanted_format = self.text("outputformat").partition(";")[0].strip().replace(" ", "+")
        offered = (*MEDIA_TYPES, ATOM) if (self.version, self.operation) == ("3.0.0", "GetRecords") else MEDIA_TYPES
        if wanted_format and wanted_format not in offered:
            raise BadValue(name="outputFormat", value=wanted_format, expected=" | ".join(offered))
        return wanted_format or "application/xml"

    def page(self) -> tuple[int, int]:
        """The first record, from 1, and how many at most."""
        is_unlimited = self.version == "3.0.0" and self.text("maxrecords").lower() == "unlimited"
        limit = LARGEST_PAGE if is_unlimited else min(self.number("maxrecords", PAGE, 0), LARGEST_PAGE)
        return self.number("startposition", 1, 1), limit

    @property
    def result_type(self) -> str:
        """``results``, ``hits`` to count only, or ``validate`` to be told that the request is a good one, which version 3 has not."""
        default = "results" if self.version == "3.0.0" else "hits"
        chosen_type = self.chosen("resulttype", _RESULT_TYPES, default)
        return "hits" if chosen_type == "validate" and self.version == "3.0.0" else chosen_type

    def check_types(self) -> None:
        """BadValue for a type of record that this catalogue has not."""
        for name in self.text("typenames").replace(",", " ").split() or self.text("typename").split():
            if name.rpartition(":")[2].lower() not in _TYPE_NAMES:
                raise BadValue(name="typeNames", value=name, expected=" | ".join(TYPES))


def request_of_pairs(pairs: Iterable[tuple[str, str]]) -> CswRequest:
    """The request that names and values make, names in any case."""
    parameters: dict[str, str] = {}
    for name, value in pairs:
        parameters.setdefault(name.lower(), value)
    operation = _operation(parameters.get("request", ""))
    version = _version(operation, parameters.get("acceptversions", ""), parameters.get("version", ""))
    service = parameters.get("service", "")
    if not service and version == "2.0.2":
        raise MissingValue(name="service")
    if service.upper() not in ("CSW", ""):
        raise BadValue(name="service", value=service, expected="CSW")
    if version == "3.0.0" and operation == "GetRecords":
        for name in _NOT_ASKED:
            if parameters.get(name, "").strip():
                raise BadValue(
                    name=name, value=parameters[name][:100], expected="q | bbox | time | recordIds | constraint"
                )
    return CswRequest(
        version,
        operation,
        parameters,
        all_of(*_conditions(parameters)),
        _order_of_text(parameters.get("sortby", "")),
        tuple(name.strip() for name in parameters.get("elementname", "").split(",") if name.strip()),
    )


def request_of_xml(body: bytes) -> CswRequest:
    """The request that a document makes; that of an envelope of SOAP is read within it."""
    root = xml_tree(body)
    if local(root) == "Envelope":
        root = next((part for holder in root if local(holder) == "Body" for part in holder), root)
    operation = _operation(local(root))
    spoken = "3.0.0" if namespace(root) == CSW30 else "2.0.2" if namespace(root) == CSW else ""
    parameters = {key.rpartition("}")[2].lower(): value for key, value in root.attrib.items()}
    accepted = ",".join(text_of(part) for part in root.iter() if local(part) == "Version")
    version = _version(operation, accepted, parameters.get("version", "") or spoken)
    for part in root:
        name = local(part).lower()
        if name != "query":
            parameters[name] = f"{parameters[name]},{text_of(part)}" if name in parameters else text_of(part)
    query = next((part for part in root if local(part) == "Query"), None)
    if query is None:
        return CswRequest(version, operation, parameters)
    return _with_query(version, operation, parameters, query)


def _with_query(version: str, operation: str, parameters: dict[str, str], query: Element) -> CswRequest:
    parameters["typenames"] = query.get("typeNames", "")
    conditions: list[Predicate] = []
    sort: tuple[tuple[str, bool], ...] = ()
    names: list[str] = []
    for part in query:
        match local(part):
            case "ElementSetName":
                parameters["elementsetname"] = text_of(part)
            case "ElementName":
                names.append(text_of(part))
            case "Constraint":
                conditions.extend(_constraint(part))
            case "SortBy":
                sort = tuple(_sort_property(row) for row in part if local(row) == "SortProperty")
    return CswRequest(version, operation, parameters, all_of(*conditions), sort, tuple(names))


def _constraint(element: Element) -> Iterable[Predicate]:
    for part in element:
        if local(part) == "Filter":
            yield fes.predicate_of(part)
        elif local(part) == "CqlText":
            yield predicate_of_text(text_of(part))


def _sort_property(element: Element) -> tuple[str, bool]:
    name = order = ""
    for part in element:
        if local(part) in ("PropertyName", "ValueReference"):
            name = text_of(part)
        elif local(part) == "SortOrder":
            order = text_of(part)
    return name, order.upper() in ("DESC", "D", "DESCENDING")


def _order_of_text(text: str) -> tuple[tuple[str, bool], ...]:
    """``dc:title:A,dct:modified:D`` of CSW 2, ``title ASC`` of Filter Encoding 2."""
    keys = []
    for part in (piece.strip() for piece in text.split(",")):
        if not part:
            continue
        name, _space, order = part.partition(" ")
        head, _colon, last = name.rpartition(":")
        if not order and head and last.upper() in ("A", "D", "ASC", "DESC"):
            name, order = head, last
        keys.append((name, order.strip().upper() in ("D", "DESC")))
    return tuple(keys[:5])


def _operation(name: str) -> str:
    if not name:
        raise MissingValue(name="request")
    for operation in OPERATIONS:
        if operation.lower() == name.lower():
            return operation
    raise UnknownOperation(name="request", value=name, expected=", ".join(OPERATIONS))


def _version(operation: str, accepted: str, stated: str) -> str:
    """The first of the versions that the client accepts; when it says nothing, the one that older clients speak."""
    for version in (part.strip() for part in accepted.split(",")):
        if version in VERSIONS:
            return version
    if accepted:
        raise UnknownVersion(name="acceptVersions", value=accepted, expected=", ".join(VERSIONS))
    if not stated:
        if operation != "GetCapabilities":
            raise MissingValue(name="version")
        return VERSIONS[0]
    for version in VERSIONS:
        if stated in (version, version.removesuffix(".0")):
            return version
    if operation == "GetCapabilities":  # a client that only states what it would like is told what there is
        return VERSIONS[0]
    raise UnknownVersion(name="version", value=stated, expected=", ".join(VERSIONS))


def _conditions(parameters: Mapping[str, str]) -> Iterable[Predicate]:
    if constraint := parameters.get("constraint", "").strip():
        language = parameters.get("constraintlanguage", "").strip().upper() or "CQL_TEXT"
        if language in ("FILTER", "FILTER_XML", "HTTP://WWW.OPENGIS.NET/FES/2.0/FILTER"):
            yield fes.predicate_of(xml_tree(constraint.encode()))
        elif language in ("CQL_TEXT", "CQLTEXT"):
            yield predicate_of_text(constraint)
        else:
            raise BadValue(name="constraintLanguage", value=language, expected="CQL_TEXT | FILTER")
    if words := parameters.get("q", "").split():
        yield all_of(*(Like("AnyText", f"%{word}%", escape="") for word in words[:20]))
    if box := parameters.get("bbox", "").strip():
        numbers = [part.strip() for part in box.split(",", 6)]
        system = numbers.pop() if len(numbers) == 5 else ""
        yield Spatial(Relation.INTERSECTS, box_of(numbers, system, "bbox"))
    if (period := parameters.get("time", "").strip()) and period.strip("/"):
        yield period_of(period, "time")
