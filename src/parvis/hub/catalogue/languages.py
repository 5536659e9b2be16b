"""The card of a dataset in the languages that it was translated into."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from parvis.core.card_translations import (
    SOURCES,
    State,
    checked,
    digest,
    parts_of,
    source_texts,
    spoken_fields,
    stamped,
    texts_of,
)
from parvis.core.columns import Column
from parvis.core.translation import SOURCE, languages, primary
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.judging import cleaned
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to

_WORDS = ("title", "description", "keywords")
_LONGEST_HEADER = 500


def card_language(dataset: Dataset) -> str:
    """The language in which the card was written."""
    return primary(dataset.language or SOURCE)


def written_translations(dataset: Dataset, before: Mapping[str, Any], translations: Any) -> dict[str, Any]:
    """Translations as a card keeps them, each text marked with what it was made of, unless it says so itself."""
    entries = checked(translations, cleaned)
    entries.pop(card_language(dataset), None)  # what the card says itself
    sources = sources_of(dataset) if entries else {}
    return {name: stamped(entry, before.get(name) or {}, sources) for name, entry in entries.items()}


def card_languages() -> tuple[str, ...]:
    """Every language in which this instance shows cards: those of its screens, then those that its settings add."""
    return tuple(dict.fromkeys((*languages(), *settings.PARVIS["PARVIS_CARD_LANGUAGES"])))


def card_language_for(language: str) -> str:
    """The language of cards for a reader of ``language``: the source of the house where cards are never in it."""
    code = primary(language)
    return code if code in card_languages() else SOURCE


def reader_language(name: str | None, accepted: str) -> str:
    """The language of cards for who names one, else for who sends this ``Accept-Language``: the first of it that cards are in."""
    if name:
        return card_language_for(name)
    preferred = (primary(code) for code, _weight in parse_accept_lang_header(accepted.lower()[:_LONGEST_HEADER]))
    return next((code for code in preferred if code in card_languages()), SOURCE)


def languages_to_translate(dataset: Dataset) -> list[str]:
    """The languages into which its card may be translated, those that it has already among them."""
    offered = dict.fromkeys((*card_languages(), *dataset.translations))
    return [language for language in offered if language != card_language(dataset)]


def language_name(code: str) -> str:
    """A language under its own name; its code when Django has never heard of it."""
    return capfirst(LANG_INFO.get(code, {}).get("name_local", code))


def in_language(dataset: Dataset, language: str) -> Dataset:
    """The dataset with its card in that language where somebody translated it: a copy to be shown, never saved.

    What is not translated stays as it was written; ``spoken`` tells which is which. The dataset itself when nothing changes.
    """
    code = primary(language)
    entry = dataset.translations.get(code) if dataset.translations and not dataset.spoken else None
    if not entry or code == card_language(dataset):
        return dataset
    shown = copy.copy(dataset)
    shown.__dict__["own_words"] = {name: getattr(dataset, name) for name in _WORDS}
    for name in _WORDS:
        if entry.get(name):
            setattr(shown, name, entry[name])
    shown.fields = spoken_fields(dataset.fields, entry)
    own = card_language(dataset)
    shown.__dict__["spoken"] = dict.fromkeys(_WORDS, own) | dict.fromkeys(texts_of(entry), code)
    return shown


def in_languages(dataset: Dataset) -> dict[str, dict[str, Any]] | None:
    """Title, description and keywords in each language, its own first; None for a card that is in one."""
    if not dataset.translations:
        return None
    own = dataset.own_words or {name: getattr(dataset, name) for name in _WORDS}
    entries = {card_language(dataset): own, **dataset.translations}
    words_by_code = {code: {name: entry[name] for name in _WORDS if entry.get(name)} for code, entry in entries.items()}
    return {code: words for code, words in words_by_code.items() if words}


def language_of(dataset: Dataset, part: str) -> str:
    """The language that a part of the card is shown in, by its path."""
    return dataset.spoken.get(part) or card_language(dataset)


def here(dataset: Dataset) -> Dataset:
    """The dataset in the language of the page."""
    return in_language(dataset, get_language() or SOURCE)


def columns_of_card(dataset: Dataset) -> list[Column]:
    """The columns of its current version, else of its latest, as the card describes them; those that it speaks of where none is known."""
    version = dataset.current or (dataset.versions.first() if dataset.pk else None)
    facts = (version.facts if version else None) or {}
    columns = [Column.from_dict(row) for row in facts.get("shape") or ()]
    if not columns:
        columns = [Column.from_dict({"name": name, "type": "text"}) for name in dataset.fields]
    return [column.described(dataset.fields.get(column.name) or {}) for column in columns]


def sources_of(dataset: Dataset) -> dict[str, str]:
    """What there is to translate of its card, by path."""
    words = {name: getattr(dataset, name) for name in _WORDS}
    return source_texts(words, columns_of_card(dataset))


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a card is in a language."""

    language: str
    done: int
    stale: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing or out of date."""
        return self.done == self.total

    @property
    def percent(self) -> int:
        """The share that is up to date, whole only when all of it is."""
        return self.done * 100 // self.total if self.total else 100


def progress_of(dataset: Dataset, among: Collection[str] | None = None) -> list[Progress]:
    """How far each translation is, of these languages or of those that were begun."""
    sources = sources_of(dataset)
    rows = []
    for language in dataset.translations if among is None else among:
        states = [part.state for part in parts_of(sources, dataset.translations.get(language) or {})]
        rows.append(Progress(language, states.count(State.DONE), states.count(State.STALE), len(states)))
    return rows


MOST_REMEMBERED = 2_000
"""Cards whose translations are looked through for a suggestion, the latest first."""


def remembered(actor: Actor, language: str, texts: Collection[str]) -> dict[str, str]:
    """What these texts were called in ``language`` on the cards that the actor may see or edit: the translation met most."""
    marks = {digest(text): text for text in texts}
    votes: dict[str, Counter[str]] = {}
    for entry in _entries(actor, language):
        translated = texts_of(entry)
        for path, mark in (entry.get(SOURCES) or {}).items():
            if mark in marks and path in translated:
                votes.setdefault(marks[mark], Counter())[translated[path]] += 1
    return {text: words.most_common(1)[0][0] for text, words in votes.items()}


def _entries(actor: Actor, language: str) -> Iterator[dict[str, Any]]:
    within = Q(pk__in=datasets_managed_by(actor).values("pk")) | Q(pk__in=datasets_visible_to(actor).values("pk"))
    rows = Dataset.objects.filter(within).exclude(translations={}).order_by("-modified", "-pk")
    for translations in rows.values_list("translations", flat=True)[:MOST_REMEMBERED]:
        if language in translations:
            yield translations[language]
