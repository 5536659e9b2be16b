"""Writing the amounts, the links and the steps of an act: right, act, journal. An act that is online takes them too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from parvis.core.errors import NotFound
from parvis.domains.deliberations.models import Act, ActLink, Amount, Step
from parvis.domains.deliberations.money.rules import (
    MOST_AMOUNTS,
    MOST_LINKS,
    MOST_STEPS,
    AmountFacts,
    AmountsChanged,
    LinksItself,
    SaysHidden,
    TooMuch,
    check_step,
    mark_of,
)
from parvis.domains.deliberations.money.selectors import amounts_of, table_of
from parvis.domains.deliberations.online.leftovers import hidden_in
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import person_of
from parvis.hub.records.actor import acting_as
from parvis.hub.records.rules import may_see

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

LONGEST_LABEL = 255


def set_amounts(actor: Actor, act: Act, amounts: Sequence[AmountFacts], *, mark: str | None = None) -> None:
    """Have the act carry these amounts and no other. AmountsChanged when they are no longer those of ``mark`` (``mark_of``), TooMuch."""
    with _writing(actor, act, "noter les montants de"):
        if mark is not None and mark != mark_of(amounts_of(act)):
            raise AmountsChanged
        if len(amounts) > MOST_AMOUNTS:
            raise TooMuch(title=act.title, limit=MOST_AMOUNTS)
        if list(amounts) == amounts_of(act):
            return
        _require_unsaid(act, [text for row in amounts for text in (row.words, row.beneficiary)])
        act.amounts.all().delete()
        Amount.objects.bulk_create(
            Amount(
                act=act,
                cents=row.cents,
                purpose=row.purpose,
                words=row.words,
                chapter=row.chapter,
                beneficiary=row.beneficiary,
            )
            for row in amounts
        )
        _note(actor, act, "amounts", amounts=[[row.cents, row.purpose, row.chapter] for row in amounts])


def link_row(actor: Actor, act: Act, dataset: Dataset, key: Sequence[str | None], relation: str) -> ActLink:
    """Link the act with a row of a dataset that the actor may see; NotFound when no row, or several, has that key. Twice is once."""
    table = table_of(actor, dataset)
    label = table.title_of(table.row_at(key))
    which = {"dataset_id": dataset.dataset_id, "row_key": list(key)}
    return _link(actor, act, relation, f"{label} ({dataset.title})", which)


def link_dataset(actor: Actor, act: Act, dataset: Dataset) -> ActLink:
    """Link the act with a whole dataset."""
    which = {"dataset_id": dataset.dataset_id, "row_key": []}
    return _link(actor, act, ActLink.Relation.DATASET, dataset.title, which)


def link_act(actor: Actor, act: Act, other: Act) -> ActLink:
    """Link the act with another that the actor may see; NotFound, LinksItself."""
    if not may_see(actor, other.status, other.organisation_id):
        raise NotFound(name=other.slug)
    if other.pk == act.pk:
        raise LinksItself
    return _link(actor, act, ActLink.Relation.ACT, other.title, {"other": other})


def unlink(actor: Actor, act: Act, link: ActLink) -> None:
    """Take a link away; NotFound when it is not one of the act."""
    with _writing(actor, act, "délier un élément de"):
        if link.act_id != act.pk:
            raise NotFound(name=str(link.pk))
        ActLink.objects.filter(pk=link.pk).delete()
        _note(actor, act, "unlink", label=link.label, relation=link.relation)


def add_step(actor: Actor, act: Act, state: str, day: date, text: str = "", evidence: str = "") -> Step:
    """Write down a step of what became of the act; ``Act.execution`` is that of its last one. BadStep, TooMuch."""
    with _writing(actor, act, "noter une suite de"):
        check_step(day, act.date, timezone.localdate())
        if act.steps.count() >= MOST_STEPS:
            raise TooMuch(title=act.title, limit=MOST_STEPS)
        same = act.steps.filter(state=state, day=day, text=text, evidence=evidence).first()
        if same is not None:  # the form was sent twice
            return same
        _require_unsaid(act, [text, evidence])
        step = Step.objects.create(act=act, state=state, day=day, text=text, evidence=evidence)
        _follow(act)
        _note(actor, act, "step", state=state, day=day.isoformat(), evidence=evidence)
    return step


def remove_step(actor: Actor, act: Act, step: Step) -> None:
    """Take a step away that was written by mistake; the journal keeps it. NotFound when it is not one of the act."""
    with _writing(actor, act, "retirer une suite de"):
        if step.act_id != act.pk:
            raise NotFound(name=str(step.pk))
        Step.objects.filter(pk=step.pk).delete()
        _follow(act)
        _note(actor, act, "unstep", state=step.state, day=step.day.isoformat())


def _link(actor: Actor, act: Act, relation: str, label: str, which: dict[str, Any]) -> ActLink:
    with _writing(actor, act, "lier un élément à"):
        same = act.links.filter(**which).first()
        if same is not None:
            return same
        if act.links.count() >= MOST_LINKS:
            raise TooMuch(title=act.title, limit=MOST_LINKS)
        _require_unsaid(act, [label])
        link = ActLink.objects.create(act=act, relation=relation, label=label[:LONGEST_LABEL], **which)
        _note(actor, act, "link", label=link.label, relation=relation)
    return link


def _require_unsaid(act: Act, texts: Sequence[str]) -> None:
    """SaysHidden when a word that is hidden in the files of the act is written beside it."""
    if word := hidden_in(act, texts):
        raise SaysHidden(word=word)


def _follow(act: Act) -> None:
    """Of two steps of one day, the one written last is the last."""
    last = act.steps.order_by("-day", "-pk").first()
    act.execution = last.state if last is not None else ""
    Act.objects.filter(pk=act.pk).update(execution=act.execution)


@contextmanager
def _writing(actor: Actor, act: Act, action: str) -> Iterator[None]:
    """One at a time for an act; what is online changes only for who may publish."""
    require(actor, "publish" if act.live else "edit", act.organisation_id, f"{action} « {act.title} »")
    with transaction.atomic(), acting_as(actor):
        Act.objects.select_for_update().get(pk=act.pk)
        yield


def _note(actor: Actor, act: Act, action: str, **details: Any) -> None:
    log(act, f"parvis.{action}", user=person_of(actor.person_id) if actor.person_id else None, data=details)
