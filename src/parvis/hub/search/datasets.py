"""Datasets, as a search finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import NotFound
from parvis.core.metadata import theme_slug
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.languages import here
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.reach import places_of
from parvis.hub.catalogue.rules import Access, Status, may_see
from parvis.hub.catalogue.selectors import announced_among
from parvis.hub.datastore.facts import searchable_values, seen_facts
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.registry import Link
from parvis.hub.search.rules import (
    ANNOUNCED,
    ANY_MEMBER,
    ANYBODY,
    DATASET,
    WITH_MAP,
    Hit,
    SearchDocument,
    SearchKind,
    in_order,
)
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import plain_text

LONGEST_TEXT = 300
"""Letters of what a result says."""


def seen_by(dataset: Dataset) -> tuple[str, ...]:
    """The marks of those who may find it; the form that an index has of ``catalogue.rules.may_see``."""
    if dataset.access == Access.PUBLIC:
        return (ANYBODY,)
    marks = [f"editor:{dataset.organisation_id}"]
    if dataset.access == Access.INTERNAL:
        members = {dataset.organisation_id, *(organisation.pk for organisation in dataset.allowed_organisations.all())}
        marks += [ANY_MEMBER] if dataset.all_organisations else [f"member:{key}" for key in sorted(members)]
    else:
        marks += [f"group:{group.pk}" for group in dataset.allowed_groups.all()]
    return (*marks, ANNOUNCED) if dataset.announced else tuple(marks)


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    datasets = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False)
    datasets = datasets if keys is None else datasets.filter(pk__in=keys)
    related = "territories", "allowed_organisations", "allowed_groups"
    rows = datasets.select_related("organisation__territory", "current")
    return map(document_of, rows.prefetch_related(*related).iterator(chunk_size=500))


def document_of(dataset: Dataset) -> SearchDocument:
    """What the index holds of a dataset."""
    territories, version = list(dataset.territories.all()), dataset.current
    others = list(dataset.translations.values())
    owner = dataset.organisation.territory
    counts = version.rows_by_commune or {}
    keywords = (*dataset.keywords, *(word for entry in others for word in entry.get("keywords") or ()))
    return SearchDocument(
        kind=DATASET,
        key=dataset.pk,
        title=dataset.title,
        titles=tuple(_of_all(others, "title")),
        text=" ; ".join(plain_text(text) for text in (dataset.description, *_of_all(others, "description"))),
        keywords=tuple(map(str, keywords)),
        organisation=dataset.organisation.name,
        territories=tuple(territory.name for territory in territories),
        codes=(dataset.dataset_id,),
        columns=_column_words(dataset),
        values=tuple(value for values in searchable_values(version).values() for value in values),
        facets={
            "theme": tuple(theme_slug(word) for word in dataset.themes),
            "organisation": (dataset.organisation.slug,),
            "territoire": tuple(f"{territory.kind}:{territory.code}" for territory in territories),
            "carte": (WITH_MAP,) if version.has_geometry else (),
            "format": (version.format,),
            "licence": (dataset.licence,),
            "mot-cle": tuple(map(str, dataset.keywords)),
        },
        rows=seen_facts(dataset).rows,
        modified=dataset.data_modified or dataset.modified or timezone.now(),
        seen_by=seen_by(dataset),
        published_by=f"commune:{owner.code}" if owner and owner.kind == Territory.Kind.COMMUNE else "",
        absent_from=tuple(commune for commune, rows in counts.items() if rows == 0),
        about=(*(commune for commune, rows in counts.items() if rows), *places_of(dataset)),
    )


def _of_all(entries: Sequence[dict[str, Any]], name: str) -> list[str]:
    return [entry[name] for entry in entries if entry.get(name)]


def _column_words(dataset: Dataset) -> tuple[str, ...]:
    try:
        shape = shape_of(dataset)
    except NotFound:  # the folder of a version may be away while a backup is restored: its card stays searchable
        return ()
    words = [word for column in shape for word in (column.name.replace("_", " "), column.label)]
    words += [
        row["label"]
        for entry in dataset.translations.values()
        for row in (entry.get("fields") or {}).values()
        if row.get("label")
    ]
    return tuple(dict.fromkeys(words))


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    datasets = [here(row) for row in announced_among(actor, keys) if may_see(actor, row.guarded)]
    return [
        Hit(
            row.dataset_id,
            row.title,
            plain_text(row.description)[:LONGEST_TEXT],
            row.organisation.name,
            f"{row.get_absolute_url()}information/",
            dataset=row,
        )
        for row in in_order(datasets, keys)[:most]
    ]


DATASETS = SearchKind(
    name=DATASET,
    label=_("Jeux de données"),
    model=Dataset,
    documents=_documents,
    hits=_hits,
    page=Link(_("Jeux de données"), "explore", "q"),
    place="explore",
    rank=0,
)
