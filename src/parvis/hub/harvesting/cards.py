"""An item as a card of ours, by way of an Explore object (``catalogue.sidecar``), and what of it may be written: pure but for places."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from parvis.core.hvd import CATEGORIES
from parvis.core.inspire.block import readable
from parvis.core.metadata import OTHER_LICENCE, theme_slug
from parvis.core.sources.contract import Item
from parvis.core.sources.origins import with_origin
from parvis.core.text import fold
from parvis.core.translation import Sentence
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.sidecar import BadSidecar, card_from, legible
from parvis.hub.harvesting.rules import Correspondence

NO_LICENCE = "Licence non précisée par la source"
_ALWAYS = frozenset({"as_told"})
"""What no screen changes by hand: the house itself drops a date from it when the data change."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_UNSAID: Mapping[str, Any] = {"access": Access.PUBLIC.value}
"""What a card has of which its source said nothing: what is closed there since is closed here, unless somebody chose to whom it is open."""


@dataclass(frozen=True, slots=True)
class ToldCard:
    """The card that an item gives, and whether it may be put online as it is: a licence is needed."""

    values: dict[str, Any]
    has_licence: bool


def card_of_item(
    item: Item,
    correspondence: Correspondence,
    *,
    source_title: str,
    default_licence: str = "",
    places: Callable[[str], str] = lambda word: "",
    is_move: bool = False,
) -> ToldCard:
    """The card, keys of CARD_FIELDS; ``places`` gives the ``kind:code`` of a word for a territory, empty when it is none.

    ``is_move``: the portal is to close, and is not where the data come from.
    """
    try:
        card = card_from(_object(item), item.title[:100])
    except BadSidecar:
        card = _legible_card(item)
    card["title"] = (" ".join(card.get("title", item.title).split()) or item.identifier)[:200]
    card["description"] = card.get("description") or f"<p>{html.escape(source_title)}</p>"
    card["keywords"] = list(dict.fromkeys(word[:100] for word in card.get("keywords", [])))[:100]
    # Of a portal that moves in, the words that its reusers filter on stay, unless somebody chose ours.
    usual = str if is_move else theme_slug
    themes = [correspondence.themes.get(fold(word)) or usual(word) for word in card.get("themes", [])]
    card["themes"] = list(dict.fromkeys(themes))
    card["contact_name"] = card.get("contact_name", "")[:120]
    card["contact_email"] = _email(card.get("contact_email", ""))
    card["source_url"] = _followable("" if is_move else item.landing_page) or _followable(card.get("source_url", ""))
    card["source"] = card.get("source", "") if is_move else (item.publisher or card.get("source") or source_title)[:300]
    card["language"] = card.get("language", "fr")[:8]
    mapped = correspondence.licences.get(fold(item.licence))
    card["licence"] = mapped or card.get("licence") or default_licence
    has_licence = bool(card["licence"])
    if not has_licence:
        card["licence"] = OTHER_LICENCE
        told_words = card.setdefault("as_told", {}).setdefault("default", {})
        told_words["license"] = NO_LICENCE
    if categories := [term.slug for term in CATEGORIES if term.uri in item.extras.get("hvd_category", "").split()]:
        card["hvd"] = categories
    if block := _inspire(item):
        card["inspire"] = block
    with_origin(card, item)
    territories = list(dict.fromkeys(filter(None, map(places, item.spatial[:50]))))
    if territories:
        card["territories"] = territories
    if card.get("access") in (None, "", Access.PUBLIC):
        card.pop("access", None)  # to whom it is open is decided here, once it is no wider than there
    return ToldCard(_json_able({name: value for name, value in card.items() if value not in _EMPTY}), has_licence)


def _legible_card(item: Item) -> dict[str, Any]:
    """What can be read of the card of an item that is not all as it should be: one bad date takes nothing else away."""
    try:
        return card_from(legible(_object(item)), item.title[:100])
    except BadSidecar:
        return card_from(plain_object(item), item.title[:100])


def _inspire(item: Item) -> dict[str, Any]:
    """The INSPIRE block that a record of ISO tells of; what of it will not do is left out."""
    try:
        return readable(json.loads(item.extras.get("inspire") or "{}"))
    except (ValueError, RecursionError):
        return {}


@dataclass(frozen=True, slots=True)
class Merge:
    """What may be written of a card, what somebody has changed here and is left to them, and what of the card is then as it was written."""

    changes: dict[str, Any]
    left: list[str]
    written: dict[str, Any]


_BY_PART = ("fields", "custom", "inspire", "translations")
"""What is merged part by part: who renames one column here leaves the others to the source."""


def merged(
    current: Mapping[str, Any], before: Mapping[str, Any], written: Mapping[str, Any], card: Mapping[str, Any]
) -> Merge:
    """``before`` is the card that the source gave last and ``written`` how it then was here: what the source says as before is left
    alone, what differs here from what was written is somebody's."""
    changes: dict[str, Any] = {}
    left: list[str] = []
    parts: dict[str, Any] = {}
    for name, value in card.items():
        here = current.get(name)
        was_never_said = name in _UNSAID and name not in written and here == _UNSAID[name]
        if name in before and _same(before[name], value) and not was_never_said:
            continue
        if name == "hvd" and current.get("hvd_refused"):
            left.append(name)  # no source refuses: somebody here did, and only a person takes it back
            continue
        if name in _BY_PART and name in written:
            fresh, parts[name] = _parts(_mapping(here), _mapping(before.get(name)), written[name], value, left, "")
            if fresh != here:
                changes[name] = fresh
            continue
        is_as_written = here == written[name] if name in written else here in (*_EMPTY, _UNSAID.get(name))
        if name in _ALWAYS or is_as_written:
            changes[name] = value
        elif here != value:
            left.append(name)
    if changes and _date_told(current) and _date_told(card):
        changes.setdefault("as_told", card["as_told"])  # what changes came from there, and so did its date
    return Merge(changes, left, parts)


def _date_told(card: Mapping[str, Any]) -> Any:
    """When the source says that a dataset changed, as long as nobody changed it here."""
    return _mapping(_mapping(card.get("as_told")).get("default")).get("modified")


def _parts(
    here: Mapping[str, Any],
    before: Mapping[str, Any],
    written: Mapping[str, Any],
    value: Mapping[str, Any],
    left: list[str],
    path: str,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same of what is below: what it becomes here, and what of it is as it was written."""
    fresh, fresh_written = dict(here), dict(written)
    for name, part in value.items():
        if isinstance(part, Mapping):
            below = (_mapping(here.get(name)), _mapping(before.get(name)), _mapping(written.get(name)))
            fresh[name], fresh_written[name] = _parts(*below, part, left, f"{path}{name}.")
        elif name not in before or not _same(before[name], part):
            own = here.get(name)
            if own == written[name] if name in written else own in _EMPTY:
                fresh[name] = fresh_written[name] = part
            elif own != part:
                left.append(f"{path}{name}")
    return fresh, fresh_written


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _same(former: Any, value: Any) -> bool:
    """Whether the source says the same: keywords in another order are the same keywords."""
    if isinstance(former, list) and isinstance(value, list):
        return sorted(map(repr, former)) == sorted(map(repr, value))
    return bool(former == value)


FIELD_NAMES = {
    "title": Sentence("titre"),
    "description": Sentence("description"),
    "contact_name": Sentence("contact"),
    "contact_email": Sentence("adresse du contact"),
    "themes": Sentence("thèmes"),
    "keywords": Sentence("mots-clés"),
    "translations": Sentence("traductions"),
    "hvd": Sentence("forte valeur"),
    "inspire": Sentence("description INSPIRE"),
    "licence": Sentence("licence"),
    "frequency": Sentence("fréquence"),
    "territories": Sentence("territoires"),
    "source": Sentence("source"),
    "source_url": Sentence("adresse de la source"),
}
"""Fields of the card as reports name them; others have their technical name."""


def _object(item: Item) -> Mapping[str, Any]:
    """The item as an Explore object: its own where the source speaks that language."""
    if "explore" in item.extras:
        try:
            document = json.loads(item.extras["explore"])
        except (ValueError, RecursionError):
            return plain_object(item)
        if isinstance(document, Mapping):
            return document
    return plain_object(item)


def plain_object(item: Item) -> dict[str, Any]:
    """The item as an Explore object, of a source that speaks another language."""
    paragraphs = [f"<p>{html.escape(line)}</p>" for line in item.description.splitlines() if line.strip()]
    return {
        "metas": {
            "default": {
                "title": item.title,
                "description": "".join(paragraphs),
                "theme": list(item.themes),
                "keyword": list(item.keywords),
                "license": item.licence,
                "language": item.language[:8],
                "modified": _instant(item.modified),
                "update_frequency": item.frequency,
                "references": [item.landing_page] if item.landing_page else [],
                "territory": list(item.spatial[:50]),
            },
            "dcat": {
                "creator": item.publisher,
                "contact_name": item.contact_name,
                "contact_email": item.contact_email,
                "issued": _instant(item.issued),
                "accrualperiodicity": item.frequency,
                "conforms_to": ", ".join(item.conforms_to[:20]),
                "temporal_coverage_start": _day(item.temporal_start),
                "temporal_coverage_end": _day(item.temporal_end),
            },
        }
    }


def _instant(text: str) -> str:
    try:
        return datetime.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return ""


def _day(text: str) -> str:
    """A day as told, the first of a year or a month that is told without; empty for anything else."""
    parts = text.strip()[:10]
    padded = f"{parts}-01-01" if len(parts) == 4 else f"{parts}-01" if len(parts) == 7 else parts
    try:
        return date.fromisoformat(padded).isoformat()
    except ValueError:
        return ""


def _email(text: str) -> str:
    address = text.strip().removeprefix("mailto:")
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address[:254]


def _followable(address: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return ""
    return address if len(address) <= 500 else ""


def _json_able(card: dict[str, Any]) -> dict[str, Any]:
    """Days as text, as a card that was read again has them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in card.items()}
