"""How many versions are kept, and drafts that never had one."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import transaction

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.folders import versions_folder
from parvis.hub.datastore.lenses import forget_subsets
from parvis.hub.datastore.pinned_versions import versions_relied_on
from parvis.hub.datastore.prepared import prepared_root


def prune_versions(actor: Actor, dataset: Dataset, keep: int | None = None) -> list[str]:
    """Remove all but the latest ``keep`` versions (default: the setting), the current one and those that kept figures came from; the
    names removed."""
    require(actor, "edit", dataset.organisation_id, f"élaguer les versions de « {dataset.title} »")
    retained = settings.PARVIS["PARVIS_VERSIONS_KEPT"] if keep is None else keep
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
        old = [v for v in dataset.versions.all()[retained:] if v.pk != dataset.current_id]
        relied_on = versions_relied_on(dataset) if old else set()
        doomed = [v for v in old if v.name not in relied_on]
        names = [version.name for version in doomed]
        dataset.versions.filter(pk__in=[version.pk for version in doomed]).delete()
        if names:
            record(actor.name, actor.person_id, "version.prune", "dataset", dataset.dataset_id, versions=names)
    for name in names:  # interrupted here, ``recover`` finds folders whose import is over and whose row is gone
        shutil.rmtree(versions_folder(dataset.uid) / name, ignore_errors=True)
        shutil.rmtree(prepared_root(dataset) / name, ignore_errors=True)
        forget_subsets(dataset, name)
    return names


def discard_empty(actor: Actor, dataset: Dataset) -> bool:
    """Forget a draft that never had any version, as if it had not been created; False when there is more to it."""
    require(actor, "edit", dataset.organisation_id, f"oublier le brouillon « {dataset.title} »")
    with transaction.atomic():
        empty = Dataset.objects.filter(pk=dataset.pk, status=Status.DRAFT, issued=None, versions=None).first()
        if empty is None:
            return False
        record(actor.name, actor.person_id, "dataset.forget", "dataset", dataset.dataset_id)
        empty.delete()
    shutil.rmtree(versions_folder(dataset.uid).parent, ignore_errors=True)
    return True
