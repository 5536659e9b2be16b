"""Cards that a source tells in several languages: those it asks to be asked for, and those that came with the item."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from parvis.core.card_translations import SOURCES, BadTranslation, checked
from parvis.core.errors import Cancelled, DataError, OperationError
from parvis.core.progress import Progress
from parvis.core.sources.contract import Item, Request
from parvis.core.sources.explore_facts import far_object
from parvis.core.sources.translations import EXTRA, code_of, entry_between
from parvis.core.translation import Sentence
from parvis.hub.catalogue.languages import card_languages
from parvis.hub.harvesting.asking import ask_and_read
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.models import Source

MOST_ASKED: Final = 5
"""Languages in which one dataset of a portal is asked."""
_OBJECT_BYTES: Final = 20_000_000


def translations_of(
    source: Source, item: Item, own: str, former: Mapping[str, Any], progress: Progress
) -> tuple[dict[str, Any], list[Sentence]]:
    """What the source says of an item in other languages than ``own``, and what could not be had; ``former`` is what it said last,
    which stands where it does not answer."""
    if EXTRA in item.extras:
        return _brought(item), []
    entries: dict[str, Any] = {}
    notes: list[Sentence] = []
    card = _object(item)
    for language in _languages(card, own)[:MOST_ASKED]:
        try:
            there = _asked_in(source, item, language, progress)
        except (Cancelled, ComeBackLater):
            raise
        except (OperationError, DataError) as error:
            notes.append(Sentence("sa fiche n’a pas été lue en « {language} »", {"language": language}))
            notes += [sentence for sentence in error.sentences()[:1] if sentence.message]
            there = None
        entry = former.get(language) if there is None else entry_between(card, there)
        if entry:
            entries[language] = entry
    return _kept(entries), notes


def unmarked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of a card whose translations do not say what they were made of: that of a text that is new here is its new source."""
    if "translations" not in changes:
        return dict(changes)
    entries = changes["translations"].items()
    bare = {code: {name: part for name, part in entry.items() if name != SOURCES} for code, entry in entries}
    return {**changes, "translations": bare}


def _languages(card: Mapping[str, Any], own: str) -> list[str]:
    default = (card.get("metas") or {}).get("default") or {}
    listed = default.get("metadata_languages")
    names = [code_of(name) for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    offered = card_languages()
    return [name for name in dict.fromkeys(names) if name and name != own and name in offered]


def _asked_in(source: Source, item: Item, language: str, progress: Progress) -> dict[str, Any]:
    """The item as its portal tells it in a language."""
    root, _mark, rest = item.landing_page.partition("/explore/dataset/")
    address = f"{root}/api/explore/v2.1/catalog/datasets/{rest.strip('/')}?{urlencode({'lang': language})}"
    value = json.loads(ask_and_read(source, Request(address), progress, far_object, max_bytes=_OBJECT_BYTES).text)
    return value if isinstance(value, dict) else {}


def _object(item: Item) -> Mapping[str, Any]:
    try:
        card = json.loads(item.extras.get("explore", "{}"))
    except (ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}


def _brought(item: Item) -> dict[str, Any]:
    """What came with the item, its descriptions as paragraphs."""
    try:
        entries = json.loads(item.extras[EXTRA])
    except (ValueError, RecursionError):
        return {}
    for entry in entries.values() if isinstance(entries, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("description"), str):
            lines = (line for line in entry["description"].splitlines() if line.strip())
            entry["description"] = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return _kept(entries)


def _kept(entries: Any) -> dict[str, Any]:
    """What a card may keep of them; nothing of what it refuses."""
    try:
        return checked(entries)
    except BadTranslation:
        return {}
