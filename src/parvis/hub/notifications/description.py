"""What webhooks are sent, as it is described: a message an event, the headers that sign it, the answers that count."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import create_model

from parvis.hub.api.openapi import JSON, described, ref
from parvis.hub.api.schemas import Body, Moment
from parvis.hub.notifications.schemas import DATA, EventData
from parvis.hub.notifications.webhook_rules import EVENTS, GONE


def _message(event: str) -> type[Body]:
    name = "".join(part.capitalize() for part in event.replace("_", ".").split(".")) + "Message"
    return create_model(name, __base__=Body, type=Literal[event], timestamp=Moment, data=DATA.get(event, EventData))


MESSAGES = {event: _message(event) for event, _words in EVENTS}

_SIGNED = {
    "webhook-id": _("L’identifiant du message, le même à chaque nouvel essai."),
    "webhook-timestamp": _("Le moment de l’appel, en secondes depuis 1970."),
    "webhook-signature": _("Une signature par secret en usage : « v1, » et l’HMAC-SHA256 de « id.moment.corps »."),
}
_HEADERS = [
    {"name": name, "in": "header", "required": True, **described(words, {"type": "string"})}
    for name, words in _SIGNED.items()
]
_ANSWERS = {
    "2XX": {"description": _("Le message est pris : répondez en moins de 15 secondes.")},
    str(GONE): {"description": _("N’appelez plus : le webhook est arrêté.")},
    "default": {"description": _("Un échec : l’appel est refait plus tard, huit fois en tout.")},
}
WEBHOOKS: dict[str, Any] = {
    event: {
        "post": {
            "summary": words,
            "operationId": MESSAGES[event].__name__.removesuffix("Message") + "Webhook",
            "security": [{}],
            "parameters": _HEADERS,
            "requestBody": {
                "required": True,
                "content": {JSON: {"schema": ref("schemas", MESSAGES[event].__name__)}},
            },
            "responses": _ANSWERS,
        }
    }
    for event, words in EVENTS
}
"""The ``webhooks`` of the description of ``/api/parvis/v1``."""
