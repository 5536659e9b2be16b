"""Webhooks: events, signatures of Standard Webhooks, delays, errors; pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop

TEST = "webhook.test"
EVENTS = (
    ("dataset.published", _("un jeu de données est publié ou mis à jour")),
    ("dataset.withdrawn", _("un jeu de données est retiré")),
    ("dataset.schema_broken", _("une nouvelle version d’un jeu publié ne respecte plus son schéma")),
    ("dataset.columns_changed", _("une nouvelle version d’un jeu publié n’a plus les mêmes colonnes")),
    ("dataset.licence_changed", _("la licence d’un jeu publié change")),
    ("dataset.silent", _("un jeu publié ne reçoit plus ses mises à jour, ou son flux se tait")),
    ("dataset.heard", _("un flux surveillé reprend")),
    ("record.published", _("une fiche est publiée ou mise à jour")),
    ("record.withdrawn", _("une fiche est retirée")),
    (TEST, _("essai")),
)
"""What may be told, and its words; ``TEST`` is not for choosing."""
EVENT_WORDS = dict(EVENTS)
WISHED = tuple(row for row in EVENTS if row[0] != TEST)

WAITS = (1, 5, 30, 120, 300, 600, 600)
"""Minutes before each new call after one that failed, 27 hours in all; given up after the last."""
MOST_FAILURES = 50
"""Calls in a row that fail before a webhook is stopped: six or seven messages given up, or one day of a busy organisation."""
GONE = 410
"""The answer by which a receiver asks not to be called any more (Standard Webhooks)."""
OVERLAP = timedelta(hours=24)
"""For how long the former secret still signs after a rotation."""
ANSWER_LENGTH = 500
KEPT_DAYS = 30
MOST_WEBHOOKS = 20
"""Of one organisation."""
NAME_LENGTH = 80
CALL_SECONDS = 15.0
PREFIX = "whsec_"


class TooManyWebhooks(RequestError):
    """One organisation has very many."""

    code: ClassVar[str] = "webhook-limit"
    sentence: ClassVar[str] = gettext_noop("Cette organisation a déjà {most} webhooks.")
    advice: ClassVar[str] = gettext_noop("Supprimez-en un, ou ajoutez des événements à l’un d’eux.")


class EndpointFailed(OperationError):
    """The program that was called did not take the call."""

    code: ClassVar[str] = "webhook-failed"
    sentence: ClassVar[str] = gettext_noop("« {host} » n’a pas pris l’appel : {reason}.")


class UnreadableSecret(OperationError):
    """The secret of a webhook was encrypted with a key that this portal has no more."""

    code: ClassVar[str] = "webhook-secret"
    sentence: ClassVar[str] = gettext_noop("Le secret de ce webhook ne peut plus être lu.")
    advice: ClassVar[str] = gettext_noop("Changez-le, puis donnez le nouveau au logiciel appelé.")


def new_secret() -> str:
    """256 bits, written as Standard Webhooks does."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def new_message_id() -> str:
    """The identifier of a message, unique for ever."""
    return f"msg_{secrets.token_urlsafe(18)}"


def signature(secret: str, message_id: str, timestamp: int, body: str | bytes) -> str:
    """``v1,…``: HMAC-SHA256 over ``id.timestamp.body``, the bytes as they leave; ``binascii.Error`` for a secret that is none of these."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + (body.encode() if isinstance(body, str) else body)
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def headers(secrets_: Sequence[str], message_id: str, timestamp: int, body: str) -> dict[str, str]:
    """The three headers of Standard Webhooks; one signature a secret, while two are in use."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in secrets_),
    }
