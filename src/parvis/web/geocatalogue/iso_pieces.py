"""The small pieces that records of ISO 19139 are made of."""

from __future__ import annotations

from parvis.web.api.explore.dcat_terms import LANGUAGES
from parvis.web.geocatalogue.xml_writer import Xml, tag

CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
"""Where the code lists of ISO are."""
_BIBLIOGRAPHIC = {"fra": "fre", "deu": "ger", "nld": "dut", "eus": "baq"}
"""Codes of ISO 639-2 that have another one for catalogues, which INSPIRE wants."""


def language_code(letters: str) -> str:
    """A language by its three letters, as catalogues write it."""
    code = LANGUAGES.get(letters, "und").lower()
    return _BIBLIOGRAPHIC.get(code, code)


def written(value: str) -> Xml:
    """A text."""
    return tag("gco:CharacterString", value)


def anchored(value: str, address: str) -> Xml:
    """A text that leads to its address, when it has one."""
    return tag("gmx:Anchor", value, attributes={"xlink:href": address}) if is_web(address) else written(value)


def is_web(address: str) -> bool:
    """Whether it is an address of the web."""
    return address.startswith(("https://", "http://"))


def coded(name: str, value: str) -> Xml:
    """A value of one of the code lists of ISO."""
    table = "http://www.loc.gov/standards/iso639-2/" if name == "LanguageCode" else f"{CODES}#{name}"
    return tag(f"gmd:{name}", value, attributes={"codeList": table, "codeListValue": value})


def moment(text: str) -> Xml:
    """A day, or an instant."""
    return tag("gco:DateTime", text[:19]) if len(text) > 10 else tag("gco:Date", text)


def dated(day: str, kind: str) -> Xml:
    """A date of a citation; one that is not known says so."""
    known_day = tag("gmd:date", moment(day)) if day else tag("gmd:date", attributes={"gco:nilReason": "unknown"})
    return tag("gmd:date", tag("gmd:CI_Date", known_day, tag("gmd:dateType", coded("CI_DateTypeCode", kind))))


def legal(name: str, code: Xml, others: list[Xml]) -> Xml:
    """Constraints of law: ``name`` is ``useConstraints`` or ``accessConstraints``, told in the words of ``others``."""
    return tag(
        "gmd:resourceConstraints",
        tag(
            "gmd:MD_LegalConstraints",
            tag(f"gmd:{name}", code),
            [tag("gmd:otherConstraints", other) for other in others],
        ),
    )


def word_list(words: list[Xml], kind: str, thesaurus_name: Xml | None = None) -> Xml:
    """Keywords of one kind, and the thesaurus that they are of."""
    return tag(
        "gmd:descriptiveKeywords",
        tag(
            "gmd:MD_Keywords",
            [tag("gmd:keyword", word) for word in words],
            tag("gmd:type", coded("MD_KeywordTypeCode", kind)),
            thesaurus_name,
        ),
    )


def thesaurus(title: str, address: str, day: str) -> Xml:
    """A thesaurus: its title, its address, the day when it was published."""
    named = tag("gmd:title", anchored(title, address))
    return tag("gmd:thesaurusName", tag("gmd:CI_Citation", named, dated(day, "publication")))
