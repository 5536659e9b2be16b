"""An extract: a dataset made of the rows and the columns that are taken of another, in step with it, with readers of its own."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from parvis.core.columns import ColumnType
from parvis.core.errors import RequestError
from parvis.core.profiling.plans import overrides_from_fields
from parvis.core.recipes.reading import check_steps
from parvis.core.transforms import Step
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor, may, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status, missing_requirements
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import create_dataset, set_access, update_card
from parvis.hub.datastore.extracts import Question, columns_of, take, types_of
from parvis.hub.datastore.services import abandon, deposit_file, run_import, start_import
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.preparation.services import EXTRACTING

if TYPE_CHECKING:
    from django.contrib.auth.models import Group

EXTRACT_WORD = "(extrait)"
"""The second name in the file of an extract that has one column."""
TAKEN_OVER = ("licence", "themes", "frequency", "contact_name", "contact_email", "language")
"""What the card of an extract takes of that of its dataset; nothing that tells what the dataset itself is."""

LOOSE = (ColumnType.JSON, ColumnType.FILE)
"""Types that their values alone may not tell."""


class NothingTaken(RequestError):
    """An extract of everything is the dataset itself."""

    code: ClassVar[str] = "extract-whole"
    sentence: ClassVar[str] = gettext_noop(
        "Cet extrait serait le jeu tout entier : ni ligne ni colonne ne serait laissée."
    )
    advice: ClassVar[str] = gettext_noop("Écrivez une condition, ou choisissez des colonnes.")


class NothingToTake(RequestError):
    """A dataset without rows yet."""

    code: ClassVar[str] = "extract-none"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » n’a pas encore de lignes en ligne : il n’y a rien à en extraire."
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """The extract that somebody wants."""

    title: str
    dataset_id: str
    description: str
    question: Question
    access: Access = Access.RESTRICTED
    groups: Sequence[Group] = field(default_factory=tuple)


def make_extract(actor: Actor, parent: Dataset, wish: Wish) -> Dataset:
    """Make an extract of a dataset, whose rows come in the background; it goes online when the actor may put it there.

    Forbidden, NothingTaken, NothingToTake, IdentifierTaken, what ``datastore.extracts.take`` refuses.
    """
    require(actor, "edit", parent.organisation_id, f"faire un extrait de « {parent.title} »")
    if wish.access is Access.PUBLIC:
        require(actor, "publish", parent.organisation_id, f"ouvrir à tous un extrait de « {parent.title} »")
    require_rows(parent)
    question = wish.question
    if not question.where.strip() and not question.columns:
        raise NothingTaken
    take(parent, question)
    question = replace(question, types=types_of(parent, question))
    step = Step(EXTRACTING, question.parameters(parent.dataset_id))
    check_steps([step])
    deposit = None
    try:
        with transaction.atomic():
            child = _made(actor, parent, wish, step)
            deposit = _deposit(actor, child, parent, question)
            imported = start_import(actor, deposit=deposit, dataset=child, publish=_goes_online(actor, child))
            run_import(actor, imported)
            words = {"source": parent.dataset_id, "access": str(wish.access)}
            record(actor.name, actor.person_id, "dataset.extract", "dataset", child.dataset_id, **words)
    except BaseException:
        if deposit is not None and type(deposit).objects.filter(pk=deposit.pk).exists():
            abandon(actor, deposit)
        raise
    return child


def require_rows(dataset: Dataset) -> None:
    """NothingToTake of a dataset without a version."""
    if dataset.current is None:
        raise NothingToTake(title=dataset.title)


def _made(actor: Actor, parent: Dataset, wish: Wish, step: Step) -> Dataset:
    card = {name: value for name, value in card_of(parent).items() if name in TAKEN_OVER}
    card |= {"title": wish.title, "description": wish.description}
    card["territories"] = [f"{place.kind}:{place.code}" for place in parent.places]
    child = create_dataset(actor, parent.organisation, wish.dataset_id, card)
    groups = list(wish.groups) if wish.access is Access.RESTRICTED else []
    set_access(actor, child, wish.access, [], groups, announced=False)
    columns = [
        column for column in columns_of(parent) if not wish.question.columns or column.name in wish.question.columns
    ]
    rows = overrides_from_fields([column.to_field() for column in columns])
    # The step tells the types that the dataset has each time; but what is no JSON in a column of JSON would make it one of texts.
    overrides = {name: (row if row.type in LOOSE else replace(row, type=None)).to_dict() for name, row in rows.items()}
    return update_card(actor, child, {"steps": [step.to_dict()], "overrides": overrides})


def _deposit(actor: Actor, child: Dataset, parent: Dataset, question: Question) -> object:
    """The file of an extract: the names of its columns. Its rows are never in it, so that none stays when the recipe takes it no more."""
    names = list(question.columns) or columns_of(parent).names
    # One name alone would be a line of text, that nobody takes for a table.
    header = names if len(names) > 1 else [*names, EXTRACT_WORD]
    with tempfile.TemporaryDirectory(prefix="extract-", dir=process_folder()) as folder:
        path = Path(folder, f"{child.dataset_id}.csv")
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerow(header)
        return deposit_file(actor, path)


def _goes_online(actor: Actor, child: Dataset) -> bool:
    complete = not missing_requirements({**card_of(child), "version": "to come"})
    return complete and may(actor, "publish", child.organisation_id) and child.status == Status.DRAFT
