"""What is said of a version without its rows, from its row in the database; from its manifest until that row says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from parvis.core.columns import TableShape
from parvis.core.errors import NotFound
from parvis.core.rowlog.laying import around
from parvis.core.versions.facts import VersionFacts, facts_of
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.registry import laid_rows_of
from parvis.hub.store import manifest_of


def facts_of_version(version: Version, uid: str) -> VersionFacts:
    """The facts of a whole version of the dataset of that ``uid``; NotFound when neither its row nor its folder tells them."""
    if version.facts is not None:
        return VersionFacts.from_dict(version.facts)
    return facts_of(manifest_of(uid, version.name))


def listed_facts(version: Version, uid: str) -> VersionFacts:
    """The same for lists, which one folder that is away must not stop: no column then."""
    try:
        return facts_of_version(version, uid)
    except NotFound:
        return VersionFacts(TableShape(()), version.rows)


def searchable_values(version: Version) -> Mapping[str, Sequence[str]]:
    """The values of its columns of few values, by technical name, for anyone who may read the dataset; none of a column in which
    personal data was found."""
    return (version.facts or {}).get("values", {})


def seen_facts(dataset: Dataset) -> VersionFacts:
    """The same of what readers see of a dataset: its current version, and the rows that lie over it."""
    facts, laid = listed_facts(dataset.current, dataset.uid), laid_rows_of(dataset)
    if laid is None:
        return facts
    rows = laid.laid
    types = tuple(sorted({*facts.geometry_types, *rows.geometry_types}))
    return replace(facts, rows=facts.rows + rows.rows, bbox=around(facts.bbox, rows.bbox), geometry_types=types)
