"""Records as ``gmd:MD_Metadata``, ISO 19139 (schemas of 2007), as geocatalogues and the XSLT of GeoDCAT-AP read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from parvis.core.metadata import Term
from parvis.core.translation import gettext_noop, translate
from parvis.web.api.explore.dcat_terms import LANGUAGES
from parvis.web.geocatalogue.dublin_core import protocol_of
from parvis.web.geocatalogue.matching import DATASET
from parvis.web.geocatalogue.record import Link, Record
from parvis.web.geocatalogue.xml_writer import Xml, tag

NAMESPACE: Final = "http://www.isotc211.org/2005/gmd"
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
_BIBLIOGRAPHIC = {"fra": "fre", "deu": "ger", "nld": "dut", "eus": "baq"}
"""Codes of ISO 639-2 that have another one for catalogues, which INSPIRE wants."""
_TOPICS = {
    "administration": "society",
    "agriculture": "farming",
    "economie": "economy",
    "education": "society",
    "energie": "utilitiesCommunication",
    "environnement": "environment",
    "justice": "society",
    "population": "society",
    "sante": "health",
    "technologie": "utilitiesCommunication",
    "territoire": "planningCadastre",
    "transports": "transportation",
}
"""Theme → topic category of ISO 19115."""
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
_NO_LIMIT = "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations"
_WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
_OPEN = gettext_noop("Pas de restriction d’accès public")
_ON_REQUEST = gettext_noop("Accès sur demande au producteur")
_BY_ITS_CARD = gettext_noop("Selon la fiche du jeu de données")
_FUNCTIONS = {"page": "information", "document": "information", "explore": "search"}


def iso_record(record: Record, element_set: str = "full") -> Xml:
    """The record; ``brief`` and ``summary`` leave out how to get the data, which is what makes it long."""
    is_full = element_set == "full"
    return tag(
        "gmd:MD_Metadata",
        tag("gmd:fileIdentifier", _text(record.identifier)),
        tag("gmd:language", _code("LanguageCode", _language(record.language))),
        tag("gmd:characterSet", _code("MD_CharacterSetCode", "utf8")),
        tag("gmd:hierarchyLevel", _code("MD_ScopeCode", record.level)),
        tag("gmd:hierarchyLevelName", _text(record.level)),
        tag("gmd:contact", _party(record, "pointOfContact")),
        tag("gmd:dateStamp", _moment(record.modified)),
        tag("gmd:metadataStandardName", _text("ISO 19115:2003/19139")),
        tag("gmd:metadataStandardVersion", _text("1.0")),
        _system() if record.box else None,
        tag("gmd:identificationInfo", _identification(record)),
        tag("gmd:distributionInfo", _distribution(record)) if is_full else None,
        tag("gmd:dataQualityInfo", _quality(record)) if is_full else None,
        namespaces=("gmd", "gco", "gmx", "gml", "xlink"),
    )


def _language(letters: str) -> str:
    code = LANGUAGES.get(letters, "und").lower()
    return _BIBLIOGRAPHIC.get(code, code)


def _text(value: str) -> Xml:
    return tag("gco:CharacterString", value)


def _anchor(value: str, address: str) -> Xml:
    return tag("gmx:Anchor", value, attributes={"xlink:href": address}) if _is_web(address) else _text(value)


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def _code(name: str, value: str) -> Xml:
    table = "http://www.loc.gov/standards/iso639-2/" if name == "LanguageCode" else f"{_CODES}#{name}"
    return tag(f"gmd:{name}", value, attributes={"codeList": table, "codeListValue": value})


def _moment(text: str) -> Xml:
    return tag("gco:DateTime", text[:19]) if len(text) > 10 else tag("gco:Date", text)


def _party(record: Record, role: str) -> Xml:
    email = record.contact_email
    return tag(
        "gmd:CI_ResponsibleParty",
        tag("gmd:individualName", _text(record.contact_name)) if record.contact_name else None,
        tag("gmd:organisationName", _text(record.publisher)),
        tag(
            "gmd:contactInfo",
            tag(
                "gmd:CI_Contact",
                tag("gmd:address", tag("gmd:CI_Address", tag("gmd:electronicMailAddress", _text(email))))
                if email
                else None,
                tag(
                    "gmd:onlineResource",
                    tag("gmd:CI_OnlineResource", tag("gmd:linkage", tag("gmd:URL", record.publisher_page))),
                ),
            ),
        ),
        tag("gmd:role", _code("CI_RoleCode", role)),
    )


def _system() -> Xml:
    identifier = tag("gmd:RS_Identifier", tag("gmd:code", _anchor("EPSG:4326", _WGS84)))
    return tag(
        "gmd:referenceSystemInfo", tag("gmd:MD_ReferenceSystem", tag("gmd:referenceSystemIdentifier", identifier))
    )


def _identification(record: Record) -> Xml:
    topics = dict.fromkeys(_TOPICS[term.slug] for term in record.theme_terms if term.slug in _TOPICS)
    shape = "vector" if record.has_features else "textTable"
    return tag(
        "gmd:MD_DataIdentification",
        tag("gmd:citation", _citation(record)),
        tag("gmd:abstract", _text(record.abstract)),
        [tag("gmd:credit", _text(credit)) for credit in record.attributions],
        tag("gmd:pointOfContact", _party(record, "publisher")),
        tag("gmd:pointOfContact", _party(record, "pointOfContact")),
        _maintenance(record),
        list(_keywords(record)),
        list(_constraints(record)),
        tag("gmd:spatialRepresentationType", _code("MD_SpatialRepresentationTypeCode", shape)),
        tag("gmd:language", _code("LanguageCode", _language(record.language))),
        tag("gmd:characterSet", _code("MD_CharacterSetCode", "utf8")),
        [tag("gmd:topicCategory", tag("gmd:MD_TopicCategoryCode", topic)) for topic in topics],
        _extent(record),
    )


def _citation(record: Record) -> Xml:
    dates = (("creation", record.created), ("publication", record.issued), ("revision", record.modified))
    return tag(
        "gmd:CI_Citation",
        tag("gmd:title", _text(record.title)),
        [_date(day, kind) for kind, day in dates if day],
        [
            tag("gmd:identifier", tag("gmd:MD_Identifier", tag("gmd:code", _anchor(page, page))))
            for page in filter(None, (record.page, record.origin))
        ],
    )


def _date(day: str, kind: str) -> Xml:
    dated = tag("gmd:date", _moment(day)) if day else tag("gmd:date", attributes={"gco:nilReason": "unknown"})
    return tag("gmd:date", tag("gmd:CI_Date", dated, tag("gmd:dateType", _code("CI_DateTypeCode", kind))))


def _maintenance(record: Record) -> Xml | None:
    if not record.frequency:
        return None
    code = _code("MD_MaintenanceFrequencyCode", _FREQUENCIES[record.frequency])
    return tag(
        "gmd:resourceMaintenance",
        tag("gmd:MD_MaintenanceInformation", tag("gmd:maintenanceAndUpdateFrequency", code)),
    )


def _keywords(record: Record) -> Iterator[Xml]:
    if record.keywords:
        yield _word_list([_text(word) for word in record.keywords], "theme")
    terms: list[Term] = record.theme_terms
    if terms:
        yield _word_list([_anchor(term.label, term.uri) for term in terms], "theme", _thesaurus())
    if record.places:
        yield _word_list([_text(word.strip()) for word in record.places.split(",") if word.strip()], "place")


def _word_list(words: list[Xml], kind: str, thesaurus: Xml | None = None) -> Xml:
    return tag(
        "gmd:descriptiveKeywords",
        tag(
            "gmd:MD_Keywords",
            [tag("gmd:keyword", word) for word in words],
            tag("gmd:type", _code("MD_KeywordTypeCode", kind)),
            thesaurus,
        ),
    )


def _thesaurus() -> Xml:
    title = tag("gmd:title", _anchor("Data theme", _THEMES))
    return tag("gmd:thesaurusName", tag("gmd:CI_Citation", title, _date("2015-10-08", "publication")))


def _constraints(record: Record) -> Iterator[Xml]:
    others = _code("MD_RestrictionCode", "otherRestrictions")
    if record.licence:
        yield _legal(
            "useConstraints",
            others,
            [_anchor(record.licence, record.licence_address), *_address(record.licence_address)],
        )
    if record.is_open:
        limit = _anchor(translate(_OPEN, record.lang), _NO_LIMIT)
    else:
        limit = _text(translate(_ON_REQUEST, record.lang))
    yield _legal("accessConstraints", others, [limit])


def _address(address: str) -> list[Xml]:
    """Readers that know no anchors find the licence by its address."""
    return [_text(address)] if _is_web(address) else []


def _legal(name: str, code: Xml, others: list[Xml]) -> Xml:
    return tag(
        "gmd:resourceConstraints",
        tag(
            "gmd:MD_LegalConstraints",
            tag(f"gmd:{name}", code),
            [tag("gmd:otherConstraints", other) for other in others],
        ),
    )


def _extent(record: Record) -> Xml | None:
    start, end = record.period
    if not (record.places or record.box or start or end):
        return None
    return tag(
        "gmd:extent",
        tag(
            "gmd:EX_Extent",
            tag("gmd:description", _text(record.places)) if record.places else None,
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
        [
            tag("gmd:distributionFormat", tag("gmd:MD_Format", tag("gmd:name", _text(name)), version))
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
        tag("gmd:protocol", _text(protocol_of(link.kind))),
        tag("gmd:name", _text(link.name)),
        tag("gmd:description", _text(link.title)),
        tag("gmd:function", _code("CI_OnLineFunctionCode", _FUNCTIONS.get(link.kind, "download"))),
    )


def _quality(record: Record) -> Xml:
    is_geographic = record.level == DATASET
    lineage = record.source or record.publisher
    level_text = None
    if not is_geographic:
        described = tag("gmd:MD_ScopeDescription", tag("gmd:other", _text(record.level)))
        level_text = tag("gmd:levelDescription", described)
    return tag(
        "gmd:DQ_DataQuality",
        tag(
            "gmd:scope",
            tag("gmd:DQ_Scope", tag("gmd:level", _code("MD_ScopeCode", record.level)), level_text),
        ),
        _conformance(record),
        tag("gmd:lineage", tag("gmd:LI_Lineage", tag("gmd:statement", _text(lineage)))) if lineage else None,
    )


def _conformance(record: Record) -> Xml | None:
    """The specification that its card says it follows; the day of that specification is not known here."""
    if not record.conforms_to:
        return None
    title = tag("gmd:title", _anchor(record.conforms_to, record.conforms_to))
    specification = tag("gmd:CI_Citation", title, _date("", "publication"))
    return tag(
        "gmd:report",
        tag(
            "gmd:DQ_DomainConsistency",
            tag(
                "gmd:result",
                tag(
                    "gmd:DQ_ConformanceResult",
                    tag("gmd:specification", specification),
                    tag("gmd:explanation", _text(translate(_BY_ITS_CARD, record.lang))),
                    tag("gmd:pass", tag("gco:Boolean", "true")),
                ),
            ),
        ),
    )
