"""The rules of a former portal made here, one by one, by a person: each an extract of its dataset, for those who read it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core.columns import ColumnType, TableShape
from parvis.core.errors import ParvisError, RequestError
from parvis.core.explore_v1 import nodes
from parvis.core.explore_v1.identity import RECORD_ID
from parvis.core.explore_v1.parser import parse
from parvis.core.identifiers import dataset_id_from
from parvis.core.sources.portal_lists import MOST_FILTER_LETTERS, is_whole
from parvis.core.text import fold
from parvis.core.transforms.preparation.tables import ODSQL, V1
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import person_by_email
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.extracts import Question, columns_of, pieces_of, take
from parvis.hub.moving.models import Part
from parvis.hub.moving.reading import Portal
from parvis.hub.moving.rules import State
from parvis.hub.preparation.extracts import Wish, make_extract
from parvis.hub.teams.selectors import groups_of_readers

if TYPE_CHECKING:
    from django.contrib.auth.models import Group

DEFAULT = "default"
"""The rule of everybody."""
_SAME = frozenset({"null", "exact", "startswith"})
"""Functions that say of a cell, and of nothing else, whether it is so: the others look for words or measure, each portal its own way."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The extract that a rule would be, and what of the rule it would not say."""

    title: str
    dataset_id: str
    question: Question
    groups: Sequence[Group]
    untold: Sequence[Sentence]
    """Of its filter: a person must then write the condition."""
    absent: Sequence[str]
    """Columns that it showed there and that are not here."""
    is_for_all: bool
    members: int
    """People of the group there, as far as they are told."""
    members_here: int
    """Those who have an account here."""


def extract_of(part: Part) -> Dataset | None:
    """The extract that a rule became; None while it has none, or no longer has it."""
    if part.kind != "filters" or not part.target.isdecimal():
        return None
    return Dataset.objects.exclude(status=Status.DELETED).select_related("current").filter(pk=part.target).first()


def is_offered(part: Part) -> bool:
    """Whether an extract can be made of a rule: it shows some rows of a dataset that is here, and not all of it."""
    rule = part.facts.get("rule") or {}
    has_rows = part.dataset is not None and part.dataset.current is not None and not part.dataset.current.is_federated
    return part.kind == "filters" and has_rows and bool(rule.get("data_visible")) and not is_whole(rule)


def filter_of(part: Part) -> str:
    """The condition of a rule, as it was written there."""
    rule = part.facts.get("rule") or {}
    return str(rule.get("query") or rule.get("filter") or "")


def proposal_for(part: Part) -> Proposal:
    """What the form says first."""
    assert part.dataset is not None
    who, _colon, name = str(part.facts.get("identifier") or DEFAULT).partition(":")
    label = _group_title(part, name) if who == "group" else name
    shape = columns_of(part.dataset)
    untold = untold_of(filter_of(part), part.dataset, shape)
    rule = part.facts.get("rule") or {}
    fields = [str(field) for field in rule.get("fields") or []]
    columns = () if "*" in fields else tuple(column for column in shape.names if column in fields)
    absent = [] if "*" in fields else [field for field in fields if field not in shape.names]
    title = f"{part.dataset.title} – {label or _('public')}"[:200]
    people = _members(part, name) if who == "group" else []
    return Proposal(
        title=title,
        dataset_id=dataset_id_from(title),
        question=Question("", ODSQL, columns) if untold else Question(filter_of(part), V1, columns),
        groups=[
            group for group in groups_of_readers() if who == "group" and fold(group.name) in (fold(label), fold(name))
        ],
        untold=untold,
        absent=absent,
        is_for_all=who == DEFAULT,
        members=len(people),
        members_here=sum(person_by_email(address) is not None for address in people),
    )


def _group_title(part: Part, name: str) -> str:
    group = Part.objects.filter(source=part.source_id, kind="groups", identifier=name).first()
    return (group.title if group is not None else "") or name


def _members(part: Part, name: str) -> list[str]:
    people = Part.objects.filter(source=part.source_id, kind="users")
    return [row.identifier for row in people if name in (row.facts.get("groups") or [])]


def untold_of(query: str, dataset: Dataset, shape: TableShape) -> list[Sentence]:
    """What of a filter cannot be said here so that the same rows are sure to be taken; nothing when all of it can."""
    if not query.strip():
        return []
    if len(query) > MOST_FILTER_LETTERS:
        return [Sentence("le filtre est trop long : il est venu coupé")]
    try:
        tree = parse(query)
        take(dataset, Question(query, V1))
    except RequestError as error:
        return [error.sentences()[0]]
    reasons: list[Sentence] = []
    for piece in pieces_of(tree):
        reason = _untold(piece, shape)
        if reason is not None and reason not in reasons:
            reasons.append(reason)
    return reasons


def _untold(piece: Any, shape: TableShape) -> Sentence | None:
    match piece:
        case nodes.Words(text):
            return Sentence(
                "« {words} » est cherché dans toute la ligne : ici, ce seraient d’autres lignes", {"words": text[:80]}
            )
        case nodes.Call(name) if name not in _SAME:
            return Sentence("« #{name} » cherche ou mesure, et chaque portail le fait à sa façon", {"name": name[:40]})
        case nodes.FieldIs(name, "=" | "!="):
            is_identifier = name == RECORD_ID and shape.get(name) is None
            return Sentence("il nomme des lignes par leur identifiant, qui est autre ici") if is_identifier else None
        case nodes.FieldIs(name) | nodes.FieldBetween(name) if _is_text(shape, name):
            return Sentence(
                "« {name} » est un texte, comparé dans l’ordre : chaque portail a le sien", {"name": name[:80]}
            )
    return None


def _is_text(shape: TableShape, name: str) -> bool:
    column = shape.get(name)
    return column is not None and column.type is ColumnType.TEXT


@dataclass(frozen=True, slots=True)
class Compared:
    """What the portal answers for the filter of a rule: how many rows it keeps there, or why it does not say."""

    rows: int | None
    reason: Sentence | None = None


def compared(part: Part) -> Compared | None:
    """Ask the portal; None of a rule without a filter."""
    query = filter_of(part)
    if not query.strip() or len(query) > MOST_FILTER_LETTERS:
        return None
    try:
        return Compared(Portal(part.source).rows_of_filter(part.identifier.rpartition(" ")[0], query))
    except ParvisError as error:
        return Compared(None, error.sentences()[0])


def make_rule_extract(actor: Actor, part: Part, wish: Wish) -> tuple[Dataset, bool]:
    """Make the extract of a rule, once: that which it has already is given, and False. The errors of ``make_extract``."""
    with transaction.atomic():
        row = Part.objects.select_for_update(of=("self",)).select_related("dataset").get(pk=part.pk, kind="filters")
        present = extract_of(row)
        if present is not None:
            return present, False
        assert row.dataset is not None
        child = make_extract(actor, row.dataset, wish)
        row.target, row.state, row.made = str(child.pk), State.MADE, row.digest
        row.save()
        return child, True


def follow_extract(part: Part, mark: str, words: list[Sentence]) -> None:
    """What a rule that is read again is, when an extract was made of it; it is told when the rule is another since."""
    if not part.target:
        return
    part.state = State.MADE if extract_of(part) is not None else State.LEFT
    if part.state == State.MADE and part.made != mark:
        words.append(Sentence("la règle a changé là-bas depuis : l’extrait a encore celle d’avant"))


def extract_facts(part: Part) -> Mapping[str, Any]:
    """The extract of a rule as a list tells it; nothing without one."""
    child = extract_of(part)
    if child is None:
        return {}
    state = _("ses lignes arrivent, ou attendent une décision") if child.current is None else child.get_status_display()
    return {"title": child.title, "dataset_id": child.dataset_id, "state": state, "access": child.get_access_display()}
