"""The block in the words of other portals: the template ``inspire`` of Opendatasoft (specification, section 10.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from parvis.core.inspire.block import in_scope, readable
from parvis.core.inspire.vocabulary import LIMIT_BY_SLUG, THEME_BY_SLUG, THEMES, TYPE_BY_SLUG
from parvis.core.metadata import term_slug
from parvis.core.translation import translate

SERIES_LABELS = {"dataset": "Dataset", "series": "Dataset series"}


def as_template(block: Mapping[str, Any], lang: str, *, identifier: str = "") -> dict[str, Any]:
    """What the block says, by Opendatasoft's names; empty of a dataset out of scope."""
    if not (known_block := in_scope(block)):
        return {}
    themes = [translate(THEME_BY_SLUG[slug].label, lang) for slug in known_block.get("themes", ())]
    kind = known_block.get("type", "")
    values = {
        "theme": themes,
        "type": kind,
        "file_identifier": known_block.get("code") or identifier,
        "hierarchy_level": kind,
        "hierarchy_level_name": SERIES_LABELS.get(kind, ""),
        "spatial_resolution": resolution_words(known_block),
        "contact_individual_name": known_block.get("metadata_contact") or known_block.get("party", ""),
        "contact_email": known_block.get("metadata_email") or known_block.get("party_email", ""),
        "lineage": known_block.get("lineage", ""),
    }
    return {name: value for name, value in values.items() if value}


def resolution_words(block: Mapping[str, Any]) -> str:
    """Scale or distance as people write them.

    >>> resolution_words({"scale": 25000})
    '1:25000'
    >>> resolution_words({"distance": 0.5})
    '0.5 m'
    """
    words = [f"1:{block['scale']}"] if block.get("scale") else []
    words += [f"{block['distance']:g} m"] if block.get("distance") else []
    return " ; ".join(words)


def from_template(template: Mapping[str, Any]) -> dict[str, Any]:
    """The block that a template of Opendatasoft tells of, as far as its words are known; empty when none is.

    Whoever filled the template said that the dataset is of INSPIRE's scope when a theme of the directive is among its words.
    """
    themes = [slug for word in _words(template.get("theme")) if (slug := theme_of(word))]
    kind = next((word for word in _words(template.get("type")) if word in TYPE_BY_SLUG), "")
    level = _line(template.get("hierarchy_level"))
    block = {
        "themes": themes,
        "type": kind or (level if level in TYPE_BY_SLUG else ""),
        "code": _line(template.get("file_identifier")),
        "lineage": _line(template.get("lineage")),
        **resolution_of(_line(template.get("spatial_resolution"))),
        "metadata_contact": _line(template.get("contact_individual_name")),
        "metadata_email": _line(template.get("contact_email")),
    }
    values = readable(block)
    return {"scope": True, **values} if values.get("themes") else {}


def theme_of(word: str) -> str:
    """The theme so called, in French or in English, by its code or its address; empty when it is none."""
    return term_slug(THEMES, word.replace("—", "–").replace(" - ", " – "))


def limit_of(word: str) -> str:
    """The limitation that an address or words of the registry name; empty when it is none.

    >>> limit_of("http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/INSPIRE_Directive_Article13_1d")
    'd'
    >>> limit_of("L124-5-II-3 du code de l'environnement (Directive 2007/2/CE (INSPIRE), Article 13.1.e)")
    'e'
    """
    if slug := term_slug(tuple(LIMIT_BY_SLUG.values()), word):
        return slug
    match = re.search(r"article ?13[._(]+1[._)(]*([a-h])\)?$", word.strip().rstrip(")").lower())
    return match[1] if match else ""


def resolution_of(text: str) -> dict[str, Any]:
    """Scale or distance that words tell: « 1:25000 », « 1/25 000 », « 25000 », « 5 m », « 0,5 mètre ».

    >>> resolution_of("1/25 000"), resolution_of("0,5 m"), resolution_of("fine")
    ({'scale': 25000}, {'distance': 0.5}, {})
    """
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d)", "", text.strip()[:80].lower())
    if match := re.fullmatch(r"(?:1 ?[:/] ?)?([0-9]{1,9})(?:[.,]0+)?(?: ?e)?", plain):
        return {"scale": int(match[1])}
    if match := re.fullmatch(r"([0-9]{1,8}(?:[.,][0-9]{1,6})?) ?m(?:[eè]tres?|eters?)?", plain):
        return {"distance": float(match[1].replace(",", "."))}
    return {}


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [word.strip()[:300] for word in listed[:100] if isinstance(word, str) and word.strip()]


def _line(value: Any) -> str:
    return value.strip()[:5_000] if isinstance(value, str) else ""
