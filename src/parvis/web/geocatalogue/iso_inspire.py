"""What INSPIRE has in records of ISO 19139, by technical guidance 2.0: themes of GEMET, resolution, encoding, conformity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from parvis.core.inspire.vocabulary import (
    INTEROPERABILITY,
    INTEROPERABILITY_DATE,
    INTEROPERABILITY_TITLE,
    THEME_BY_SLUG,
    THEME_REGISTER,
    THESAURUS,
    THESAURUS_DATE,
)
from parvis.core.translation import translate
from parvis.web.geocatalogue.iso_pieces import anchored, dated, thesaurus, word_list, written
from parvis.web.geocatalogue.xml_writer import Xml, tag

_VERSIONED = re.compile(r"(.*\S)\s+v?([0-9][0-9.]{0,19})")


def themes(block: Mapping[str, Any], lang: str) -> Xml | None:
    """Its themes among the 34, each by its address in the registry."""
    rows = [THEME_BY_SLUG[slug] for slug in block.get("themes", ())]
    words = [anchored(translate(row.label, lang), row.uri) for row in rows]
    return word_list(words, "theme", thesaurus(THESAURUS, THEME_REGISTER, THESAURUS_DATE)) if words else None


def resolutions(block: Mapping[str, Any]) -> Iterator[Xml]:
    """Scale and distance, one element each."""
    if scale := block.get("scale"):
        denominator = tag("gmd:denominator", tag("gco:Integer", str(scale)))
        yield _resolution(tag("gmd:equivalentScale", tag("gmd:MD_RepresentativeFraction", denominator)))
    if distance := block.get("distance"):
        yield _resolution(tag("gmd:distance", tag("gco:Distance", f"{distance:.12g}", attributes={"uom": "m"})))


def _resolution(part: Xml) -> Xml:
    return tag("gmd:spatialResolution", tag("gmd:MD_Resolution", part))


def encoding(block: Mapping[str, Any]) -> Xml | None:
    """The format that the data is kept in, with its version; one that is not written is not known."""
    words = block.get("encoding")
    if not words:
        return None
    match = _VERSIONED.fullmatch(words)
    name, version = match.groups() if match else (words, "")
    number = tag("gmd:version", written(version)) if version else tag("gmd:version", attributes=_UNKNOWN)
    return tag("gmd:distributionFormat", tag("gmd:MD_Format", tag("gmd:name", written(name)), number))


_UNKNOWN = {"gco:nilReason": "unknown"}


def conformity(block: Mapping[str, Any]) -> Xml | None:
    """Whether it conforms to the regulation on interoperability, and the day when that was looked at."""
    degree = block.get("conformity")
    if not degree:
        return None
    passes = None if degree == "notEvaluated" else tag("gco:Boolean", str(degree == "conformant").lower())
    title = anchored(INTEROPERABILITY_TITLE, INTEROPERABILITY)
    return report(title, INTEROPERABILITY_DATE, INTEROPERABILITY_TITLE, passes, block.get("conformity_date", ""))


def report(title: Xml, published: str, explanation: str, passes: Xml | None, evaluated: str = "") -> Xml:
    """Whether data conforms to a specification; nothing is said of what nobody evaluated."""
    specification = tag("gmd:CI_Citation", tag("gmd:title", title), dated(published, "publication"))
    return tag(
        "gmd:report",
        tag(
            "gmd:DQ_DomainConsistency",
            tag("gmd:dateTime", tag("gco:DateTime", f"{evaluated}T00:00:00")) if evaluated else None,
            tag(
                "gmd:result",
                tag(
                    "gmd:DQ_ConformanceResult",
                    tag("gmd:specification", specification),
                    tag("gmd:explanation", written(explanation)),
                    tag("gmd:pass", passes) if passes else tag("gmd:pass", attributes=_UNKNOWN),
                ),
            ),
        ),
    )
