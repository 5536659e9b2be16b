"""Versions without rows, of datasets that are asked of another portal."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction

from parvis.core.columns import TableShape
from parvis.core.identifiers import new_version_id
from parvis.core.versions.adoption import adopt
from parvis.core.versions.facts import VersionFacts
from parvis.core.versions.formats import FEDERATED
from parvis.core.versions.hollow import write_hollow
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.services import add_version, bump_revision
from parvis.hub.datastore.services.versions import forget_these
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.store import store, versions_name

type Box = tuple[float, float, float, float]


def add_hollow_version(
    actor: Actor, dataset: Dataset, shape: TableShape, *, rows: int, bbox: Box | None, card: bytes, source: str
) -> Version:
    """A version of these columns whose rows are asked at ``source``, not published yet; ``card`` is what was said of it there."""
    require(actor, "edit", dataset.organisation_id, f"fédérer « {dataset.title} »")
    name, file_name = new_version_id(), f"{dataset.dataset_id}.json"
    with tempfile.TemporaryDirectory(prefix="hollow-", dir=process_folder()) as folder:
        original = Path(folder, "card.json")
        original.write_bytes(card)
        facts = {"rows": rows, "bbox": bbox, "source": source}
        manifest = write_hollow(shape, Path(folder), name, original=original, name=file_name, **facts)
        adopt(Path(folder, name), store(), versions_name(dataset.uid), manifest, original=original, name=file_name)
    # No version is on a map, nor has rows told apart, whose rows are not here.
    row = Version(
        name=name,
        rows=rows,
        columns=len(shape),
        bytes=manifest.original.bytes + sum(part.bytes for part in manifest.parts),
        original=file_name,
        format=FEDERATED,
        source=source[:500],
        facts=VersionFacts(shape, rows, bbox).to_dict(),
        rows_by_commune={},
    )
    return add_version(actor, dataset, row)


def note_rows(version: Version, rows: int) -> None:
    """Say how many rows the other portal now has."""
    if version.rows == rows:
        return
    with transaction.atomic():
        version.rows = rows
        version.facts = {**(version.facts or {}), "rows": rows}
        version.save(update_fields=["rows", "facts"])
        if version.dataset.current_id == version.pk:
            bump_revision(version.dataset)


def forget_hollow_versions(actor: Actor, dataset: Dataset, but: Version | None = None) -> None:
    """Remove the versions without rows that readers see no more: they say nothing of what the other portal then had."""
    stays = [dataset.current_id, *([but.pk] if but else [])]
    forget_these(actor, dataset, dataset.versions.filter(format=FEDERATED).exclude(pk__in=filter(None, stays)))
