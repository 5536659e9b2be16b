"""What CSW says of itself: capabilities, the schema of records, the values of parameters; OWS exception reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from parvis.core.translation import SOURCE, languages
from parvis.web.geocatalogue import fes
from parvis.web.geocatalogue.csw_request import (
    ATOM,
    CSW,
    CSW30,
    DCAT,
    GMD,
    LARGEST_PAGE,
    MEDIA_TYPES,
    OPENSEARCH,
    TYPES,
    VERSIONS,
)
from parvis.web.geocatalogue.dublin_core import ELEMENT_SETS
from parvis.web.geocatalogue.iso_pieces import language_code
from parvis.web.geocatalogue.queryables import names_shown
from parvis.web.geocatalogue.xml_writer import Xml, tag

_XML_SCHEMA: Final = "http://www.w3.org/XML/Schema"
_SCHEMA_ADDRESSES = {
    "http://schemas.opengis.net/csw/2.0.2/record.xsd": CSW,
    "http://schemas.opengis.net/iso/19139/20070417/gmd/gmd.xsd": GMD,
}
_CLASSES_30: Final = (
    "GetCapabilities",
    "GetRecordById",
    "Filter-FES-KVP",
    "Filter-CQL",
    "OpenSearch",
)


@dataclass(frozen=True, slots=True)
class Portal:
    """What is told of who serves: the address of CSW, that of the portal, its name, its sentence, where to write."""

    address: str
    home: str
    name: str
    sentence: str
    email: str = ""
    changed: str = ""
    """The day when the catalogue last changed."""
    language: str = "fre"
    """The language of the answer, by the code of INSPIRE's services."""


@cache
def service_languages() -> dict[str, str]:
    """The languages of the service, the first by default, as its parameter ``LANGUAGE`` names them."""
    return {lang: language_code(lang) for lang in sorted(languages(), key=lambda lang: lang != SOURCE)}


def parameter_values(version: str) -> dict[str, dict[str, Sequence[str]]]:
    """The values that parameters take, by operation: told by capabilities and by ``GetDomain``."""
    schemas = (CSW30 if version == "3.0.0" else CSW, GMD, DCAT)
    records: dict[str, Sequence[str]] = {
        "outputSchema": schemas,
        "outputFormat": MEDIA_TYPES,
        "ElementSetName": ELEMENT_SETS,
    }
    sections = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Filter_Capabilities")
    domains = ("GetRecords.outputSchema", "GetRecords.ElementSetName", "GetRecords.resultType")
    described = {"typeName": TYPES, "outputFormat": MEDIA_TYPES, "schemaLanguage": (_XML_SCHEMA,)}
    return {
        "GetCapabilities": {
            "sections": sections,
            **({"acceptFormats": (*MEDIA_TYPES, OPENSEARCH)} if version == "3.0.0" else {}),
        },
        **({} if version == "3.0.0" else {"DescribeRecord": described}),  # version 3 has it no more
        "GetDomain": {"ParameterName": domains},
        "GetRecords": {
            "typeNames": TYPES,
            "resultType": ("hits", "results"),
            "CONSTRAINTLANGUAGE": ("CQL_TEXT", "FILTER"),
            **records,
            **({"outputFormat": (*MEDIA_TYPES, ATOM)} if version == "3.0.0" else {}),
        },
        "GetRecordById": dict(records),
    }


def capabilities(portal: Portal, version: str, sections: Iterable[str] = ()) -> Xml:
    """The document; ``sections`` are those asked for, all of them by default."""
    is_new = version == "3.0.0"
    ows, csw = ("ows20", "csw30") if is_new else ("ows", "csw")
    chosen = {section.lower() for section in sections} - {"all"}
    parts = {
        "serviceidentification": _identification(portal, ows),
        "serviceprovider": _provider(portal, ows),
        "operationsmetadata": _operations(portal, version, ows),
        "filter_capabilities": _filters_20() if is_new else _filters_11(),
    }
    shown = [part for name, part in parts.items() if not chosen or name in chosen or name == "filter_capabilities"]
    return tag(
        f"{csw}:Capabilities",
        shown,
        attributes={"version": version, "xmlns:gml": "http://www.opengis.net/gml"},
        namespaces=(csw, ows, *(("fes", "ows11") if is_new else ("ogc",)), "gmd", "xlink"),
    )


def _identification(portal: Portal, ows: str) -> Xml:
    return tag(
        f"{ows}:ServiceIdentification",
        tag(f"{ows}:Title", portal.name),
        tag(f"{ows}:Abstract", portal.sentence),
        tag(f"{ows}:ServiceType", "CSW", attributes={"codeSpace": "OGC"}),
        [tag(f"{ows}:ServiceTypeVersion", version) for version in VERSIONS],
        tag(f"{ows}:Fees", "none"),
        tag(f"{ows}:AccessConstraints", "none"),
    )


def _provider(portal: Portal, ows: str) -> Xml:
    address = tag(f"{ows}:Address", tag(f"{ows}:ElectronicMailAddress", portal.email)) if portal.email else None
    return tag(
        f"{ows}:ServiceProvider",
        tag(f"{ows}:ProviderName", portal.name),
        tag(f"{ows}:ProviderSite", attributes={"xlink:type": "simple", "xlink:href": portal.home}),
        tag(f"{ows}:ServiceContact", tag(f"{ows}:ContactInfo", address) if address else None),
    )


def _operations(portal: Portal, version: str, ows: str) -> Xml:
    rows = [_operation(portal, ows, name, values) for name, values in parameter_values(version).items()]
    shared = [
        _listed(ows, "Parameter", "service", ("CSW",)),
        _listed(ows, "Parameter", "version", VERSIONS),
        _listed(ows, "Constraint", "PostEncoding", ("XML",)),
        _listed(ows, "Constraint", "MaxRecordDefault", (str(LARGEST_PAGE),)),
    ]
    if version == "3.0.0":
        shared += [
            _listed(ows, "Constraint", f"http://www.opengis.net/spec/csw/3.0/conf/{name}", ("TRUE",))
            for name in _CLASSES_30
        ]
    return tag(f"{ows}:OperationsMetadata", rows, shared, None if version == "3.0.0" else _inspire(portal))


def _inspire(portal: Portal) -> Xml | None:
    """What INSPIRE's discovery services say besides (its schemas inspire_ds and common 1.0, which follow CSW 2.0.2)."""
    if not (portal.email and portal.changed):
        return None  # nothing is valid without somebody to write to
    codes = [tag("inspire_common:Language", code) for code in service_languages().values()]
    specification = tag(
        "inspire_common:Specification",
        tag("inspire_common:Title", _NETWORK_SERVICES),
        tag("inspire_common:DateOfPublication", "2009-10-20"),
        tag("inspire_common:URI", "http://data.europa.eu/eli/reg/2009/976"),
    )
    return tag(
        "inspire_ds:ExtendedCapabilities",
        tag(
            "inspire_common:ResourceLocator",
            tag("inspire_common:URL", f"{portal.address}?service=CSW&version=2.0.2&request=GetCapabilities"),
            tag("inspire_common:MediaType", "application/xml"),
        ),
        tag("inspire_common:ResourceType", "service"),
        tag("inspire_common:TemporalReference", tag("inspire_common:DateOfLastRevision", portal.changed)),
        tag("inspire_common:Conformity", specification, tag("inspire_common:Degree", "notEvaluated")),
        tag(
            "inspire_common:MetadataPointOfContact",
            tag("inspire_common:OrganisationName", portal.name),
            tag("inspire_common:EmailAddress", portal.email),
        ),
        tag("inspire_common:MetadataDate", portal.changed),
        tag("inspire_common:SpatialDataServiceType", "discovery"),
        tag("inspire_common:MandatoryKeyword", tag("inspire_common:KeywordValue", "infoCatalogueService")),
        tag(
            "inspire_common:SupportedLanguages",
            tag("inspire_common:DefaultLanguage", codes[0]),
            [tag("inspire_common:SupportedLanguage", code) for code in codes],
        ),
        tag("inspire_common:ResponseLanguage", tag("inspire_common:Language", portal.language)),
        namespaces=("inspire_ds", "inspire_common"),
    )


_NETWORK_SERVICES: Final = (
    "Règlement (CE) n° 976/2009 de la Commission du 19 octobre 2009 portant modalités d’application de la directive 2007/2/CE "
    "en ce qui concerne les services en réseau"
)


def _operation(portal: Portal, ows: str, name: str, values: Mapping[str, Sequence[str]]) -> Xml:
    address = {"xlink:type": "simple", "xlink:href": portal.address}
    ways = tag(f"{ows}:HTTP", tag(f"{ows}:Get", attributes=address), tag(f"{ows}:Post", attributes=address))
    parameters = [_listed(ows, "Parameter", parameter, listed) for parameter, listed in values.items()]
    constraints = []
    if name == "GetRecords":
        constraints = [
            _listed(ows, "Constraint", "SupportedDublinCoreQueryables", names_shown(iso=False)),
            _listed(ows, "Constraint", "AdditionalQueryables", names_shown(iso=True)),
        ]
    return tag(f"{ows}:Operation", tag(f"{ows}:DCP", ways), parameters, constraints, attributes={"name": name})


def _listed(ows: str, kind: str, name: str, values: Iterable[str]) -> Xml:
    written = [tag(f"{ows}:Value", value) for value in values]
    if ows == "ows20":
        return tag(f"{ows}:{kind}", tag(f"{ows}:AllowedValues", written), attributes={"name": name})
    return tag(f"{ows}:{kind}", written, attributes={"name": name})


_COMPARED_11 = {
    "PropertyIsEqualTo": "EqualTo",
    "PropertyIsNotEqualTo": "NotEqualTo",
    "PropertyIsLessThan": "LessThan",
    "PropertyIsGreaterThan": "GreaterThan",
    "PropertyIsLessThanOrEqualTo": "LessThanEqualTo",
    "PropertyIsGreaterThanOrEqualTo": "GreaterThanEqualTo",
    "PropertyIsLike": "Like",
    "PropertyIsNull": "NullCheck",
    "PropertyIsBetween": "Between",
}


def _filters_11() -> Xml:
    return tag(
        "ogc:Filter_Capabilities",
        tag(
            "ogc:Spatial_Capabilities",
            tag("ogc:GeometryOperands", tag("ogc:GeometryOperand", "gml:Envelope")),
            tag(
                "ogc:SpatialOperators", [tag("ogc:SpatialOperator", attributes={"name": name}) for name in fes.SPATIAL]
            ),
        ),
        tag(
            "ogc:Scalar_Capabilities",
            tag("ogc:LogicalOperators"),
            tag(
                "ogc:ComparisonOperators",
                [tag("ogc:ComparisonOperator", _COMPARED_11[name]) for name in fes.COMPARISONS],
            ),
        ),
        tag("ogc:Id_Capabilities", tag("ogc:EID"), tag("ogc:FID")),
    )


def _filters_20() -> Xml:
    def constraint(name: str, value: str) -> Xml:
        default = tag("ows11:DefaultValue", value)  # Filter Encoding 2.0 keeps to that version of OWS Common
        return tag("fes:Constraint", tag("ows11:NoValues"), default, attributes={"name": name})

    claims = {
        "ImplementsQuery": "TRUE",
        "ImplementsAdHocQuery": "TRUE",
        "ImplementsFunctions": "FALSE",
        "ImplementsResourceId": "TRUE",
        "ImplementsMinStandardFilter": "TRUE",
        "ImplementsStandardFilter": "TRUE",
        "ImplementsMinSpatialFilter": "TRUE",
        "ImplementsSpatialFilter": "FALSE",
        "ImplementsMinTemporalFilter": "FALSE",
        "ImplementsTemporalFilter": "FALSE",
        "ImplementsVersionNav": "FALSE",
        "ImplementsSorting": "TRUE",
        "ImplementsExtendedOperators": "FALSE",
    }
    return tag(
        "fes:Filter_Capabilities",
        tag("fes:Conformance", [constraint(name, value) for name, value in claims.items()]),
        tag("fes:Id_Capabilities", tag("fes:ResourceIdentifier", attributes={"name": "csw30:id"})),
        tag(
            "fes:Scalar_Capabilities",
            tag("fes:LogicalOperators"),
            tag(
                "fes:ComparisonOperators",
                [tag("fes:ComparisonOperator", attributes={"name": name}) for name in fes.COMPARISONS],
            ),
        ),
        tag(
            "fes:Spatial_Capabilities",
            tag("fes:GeometryOperands", tag("fes:GeometryOperand", attributes={"name": "gml:Envelope"})),
            tag(
                "fes:SpatialOperators", [tag("fes:SpatialOperator", attributes={"name": name}) for name in fes.SPATIAL]
            ),
        ),
    )


def record_schemas() -> Xml:
    """The answer of ``DescribeRecord``: where the official schemas of both types of records are."""
    components = []
    for address, target in _SCHEMA_ADDRESSES.items():
        schema = tag(
            "xs:schema",
            tag("xs:include", attributes={"schemaLocation": address}),
            attributes={"xmlns:xs": _XML_SCHEMA, "targetNamespace": target},
        )
        described = {"schemaLanguage": _XML_SCHEMA, "targetNamespace": target}
        components.append(tag("csw:SchemaComponent", schema, attributes=described))
    return tag("csw:DescribeRecordResponse", components, namespaces=("csw",))


def domain(version: str, rows: Iterable[tuple[str, str, Sequence[str]]]) -> Xml:
    """The answer of ``GetDomain``: for each name, whether it is a parameter or a property, and its values."""
    csw = "csw30" if version == "3.0.0" else "csw"
    more = {"resultType": "available"} if version == "3.0.0" else {}
    values = [
        tag(
            f"{csw}:DomainValues",
            tag(f"{csw}:{kind}", name),
            tag(f"{csw}:ListOfValues", [tag(f"{csw}:Value", value) for value in listed]) if listed else None,
            attributes={"type": f"{csw}:Record", **more},
        )
        for kind, name, listed in rows
    ]
    return tag(f"{csw}:GetDomainResponse", values, namespaces=(csw,))


def exception_report(version: str, code: str, locator: str, text: str) -> Xml:
    """An error, as OWS Common writes it."""
    ows, number = ("ows20", "2.0.0") if version == "3.0.0" else ("ows", "1.0.0")
    exception = tag(
        f"{ows}:Exception",
        tag(f"{ows}:ExceptionText", text),
        attributes={"exceptionCode": code, "locator": locator or None},
    )
    return tag(f"{ows}:ExceptionReport", exception, attributes={"version": number}, namespaces=(ows,))
