"""Made-up datasets, for tests."""

from __future__ import annotations

import itertools

from django.utils import timezone

from parvis.core.identifiers import new_version_id
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision, create_dataset

_numbers = itertools.count(1)

CARD = {
    "title": "Arceaux à vélos",
    "description": "Les arceaux posés sur le domaine public, relevés chaque printemps par le service mobilité.",
    "licence": "lov2",
}


def make_dataset(
    organisation=None, *, status: Status = Status.PUBLISHED, access: Access = Access.PUBLIC, **card
) -> Dataset:
    """A dataset with a version row (without its folder) in the given state."""
    dataset_id = card.pop("dataset_id", f"jeu-{next(_numbers)}")
    dataset = create_dataset(OPERATOR, organisation or make_organisation(), dataset_id, {**CARD, **card})
    dataset.current = make_version(dataset)
    dataset.status = status
    dataset.access = access
    dataset.save()
    bump_revision(dataset)
    return dataset


def make_version(dataset: Dataset, **extra) -> Version:
    """The row of a version published once, without its folder."""
    facts = {"rows": 3, "columns": 2, "bytes": 100, "original": "arceaux.csv", "format": "csv"}
    facts |= {"published": timezone.now(), **extra}
    return Version.objects.create(dataset=dataset, **{"name": new_version_id(), **facts})
