"""The recipe of a dataset, changed before a file comes, and its last source taken through it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from parvis.core.recipes.reading import check_steps
from parvis.core.transforms import Step
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.datastore.services.deposits import abandon, deposit_original
from parvis.hub.datastore.services.imports import run_import, start_import
from parvis.hub.datastore.side_tables import require_side_tables

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.datastore.models import Import


def keep_steps(actor: Actor, dataset: Dataset, steps: Sequence[Mapping[str, Any]]) -> Dataset:
    """Have the next files of a dataset go through these steps; what is there stays as it is. BadRecipe, or the refusal of a table."""
    require(actor, "edit", dataset.organisation_id, f"changer la recette de « {dataset.title} »")
    listed = [Step.from_dict(row) for row in steps]
    check_steps(listed)
    require_side_tables(actor, listed, dataset)
    with transaction.atomic():
        dataset.steps = [dict(step) for step in steps]
        dataset.save(update_fields=["steps", "modified"])
        record(actor.name, actor.person_id, "dataset.recipe", "dataset", dataset.dataset_id, steps=len(listed))
    return dataset


def take_again(
    actor: Actor, dataset: Dataset, version: Version, *, publish: bool = False, policy: str = "stop"
) -> Import:
    """Import the source of a version again, in the background, through the recipe and the reading that the dataset has now."""
    deposit = deposit_original(actor, dataset, version)
    try:
        with transaction.atomic():
            imported = start_import(actor, deposit=deposit, dataset=dataset, publish=publish, policy=policy)
            run_import(actor, imported)
    except BaseException:
        abandon(actor, deposit)
        raise
    return imported
