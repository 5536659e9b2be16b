"""One dataset, or one service, of a sending: read there, compared, changed, read again; what was done with it, or why not, is noted at once.

What refuses one dataset does not stop the others; what refuses them all (the key, the pace, a portal that does not answer) is raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.core.errors import Cancelled, ParvisError, error_row
from parvis.hub.republication import rules
from parvis.hub.republication.inventory import Inventory, inventory_of
from parvis.hub.republication.mapping import DATASETS, SERVICES, Words, words_of
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.package import Package
from parvis.hub.republication.plan import (
    DIGEST,
    RETIRED,
    Gesture,
    Remote,
    Sent,
    Step,
    closing_steps,
    digest_of,
    facts_of,
    steps,
)
from parvis.hub.republication.proof import proof_of
from parvis.hub.republication.rules import (
    DeletedThere,
    KeyRefused,
    Outcome,
    Refused,
    Retire,
    SendingFailed,
    TakenOver,
    TooMany,
    TooManyThere,
    TwinThere,
    Unavailable,
)
from parvis.hub.republication.selection import Wish
from parvis.hub.republication.udata import Udata

SAVED = (
    "dataset_id",
    "source_id",
    "title",
    "remote_id",
    "page",
    "outcome",
    "error",
    "report",
    "trial",
    "sent_card",
    "proof",
    "seen",
    "checked",
    "failures",
)
"""What a sending knows of a dataset: what people chose, and what became due, may have changed since it was read."""
FOR_ALL = (Cancelled, KeyRefused, TooMany, TooManyThere, TakenOver)
"""What is no matter of one dataset."""


@dataclass
class Sending:
    """A sending, or a trial, under way."""

    portal: Portal
    client: Udata
    organisation: str
    dry: bool = False
    silences: int = 0
    gestures: list[Gesture] = field(default_factory=list)
    left: int = 0
    """Changes and datasets that go with the next one."""
    errors: list[tuple[Copy, ParvisError]] = field(default_factory=list)
    inventories: dict[str, Inventory] = field(default_factory=dict)

    def inventory(self, words: Words) -> Inventory:
        """What the organisation has there, listed once, when something is looked for."""
        if words.path not in self.inventories:
            self.inventories[words.path] = inventory_of(self.client.listed(words, self.organisation))
        return self.inventories[words.path]


def handle(sending: Sending, wish: Wish, copy: Copy) -> str:
    """Do what is to be done with one dataset and note it; its outcome."""
    try:
        outcome = _retire(sending, wish, copy) if wish.make is None else _send(sending, wish.make(), copy)
    except FOR_ALL:
        raise
    except Unavailable as error:
        sending.silences += 1
        _note_refusal(sending, copy, error)
        if sending.silences >= rules.SILENCES:
            raise
        return Outcome.REFUSED
    except ParvisError as error:
        _note_refusal(sending, copy, error)
        return Outcome.REFUSED
    sending.silences = 0
    return outcome


def _send(sending: Sending, package: Package, copy: Copy) -> str:
    remote = _remote_of(sending, package, copy)
    words = words_of(package)
    if remote is None or words.path in sending.inventories:
        _require_no_twin(sending, package)
    sent = Sent(**copy.sent_card) if copy.sent_card else Sent()
    todo = steps(package, remote, sent, rewrite=copy.rewrite)
    edited = sent.edited(remote) if remote is not None else frozenset()
    if sending.dry:
        outcome = Outcome.UNCHANGED if not todo else Outcome.CHANGED if remote else Outcome.CREATED
        _note_trial(sending, copy, outcome, todo)
        return outcome
    done: list[Step] = []
    try:
        after = _do(sending, package, copy, todo[: rules.MOST_STEPS], remote, done)
    except ParvisError:
        _note_report(copy, Outcome.CHANGED, done, sending)
        raise
    if after is not None:
        _adopt(copy, package, after)
        _note_refused(copy, done, sending.client)
        seen = sending.client.shown(words, after.identifier)
        is_rewritten = any(step.gesture is Gesture.CARD for step in done)
        still = edited & _left_alone(done) if is_rewritten else edited
        copy.proof, copy.seen = (
            proof_of(package, seen, frozenset(still), copy.sent_card.get("refused", ())),
            timezone.now(),
        )
    outcome = Outcome.UNCHANGED if not done else Outcome.CHANGED if remote else Outcome.CREATED
    left = len(todo) - len(done)
    sending.left += left
    _note_done(copy, outcome, done, sending, due=timezone.now() if left else None)
    return outcome


def _retire(sending: Sending, wish: Wish, copy: Copy) -> str:
    """Take away what is there; nothing is asked about a dataset that never was, or that was taken away before."""
    reason = error_row(wish.reason) if wish.reason else None
    if not copy.remote_id or copy.outcome == Outcome.RETIRED:
        outcome = Outcome.RETIRED if copy.remote_id else Outcome.LEFT
        if sending.dry:
            _note_trial(sending, copy, outcome, [], reason)
        else:
            copy.error = reason
            _note_done(copy, outcome, [], sending)
        return outcome
    words = SERVICES if copy.is_service else DATASETS
    try:
        remote = sending.client.present(words, copy.remote_id)
    except DeletedThere:
        remote = None
    delete = sending.portal.retire == Retire.DELETE
    todo = closing_steps(remote, delete=delete, at=timezone.now().isoformat()) if remote else []
    if sending.dry:
        _note_trial(sending, copy, Outcome.RETIRED, todo, reason)
        return Outcome.RETIRED
    done: list[Step] = []
    _do(sending, None, copy, todo, remote, done)
    copy.error, copy.proof, copy.sent_card = reason, None, {}
    _note_done(copy, Outcome.RETIRED, done, sending)
    return Outcome.RETIRED


def _remote_of(sending: Sending, package: Package, copy: Copy) -> Remote | None:
    """The dataset there, which is looked for by what it says of ours when its identifier is lost; DeletedThere."""
    remote, words = None, words_of(package)
    if copy.remote_id:
        try:
            remote = sending.client.present(words, copy.remote_id)
        except DeletedThere:
            if copy.outcome != Outcome.RETIRED:
                raise
            # We deleted it: it comes back under the identifier, and the address, that it had.
            remote = Remote(copy.remote_id, copy.page, extras={RETIRED: "deleted"}, deleted=True, words=words)
    if remote is None:
        identifier = sending.inventory(words).identifier(package)
        remote = sending.client.present(words, identifier) if identifier else None
    if remote is not None:
        if remote.deleted and RETIRED not in remote.extras:
            raise DeletedThere(host=sending.client.host)
        _remember(copy, remote)
    return remote


def _require_no_twin(sending: Sending, package: Package) -> None:
    if page := sending.inventory(words_of(package)).twin(package):
        raise TwinThere(host=sending.client.host, page=page)


def _do(
    sending: Sending, package: Package | None, copy: Copy, todo: list[Step], remote: Remote | None, done: list[Step]
) -> Remote | None:
    """Each step; the dataset there as it then is. A step that is refused does not stop the others, and is raised after them."""
    client, refusal = sending.client, None
    for step in todo:
        try:
            if remote is None:
                assert package is not None
                remote = client.create(words_of(package), sending.organisation, step.body)
                _remember(copy, remote)
                _keep_sent(copy, package, remote, step)
            elif (changed := _do_step(client, sending.organisation, remote, step)) is not None:
                remote = changed
                _keep_sent(copy, package, remote, step)
        except Refused as error:
            if remote is None:
                raise
            refusal = refusal or error
            continue
        done.append(step)
        sending.gestures.append(step.gesture)
    if refusal is not None:
        raise refusal
    return remote


def _do_step(client: Udata, organisation: str, remote: Remote, step: Step) -> Remote | None:
    match step.gesture:
        case Gesture.CARD | Gesture.CLOSE:
            return client.change(remote.words, organisation, remote.identifier, step.body)
        case Gesture.DELETE:
            client.delete(remote.words, remote.identifier)
        case Gesture.REMOVE:
            client.remove_resource(remote.identifier, step.resource)
        case Gesture.CHANGE:
            client.change_resource(remote.identifier, step.resource, step.body)
        case _:
            client.add_resource(remote.identifier, step.body)
    return None


def _remember(copy: Copy, remote: Remote) -> None:
    """At once: a process that is killed after this has made nothing twice."""
    if (copy.remote_id, copy.page) != (remote.identifier, remote.page) or copy.pk is None:
        copy.remote_id, copy.page = remote.identifier, remote.page
        _save(copy)


def _save(copy: Copy) -> None:
    if copy.pk is None:
        # Somebody may have chosen this very dataset meanwhile.
        same = Copy.objects.filter(portal=copy.portal, dataset_id=copy.dataset_id).first()
        if same is None:
            copy.save()
            return
        copy.pk = same.pk
    Copy.objects.filter(pk=copy.pk).update(**{name: getattr(copy, name) for name in SAVED})


def _set_due(copy: Copy, due: datetime | None) -> None:
    """When it is compared next, unless it became due for another reason while it was compared."""
    Copy.objects.filter(pk=copy.pk, due=copy.due).update(due=due)
    copy.due = due


def _keep_sent(copy: Copy, package: Package | None, remote: Remote, step: Step) -> None:
    """What the portal made of the card that it was just sent; of what was left alone, what it made of ours before."""
    if package is None:
        return
    former = copy.sent_card.get("shown", {})
    facts = remote.facts
    seen = {name: former.get(name, "") if name in step.left_alone else facts[name] for name in facts}
    facts_here = facts_of(package)
    copy.sent_card = {**copy.sent_card, "digest": digest_of(package), "here": facts_here, "shown": seen}
    _save(copy)
    if copy.rewrite:
        Copy.objects.filter(pk=copy.pk).update(rewrite=False)


def _adopt(copy: Copy, package: Package, remote: Remote) -> None:
    """A card that was sent by a process that did not live to note it."""
    digest = digest_of(package)
    if remote.extras.get(DIGEST) == digest and copy.sent_card.get("digest") != digest:
        facts = {"digest": digest, "here": facts_of(package), "shown": remote.facts}
        copy.sent_card = {**copy.sent_card, **facts}


def _note_refused(copy: Copy, done: list[Step], client: Udata) -> None:
    """The optional parts that the portal does not take, until the same kind of thing is sent again."""
    names, former = {name for name, _reason in client.refused}, set(copy.sent_card.get("refused", ()))
    gestures = {step.gesture for step in done}
    if gestures & {Gesture.CREATE, Gesture.CARD}:
        former &= {"schema"}
    if gestures & {Gesture.ADD, Gesture.CHANGE}:
        former -= {"schema"}
    copy.sent_card = {**copy.sent_card, "refused": sorted(names | former)}


def _left_alone(done: list[Step]) -> frozenset[str]:
    return frozenset(name for step in done for name in step.left_alone)


def _as_report(outcome: str, done: list[Step], refused: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "at": timezone.now().isoformat(),
        "outcome": str(outcome),
        "steps": [
            [str(step.gesture), step.title[:350], [row.to_json() for row in step.differences]]
            for step in done[: rules.MOST_SHOWN]
        ],
        "left": max(len(done) - rules.MOST_SHOWN, 0),
        "left_alone": sorted(_left_alone(done)),
        "refused": [list(row) for row in refused[: rules.MOST_SHOWN]],
    }


def _note_report(copy: Copy, outcome: str, done: list[Step], sending: Sending) -> None:
    if done:
        copy.report = _as_report(outcome, done, sending.client.refused)
    sending.client.refused.clear()


def _note_done(copy: Copy, outcome: str, done: list[Step], sending: Sending, due: datetime | None = None) -> None:
    _note_report(copy, outcome, done, sending)
    if outcome in (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED):
        copy.error = None
    copy.outcome, copy.checked, copy.failures, copy.trial = outcome, timezone.now(), 0, None
    _save(copy)
    _set_due(copy, due)


def _note_trial(
    sending: Sending, copy: Copy, outcome: str, todo: list[Step], reason: Mapping[str, Any] | None = None
) -> None:
    copy.trial = {**_as_report(outcome, todo, []), "error": reason}
    sending.gestures += [step.gesture for step in todo]
    _save(copy)


def _note_refusal(sending: Sending, copy: Copy, error: ParvisError) -> None:
    """Why, and when it is tried again: more and more rarely, at least each day."""
    if sending.dry:
        _note_trial(sending, copy, Outcome.REFUSED, [], error_row(error))
        return
    mends = isinstance(error, SendingFailed) and error.mends
    wait: timedelta = rules.WAITS[min(copy.failures, len(rules.WAITS) - 1)] if mends else rules.LONGEST_WAIT
    copy.outcome, copy.error, copy.checked = Outcome.REFUSED, error_row(error), timezone.now()
    copy.failures += 1
    _save(copy)
    _set_due(copy, timezone.now() + wait)
    sending.errors.append((copy, error))
    sending.client.refused.clear()
