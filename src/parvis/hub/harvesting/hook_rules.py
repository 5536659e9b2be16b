"""Calls that have a source read: how a call proves where it comes from, what bounds it, what becomes of it; pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import NotFound, OperationError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.notifications.webhook_rules import signature

HOOK_PURPOSE = "harvesting-hook"
"""Of the keys that encrypt the secrets of calls."""
PATIENCE = timedelta(minutes=5)
"""How far from ours the signed moment of a call may be, as Standard Webhooks advises."""
OVERLAP = timedelta(hours=24)
"""For how long the former secret, or address, is still taken after a renewal."""
BODY_BYTES = 5_000_000
"""Of a call: what it tells is signed, and otherwise not read."""
CALLS_A_MINUTE = 60
"""Taken of one source."""
REFUSALS_A_MINUTE = 30
"""Of one caller, after which the next calls are not even looked at."""
RUNS_AN_HOUR = 30
"""Begun by calls, of one source; one more waits until an hour is over, and none is lost."""
CALLS_KEPT = 1000
"""More than come while a signed moment is still taken, so that none is taken twice."""
SHORTEST_SECRET, LONGEST_SECRET = 16, 200

_BODY_SIGNATURES = ("X-Hub-Signature-256", "X-Forgejo-Signature", "X-Gitea-Signature")
"""HMAC-SHA256 of the body in hexadecimal: GitHub writes « sha256= » before it; Forgejo and Gitea send several of them."""
_NAMES = ("webhook-id", "X-GitHub-Delivery", "X-Forgejo-Delivery", "X-Gitea-Delivery", "Idempotency-Key")
"""Headers that name a call, the same when it is sent again; the last is GitLab's too."""


class Way(StrEnum):
    """How a call was proved."""

    STANDARD = "standard"
    BODY = "body"
    PLAIN = "plain"
    ADDRESS = "address"


class CallOutcome(StrEnum):
    """What became of a call."""

    BEGUN = "begun"
    JOINED = "joined"
    AFTER = "after"
    UNSIGNED = "unsigned"
    LATE = "late"
    CLOSED = "closed"
    FLOOD = "flood"


TAKEN = (CallOutcome.BEGUN, CallOutcome.JOINED, CallOutcome.AFTER)


@dataclass(frozen=True, slots=True)
class Proof:
    """That a call comes from who has the secret, or the address; ``name`` is its own name, digested, empty without."""

    way: Way
    name: str = ""


class NoSuchHook(NotFound):
    """Nothing is called there, or not by that secret."""

    code: ClassVar[str] = "hook-unknown"
    sentence: ClassVar[str] = gettext_noop("Aucune source n’est lue à l’appel de cette adresse.")
    advice: ClassVar[str] = gettext_noop("Copiez l’adresse entière, telle que la page de la source la montre.")


class NotSigned(RequestError):
    """A call that nothing proves."""

    code: ClassVar[str] = "hook-signature"
    status: ClassVar[int] = 401
    sentence: ClassVar[str] = gettext_noop("Cet appel n’est pas signé du secret de la source.")
    advice: ClassVar[str] = gettext_noop(
        "Signez le corps tel qu’il part, selon Standard Webhooks ou comme GitHub, Forgejo ou GitLab."
    )


class SignedLate(RequestError):
    """A call that was signed too long ago, or is not yet to be signed."""

    code: ClassVar[str] = "hook-time"
    status: ClassVar[int] = 401
    sentence: ClassVar[str] = gettext_noop(
        "Le moment que signe cet appel est à plus de {minutes} minutes de l’heure d’ici."
    )
    advice: ClassVar[str] = gettext_noop(
        "Signez chaque envoi au moment où il part, et vérifiez l’horloge de l’appelant."
    )


class HookClosed(RequestError):
    """The source takes no calls at present."""

    code: ClassVar[str] = "hook-closed"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("Cette source n’est pas lue à l’appel en ce moment.")
    advice: ClassVar[str] = gettext_noop("Qui répond de la source peut la remettre en service.")


class TooManyCalls(OperationError):
    """A flood."""

    code: ClassVar[str] = "hook-flood"
    status: ClassVar[int] = 429
    wait: ClassVar[int | None] = 60
    sentence: ClassVar[str] = gettext_noop("Trop d’appels en une minute.")
    advice: ClassVar[str] = gettext_noop("Un seul suffit : la source est lue après le dernier changement.")


class BadHookSecret(RequestError):
    """A secret that will not do."""

    code: ClassVar[str] = "hook-secret"
    sentence: ClassVar[str] = gettext_noop("Ce secret a {length} signes : il en faut de {least} à {most}.")
    advice: ClassVar[str] = gettext_noop("Laissez le champ vide pour que le portail en fasse un.")


def new_uid() -> str:
    """What names the hook of a source in its address."""
    return secrets.token_hex(12)


def address_token(secret: str, uid: str) -> str:
    """What makes an address that nobody guesses: from the secret, so that renewing this renews that."""
    digest = hmac.digest(secret.encode(), f"address:{uid}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def opens(token: str, secrets_: Sequence[str], uid: str) -> bool:
    """Whether the end of an address is that of one of these secrets."""
    return any(_same(token, address_token(secret, uid)) for secret in secrets_)


def proof_of(headers: Mapping[str, str], body: bytes, secrets_: Sequence[str], now: float) -> Proof:
    """By which of the ways a call is signed with one of these secrets; SignedLate, or NotSigned.

    The body is taken as it came and never read. Only the first way that a call chooses is looked at: a bad signature is not made good
    by another.
    """
    name = name_of(headers)
    if "webhook-signature" in headers:
        moment = headers.get("webhook-timestamp", "")[:20]
        if not _is_standard(headers, moment, body, secrets_):
            raise NotSigned
        if abs(now - int(moment)) > PATIENCE.total_seconds():
            raise SignedLate(minutes=int(PATIENCE.total_seconds() // 60))
        return Proof(Way.STANDARD, name)
    signed = next((headers[header] for header in _BODY_SIGNATURES if headers.get(header)), None)
    if signed is not None:
        expected = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets_]
        is_right = any(_same(signed.lower().removeprefix("sha256="), text) for text in expected)
        return _right(is_right, Proof(Way.BODY, name))
    token = headers.get("X-Gitlab-Token", "")
    return _right(bool(token) and any(_same(token, secret) for secret in secrets_), Proof(Way.PLAIN, name))


def name_of(headers: Mapping[str, str]) -> str:
    """What a call is named by, digested; empty when it has no name."""
    name = next((headers[header] for header in _NAMES if headers.get(header)), "")
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest() if name else ""


def _is_standard(headers: Mapping[str, str], moment: str, body: bytes, secrets_: Sequence[str]) -> bool:
    name = headers.get("webhook-id", "")
    if not (name and moment.isascii() and moment.isdigit()):
        return False
    expected = []
    for secret in secrets_:
        try:
            expected.append(signature(secret, name, int(moment), body))
        except binascii.Error:  # a secret of another kind, which signs in another way
            continue
    # A caller that changes its secret signs with both; more than a few is a way to make us work.
    signatures = headers["webhook-signature"].split()[:8]
    return any(_same(text, wish) for text in signatures for wish in expected)


def _right(is_right: bool, proof: Proof) -> Proof:
    if not is_right:
        raise NotSigned
    return proof


def _same(text: str, other: str) -> bool:
    # Headers may have any byte: compare_digest refuses texts that are not ASCII.
    return hmac.compare_digest(text.encode("utf-8", "surrogateescape"), other.encode("utf-8", "surrogateescape"))
