"""Reading rows by dataset."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from parvis.core.columns import TableShape
from parvis.core.engine import Engine, Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.plans import Count
from parvis.core.engine.watchdog import leave_process
from parvis.core.errors import NotFound
from parvis.core.explore import Setting
from parvis.core.rowlog.laying import LaidRows, around
from parvis.core.store import Store
from parvis.core.versions.delivered import is_overlaid
from parvis.core.versions.hollow import seen_hollow
from parvis.core.versions.manifest import Manifest
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.caches import room_of
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.datastore.elsewhere import AskedElsewhere, computing
from parvis.hub.datastore.facts import facts_of_version
from parvis.hub.datastore.lenses import SEEN, delivered_of, laid_subset_of, narrows, subset_of, way_of_seeing
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.remembered import loaded_note, remember_loaded
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.registry import laid_rows_of
from parvis.hub.sites.lens import Lens, current_lens
from parvis.hub.store import store, stored_manifest, version_name

ImportState = Import.State


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The query engine of this process, locked to the folder of datasets; each answer it computes is the caller's."""
    made = DuckDBEngine(
        store().local_root("datasets"),
        locate=store().local,
        memory=settings.PARVIS["PARVIS_ENGINE_MEMORY"],
        threads=settings.PARVIS["PARVIS_ENGINE_THREADS"],
        answers_room=room_of("tables"),
        on_loaded=partial(remember_loaded, note=loaded_note()),
        on_stuck=leave_process,
        around=computing,
        disk=settings.PARVIS["PARVIS_ENGINE_DISK"],
        work=process_folder(),  # swept when this process was killed
    )
    atexit.register(_close, weakref.ref(made))
    return made


def close_engine() -> None:
    """Close the engine of this process, if it has one: processes forked from this one would have it without its threads."""
    if engine.cache_info().currsize:
        engine().close()
        engine.cache_clear()


def _close(made: weakref.ref[Engine]) -> None:
    if (opened := made()) is not None:
        opened.close()


@lru_cache(maxsize=512)
def _manifest(files: Store, name: str) -> Manifest:
    """Versions never change, so neither does what is remembered of them."""
    return stored_manifest(files, name)


def _source(name: str) -> Source:
    return Source(name, _manifest(store(), name))


def source_of(dataset: Dataset, version: Version | None = None) -> Source:
    """The rows of a dataset as the engine sees them: its current version unless another is given.

    On the site of a commune, those that concern it (``hub.sites.lens``). The caller has already checked the right to see the
    dataset. Rows pushed since the current version was written are there too, unless that version was called by its name: what
    ``dataset.current`` gives is what readers see now, another object of the same version is that version for ever.
    """
    chosen = version or dataset.current
    whole, subset = whole_source_of(dataset, chosen), None
    lens = current_lens()
    if lens is not None and narrows(dataset, lens):
        subset = subset_of(dataset, chosen, whole.manifest, lens)
    base = whole if subset is None else _source(subset)
    laid = laid_rows_of(dataset) if chosen is dataset.current else None
    if laid is None:
        return base
    over = _over(base, laid)
    if subset is None or lens is None:
        return over
    return _counted(_laid_for(dataset, chosen, over, laid, lens))


def _over(base: Source, laid: LaidRows) -> Source:
    """A version with what lies over it."""
    rows, manifest = laid.laid, base.manifest
    # Counts and legends of columns stay those of the version: it is written again soon.
    seen = replace(
        manifest,
        rows=manifest.rows + rows.rows,
        parts=rows.parts,
        bbox=around(manifest.bbox, rows.bbox),
        geometry_types=tuple(sorted({*manifest.geometry_types, *rows.geometry_types})),
    )
    gone = tuple(f"{laid.folder}/{name}" for name in rows.gone)
    return Source(f"{laid.folder}/{laid.mark}", seen, base, gone, laid.folder)


def _laid_for(dataset: Dataset, version: Version, over: Source, laid: LaidRows, lens: Lens) -> Source:
    """The same for a commune, of whose rows ``over.base`` is already made."""
    if not laid.laid.parts:
        return replace(over, key=f"{over.key}/{lens.code}")
    whole = whole_source_of(dataset, version).manifest
    name = laid_subset_of(dataset, version, replace(whole, parts=over.manifest.parts), laid, lens)
    part = _source(name)
    return replace(over, key=f"{name}/{SEEN}", manifest=replace(over.manifest, parts=part.manifest.parts), folder=name)


def _counted(source: Source) -> Source:
    """The same with the number of its rows: how many of those that are gone were a commune's is only known by looking."""
    rows = engine().value(source, Count())
    return replace(source, manifest=replace(source.manifest, rows=int(rows)))


def whole_source_of(dataset: Dataset, version: Version) -> Source:
    """The rows of a version, all of them whatever the site."""
    source = _source(version_name(dataset.uid, version.name))
    return replace(source, manifest=seen_hollow(source.manifest, version.rows)) if version.is_federated else source


def delivered_source_of(dataset: Dataset, version: Version) -> Source:
    """The rows of a version as its source delivered them, without contributions; NotFound when they changed nothing."""
    whole = whole_source_of(dataset, version)
    if not is_overlaid(whole.manifest):
        raise NotFound(name="source")
    return _source(delivered_of(dataset, version))


@dataclass(frozen=True, slots=True)
class SeenThrough:
    """What a commune's site shows of a dataset: ``rows`` of ``total``; ``place`` is the kind of territory they concern, None
    when nothing tells rows apart and all are shown."""

    lens: Lens
    rows: int
    total: int
    place: str | None


def seen_through(dataset: Dataset, version: Version | None = None) -> SeenThrough | None:
    """What the site of the request shows of a dataset; None where everything is."""
    lens, chosen = current_lens(), version or dataset.current
    if lens is None or not narrows(dataset, lens):
        return None
    whole, shown = whole_source_of(dataset, chosen), source_of(dataset, chosen)
    laid = laid_rows_of(dataset) if chosen is dataset.current else None
    total = whole.rows + (laid.laid.rows if laid else 0)
    is_part = (shown.base or shown).key != whole.key
    seen = way_of_seeing(whole.manifest) if is_part else None
    return SeenThrough(lens, shown.rows, total, seen.place if seen else None)


def shape_of(dataset: Dataset, version: Version | None = None) -> TableShape:
    """The columns, with the labels, descriptions and annotations people gave on the card."""
    # What a commune's site shows has the columns of the whole.
    return described_shape(dataset, facts_of_version(version or dataset.current, dataset.uid).shape)


def described_shape(dataset: Dataset, shape: TableShape) -> TableShape:
    """These columns, with the labels, descriptions and annotations people gave on the card."""
    return TableShape(tuple(column.described(dataset.fields.get(column.name, {})) for column in shape))


def described_source(dataset: Dataset, version: Version) -> Source | None:
    """The rows of a version, its columns labelled and annotated as on the card; None when its folder is gone."""
    try:
        source = source_of(dataset, version)
    except NotFound:
        return None
    return replace(source, manifest=replace(source.manifest, shape=described_shape(dataset, source.manifest.shape)))


def written_source(dataset: Dataset, version: Version) -> Source | None:
    """The same of all its rows, whatever the site, as they were written: without those that came since."""
    try:
        source = whole_source_of(dataset, version)
    except NotFound:
        return None
    return replace(source, manifest=replace(source.manifest, shape=described_shape(dataset, source.manifest.shape)))


def export_setting(dataset: Dataset) -> Setting:
    """What files of a dataset say of it: its name and address; and where they may stand while they are made."""
    about = canonical(dataset.get_absolute_url()).rstrip("/")
    files = canonical(absolute_path(f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/files"))
    return Setting(dataset.dataset_id, about, process_folder(), files)


def original_name(dataset: Dataset, version: Version) -> str:
    """The source file of a version, byte for byte, by its name in the store; AskedElsewhere for a federated one, which has none."""
    if version.is_federated:
        raise AskedElsewhere
    name = version_name(dataset.uid, version.name)
    return f"{name}/{_manifest(store(), name).original.file}"


def imports() -> QuerySet[Import]:
    """Every import with what its screens show of it, no matter who asks: the right is the caller's care."""
    return Import.objects.select_related("dataset__organisation", "dataset__current", "deposit", "version", "job")


def import_names(keys: Iterable[str]) -> dict[str, str]:
    """The file of each of these imports, by its key as text, for the journal, whose entries are the caller's care."""
    rows = Import.objects.select_related("deposit", "version").filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(row.pk): row.source_name for row in rows}


def imports_visible_to(actor: Actor) -> QuerySet[Import]:
    """The imports the person began or whose dataset they edit."""
    rows = Import.objects.select_related("dataset", "deposit", "job", "person", "version")
    if actor.everything:
        return rows
    return rows.filter(Q(person_id=actor.person_id) | Q(dataset__in=datasets_managed_by(actor)))


def deposit_of(actor: Actor, key: Any) -> Deposit:
    """The deposit of that key when it is the actor's; NotFound for the rest."""
    rows = Deposit.objects.filter(pk=key).first()
    if rows is None or not (actor.everything or (actor.person_id and rows.person_id == actor.person_id)):
        raise NotFound(name=str(key))
    return rows
