"""How many versions are kept, and drafts that never had one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.lenses import forget_subsets
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.pinned_versions import versions_relied_on
from parvis.hub.store import dataset_name, prepared_name, store, version_name


def prune_versions(actor: Actor, dataset: Dataset, keep: int | None = None) -> list[str]:
    """Remove all but the latest ``keep`` versions (default: the setting), the current one and those that kept figures came from; the
    names removed."""
    require(actor, "edit", dataset.organisation_id, f"élaguer les versions de « {dataset.title} »")
    retained = settings.PARVIS["PARVIS_VERSIONS_KEPT"] if keep is None else keep
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
        old = [
            v
            for v in _oldest_first(dataset)[: max(dataset.versions.count() - retained, 0)]
            if v.pk != dataset.current_id
        ]
        relied_on = versions_relied_on(dataset) if old else set()
        names = _unwrite(actor, dataset, [v for v in old if v.name not in relied_on])
    _empty_folders(dataset, names)
    return names


def discard_version(actor: Actor, dataset: Dataset, version: Version) -> bool:
    """Remove a version that readers never saw, and end the imports that held it; False for one that they saw, or see."""
    require(actor, "edit", dataset.organisation_id, f"écarter une version de « {dataset.title} »")
    if version.published is not None or version.pk == dataset.current_id:
        return False
    with transaction.atomic():
        Import.objects.filter(version=version, state=Import.State.HELD).update(state=Import.State.CANCELLED)
        names = _unwrite(actor, dataset, [version])
        transaction.on_commit(lambda: _empty_folders(dataset, names))
    return True


def forget_these(actor: Actor, dataset: Dataset, doomed: Iterable[Version]) -> None:
    """Remove versions that nobody sees nor will."""
    with transaction.atomic():
        names = _unwrite(actor, dataset, list(doomed))
        transaction.on_commit(lambda: _empty_folders(dataset, names))


def forget_versions(actor: Actor, dataset: Dataset, before: datetime) -> list[str]:
    """Remove the versions made before a moment, but the current one, whatever relies on them: they may have rows that nobody is to read
    any more; the names removed."""
    require(actor, "edit", dataset.organisation_id, f"oublier des versions de « {dataset.title} »")
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
        doomed = dataset.versions.filter(created__lt=before).exclude(pk=dataset.current_id)
        names = _unwrite(actor, dataset, list(doomed))
    _empty_folders(dataset, names)
    return names


def _unwrite(actor: Actor, dataset: Dataset, doomed: list[Version]) -> list[str]:
    names = [version.name for version in doomed]
    dataset.versions.filter(pk__in=[version.pk for version in doomed]).delete()
    if names:
        record(actor.name, actor.person_id, "version.prune", "dataset", dataset.dataset_id, versions=names)
    return names


def _empty_folders(dataset: Dataset, names: list[str]) -> None:
    for name in names:  # interrupted here, ``recover`` finds folders whose import is over and whose row is gone
        store().delete(version_name(dataset.uid, name))
        store().delete(prepared_name(dataset.uid, name))
        forget_subsets(dataset, name)


def _oldest_first(dataset: Dataset) -> list[Version]:
    """The versions in the order in which they go: those that were made of a delivery with contributions, and again with more of
    them, before the others; then the oldest. Ten decisions of a day must not take the place of ten deliveries."""
    again = Import.objects.filter(dataset=dataset).exclude(replaces="")
    passing = set(again.values_list("version_name", flat=True)) & set(again.values_list("replaces", flat=True))
    versions = list(dataset.versions.all())[::-1]
    return sorted(versions, key=lambda version: version.name not in passing)


def discard_empty(actor: Actor, dataset: Dataset) -> bool:
    """Forget a draft that never had any version, as if it had not been created; False when there is more to it."""
    require(actor, "edit", dataset.organisation_id, f"oublier le brouillon « {dataset.title} »")
    with transaction.atomic():
        empty = Dataset.objects.filter(pk=dataset.pk, status=Status.DRAFT, issued=None, versions=None).first()
        if empty is None:
            return False
        record(actor.name, actor.person_id, "dataset.forget", "dataset", dataset.dataset_id)
        empty.delete()
    store().delete(dataset_name(dataset.uid))
    return True
