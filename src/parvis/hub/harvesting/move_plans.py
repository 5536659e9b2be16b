"""What a move would bring, before anything is written: each dataset of the portal, whether its address is free here, and the words that
must be translated into ours, in a table that people correct before they move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parvis.core.identifiers import BadDatasetId, check_dataset_id
from parvis.core.metadata import OTHER_LICENCE, THEME_BY_SLUG, theme_slug
from parvis.core.progress import Progress, no_progress
from parvis.core.sources.contract import Item
from parvis.core.sources.origins import comes_from
from parvis.core.sources.word_tables import KINDS, NEW
from parvis.core.text import fold
from parvis.core.translation import Sentence
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.harvesting.asking import shown_title
from parvis.hub.harvesting.cards import card_of_item
from parvis.hub.harvesting.files import EACH, OPTION, each_file
from parvis.hub.harvesting.models import Item as ItemRow
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.move_parts import arranged
from parvis.hub.harvesting.moves import far_card
from parvis.hub.harvesting.outcomes import FILTERED, FROM_HERE
from parvis.hub.harvesting.preview import whole_catalogue
from parvis.hub.harvesting.rules import Correspondence, Filters, name_in
from parvis.hub.harvesting.selectors import own_servers


@dataclass(frozen=True, slots=True)
class Planned:
    """A dataset of the portal: what it is called there and here, and what must be said of it."""

    name: str
    title: str
    publisher: str
    licence: str
    rows: int | None
    documents: int
    visibility: str
    note: Sentence | None = None
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All of them, how many could not be read, and how often each word of each kind is used."""

    datasets: tuple[Planned, ...]
    refused: int
    words: Mapping[str, Mapping[str, int]]

    def proposed(self) -> list[tuple[str, str, str, int]]:
        """The table of words: kind, word, what it would be here, datasets."""
        slugs = {fold(row.name): row.slug for row in organisations()}
        proposals = {
            "organisation": lambda word: slugs.get(fold(word)) or f"{NEW}{word}",
            "licence": lambda word: "",
            "theme": lambda word: "",
        }
        return [
            (kind, word, proposals[kind](word), count)
            for kind in KINDS
            for word, count in sorted(self.words.get(kind, {}).items(), key=lambda pair: (-pair[1], pair[0]))
        ]

    def facts(self) -> dict[str, Any]:
        """All of it, JSON-able: what the command prints and what the screen keeps."""
        coming = [row for row in self.datasets if not row.is_left]
        return {
            "totals": {
                "datasets": len(coming),
                "rows": sum(row.rows or 0 for row in coming),
                "documents": sum(row.documents for row in coming),
                "left": len(self.datasets) - len(coming),
                "to_decide": sum(row.note is not None for row in coming),
            },
            "datasets": [
                {
                    "dataset_id": row.name,
                    "title": row.title,
                    "publisher": row.publisher,
                    "licence": row.licence,
                    "rows": row.rows,
                    "documents": row.documents,
                    "visibility": row.visibility,
                    "left": row.is_left,
                    "note": row.note.to_json() if row.note else None,
                }
                for row in self.datasets
            ],
            "refused": self.refused,
            "mapping": [
                {"kind": kind, "word": word, "ours": slug, "datasets": count}
                for kind, word, slug, count in self.proposed()
            ],
        }


def plan_move(source: Source, progress: Progress = no_progress) -> Plan:
    """Read the whole catalogue of a source, saved or not, and write nothing."""
    words: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    datasets, refused = [], 0
    filters, correspondence = Filters.of(source.filters), Correspondence.of(source.mapping)
    servers = own_servers()
    ours_already = set(
        ItemRow.objects.filter(source__url=source.url, dataset__isnull=False).values_list("identifier", flat=True)
    )
    lines = whole_catalogue(source, progress)
    for line in each_file(lines) if source.options.get(OPTION) == EACH else lines:
        if line.item is None:
            refused += 1
            continue
        item = arranged(line.item)
        if item.identifier not in ours_already and comes_from(item, servers):
            there = far_card(item).get("visibility") or ""
            name = name_in(item) or item.identifier
            datasets.append(Planned(name, item.title, item.publisher, "", None, 0, there, FROM_HERE, True))
            continue
        planned = _planned(item, source, filters, correspondence, ours_already)
        datasets.append(planned)
        if not planned.is_left:
            _count(words, item, planned)
    return Plan(tuple(datasets), refused, words)


def _count(words: Mapping[str, Counter[str]], item: Item, planned: Planned) -> None:
    if item.publisher:
        words["organisation"][item.publisher] += 1
    if planned.licence in ("", OTHER_LICENCE):  # what nobody knows stays in its own words, unless somebody chooses ours
        words["licence"][item.licence] += 1
    words["theme"].update(word for word in item.themes if theme_slug(word) not in THEME_BY_SLUG)


def _planned(
    item: Item, source: Source, filters: Filters, correspondence: Correspondence, ours_already: set[str]
) -> Planned:
    card = far_card(item)
    default: Mapping[str, Any] = (card.get("metas") or {}).get("default") or {}
    told_card = card_of_item(
        item, correspondence, source_title=shown_title(source), default_licence=source.default_licence, is_move=True
    )
    kind = filters.refused_by(item)
    rows = default.get("records_count")
    note = FILTERED[kind] if kind else _note(item, card, has_licence=told_card.has_licence, ours_already=ours_already)
    return Planned(
        name_in(item) or item.identifier,
        item.title,
        item.publisher,
        told_card.values["licence"] if told_card.has_licence else "",
        rows if isinstance(rows, int) and not isinstance(rows, bool) else None,
        sum(len(card.get(part) or []) for part in ("attachments", "alternative_exports")),
        str(card.get("visibility") or ""),
        note,
        bool(kind),
    )


def _note(item: Item, card: Mapping[str, Any], *, has_licence: bool, ours_already: set[str]) -> Sentence | None:
    name = name_in(item)
    if card.get("has_records") and not card.get("data_visible", True):
        return Sentence("ses lignes ne sont pas lisibles là-bas sans une clé qui en a le droit")
    try:
        owner = dataset_called(check_dataset_id(name)) if item.identifier not in ours_already else None
    except BadDatasetId:
        return Sentence("son identifiant ne peut pas servir ici : il en aura un autre")
    if owner is not None:
        return Sentence("son identifiant est pris ici par « {title} » : il en aura un autre", {"title": owner.title})
    return None if has_licence else Sentence("resterait en brouillon : aucune licence")
