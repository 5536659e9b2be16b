"""When a dataset has a new version: what becomes of those whose recipe reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from parvis.core.transforms import Step
from parvis.core.transforms.preparation.model import PREFIX
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.side_tables import dataset_read, datasets_read, names_of
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.preparation.kinds import CHANGED, REMAKE
from parvis.hub.store import manifest_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version

REMAKING, TELLING = "remake", "tell"
EXTRACTING = f"{PREFIX}extract"
"""The step by which a dataset is an extract of another."""


def source_published(dataset: Dataset, version: Version, **_facts: Any) -> None:
    """Have the datasets that read this one made again, or their owners told, once it is committed."""
    for child, wish in children_of(dataset):
        if version_read(child, dataset) == version.name:
            continue  # published again: nothing changed for this one
        if wish == REMAKING:
            ask_to_remake(child, dataset)
        elif wish == TELLING:
            tell_owners(child, dataset)
    for source in _extracted_before(dataset):
        ask_to_remake(dataset, source)


def _extracted_before(dataset: Dataset) -> Iterator[Dataset]:
    """What an extract is taken of, when it goes online with rows of a former version: rows that were taken away since stay nowhere."""
    steps = [step for row in dataset.steps if (step := Step.from_dict(row)).name == EXTRACTING]
    for identifier in datasets_read(steps):
        source = dataset_read(identifier)
        if source is not None and source.current is not None and version_read(dataset, source) != source.current.name:
            yield source


def children_of(dataset: Dataset) -> Iterator[tuple[Dataset, str]]:
    """The datasets whose recipe reads this one, each with what it wants then."""
    rows = Dataset.objects.exclude(steps=[]).exclude(status=Status.DELETED).exclude(current=None)
    names = names_of(dataset)
    for child in rows.select_related("current", "organisation"):
        steps = [step for row in child.steps if names.intersection(datasets_read([step := Step.from_dict(row)]))]
        if steps:
            wishes = {str(step.parameters.get("when_changed") or REMAKING) for step in steps}
            yield child, next((wish for wish in (REMAKING, TELLING) if wish in wishes), "")


def version_read(child: Dataset, source: Dataset) -> str:
    """The version of another dataset that the current one was made with; empty when it is not known."""
    lineage, names = manifest_of(child.uid, child.current.name).lineage if child.current else [], names_of(source)
    details = [outcome.get("details") or {} for outcome in lineage]
    return next((str(row.get("version", "")) for row in details if row.get("dataset") in names), "")


def ask_to_remake(child: Dataset, source: Dataset) -> None:
    """Have a dataset made again in the background, once however many of its sources change meanwhile."""
    waiting = Job.objects.filter(kind=REMAKE, state=Job.State.QUEUED, arguments__dataset=child.pk)
    if not waiting.exists():
        enqueue(OPERATOR, REMAKE, dataset=child.pk, source=source.dataset_id)
        record(OPERATOR.name, None, "dataset.remake", "dataset", child.dataset_id, source=source.dataset_id)


def tell_owners(child: Dataset, source: Dataset, problem: str = "") -> None:
    """Write to the administrators of the organisation of a dataset that what it is made of changed, or that it could not be made again."""
    people = Person.objects.filter(
        is_active=True, memberships__organisation=child.organisation_id, memberships__role=Role.ADMINISTRATOR
    )
    for person in people.distinct():
        write_to_person(person, CHANGED, dataset=child.pk, source=source.dataset_id, problem=problem)
