"""What every way of publishing, withdrawing or deleting an act passes through: it listens inside the transaction of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from parvis.core.translation import SOURCE, Sentence
from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.online.leftovers import leftovers_of_sitting
from parvis.domains.deliberations.online.readiness import missing_of
from parvis.domains.deliberations.online.sealing import seal_publication, subject_of
from parvis.domains.deliberations.rules import ActIsSealed, Identity, NotReady, NotWithdrawn, SameAct, address_of
from parvis.domains.deliberations.selectors import files_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records.actor import acting
from parvis.hub.seals.selectors import entries_of

PUBLISHING = frozenset({"publish", "scheduled"})
TAKING_AWAY = frozenset({"unpublish", "retire", "archive"})


def act_changed(sender: type[Act], record: Act, act: str, **_rest: Any) -> None:
    """Refuse what the law or the seal does not allow; give what goes online its permanent address.

    NotReady for an act that lacks something, NotWithdrawn for one that would vanish without a trace, ActIsSealed for one that
    would be deleted.
    """
    if act in PUBLISHING and record.live:
        _refuse(record, missing_of(record, files_of([record])[record.pk]))
        if record.slug.startswith("depot-"):
            give_address(record)
        if not entries_of(subject_of(record)).exists():
            # Last: publications wait for each other from here to the end of the transaction.
            seal_publication(acting.get() or OPERATOR, record)
    elif act in TAKING_AWAY and record.first_published_at and record.withdrawn_at is None:
        raise NotWithdrawn(title=record.title)
    elif act == "move" and record.first_published_at:
        # The chain names it by its address.
        raise ActIsSealed(title=record.title)
    elif act == "delete":
        if record.first_published_at:
            raise ActIsSealed(title=record.title)
        forget_files(record)


def _refuse(record: Act | Session, missing: Sequence[Sentence]) -> None:
    if missing:
        language = get_language() or SOURCE
        raise NotReady(title=record.title, missing=", ".join(words.text(language) for words in missing))


def session_changed(sender: type[Session], record: Session, act: str, **_rest: Any) -> None:
    """The page of a sitting that was held is the list of the deliberations examined: the day it goes online is noted.

    NotReady when it says what one of its acts hides.
    """
    if act in PUBLISHING and record.live:
        _refuse(record, leftovers_of_sitting(record))
    if act in PUBLISHING and record.live and record.state == Session.State.HELD and record.list_published_on is None:
        record.list_published_on = timezone.localdate()
        Session.objects.filter(pk=record.pk).update(list_published_on=record.list_published_on)


def forget_files(act: Act) -> None:
    """Remove the bytes of a draft that is deleted, once it is: originals may name persons."""
    for file in ActFile.objects.filter(act=act):
        for kept_in in (file.original, file.published):
            if kept_in:
                transaction.on_commit(partial(kept_in.storage.delete, kept_in.name))


def give_address(act: Act) -> None:
    """The permanent address, made of what names the act; SameAct when another has it and this one does not say it corrects it."""
    assert act.date is not None
    authority = act.organisation.siren or act.organisation.slug
    wished = address_of(Identity(authority, act.date, act.number, act.nature or act.kind))
    slug, number = wished, 1
    while (other := _take_address(act, slug)) is not None:
        if act.corrects_id is None:
            raise SameAct(title=act.title, other=other.title)
        number += 1
        slug = f"{wished}-{number}"
    act.slug = slug


def _take_address(act: Act, slug: str) -> Act | None:
    """The act that has an address; None once it is this one, whoever asks for it at the same moment."""
    other = Act.objects.filter(slug=slug).exclude(pk=act.pk).first()
    if other is not None:
        return other
    try:
        with transaction.atomic():
            Act.objects.filter(pk=act.pk).update(slug=slug)
    except IntegrityError:
        return Act.objects.get(slug=slug)
    return None
