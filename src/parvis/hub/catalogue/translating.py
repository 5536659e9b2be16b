"""Writing what a card says in another language, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from parvis.core.card_translations import changed_by, digest, texts_of, with_texts
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.catalogue.languages import sources_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import CardChanged, update_card


def update_card_in_languages(
    actor: Actor, dataset: Dataset, card: Mapping[str, Any], *, based_on: int | None = None
) -> Dataset:
    """``update_card`` where ``translations`` are changes: languages, parts and columns left out stay, null takes back what was said."""
    if "translations" not in card:
        return update_card(actor, dataset, card, based_on=based_on)
    require(actor, "edit", dataset.organisation_id, f"modifier « {dataset.title} »")
    with transaction.atomic():
        dataset.refresh_from_db(from_queryset=Dataset.objects.select_for_update(of=("self",)))
        translations = changed_by(dataset.translations, card["translations"] or {})
        return update_card(actor, dataset, {**card, "translations": translations}, based_on=based_on)


def translate_card(
    actor: Actor,
    dataset: Dataset,
    language: str,
    texts: Mapping[str, str],
    *,
    seen: Mapping[str, str] | None = None,
) -> Dataset:
    """Say some parts of the card, by path, in another language; what is empty is taken back, the other parts stay.

    ``seen`` is the digest of what each part said when the person read it: CardChanged when somebody else changed one of them since.
    Two people who translate other parts of one card disturb each other in nothing.
    """
    require(actor, "edit", dataset.organisation_id, f"modifier « {dataset.title} »")
    with transaction.atomic():
        dataset.refresh_from_db(from_queryset=Dataset.objects.select_for_update(of=("self",)))
        entry = dataset.translations.get(language) or {}
        present = texts_of(entry)
        for path, mark in (seen or {}).items():
            if path in texts and mark != digest(present.get(path, "")):
                latest = dataset.revisions.first()
                raise CardChanged(title=dataset.title, person=latest.actor if latest else "?")
        sources = sources_of(dataset)
        # What is no longer on the card is said in no other language either, but for what is taken back.
        written = {path: text for path, text in texts.items() if path in sources or path in present}
        made = with_texts(entry, written, sources)
        return update_card(actor, dataset, {"translations": {**dataset.translations, language: made}})
