"""Calling webhooks: what happened is written with it, in its transaction, and a job calls until somebody answers or it is given up."""

from __future__ import annotations

import json
import time
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.core.errors import ParvisError, error_row
from parvis.core.fetching import FetchFailed, post
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Actor, Role, require
from parvis.hub.audit.services import record
from parvis.hub.jobs.services import enqueue, enqueue_once
from parvis.hub.notifications.kinds import DELIVER, DISABLED_WEBHOOK
from parvis.hub.notifications.models import Delivery, Webhook
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.schemas import data_of
from parvis.hub.notifications.webhook_rules import (
    ANSWER_LENGTH,
    CALL_SECONDS,
    EVENT_WORDS,
    GONE,
    KEPT_DAYS,
    MOST_FAILURES,
    TEST,
    WAITS,
    EndpointFailed,
    headers,
)
from parvis.hub.notifications.webhooks import secrets_of

LATE = timedelta(hours=1)

type Outcome = dict[str, Any]
"""The columns of a delivery that tell how a call ended."""


def announce(
    event: str, organisation_id: int, kind: str, identifier: str, title: str, address: str, **details: Any
) -> int:
    """Tell the webhooks of an organisation what happened to one of its things; how many will be called.

    ``event`` is a row of ``webhook_rules.EVENTS``, ``kind`` the kind of thing (``dataset``), ``address`` its full public address;
    ``details`` is what else ``schemas`` describes of the event. To be called in the transaction that makes it happen: nothing is told
    of what is rolled back, and nothing that is committed is left untold. KeyError for an event that is no row.
    """
    if event not in EVENT_WORDS:
        raise KeyError(event)
    webhooks = [row for row in Webhook.objects.filter(organisation=organisation_id, active=True) if event in row.events]
    if not webhooks:
        return 0
    organisation = Organisation.objects.values_list("slug", flat=True).get(pk=organisation_id)
    data = {"kind": kind, "identifier": identifier, "title": title, "address": address, "organisation": organisation}
    with transaction.atomic():
        for webhook in webhooks:
            _write(webhook, event, {**data, **details})
    return len(webhooks)


def forget_told(identifier: str) -> int:
    """Erase from the journal of calls what was told of a thing; how many calls."""
    return Delivery.objects.filter(body__contains=f'"identifier": {json.dumps(identifier)}').delete()[0]


def send_test(actor: Actor, webhook: Webhook) -> Delivery:
    """Call a webhook with an event that tells nothing, in service or not; it is tried once."""
    require(actor, "administer", webhook.organisation_id, f"essayer « {webhook.name} »")
    data = {"kind": "webhook", "identifier": str(webhook.pk), "title": webhook.name, "address": ""}
    with transaction.atomic():
        return _write(webhook, TEST, {**data, "organisation": webhook.organisation.slug})


def send_again(actor: Actor, delivery: Delivery) -> Delivery:
    """Call a webhook anew with a message of its journal, under the same identifier; a delivery of its own."""
    require(actor, "administer", delivery.webhook.organisation_id, f"renvoyer un message à « {delivery.webhook.name} »")
    same = {"message_id": delivery.message_id, "event": delivery.event, "body": delivery.body}
    with transaction.atomic():
        again = Delivery.objects.create(webhook=delivery.webhook, **same)
        _ask_for(again)
    return again


def _write(webhook: Webhook, event: str, data: dict[str, Any]) -> Delivery:
    moment = timezone.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    body = json.dumps({"type": event, "timestamp": moment, "data": data_of(event, data)}, ensure_ascii=False)
    delivery = Delivery.objects.create(webhook=webhook, event=event, body=body)
    _ask_for(delivery)
    return delivery


def _ask_for(delivery: Delivery) -> None:
    """One job a call: asked for twice, it is one."""
    key = f"{delivery.pk}-{delivery.attempts}"
    enqueue_once(OPERATOR, DELIVER, key, after=delivery.due, delivery=delivery.pk, attempt=delivery.attempts)


def deliver(key: int, attempt: int) -> None:
    """Make one call; nothing when it was made already, or is not wanted any more.

    A process killed between the call and its noting calls twice: receivers know repetitions by ``webhook-id``.
    """
    waiting = Delivery.objects.filter(pk=key, attempts=attempt, state=Delivery.State.WAITING)
    delivery = waiting.select_related("webhook").first()
    if delivery is None:
        return
    if not delivery.webhook.active and delivery.event != TEST:
        waiting.update(state=Delivery.State.FAILED, due=None)
        return
    outcome = _call(delivery)
    with transaction.atomic():
        if _note(delivery, outcome):
            _count(delivery, outcome)


def _call(delivery: Delivery) -> Outcome:
    started, moment = time.monotonic(), timezone.now()
    outcome: Outcome = {"status": None, "answer": "", "error": None, "tried": moment}
    try:
        signed = headers(secrets_of(delivery.webhook), delivery.message_id, int(moment.timestamp()), delivery.body)
        answer = post(
            delivery.webhook.url,
            delivery.body.encode(),
            {"Content-Type": "application/json", **signed},
            max_bytes=4 * ANSWER_LENGTH,  # a sign is four bytes at most
            idle_seconds=CALL_SECONDS,
            total_seconds=CALL_SECONDS,
        )
        # PostgreSQL keeps no NUL in a text.
        text = answer.body.decode("utf-8", "replace").replace("\0", "")
        outcome |= {"status": answer.status, "answer": text[:ANSWER_LENGTH]}
    except FetchFailed as error:
        host = urlsplit(delivery.webhook.url).hostname
        outcome["error"] = error_row(EndpointFailed(host=host, reason=error.details["reason"]))
    except ParvisError as error:
        outcome["error"] = error_row(error)
    return {**outcome, "milliseconds": round((time.monotonic() - started) * 1000)}


def _note(delivery: Delivery, outcome: Outcome) -> bool:
    """Write how a call ended and ask for the next; False when another process wrote it before."""
    attempts = delivery.attempts + 1
    over = _is_taken(outcome) or delivery.event == TEST or outcome["status"] == GONE or attempts > len(WAITS)
    state = Delivery.State.WAITING
    if over:
        state = Delivery.State.DELIVERED if _is_taken(outcome) else Delivery.State.FAILED
    due = None if over else timezone.now() + timedelta(minutes=WAITS[attempts - 1])
    same = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    if not same.update(**outcome, attempts=attempts, state=state, due=due):
        return False
    if not over:
        delivery.attempts, delivery.due = attempts, due
        _ask_for(delivery)
    return True


def _is_taken(outcome: Outcome) -> bool:
    return outcome["status"] is not None and 200 <= outcome["status"] < 300


def _count(delivery: Delivery, outcome: Outcome) -> None:
    """Count the failures in a row, and stop a webhook that has too many or asks not to be called; tests do not count."""
    if delivery.event == TEST:
        return
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    if _is_taken(outcome):
        webhook.exclude(failures=0).update(failures=0)
        return
    webhook.update(failures=F("failures") + 1)
    is_gone = outcome["status"] == GONE
    failing = webhook.filter(active=True) if is_gone else webhook.filter(active=True, failures__gte=MOST_FAILURES)
    if failing.update(active=False, disabled=timezone.now()):
        _tell_stopped(delivery.webhook)


def _tell_stopped(webhook: Webhook) -> None:
    record(OPERATOR.name, None, "webhook.disable", "webhook", str(webhook.pk), name=webhook.name, url=webhook.url)
    people = Person.objects.filter(
        is_active=True,
        memberships__organisation=webhook.organisation_id,
        memberships__role=Role.ADMINISTRATOR,
    )
    for person in people.distinct():
        write_to_person(person, DISABLED_WEBHOOK, webhook=webhook.pk)


def ask_for_late() -> int:
    """Ask anew for the calls that no job makes any more (one that was abandoned, a restored backup); how many."""
    late = Delivery.objects.filter(state=Delivery.State.WAITING, due__lt=timezone.now() - LATE)
    for delivery in late:
        enqueue(OPERATOR, DELIVER, delivery=delivery.pk, attempt=delivery.attempts)
    return len(late)


def forget_deliveries() -> int:
    """Drop what was told more than KEPT_DAYS ago; how many."""
    return Delivery.objects.filter(created__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]
