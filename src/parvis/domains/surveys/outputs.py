"""The answers of a form as a dataset: a draft, internal, or public, written again when the hour of a change ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.core.progress import Progress, no_progress
from parvis.core.surveys.table import columns_of, row_of
from parvis.core.text import slugify
from parvis.domains.surveys.kinds import DATASET
from parvis.domains.surveys.models import AnswersDataset, Survey
from parvis.domains.surveys.rules import Output, State
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.publication_checks import PublicationHeld, held_by
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import IdentifierTaken, create_dataset, update_card
from parvis.hub.datastore.services.versions import prune_versions
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.publications.declaration import Publication
from parvis.hub.publications.services import publish_rows

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

ACCESS = {Output.DRAFT: Access.INTERNAL, Output.INTERNAL: Access.INTERNAL, Output.PUBLIC: Access.PUBLIC}
MOST_SAME_NAMES = 100


def ask_for_dataset(survey: Survey) -> None:
    """Have the dataset written again when the hour ends, or when the minute does while there is none; part of the transaction."""
    if survey.output == Output.NONE:
        return
    now = timezone.now().replace(second=0, microsecond=0)
    exists = AnswersDataset.objects.filter(survey=survey).exists()
    after = now.replace(minute=0) + timedelta(hours=1) if exists else now + timedelta(minutes=1)
    enqueue_once(OPERATOR, DATASET, f"{survey.pk} {after.isoformat()}", after=after, survey=survey.pk)


def ask_to_forget(survey: Survey) -> None:
    """The same once answers are erased: their rows go from the versions before, too."""
    AnswersDataset.objects.filter(survey=survey).update(erased=timezone.now())
    ask_for_dataset(survey)


def write_answers(actor: Actor, survey: Survey, progress: Progress = no_progress) -> Dataset | None:
    """Write the accepted answers as the dataset of the form; None when there is nothing to write, or it was withdrawn.

    Once answers were erased, the versions that may have them go when a new one is there. PublicationHeld when somebody must look at the
    new rows first: they wait, and what was erased is no longer open to all.
    """
    link = AnswersDataset.objects.filter(survey=survey).first()
    if survey.output == Output.NONE or not (link or survey.answers.filter(state=State.ACCEPTED).exists()):
        return None
    dataset = _dataset(actor, survey)
    form = survey.form
    publication = Publication(
        dataset_id=dataset.dataset_id,
        card={},
        columns=tuple(column.name for column in columns_of(form, photos=survey.shows_photos)),
        rows=partial(rows, survey),
        is_published=survey.output != Output.DRAFT,
        may_be_emptied=link is not None,
    )
    publish = partial(publish_rows, actor, publication, timezone.localdate(), progress)
    if link is None or link.erased is None:
        return publish()
    try:
        written = publish()
    except PublicationHeld:
        # What was erased leaves what everybody reads at once: the rest is the organisation's alone until somebody looks at it.
        update_card(actor, dataset, {"access": Access.INTERNAL})
        publish()
        _forget(actor, link)
        raise
    _forget(actor, link)
    return written


def _forget(actor: Actor, link: AnswersDataset) -> None:
    """Remove the versions that may have what was erased, now that a later one is there."""
    prune_versions(actor, link.dataset, keep=1)
    AnswersDataset.objects.filter(pk=link.pk, erased=link.erased).update(erased=None)


@dataclass(frozen=True, slots=True)
class AnswersTable:
    """The dataset of a form for who reads its answers: what holds its latest version back, if anything."""

    dataset: Dataset
    held: PublicationHeld | None


def table_of(survey: Survey) -> AnswersTable | None:
    """What the answers of a form have made; None before the first accepted one is written."""
    link = AnswersDataset.objects.select_related("dataset__current").filter(survey=survey).first()
    latest = link.dataset.versions.order_by("-pk").first() if link is not None else None
    if link is None or latest is None:
        return None
    dataset = link.dataset
    access = ACCESS.get(Output(survey.output), dataset.access)
    is_waiting = survey.output != Output.DRAFT and (latest != dataset.current or dataset.access != access)
    dataset.access = access  # as it would be: nothing is saved
    return AnswersTable(dataset, held_by(dataset, latest) if is_waiting else None)


def source_facts(dataset: Dataset, actor: Actor) -> dict[str, Any] | None:
    """The form online whose answers the dataset holds, for its page; None for another dataset."""
    link = AnswersDataset.objects.select_related("survey").filter(dataset=dataset, survey__live=True).first()
    return None if link is None else {"survey": link.survey}


def rows(survey: Survey, day: date) -> Iterator[Sequence[Any]]:
    """A row for each accepted answer, in the order in which they came."""
    form = survey.form
    address = partial(photo_address, survey) if survey.shows_photos else None
    for answer in survey.answers.filter(state=State.ACCEPTED).order_by("pk").iterator(500):
        received = timezone.localtime(answer.received).isoformat(timespec="seconds")
        yield row_of(form, answer.receipt, received, answer.values, address)


def photo_address(survey: Survey, key: str) -> str:
    """Where anybody reads a photo of an accepted answer."""
    return canonical(reverse("survey-photo", args=[survey.slug, key]))


def _dataset(actor: Actor, survey: Survey) -> Dataset:
    """The dataset of the form, its card as the form is now; made when there is none."""
    with transaction.atomic():
        Survey.objects.select_for_update().get(pk=survey.pk)
        link = AnswersDataset.objects.select_related("dataset").filter(survey=survey).first()
        card = _card(survey)
        if link is None:
            dataset = _made(actor, survey, card)
            AnswersDataset.objects.create(survey=survey, dataset=dataset)
            return dataset
        dataset = link.dataset
        changes = {
            name: card[name] for name in ("overrides", "fields", "access") if getattr(dataset, name) != card[name]
        }
        if changes:
            update_card(actor, dataset, changes)
    return dataset


def _made(actor: Actor, survey: Survey, card: dict[str, Any]) -> Dataset:
    stem = f"collecte-{slugify(survey.slug)}"[:90]
    for number in range(1, MOST_SAME_NAMES):
        try:
            with transaction.atomic():
                return create_dataset(actor, survey.organisation, stem if number == 1 else f"{stem}-{number}", card)
        except IdentifierTaken:
            continue
    raise IdentifierTaken(id=stem)


def _card(survey: Survey) -> dict[str, Any]:
    columns = columns_of(survey.form, photos=survey.shows_photos)
    return {
        "title": survey.title,
        "description": survey.summary or survey.text[:500] or f"Réponses au formulaire de collecte « {survey.title} ».",
        "licence": "lov2",
        "frequency": "irregular",
        "keywords": ["collecte"],
        "source": f"Formulaire de collecte « {survey.title} »",
        "access": ACCESS[Output(survey.output)],
        "overrides": {column.name: {"type": column.kind} for column in columns if column.kind},
        "fields": {column.name: {"label": column.label[:200]} for column in columns},
    }
