"""Being called so that a source is read at once: hooks made and renewed by who answers for it, calls received and noted."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.accounts.encryption import decrypted, encrypt, encrypted_again
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.addresses import canonical
from parvis.hub.audit.services import record
from parvis.hub.harvesting.hook_rules import (
    CALLS_A_MINUTE,
    CALLS_KEPT,
    HOOK_PURPOSE,
    LONGEST_SECRET,
    OVERLAP,
    REFUSALS_A_MINUTE,
    RUNS_AN_HOUR,
    SHORTEST_SECRET,
    TAKEN,
    BadHookSecret,
    CallOutcome,
    HookClosed,
    NoSuchHook,
    NotSigned,
    Proof,
    SignedLate,
    TooManyCalls,
    Way,
    address_token,
    name_of,
    opens,
    proof_of,
)
from parvis.hub.harvesting.models import Hook, HookCall, Run, Source
from parvis.hub.harvesting.rules import AlreadyRunning, LostSecret, State, Trigger
from parvis.hub.harvesting.runs import begin, send_to_worker
from parvis.hub.notifications.webhook_rules import new_secret

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Received:
    """What a call came to: the run that reads what has changed, or the one after which another will."""

    outcome: CallOutcome
    run: Run | None
    is_repeated: bool = False


def make_hook(actor: Actor, source: Source, *, signed: bool, secret: str = "") -> tuple[Hook, str]:
    """Let a source be read when somebody calls, and the secret, which is not shown again; the hook that it has is replaced.

    ``secret`` is one that the calling program has already, for signed calls alone: an address is never made from words of people.
    """
    _require(actor, source, "régler les appels de")
    secret = secret if signed else ""
    if secret and not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise BadHookSecret(length=len(secret), least=SHORTEST_SECRET, most=LONGEST_SECRET)
    secret = secret or new_secret()
    with transaction.atomic():
        Hook.objects.filter(source=source).delete()
        hook = Hook.objects.create(source=source, signed=signed, secret=encrypt(secret, purpose=HOOK_PURPOSE))
        _journal(actor, "source.hook-make", hook)
    return hook, secret


def renew_hook(actor: Actor, hook: Hook) -> str:
    """Another secret, and with it another address where that is the secret; the former is taken for a day (OVERLAP)."""
    _require(actor, hook.source, "changer le secret des appels de")
    secret = new_secret()
    with transaction.atomic():
        hook.former_secret, hook.former_until = hook.secret, timezone.now() + OVERLAP
        hook.secret = encrypt(secret, purpose=HOOK_PURPOSE)
        hook.save(update_fields=["secret", "former_secret", "former_until"])
        _journal(actor, "source.hook-renew", hook)
    return secret


def open_hook(actor: Actor, hook: Hook, *, active: bool) -> None:
    """Take calls again, or refuse them for a while."""
    _require(actor, hook.source, "régler les appels de")
    with transaction.atomic():
        hook.active, hook.pending = active, None
        hook.save(update_fields=["active", "pending"])
        _journal(actor, "source.hook-open" if active else "source.hook-close", hook)


def remove_hook(actor: Actor, hook: Hook) -> None:
    """Forget the address, its secret and its calls."""
    _require(actor, hook.source, "retirer les appels de")
    with transaction.atomic():
        _journal(actor, "source.hook-remove", hook)
        hook.delete()


def hook_of(source: Source) -> Hook | None:
    """The one of a source."""
    return Hook.objects.filter(source=source).select_related("source__organisation").first()


def hook_address(hook: Hook, secret: str = "") -> str:
    """Where it is called; without the secret, for an address that is one, what can be shown of it."""
    ending = "" if hook.signed else "." + (address_token(secret, hook.uid) if secret else "…")
    return canonical(reverse("source-hook-api", args=[hook.uid])) + ending


def calls_of(hook: Hook) -> QuerySet[HookCall]:
    """The latest first."""
    return hook.calls.select_related("run")


def receive(caller: str, address: str, headers: Mapping[str, str], body: bytes) -> Received:
    """Have the source of an address read, for who has its secret: NotFound, NotSigned, SignedLate, HookClosed or TooManyCalls.

    Of the calls that come before a run has begun to read, one run is made; of those that come while it reads, one more.
    """
    key = f"hook-refusals:{caller}"
    refusals = int(cache.get(key, 0))
    if refusals >= REFUSALS_A_MINUTE:
        raise TooManyCalls
    uid, _dot, token = address.partition(".")
    hook = Hook.objects.filter(uid=uid[:24]).select_related("source").first()
    try:
        if hook is None or (hook.signed and token):
            raise NoSuchHook
        proof = _proof(hook, token, headers, body)
    except (NotFound, NotSigned, SignedLate) as error:
        # Not ``incr``, which fails when the entry ends between two looks; that two at once count as one matters little.
        cache.set(key, refusals + 1, MINUTE.total_seconds())
        if hook is not None and not isinstance(error, NotFound):
            _note_refusal(hook, CallOutcome.LATE if isinstance(error, SignedLate) else CallOutcome.UNSIGNED)
        raise
    if not (hook.active and hook.source.active):
        _note_refusal(hook, CallOutcome.CLOSED)
        raise HookClosed
    received = _take(hook, proof)
    if received is None:
        _note_refusal(hook, CallOutcome.FLOOD)
        raise TooManyCalls
    return received


def begin_by_call(hook: Hook) -> Run | None:
    """A run of its source, sent to a worker; None when there is one already. Beyond RUNS_AN_HOUR it waits until the hour is over."""
    now = timezone.now()
    recent = hook.source.runs.filter(trigger=Trigger.CALL, created__gt=now - HOUR).order_by("-created")
    oldest = recent.values_list("created", flat=True)[RUNS_AN_HOUR - 1 : RUNS_AN_HOUR].first()
    try:
        with transaction.atomic():
            run = begin(hook.source, Trigger.CALL)
            send_to_worker(run, oldest + HOUR if oldest is not None else None)
    except AlreadyRunning:
        return None
    return run


def encrypt_hooks_again(keys: Sequence[str]) -> None:
    """Encrypt their secrets with the first of ``keys``, whichever of them encrypted them before."""
    for hook in Hook.objects.select_for_update():
        hook.secret = encrypted_again(hook.secret, keys, HOOK_PURPOSE)
        if hook.former_secret:
            hook.former_secret = encrypted_again(hook.former_secret, keys, HOOK_PURPOSE)
        hook.save(update_fields=["secret", "former_secret"])


def _proof(hook: Hook, token: str, headers: Mapping[str, str], body: bytes) -> Proof:
    secrets = _secrets_of(hook)
    if hook.signed:
        return proof_of(headers, body, secrets, time.time())
    if not opens(token, secrets, hook.uid):
        raise NoSuchHook
    return Proof(Way.ADDRESS, name_of(headers))


def _secrets_of(hook: Hook) -> list[str]:
    texts = [hook.secret]
    if hook.former_secret and hook.former_until and hook.former_until > timezone.now():
        texts.append(hook.former_secret)
    secrets = [secret for text in texts if (secret := decrypted(text, purpose=HOOK_PURPOSE)) is not None]
    if not secrets:
        raise LostSecret
    return secrets


def _take(hook: Hook, proof: Proof) -> Received | None:
    """What a proved call comes to; None when too many came in this minute."""
    now = timezone.now()
    with transaction.atomic():
        hook = Hook.objects.select_for_update(of=("self",)).select_related("source").get(pk=hook.pk)
        former = hook.calls.filter(name=proof.name, outcome__in=TAKEN).first() if proof.name else None
        if former is not None:
            HookCall.objects.filter(pk=former.pk).update(count=F("count") + 1)
            return Received(CallOutcome(former.outcome), former.run, is_repeated=True)
        if not _has_room(hook, now):
            return None
        outcome, run = _have_read(hook, now)
        hook.save(update_fields=["minute", "calls_in_minute", "pending"])
        HookCall.objects.create(hook=hook, name=proof.name or None, way=proof.way, outcome=outcome, run=run)
        _forget_calls(hook)
    return Received(outcome, run)


def _has_room(hook: Hook, now: datetime) -> bool:
    if hook.minute is None or not now - MINUTE < hook.minute <= now:
        hook.minute, hook.calls_in_minute = now, 0
    hook.calls_in_minute += 1
    return hook.calls_in_minute <= CALLS_A_MINUTE


def _have_read(hook: Hook, now: datetime) -> tuple[CallOutcome, Run | None]:
    run = begin_by_call(hook)
    if run is not None:
        hook.pending = None
        return CallOutcome.BEGUN, run
    run = hook.source.runs.filter(state__in=(State.QUEUED, State.RUNNING)).first()
    if run is not None and run.state == State.QUEUED and run.started is None:
        return CallOutcome.JOINED, run
    # It reads already, maybe past what has changed; or it ended this very moment, which comes to the same.
    hook.pending = now
    return CallOutcome.AFTER, run


def _note_refusal(hook: Hook, outcome: CallOutcome) -> None:
    """One row for those of the same kind in a row: who floods us fills nothing."""
    latest = hook.calls.first()
    if latest is not None and latest.outcome == outcome:
        HookCall.objects.filter(pk=latest.pk).update(count=F("count") + 1, moment=timezone.now())
        return
    HookCall.objects.create(hook=hook, outcome=outcome)
    _forget_calls(hook)


def _forget_calls(hook: Hook) -> None:
    old = hook.calls.values_list("pk", flat=True)[CALLS_KEPT : CALLS_KEPT + 100]
    hook.calls.filter(pk__in=list(old)).delete()


def _require(actor: Actor, source: Source, verb: str) -> None:
    require(actor, "publish", source.organisation_id, f"{verb} « {source.title} »")


def _journal(actor: Actor, action: str, hook: Hook) -> None:
    source = hook.source
    details = {"title": source.title, "signed": hook.signed}
    record(actor.name, actor.person_id, action, "source", source.slug, **details)
