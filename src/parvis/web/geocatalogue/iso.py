"""Records as ``gmd:MD_Metadata``, ISO 19139 (schemas of 2007), as geocatalogues and the XSLT of GeoDCAT-AP read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from parvis.core.inspire.vocabulary import LIMIT_BY_SLUG, TOPIC_OF_OUR_THEME
from parvis.core.metadata import Term
from parvis.core.translation import gettext_noop, translate
from parvis.web.geocatalogue import iso_inspire
from parvis.web.geocatalogue.dublin_core import protocol_of
from parvis.web.geocatalogue.iso_languages import free_text, locales
from parvis.web.geocatalogue.iso_pieces import (
    CODES,
    anchored,
    coded,
    dated,
    is_web,
    language_code,
    legal,
    moment,
    thesaurus,
    word_list,
    written,
)
from parvis.web.geocatalogue.matching import NO_PLACE
from parvis.web.geocatalogue.record import Link, Record
from parvis.web.geocatalogue.service_record import ServiceRecord
from parvis.web.geocatalogue.xml_writer import Xml, tag

NAMESPACE: Final = "http://www.isotc211.org/2005/gmd"
_FREQUENCIES = {
    "continuous": "continual",
    "daily": "daily",
    "weekly": "weekly",
    "monthly": "monthly",
    "quarterly": "quarterly",
    "biannual": "biannually",
    "annual": "annually",
    "irregular": "irregular",
    "never": "notPlanned",
    "unknown": "unknown",
}
_THEMES = "http://publications.europa.eu/resource/authority/data-theme"
_ON_REQUEST = gettext_noop("Accès sur demande au producteur")
_BY_ITS_CARD = gettext_noop("Selon la fiche du jeu de données")
_FUNCTIONS = {
    "page": "information",
    "document": "information",
    "documentation": "information",
    "description": "information",
    "explore": "search",
}


def iso_record(record: Record, element_set: str = "full") -> Xml:
    """The record; ``brief`` and ``summary`` leave out how to get the data, which is what makes it long."""
    is_full, is_service = element_set == "full", isinstance(record, ServiceRecord)
    identification = _service_identification(record) if isinstance(record, ServiceRecord) else _identification(record)
    return tag(
        "gmd:MD_Metadata",
        tag("gmd:fileIdentifier", written(record.identifier)),
        tag("gmd:language", coded("LanguageCode", language_code(record.language))),
        tag("gmd:characterSet", coded("MD_CharacterSetCode", "utf8")),
        tag("gmd:hierarchyLevel", coded("MD_ScopeCode", record.level)),
        tag("gmd:hierarchyLevelName", written(record.level)),
        tag("gmd:contact", _metadata_contact(record)),
        tag("gmd:dateStamp", moment(record.inspire.get("metadata_date") or record.modified)),
        tag("gmd:metadataStandardName", written("ISO 19115:2003/19139")),
        tag("gmd:metadataStandardVersion", written("1.0")),
        list(locales(record)),
        _system(record),
        tag("gmd:identificationInfo", identification),
        tag("gmd:distributionInfo", _distribution(record)) if is_full else None,
        tag("gmd:dataQualityInfo", _quality(record)) if is_full else None,
        namespaces=("gmd", "gco", "gmx", "gml", *(("srv",) if is_service else ()), "xlink", "xsi"),
    )


def _party(record: Record, role: str) -> Xml:
    return _responsible(record.contact_name, record.publisher, record.contact_email, record.publisher_page, role)


def _metadata_contact(record: Record) -> Xml:
    block = record.inspire
    name, email = block.get("metadata_contact"), block.get("metadata_email")
    if not (name or email):
        return _party(record, "pointOfContact")
    return _responsible("", name or record.publisher, email or record.contact_email, "", "pointOfContact")


def _parties(record: Record) -> Iterator[Xml]:
    """Who answers for the data: whom INSPIRE is told first, since readers of one party alone take the first."""
    block = record.inspire
    if block.get("party"):
        role = block.get("party_role") or "pointOfContact"
        yield _responsible("", block["party"], block.get("party_email", ""), "", role)
    yield _party(record, "publisher")
    yield _party(record, "pointOfContact")


def _responsible(person: str, organisation: str, email: str, page: str, role: str) -> Xml:
    return tag(
        "gmd:CI_ResponsibleParty",
        tag("gmd:individualName", written(person)) if person else None,
        tag("gmd:organisationName", written(organisation)),
        tag(
            "gmd:contactInfo",
            tag(
                "gmd:CI_Contact",
                tag("gmd:address", tag("gmd:CI_Address", tag("gmd:electronicMailAddress", written(email))))
                if email
                else None,
                tag("gmd:onlineResource", tag("gmd:CI_OnlineResource", tag("gmd:linkage", tag("gmd:URL", page))))
                if page
                else None,
            ),
        ),
        tag("gmd:role", coded("CI_RoleCode", role)),
    )


def _system(record: Record) -> Xml | None:
    """The system that the card names, else that in which rows with places are served."""
    name = record.inspire.get("crs") or ("EPSG:4326" if record.box else "")
    if not name:
        return None
    epsg, _colon, number = name.partition(":")
    address = f"http://www.opengis.net/def/crs/EPSG/0/{number}" if epsg == "EPSG" and number.isdigit() else name
    identifier = tag("gmd:RS_Identifier", tag("gmd:code", anchored(name, address)))
    return tag(
        "gmd:referenceSystemInfo", tag("gmd:MD_ReferenceSystem", tag("gmd:referenceSystemIdentifier", identifier))
    )


def _identification(record: Record) -> Xml:
    slugs = (term.slug for term in record.theme_terms)
    topics = record.inspire.get("topics") or dict.fromkeys(
        TOPIC_OF_OUR_THEME[slug] for slug in slugs if slug in TOPIC_OF_OUR_THEME
    )
    shape = "vector" if record.has_features else "textTable"
    return tag(
        "gmd:MD_DataIdentification",
        tag("gmd:citation", _citation(record)),
        free_text("gmd:abstract", record, "description", record.abstract),
        [tag("gmd:credit", written(credit)) for credit in record.attributions],
        [tag("gmd:pointOfContact", party) for party in _parties(record)],
        _maintenance(record),
        list(_keywords(record)),
        list(_constraints(record)),
        tag("gmd:spatialRepresentationType", coded("MD_SpatialRepresentationTypeCode", shape)),
        list(iso_inspire.resolutions(record.inspire)),
        tag("gmd:language", coded("LanguageCode", language_code(record.language))),
        tag("gmd:characterSet", coded("MD_CharacterSetCode", "utf8")),
        [tag("gmd:topicCategory", tag("gmd:MD_TopicCategoryCode", topic)) for topic in topics],
        _extent(record),
    )


def _service_identification(record: ServiceRecord) -> Xml:
    """ISO 19119: what sort of service it is, where it is asked, of which datasets."""
    kind, version = record.service_card.kind, record.service_card.version
    coupled = list(record.coupled())
    return tag(
        "srv:SV_ServiceIdentification",
        tag("gmd:citation", _citation(record)),
        tag("gmd:abstract", written(record.abstract)),
        tag("gmd:pointOfContact", _party(record, "publisher")),
        tag("gmd:pointOfContact", _party(record, "pointOfContact")),
        list(_keywords(record)),
        list(_constraints(record)),
        tag("srv:serviceType", tag("gco:LocalName", kind.iso_type)),
        tag("srv:serviceTypeVersion", written(version)) if version else None,
        _extent(record, "srv:extent"),
        [_coupled(record, identifier) for identifier, _page in coupled],
        tag("srv:couplingType", _service_code("SV_CouplingType", "tight" if coupled else "loose")),
        tag("srv:containsOperations", _operation(record)),
        [tag("srv:operatesOn", attributes={"uuidref": name, "xlink:href": page}) for name, page in coupled],
    )


def _coupled(record: ServiceRecord, identifier: str) -> Xml:
    resource = tag(
        "srv:SV_CoupledResource",
        tag("srv:operationName", written(record.operation)),
        tag("srv:identifier", written(identifier)),
    )
    return tag("srv:coupledResource", resource)


def _operation(record: ServiceRecord) -> Xml:
    points = [tag("srv:connectPoint", _online(link)) for link in record.links() if link.kind == "service"]
    return tag(
        "srv:SV_OperationMetadata",
        tag("srv:operationName", written(record.operation)),
        tag("srv:DCP", _service_code("DCPList", "WebServices")),
        points or tag("srv:connectPoint", attributes={"gco:nilReason": "unknown"}),
    )


def _service_code(name: str, value: str) -> Xml:
    return tag(f"srv:{name}", value, attributes={"codeList": f"{CODES}#{name}", "codeListValue": value})


def _citation(record: Record) -> Xml:
    dates = (("creation", record.created), ("publication", record.issued), ("revision", record.modified))
    return tag(
        "gmd:CI_Citation",
        free_text("gmd:title", record, "title", record.title),
        [dated(day, kind) for kind, day in dates if day],
        tag("gmd:identifier", _resource_identifier(record)),
        tag("gmd:identifier", tag("gmd:MD_Identifier", tag("gmd:code", anchored(record.origin, record.origin))))
        if record.origin
        else None,
    )


def _resource_identifier(record: Record) -> Xml:
    block = record.inspire
    if not block.get("code"):
        return tag("gmd:MD_Identifier", tag("gmd:code", anchored(record.page, record.page)))
    space = block.get("namespace")
    return tag(
        "gmd:RS_Identifier",
        tag("gmd:code", written(block["code"])),
        tag("gmd:codeSpace", written(space)) if space else None,
    )


def _maintenance(record: Record) -> Xml | None:
    note = record.inspire.get("maintenance")
    if not (record.frequency or note):
        return None
    code = coded("MD_MaintenanceFrequencyCode", _FREQUENCIES[record.frequency or "unknown"])
    return tag(
        "gmd:resourceMaintenance",
        tag(
            "gmd:MD_MaintenanceInformation",
            tag("gmd:maintenanceAndUpdateFrequency", code),
            tag("gmd:maintenanceNote", written(note)) if note else None,
        ),
    )


def _keywords(record: Record) -> Iterator[Xml]:
    if themes := iso_inspire.themes(record.inspire, record.lang):
        yield themes
    # In the language that the record says it is in, as its title, whatever that of the answer.
    if keywords := record.own_words.get("keywords") or record.keywords:
        yield word_list([written(word) for word in keywords], "theme")
    terms: list[Term] = record.theme_terms
    if terms:
        words = [anchored(term.label, term.uri) for term in terms]
        yield word_list(words, "theme", thesaurus("Data theme", _THEMES, "2015-10-08"))
    if record.places:
        yield word_list([written(word.strip()) for word in record.places.split(",") if word.strip()], "place")


def _constraints(record: Record) -> Iterator[Xml]:
    others = coded("MD_RestrictionCode", "otherRestrictions")
    if record.licence:
        yield legal(
            "useConstraints",
            others,
            [anchored(record.licence, record.licence_address), *_address(record.licence_address)],
        )
    if conditions := record.inspire.get("conditions"):
        yield legal("useConstraints", others, [written(conditions)])
    own = (
        [written(record.service_card.terms)] if isinstance(record, ServiceRecord) and record.service_card.terms else []
    )
    yield legal("accessConstraints", others, [*_limits(record), *own])


def _limits(record: Record) -> Iterator[Xml]:
    """Why access is limited, in INSPIRE's words first, then in those of French law and of the card."""
    for slug in record.limits:
        yield anchored(translate(LIMIT_BY_SLUG[slug].label, record.lang), LIMIT_BY_SLUG[slug].uri)
    for closure in record.closures:
        yield anchored(f"{translate(closure.label, record.lang)} ({closure.article})", closure.url)
    if record.closure_note:
        yield written(record.closure_note)
    if not record.is_open:
        yield written(translate(_ON_REQUEST, record.lang))


def _address(address: str) -> list[Xml]:
    """Readers that know no anchors find the licence by its address."""
    return [written(address)] if is_web(address) else []


def _extent(record: Record, name: str = "gmd:extent") -> Xml | None:
    start, end = record.period
    if not (record.places or record.box or start or end):
        return None
    return tag(
        name,
        tag(
            "gmd:EX_Extent",
            tag("gmd:description", written(record.places)) if record.places else None,
            _rectangle(record),
            _period(record) if start or end else None,
        ),
    )


def _rectangle(record: Record) -> Xml | None:
    if record.box is None:
        return None
    west, south, east, north = record.box
    edges = (
        ("westBoundLongitude", west),
        ("eastBoundLongitude", east),
        ("southBoundLatitude", south),
        ("northBoundLatitude", north),
    )
    return tag(
        "gmd:geographicElement",
        tag(
            "gmd:EX_GeographicBoundingBox",
            [tag(f"gmd:{name}", tag("gco:Decimal", f"{degrees:.6f}")) for name, degrees in edges],
        ),
    )


def _period(record: Record) -> Xml:
    start, end = record.period
    period = tag(
        "gml:TimePeriod",
        _edge("beginPosition", start),
        _edge("endPosition", end),
        attributes={"gml:id": f"period-{record.identifier}"},
    )
    return tag("gmd:temporalElement", tag("gmd:EX_TemporalExtent", tag("gmd:extent", period)))


def _edge(name: str, day: str) -> Xml:
    return tag(f"gml:{name}", day or None, attributes=None if day else {"indeterminatePosition": "unknown"})


def _distribution(record: Record) -> Xml:
    links = list(record.links())
    formats = dict.fromkeys(link.title for link in links if link.kind == "file")
    version = tag("gmd:version", attributes={"gco:nilReason": "inapplicable"})
    return tag(
        "gmd:MD_Distribution",
        iso_inspire.encoding(record.inspire),
        [
            tag("gmd:distributionFormat", tag("gmd:MD_Format", tag("gmd:name", written(name)), version))
            for name in formats
        ],
        tag(
            "gmd:transferOptions",
            tag("gmd:MD_DigitalTransferOptions", [tag("gmd:onLine", _online(link)) for link in links]),
        ),
    )


def _online(link: Link) -> Xml:
    return tag(
        "gmd:CI_OnlineResource",
        tag("gmd:linkage", tag("gmd:URL", link.address)),
        tag("gmd:protocol", written(protocol_of(link))),
        tag("gmd:name", written(link.name)),
        tag("gmd:description", written(link.title)),
        tag("gmd:function", coded("CI_OnLineFunctionCode", _FUNCTIONS.get(link.kind, "download"))),
    )


def _quality(record: Record) -> Xml:
    is_geographic = record.level != NO_PLACE
    lineage = record.inspire.get("lineage") or record.source or record.publisher
    level_text = None
    if not is_geographic:
        described = tag("gmd:MD_ScopeDescription", tag("gmd:other", written(record.level)))
        level_text = tag("gmd:levelDescription", described)
    return tag(
        "gmd:DQ_DataQuality",
        tag(
            "gmd:scope",
            tag("gmd:DQ_Scope", tag("gmd:level", coded("MD_ScopeCode", record.level)), level_text),
        ),
        iso_inspire.conformity(record.inspire),
        _conformance(record),
        tag("gmd:lineage", tag("gmd:LI_Lineage", tag("gmd:statement", written(lineage)))) if lineage else None,
    )


def _conformance(record: Record) -> Xml | None:
    """The specification that its card says it follows; the day of that specification is not known here."""
    if not record.conforms_to:
        return None
    title = anchored(record.conforms_to, record.conforms_to)
    return iso_inspire.report(title, "", translate(_BY_ITS_CARD, record.lang), tag("gco:Boolean", "true"))
