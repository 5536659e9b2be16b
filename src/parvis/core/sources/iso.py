"""A metadata record of ISO 19139 (``gmd:MD_Metadata``) or ISO 19115-3 (``mdb:MD_Metadata``), or of Dublin Core (``csw:Record``), as an item.

Elements are sought by local name, which both encodings of ISO share but for a few.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from parvis.core.sources.answers import descend, first_text, local
from parvis.core.sources.contract import Item, Resource
from parvis.core.sources.iso_inspire import block_of
from parvis.core.sources.iso_parts import code_at, links_at, text_at, texts_at
from parvis.core.sources.online import DATA_PROTOCOL, OWN_PAGE, PICTURE, ROLES, with_layer
from parvis.core.sources.origins import is_page
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import (
    Box,
    address,
    box,
    box_number,
    email,
    extension,
    keywords,
    moment,
    plain,
    resource,
    resources,
    short,
    stable,
)
from parvis.core.sources.vocabulary import format_of, frequency_of, language_of, licence_slug, service_of, theme_slug

DATA_LEVELS: Final = frozenset({"", "dataset", "series", "nonGeographicDataset", "tile", "feature", "featureType"})
_PARTIES = ("CI_ResponsibleParty", "CI_Responsibility")
_PAPERS: Final = frozenset({"html", "htm", "pdf", "doc", "docx", "odt", "txt"})
_WFS_FORMAT = re.compile(r"[?&]outputformat=([^&]+)", re.IGNORECASE)
_RESTRICTIONS = {
    "otherRestrictions",
    "license",
    "copyright",
    "restricted",
    "intellectualPropertyRights",
    "unrestricted",
}
_LICENCE_CODES = {"license", "licence", "licenceUnrestricted", "licenceEndUser"}


def is_record(element: Element) -> bool:
    """True for the root of a record that ``item_of`` reads."""
    return local(element) in ("MD_Metadata", "MI_Metadata", "Record", "SummaryRecord", "BriefRecord")


def identifier_of(record: Element) -> str:
    """The identifier of the record, which stays when the catalogue moves."""
    if not local(record).startswith("M"):
        return first_text(record, "identifier")
    return text_at(record, "fileIdentifier") or text_at(record, "metadataIdentifier", "MD_Identifier", "code")


def level_of(record: Element) -> str:
    """What the record describes: dataset, series, service…; empty when it says nothing."""
    if not local(record).startswith("M"):
        return first_text(record, "type").rpartition("/")[2]
    return code_at(record, "hierarchyLevel", "MD_ScopeCode") or code_at(
        record, "metadataScope", "MD_MetadataScope", "resourceScope", "MD_ScopeCode"
    )


def item_of(record: Element, home: str) -> Item:
    """All that the card has a place for; ``home`` is the address of the catalogue."""
    return _Record(record, home).item() if local(record).startswith("M") else _dublin(record, home)


class _Record:
    def __init__(self, record: Element, home: str) -> None:
        self.record, self.home = record, home
        self.about = next(
            (
                part
                for kind in ("MD_DataIdentification", "SV_ServiceIdentification", "*")
                for part in descend(record, "identificationInfo", kind)
            ),
            None,
        )
        self.citation = next(descend(self.about, "citation", "CI_Citation"), None)

    def item(self) -> Item:
        about, citation = self.about, self.citation
        identifier = identifier_of(self.record)
        publisher, publisher_email = self._party()
        start, end = self._period()
        data, links = self._online()
        words, themes, places = self._keywords()
        dates = self._dates()
        return Item(
            identifier=stable(identifier, self.home),
            title=short(text_at(citation, "title")),
            description=plain(text_at(about, "abstract")),
            landing_page=first_of(
                [*(link for link in links if OWN_PAGE.search(link) and "getrecord" not in link.lower())]
            ),
            publisher=publisher,
            contact_name=short(self._contact()),
            contact_email=publisher_email,
            licence=self._licence(),
            frequency=self._frequency(),
            keywords=keywords(words),
            themes=keywords(themes),
            spatial=keywords([*places, *texts_at(about, "extent", "EX_Extent", "description")]),
            bbox=self._box(),
            temporal_start=start,
            temporal_end=end,
            issued=first_of([dates.get("publication", ""), dates.get("creation", "")]),
            modified=first_of([dates.get("revision", ""), self._stamp()]),
            language=language_of(self._language()),
            conforms_to=keywords(text for text in texts_at(self.record, *_SPECIFICATION) if not text.startswith("--")),
            resources=resources(data),
            extras=self._extras(links),
        )

    def _party(self) -> tuple[str, str]:
        """The organisation that publishes, by role in the order of ``ROLES``, and an address to write to."""
        parties: dict[str, tuple[str, str]] = {}
        places = [*descend(self.about, "pointOfContact"), *descend(self.citation, "citedResponsibleParty")]
        for place in [*places, *descend(self.record, "contact")]:
            for party in (part for name in _PARTIES for part in descend(place, name)):
                role = code_at(party, "role", "CI_RoleCode")
                name = first_of(
                    [text_at(party, "organisationName"), text_at(party, "party", "CI_Organisation", "name")]
                )
                mail = first_of(
                    email(
                        text_at(
                            party, *way, "contactInfo", "CI_Contact", "address", "CI_Address", "electronicMailAddress"
                        )
                    )
                    for way in (
                        (),
                        ("party", "CI_Organisation"),
                        ("party", "CI_Organisation", "individual", "CI_Individual"),
                    )
                )
                if name or mail:
                    parties.setdefault(role, (short(name), mail))
        ordered = [parties[role] for role in ROLES if role in parties] + list(parties.values())
        contact = parties.get("pointOfContact", ("", ""))
        return first_of(name for name, _ in ordered), first_of([contact[1], *(mail for _, mail in ordered)])

    def _contact(self) -> str:
        return first_of(
            text
            for place in [*descend(self.about, "pointOfContact"), *descend(self.record, "contact")]
            for party in _PARTIES
            for way in (
                ("individualName",),
                ("party", "CI_Individual", "name"),
                ("party", "CI_Organisation", "individual", "CI_Individual", "name"),
                ("positionName",),
                ("organisationName",),
                ("party", "CI_Organisation", "name"),
            )
            if (text := text_at(place, party, *way))
        )

    def _keywords(self) -> tuple[list[str], list[str], list[str]]:
        words: list[str] = []
        themes = [theme_slug(code) for code in texts_at(self.about, "topicCategory", "MD_TopicCategoryCode")]
        places: list[str] = []
        for group in descend(self.about, "descriptiveKeywords", "MD_Keywords"):
            listed = texts_at(group, "keyword")
            if code_at(group, "type", "MD_KeywordTypeCode") == "place":
                places += listed
                continue
            words += listed
            if "inspire" in text_at(group, "thesaurusName", "CI_Citation", "title").lower():
                themes += [theme_slug(word) for word in [*listed, *links_at(group, "keyword")]]
        return words, [theme for theme in themes if theme], places

    def _licence(self) -> str:
        """The licence that constraints name, by address or in words; their words when they are no limit of access."""
        words: list[str] = []
        rest: list[str] = []
        for constraints in descend(self.about, "resourceConstraints", "*"):
            codes = {
                code_at(part) or part.get("codeListValue", "") for part in descend(constraints, "useConstraints", "*")
            }
            links = [*links_at(constraints, "otherConstraints"), *links_at(constraints, "useLimitation")]
            texts = [*texts_at(constraints, "otherConstraints"), *texts_at(constraints, "useLimitation")]
            words += [*links, *texts]
            if codes & _LICENCE_CODES:
                rest += [
                    text for text in texts if re.search(r"licen[cs]|utilisation|\bCGU\b|\buse\b", text, re.IGNORECASE)
                ]
        return licence_slug(*words) or short(first_of(rest), 300)

    def _constraints(self) -> str:
        """The words of constraints, as they are: of use to whoever has to say what they mean."""
        names = ("otherConstraints", "useLimitation")
        every = [
            text
            for part in descend(self.about, "resourceConstraints", "*")
            for name in names
            for text in texts_at(part, name)
        ]
        return plain("\n".join(dict.fromkeys(every)), 1_000)

    def _frequency(self) -> str:
        for maintenance in descend(self.about, "resourceMaintenance", "MD_MaintenanceInformation"):
            code = code_at(maintenance, "maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode")
            if code:
                return frequency_of(code)
        return ""

    def _box(self) -> Box | None:
        names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        for part in descend(self.about, "extent", "EX_Extent", "geographicElement", "EX_GeographicBoundingBox"):
            if (rectangle := box(text_at(part, name) for name in names)) is not None:
                return rectangle
        return None

    def _period(self) -> tuple[str, str]:
        for part in descend(
            self.about, "extent", "EX_Extent", "temporalElement", "EX_TemporalExtent", "extent", "TimePeriod"
        ):
            edges = [
                moment(
                    first_of(
                        [first_text(part, f"{edge}Position"), first_text(part, edge, "TimeInstant", "timePosition")]
                    ),
                    1000,
                    2500,
                )
                for edge in ("begin", "end")
            ]
            if any(edges):
                return edges[0], edges[1]
        return "", ""

    def _dates(self) -> dict[str, str]:
        """The dates of the resource by kind, the latest of each."""
        dates: dict[str, str] = {}
        for part in descend(self.citation, "date", "CI_Date"):
            kind, day = code_at(part, "dateType", "CI_DateTypeCode"), moment(first_text(part, "date"))
            dates[kind] = max(day, dates.get(kind, ""))
        return dates

    def _stamp(self) -> str:
        stamps = [moment(first_text(self.record, "dateStamp"))]
        stamps += [moment(first_text(part, "date")) for part in descend(self.record, "dateInfo", "CI_Date")]
        return max(stamps)

    def _language(self) -> str:
        return first_of(
            [
                *(code_at(self.about, "language", "LanguageCode"), text_at(self.about, "language")),
                *(code_at(self.record, "language", "LanguageCode"), text_at(self.record, "language")),
                code_at(self.record, "defaultLocale", "PT_Locale", "language", "LanguageCode"),
            ]
        )

    def _online(self) -> tuple[list[Resource], list[str]]:
        """Where the data are, and the other addresses."""
        data: list[Resource] = []
        links: list[str] = []
        formats = texts_at(
            self.record, "distributionInfo", "MD_Distribution", "distributionFormat", "MD_Format", "name"
        )
        for online in self._links_online():
            url = address(text_at(online, "linkage"))
            protocol, name = text_at(online, "protocol"), short(text_at(online, "name"))
            description = short(text_at(online, "description"), 200)
            download = code_at(online, "function", "CI_OnLineFunctionCode") == "download"
            suffix = format_of(extension(url, name))
            dialect = service_of(protocol) or ("wfs" if "service=wfs" in url.lower() else "")
            if (output := _WFS_FORMAT.search(url)) and dialect == "wfs" and format_of(unquote(output[1])):
                dialect = ""  # a file that a service makes, in the format that its address names
            if (
                not url
                or OWN_PAGE.search(url)
                or PICTURE.search(url)
                or not (download or suffix or dialect or DATA_PROTOCOL.search(protocol))
            ):
                links.append(url)
                continue
            if dialect == "wfs":
                url = with_layer(url, name)
            listed = [] if dialect else [unquote(output[1]) if output else "", description]
            if not dialect and len(formats) == 1 and extension(url) not in _PAPERS:
                listed += formats
            data.append(resource(url, title=name or description, formats=listed, dialect=dialect))
        return data, [link for link in links if link]

    def _links_online(self) -> Iterator[Element]:
        for distribution in descend(self.record, "distributionInfo", "MD_Distribution"):
            for way in ((), ("distributor", "MD_Distributor")):
                names = ("distributorTransferOptions",) if way else ("transferOptions",)
                yield from descend(
                    distribution, *way, *names, "MD_DigitalTransferOptions", "onLine", "CI_OnlineResource"
                )

    def _inspire(self) -> str:
        """What it says for INSPIRE, as the card has it (JSON); empty when it is of no theme of the directive."""
        block = block_of(self.record, self.about, self.citation, level_of(self.record))
        return json.dumps(block, ensure_ascii=False) if block else ""

    def _names(self) -> list[str]:
        """The identifiers of the data: what this catalogue calls them, then what they are called elsewhere."""
        codes = descend(self.citation, "identifier", "MD_Identifier", "code") if self.citation is not None else ()
        return ["".join(code.itertext()).strip() for code in codes]

    def _extras(self, links: list[str]) -> dict[str, str]:
        codes = [text_at(self.citation, "identifier", kind, "code") for kind in ("MD_Identifier", "RS_Identifier")]
        space = text_at(self.citation, "identifier", "RS_Identifier", "codeSpace")
        crs = [
            text_at(self.record, "referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier", kind, "code")
            for kind in ("RS_Identifier", "MD_Identifier")
        ]
        scale = ("spatialResolution", "MD_Resolution", "equivalentScale", "MD_RepresentativeFraction", "denominator")
        rows = {
            "resource_identifier": short(first_of(codes), 500),
            "identifier_space": short(space, 200),
            "crs": short(first_of(crs), 200),
            "scale": short(text_at(self.about, *scale), 20),
            "origin": first_of(filter(is_page, reversed(self._names())))[:1000],
            "lineage": plain(
                text_at(self.record, "dataQualityInfo", "DQ_DataQuality", "lineage", "LI_Lineage", "statement"), 2_000
            ),
            "links": "\n".join(links[:20]),
            "constraints": "" if licence_slug(self._licence()) else self._constraints(),
            "inspire": self._inspire(),
        }
        return {name: value for name, value in rows.items() if value}


_SPECIFICATION: Final = (
    *("dataQualityInfo", "DQ_DataQuality", "report", "DQ_DomainConsistency", "result", "DQ_ConformanceResult"),
    *("specification", "CI_Citation", "title"),
)


def _dublin(record: Element, home: str) -> Item:
    """A record of Dublin Core."""
    rights = [*texts_at(record, "license"), *texts_at(record, "rights"), *texts_at(record, "accessRights")]
    rights = [text for text in rights if text not in _RESTRICTIONS]
    online, links = _dublin_online(record)
    return Item(
        identifier=stable(first_text(record, "identifier"), home),
        title=short(first_text(record, "title")),
        description=plain(first_text(record, "abstract") or first_text(record, "description")),
        publisher=short(first_of([first_text(record, "publisher"), first_text(record, "creator")])),
        licence=licence_slug(*rights) or short(first_of(rights), 300),
        keywords=keywords(texts_at(record, "subject")),
        themes=keywords(filter(None, map(theme_slug, texts_at(record, "subject")))),
        spatial=keywords(word for word in texts_at(record, "spatial") if ":def:crs" not in word),
        bbox=_dublin_box(record),
        issued=moment(first_text(record, "issued")) or moment(first_text(record, "created")),
        modified=moment(first_text(record, "modified")) or moment(first_text(record, "date")),
        language=language_of(first_text(record, "language")),
        resources=resources(online),
        extras={"links": "\n".join(links[:20])} if links else {},
    )


def _dublin_online(record: Element) -> tuple[list[Resource], list[str]]:
    """Where the data are, and the other addresses."""
    data: list[Resource] = []
    links: list[str] = []
    for part in (part for name in ("URI", "references") for part in descend(record, name)):
        url, title = address("".join(part.itertext())), short(part.get("name", ""))
        words = [part.get("protocol", ""), part.get("scheme", "")]
        written = resource(url, title=title, formats=words, dialect=service_of(*words))
        is_data = written.format or written.dialect or any(map(DATA_PROTOCOL.search, words))
        if OWN_PAGE.search(url) or PICTURE.search(url) or not is_data:
            links.append(url)
        else:
            data.append(written)
    return data, [link for link in links if link]


def _dublin_box(record: Element) -> Box | None:
    """The rectangle of a record: a system named by URN puts latitude first, but in GeoNetwork, which confuses west and east."""
    for part in descend(record, "BoundingBox"):
        corners = [first_text(part, name).split() for name in ("LowerCorner", "UpperCorner")]
        if all(len(corner) == 2 for corner in corners):
            rectangle = box([*corners[0], *corners[1]])
            is_confused = rectangle is not None and rectangle[0] != box_number(corners[0][0])
            if "urn:" in part.get("crs", "").lower() and not is_confused:
                corners = [corner[::-1] for corner in corners]
            return box([*corners[0], *corners[1]])
    return None
