"""Expecting, opening links, receiving files and deciding: right, act, journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.core.text import slugify
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import create_dataset, free_dataset_id, publish
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.services import abandon, open_deposit, run_import, start_import
from parvis.hub.deliveries.models import Delivery, DeliveryLink, Expectation, Postponement
from parvis.hub.deliveries.rules import (
    MOST_FILES_A_DAY,
    MOST_KEPT,
    MOST_UNFINISHED,
    AlreadyExpected,
    BadPostponement,
    DeliveryDecided,
    ReasonNeeded,
    State,
    TooManyFiles,
    WordsNeeded,
)
from parvis.hub.deliveries.selectors import due_for, open_periods, received_since_yesterday
from parvis.hub.deliveries.telling import send_link, tell_decision, tell_moved
from parvis.hub.ui.formatting import day
from parvis.hub.validation.services.dataset_schema import follow

if TYPE_CHECKING:
    from parvis.core.schemas.references import SchemaRef
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.catalogue.models import Dataset

SENDER = Actor("expéditeur d’une livraison", everything=True)
"""In whose name what comes by a link or a folder is kept: who may expect a delivery said that it may be published."""


def expect(
    actor: Actor,
    organisation: Organisation,
    dataset: Dataset | None,
    title: str,
    facts: Mapping[str, Any],
    schema: SchemaRef | None = None,
) -> Expectation:
    """Expect deliveries for a dataset, or for a new draft of that ``title``; AlreadyExpected for one that is.

    Needs the right to publish: what comes as it should be is published without anybody.
    """
    owner = dataset.organisation_id if dataset is not None else organisation.pk
    require(actor, "publish", owner, "attendre des livraisons")
    with transaction.atomic():
        if dataset is None:
            card = {"title": title, "contact_email": ""}
            dataset = create_dataset(actor, organisation, free_dataset_id(title), card)
        elif Expectation.objects.filter(dataset=dataset).exists():
            raise AlreadyExpected(title=dataset.title)
        if schema is not None:
            follow(actor, dataset, schema)
        try:
            with transaction.atomic():
                expectation = Expectation.objects.create(dataset=dataset, slug=slugify(dataset.dataset_id), **facts)
        except IntegrityError as error:
            raise AlreadyExpected(title=dataset.title) from error
        _journal(actor, "delivery.expect", expectation)
    return expectation


def change(
    actor: Actor, expectation: Expectation, facts: Mapping[str, Any], schema: SchemaRef | None = None
) -> Expectation:
    """Change when it is expected, of whom, and who answers for it."""
    _require(actor, expectation, "modifier")
    with transaction.atomic():
        for name, value in facts.items():
            setattr(expectation, name, value)
        expectation.save(update_fields=list(facts))
        if schema is not None:
            follow(actor, expectation.dataset, schema)
        _journal(actor, "delivery.change", expectation)
    return expectation


def expect_no_more(actor: Actor, expectation: Expectation) -> None:
    """Forget it with its links, its history and the addresses of the sender; its dataset stays as it is."""
    _require(actor, expectation, "ne plus attendre")
    with transaction.atomic():
        _journal(actor, "delivery.forget", expectation)
        for delivery in expectation.deliveries.filter(state=State.RECEIVING, deposit__isnull=False):
            abandon(SENDER, delivery.deposit)
        expectation.delete()


def move_due(actor: Actor, expectation: Expectation, due: date, until: date, reason: str) -> Postponement:
    """Give one period another last day, and tell both sides why; BadPostponement, ReasonNeeded."""
    _require(actor, expectation, "déplacer une échéance de")
    reason = reason.strip()[:300]
    following = expectation.recurrence.after(due)
    is_possible = until >= timezone.localdate() and (following is None or until < following)
    with transaction.atomic():
        Expectation.objects.select_for_update().get(pk=expectation.pk)
        if due not in open_periods(expectation) or not is_possible:
            raise BadPostponement(due=day(due), until=day(until))
        if not reason:
            raise ReasonNeeded
        values = {"until": until, "reason": reason, "person_id": actor.person_id, "created": timezone.now()}
        row, _made = Postponement.objects.update_or_create(expectation=expectation, due=due, defaults=values)
        _journal(actor, "delivery.move", expectation, due=due.isoformat(), until=until.isoformat(), reason=reason)
        tell_moved(row)
    return row


def make_link(
    actor: Actor, expectation: Expectation, *, expires: datetime | None = None, sent: bool = False
) -> DeliveryLink:
    """A new secret address by which files are sent; ``sent``: its address leaves by mail."""
    _require(actor, expectation, "ouvrir un lien de dépôt pour")
    with transaction.atomic():
        link = DeliveryLink(expectation=expectation, person_id=actor.person_id)
        link.expires = expires or link.expires
        link.save()
        _journal(actor, "delivery.open-link", expectation)
        if sent:
            send_link(link)
    return link


def revoke_link(actor: Actor, link: DeliveryLink) -> None:
    """Nothing is taken by it any more, what it was receiving neither."""
    _require(actor, link.expectation, "fermer un lien de dépôt de")
    with transaction.atomic():
        if DeliveryLink.objects.filter(pk=link.pk, revoked=None).update(revoked=timezone.now()):
            _journal(actor, "delivery.close-link", link.expectation)
        for delivery in link.deliveries.filter(state=State.RECEIVING).select_related("deposit"):
            give_up(delivery)


def open_delivery(link: DeliveryLink, name: str, size: int, submission: str = "") -> Delivery:
    """Announce a file of that size, sent by a link; the delivery that a form sent before has begun, when it is the same one.

    TooManyFiles beyond what a link takes in a day; FileTooLarge or DiskFull.
    """
    with transaction.atomic():
        Expectation.objects.select_for_update().get(pk=link.expectation_id)
        again = Delivery.objects.filter(submission=submission, link=link).first() if submission else None
        if again is not None:
            return again
        if received_since_yesterday(link) >= MOST_FILES_A_DAY:
            raise TooManyFiles(most=MOST_FILES_A_DAY)
        unfinished = link.deliveries.filter(state=State.RECEIVING).select_related("deposit").order_by("-created")
        for former in unfinished[MOST_UNFINISHED - 1 :]:
            give_up(former)
        DeliveryLink.objects.filter(pk=link.pk).update(last_used=timezone.now())
        deposit = open_deposit(SENDER, name, size)
        return Delivery.objects.create(
            expectation=link.expectation,
            due=due_for(link.expectation),
            way="link",
            link=link,
            submission=submission or None,
            deposit=deposit,
            file=deposit.name,
            bytes=size,
            state=State.RECEIVING,
        )


def give_up(delivery: Delivery) -> None:
    """Throw away what came of a file; it counts among those of the day."""
    Delivery.objects.filter(pk=delivery.pk, state=State.RECEIVING).update(state=State.REPLACED)
    if delivery.deposit is not None:
        abandon(SENDER, delivery.deposit)


def take(delivery: Delivery) -> Delivery:
    """Begin to read a file that has come whole, once: asked again, nothing more happens."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update(of=("self",)).select_related("expectation__dataset", "deposit")
        delivery = row.get(pk=delivery.pk)
        if delivery.state == State.RECEIVING and delivery.deposit is not None and delivery.deposit.is_whole:
            delivery.state = State.AT_WORK
            delivery.imported = _begin(delivery.expectation, delivery.deposit)
            delivery.save(update_fields=["state", "imported"])
            run_import(SENDER, delivery.imported)
    return delivery


def deliver(expectation: Expectation, deposit: Deposit, way: str) -> Delivery:
    """Begin to read a file that came whole by another way than a link."""
    with transaction.atomic():
        delivery = Delivery.objects.create(
            expectation=expectation,
            due=due_for(expectation),
            way=way,
            deposit=deposit,
            file=deposit.name,
            bytes=deposit.bytes,
            state=State.RECEIVING,
        )
        return take(delivery)


def _begin(expectation: Expectation, deposit: Deposit) -> Import:
    """The import of a delivery: as former ones were read; values that fit no more are emptied, counted, and make it wait."""
    dataset = expectation.dataset
    is_online = dataset.status == Status.PUBLISHED
    return start_import(SENDER, deposit=deposit, dataset=dataset, publish=is_online, policy="null")


def accept(actor: Actor, delivery: Delivery) -> Delivery:
    """Let a delivery that waits be published as any other; DeliveryDecided when somebody was first."""
    with transaction.atomic():
        delivery = _to_decide(actor, delivery, "accepter")
        delivery.state = State.DELIVERED
        _note(actor, delivery, "delivery.accept")
        dataset = delivery.expectation.dataset
        if dataset.status == Status.PUBLISHED and delivery.version is not None:
            publish(actor, dataset, delivery.version)
    return delivery


def refuse(actor: Actor, delivery: Delivery, words: str) -> Delivery:
    """Refuse a delivery that waits: it is never published, and its sender reads why. WordsNeeded without a reason."""
    words = words.strip()[:2000]
    with transaction.atomic():
        delivery = _to_decide(actor, delivery, "refuser")
        if not words:
            raise WordsNeeded
        delivery.state, delivery.words = State.REFUSED, words
        _note(actor, delivery, "delivery.refuse")
        Import.objects.filter(pk=delivery.imported_id, state=Import.State.HELD).update(state=Import.State.CANCELLED)
    return delivery


def _to_decide(actor: Actor, delivery: Delivery, verb: str) -> Delivery:
    _require(actor, delivery.expectation, f"{verb} une livraison de")
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("expectation__dataset", "version")
    row = rows.get(pk=delivery.pk)
    if row.state != State.WAITING:
        raise DeliveryDecided(state=row.get_state_display())
    return row


def _note(actor: Actor, delivery: Delivery, action: str) -> None:
    delivery.person_id, delivery.decided = actor.person_id, timezone.now()
    delivery.save(update_fields=["state", "words", "person", "decided"])
    _journal(actor, action, delivery.expectation, file=delivery.file)
    tell_decision(delivery)


def tidy() -> int:
    """Forget files that never came whole and are gone, and the oldest deliveries beyond MOST_KEPT; how many."""
    gone, _rows = Delivery.objects.filter(state=State.RECEIVING, deposit=None).delete()
    for expectation in Expectation.objects.all():
        old = expectation.deliveries.exclude(state=State.WAITING).values_list("pk", flat=True)[MOST_KEPT:]
        gone += expectation.deliveries.filter(pk__in=list(old)).delete()[0]
    return gone


def _require(actor: Actor, expectation: Expectation, verb: str) -> None:
    title = expectation.dataset.title
    require(actor, "publish", expectation.dataset.organisation_id, f"{verb} « {title} »")


def _journal(actor: Actor, action: str, expectation: Expectation, **details: Any) -> None:
    dataset = expectation.dataset
    record(actor.name, actor.person_id, action, "dataset", dataset.dataset_id, sender=expectation.sender, **details)
