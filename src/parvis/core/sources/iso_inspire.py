"""What a record of ISO says for INSPIRE, as the block of a card: the reverse of what our own catalogue of records writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from parvis.core.inspire.block import readable
from parvis.core.inspire.elsewhere import limit_of, theme_of
from parvis.core.inspire.vocabulary import TOPIC_BY_SLUG
from parvis.core.sources.answers import descend, first_text
from parvis.core.sources.iso_parts import code_at, links_at, text_at, texts_at
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import box_number, email, moment, plain, short
from parvis.core.sources.vocabulary import licence_slug

_PARTIES: Final = ("CI_ResponsibleParty", "CI_Responsibility")
_NIL: Final = "{http://www.isotc211.org/2005/gco}nilReason"
_METRES: Final = {"m": 1.0, "metre": 1.0, "meter": 1.0, "km": 1000.0, "cm": 0.01}
_EPSG = re.compile(r"EPSG[^0-9]{0,20}(?:0/|:)?([0-9]{4,6})", re.IGNORECASE)
_NUMBER = re.compile(r"1089\s*/\s*2010|2010\s*/\s*1089")


def block_of(record: Element, about: Element | None, citation: Element | None, level: str) -> dict[str, Any]:
    """The block; empty of a record that names neither a theme of the directive nor its regulation on interoperability."""
    themes = list(dict.fromkeys(_themes(about)))
    conformity = _conformity(record)
    if not (themes or conformity):
        return {}
    party, metadata = _party(about, "pointOfContact"), _party(record, "contact")
    block = {
        "themes": themes,
        "type": level if level in ("dataset", "series") else "",
        "topics": [word for word in texts_at(about, "topicCategory", "MD_TopicCategoryCode") if word in TOPIC_BY_SLUG],
        **_identifier(citation),
        "lineage": plain(
            text_at(record, "dataQualityInfo", "DQ_DataQuality", "lineage", "LI_Lineage", "statement"), 5_000
        ),
        **_resolution(about),
        "crs": _system(record),
        "encoding": _encoding(record),
        **conformity,
        **_constraints(about),
        "maintenance": plain(
            text_at(about, "resourceMaintenance", "MD_MaintenanceInformation", "maintenanceNote"), 5_000
        ),
        "party": party.get("name", ""),
        "party_role": party.get("role", ""),
        "party_email": party.get("email", ""),
        "metadata_contact": metadata.get("name", ""),
        "metadata_email": metadata.get("email", ""),
        "metadata_date": moment(first_text(record, "dateStamp"))[:10],
    }
    # Each name on its own: a scale that is no number must not take the themes with it.
    return {"scope": True, **readable(block)}


def _themes(about: Element | None) -> Iterator[str]:
    for group in descend(about, "descriptiveKeywords", "MD_Keywords"):
        title = text_at(group, "thesaurusName", "CI_Citation", "title").lower()
        links = links_at(group, "keyword")
        if "inspire" in title or any("inspire.ec.europa.eu/theme" in link for link in links):
            yield from filter(None, map(theme_of, [*links, *texts_at(group, "keyword")]))


def _conformity(record: Element) -> dict[str, str]:
    for report in descend(record, "dataQualityInfo", "DQ_DataQuality", "report", "DQ_DomainConsistency"):
        for result in descend(report, "result", "DQ_ConformanceResult"):
            specification = ("specification", "CI_Citation", "title")
            if not any(map(_NUMBER.search, [*texts_at(result, *specification), *links_at(result, *specification)])):
                continue
            answer = text_at(result, "pass", "Boolean").strip().lower()
            degree = {"true": "conformant", "1": "conformant", "false": "notConformant", "0": "notConformant"}
            return {
                "conformity": degree.get(answer, "notEvaluated"),
                "conformity_date": moment(first_text(report, "dateTime"))[:10],
            }
    return {}


def _identifier(citation: Element | None) -> dict[str, str]:
    for kind in ("RS_Identifier", "MD_Identifier"):
        for part in descend(citation, "identifier", kind):
            if code := short(text_at(part, "code"), 300):
                return {"code": code, "namespace": short(text_at(part, "codeSpace"), 300)}
    return {}


def _resolution(about: Element | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for part in descend(about, "spatialResolution", "MD_Resolution"):
        denominator = text_at(part, "equivalentScale", "MD_RepresentativeFraction", "denominator").replace(" ", "")
        if denominator.isascii() and denominator.isdigit() and len(denominator) < 12:
            values.setdefault("scale", int(denominator))
        for distance in descend(part, "distance", "Distance"):
            unit = distance.get("uom", "m").rpartition("#")[2].lower()
            number = box_number((distance.text or "").strip())
            if number is not None and unit in _METRES:
                values.setdefault("distance", number * _METRES[unit])
    return values


def _system(record: Element) -> str:
    way = ("referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier")
    for kind in ("RS_Identifier", "MD_Identifier"):
        words = [*texts_at(record, *way, kind, "code"), *links_at(record, *way, kind, "code")]
        for word in words:
            if match := _EPSG.search(word):
                return f"EPSG:{match[1]}"
        if words:
            return short(words[0], 300)
    return ""


def _encoding(record: Element) -> str:
    """The first format that has a version, known or not: of a plain download, versions mean nothing."""
    for part in descend(record, "distributionInfo", "MD_Distribution", "distributionFormat", "MD_Format"):
        version = next(descend(part, "version"), None)
        if version is not None and version.get(_NIL) == "inapplicable":
            continue
        number = text_at(part, "version")
        name = text_at(part, "name")
        return short(" ".join(filter(None, (name, number if re.search("[0-9]", number) else ""))), 300)
    return ""


def _constraints(about: Element | None) -> dict[str, Any]:
    limits: list[str] = []
    conditions: list[str] = []
    for part in descend(about, "resourceConstraints", "*"):
        words = [*links_at(part, "otherConstraints"), *texts_at(part, "otherConstraints")]
        if next(descend(part, "accessConstraints"), None) is not None:
            limits += filter(None, map(limit_of, words))
        elif next(descend(part, "useConstraints"), None) is not None:
            texts = [*texts_at(part, "useLimitation"), *texts_at(part, "otherConstraints")]
            conditions += (
                text for text in texts if not licence_slug(text) and not text.startswith(("http://", "https://"))
            )
    unique = list(dict.fromkeys(limits))
    return {
        "limits": [slug for slug in unique if slug != "noLimitations"] or unique,
        "conditions": plain("\n".join(dict.fromkeys(conditions)), 5_000),
    }


def _party(place: Element | None, name: str) -> dict[str, str]:
    """The first party there: its organisation, its role, where to write."""
    for kind in _PARTIES:
        for party in descend(place, name, kind):
            organisation = first_of(
                [text_at(party, "organisationName"), text_at(party, "party", "CI_Organisation", "name")]
            )
            way = ("contactInfo", "CI_Contact", "address", "CI_Address", "electronicMailAddress")
            address = first_of(email(text_at(party, *before, *way)) for before in ((), ("party", "CI_Organisation")))
            if organisation:
                return {
                    "name": short(organisation, 300),
                    "role": code_at(party, "role", "CI_RoleCode"),
                    "email": address,
                }
    return {}
