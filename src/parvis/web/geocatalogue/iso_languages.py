"""The languages of a record of ISO 19139: which it has, and its texts in each (ISO 19139, PT_FreeText)."""

from __future__ import annotations

from collections.abc import Iterator

from parvis.hub.ui.formatting import plain_text
from parvis.web.api.explore.dcat_terms import LANGUAGES
from parvis.web.geocatalogue.iso_pieces import coded, language_code, written
from parvis.web.geocatalogue.record import Record
from parvis.web.geocatalogue.xml_writer import Xml, tag


def locales(record: Record) -> Iterator[Xml]:
    """The languages of the card besides its own."""
    for code in _codes(record):
        yield tag(
            "gmd:locale",
            tag(
                "gmd:PT_Locale",
                tag("gmd:languageCode", coded("LanguageCode", language_code(code))),
                tag("gmd:characterEncoding", coded("MD_CharacterSetCode", "utf8")),
                attributes={"id": _name(record, code)},
            ),
        )


def free_text(name: str, record: Record, part: str, shown: str) -> Xml:
    """A text in the language of the card, and in those that it was translated into."""
    others = {code: plain_text(record.other_languages[code].get(part) or "") for code in _codes(record)}
    localised = [
        tag("gmd:LocalisedCharacterString", text, attributes={"locale": f"#{_name(record, code)}"})
        for code, text in others.items()
        if text
    ]
    own = written(plain_text(record.own_words.get(part) or "") or shown)
    if not localised:
        return tag(name, own)
    groups = tag("gmd:PT_FreeText", [tag("gmd:textGroup", text) for text in localised])
    return tag(name, own, groups, attributes={"xsi:type": "gmd:PT_FreeText_PropertyType"})


def _codes(record: Record) -> list[str]:
    """Those that ISO 639-2 has a code for here."""
    return [code for code in record.other_languages if code in LANGUAGES]


def _name(record: Record, code: str) -> str:
    """Unique among the records of one answer."""
    return f"locale-{record.identifier}-{code}"
