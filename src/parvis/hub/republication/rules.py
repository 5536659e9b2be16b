"""Bounds of what is sent, when it is tried again, and all that may go wrong on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop

DATA_GOUV = "https://www.data.gouv.fr"
PURPOSE = "republication"
"""Of the keys that encrypt the API keys."""
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=20))
"""How long nothing is sent after each failure in a row; the last goes on."""
LONGEST_WAIT = WAITS[-1]
PAUSE = 0.3
"""Seconds between two requests."""
MOST_STEPS = 600
"""Changes in one sending; what is left goes with the next."""
MOST_SHOWN = 50
"""Changes of a report that the screen lists one by one."""
LEASE = timedelta(minutes=30)
"""One sending of an organisation at a time; one that was killed is forgotten after this long."""
GATHERED = timedelta(seconds=15)
"""What changes within so long is sent together."""
TOLD_AFTER = 4
"""Failures in a row, of those that mend themselves, before who administers is written to."""

_KEY = re.compile(r"[\x21-\x7e]{8,400}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,100}")


def is_key(text: str) -> bool:
    """Whether it may be an API key: one word of plain signs, that a header can hold."""
    return _KEY.fullmatch(text) is not None


def is_identifier(text: object) -> bool:
    """Whether it may name an organisation or a dataset there, within an address."""
    return isinstance(text, str) and _IDENTIFIER.fullmatch(text) is not None


def portal_address(text: str) -> str:
    """The address of a portal as it is kept: https, no path; BadPortal."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise BadPortal(address=text[:200]) from None
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.path.strip("/"):
        raise BadPortal(address=text[:200])
    return f"https://{parts.hostname}{f':{port}' if port else ''}"


class BadPortal(RequestError):
    """An address that is not that of a portal."""

    code: ClassVar[str] = "republication-address"
    sentence: ClassVar[str] = gettext_noop("« {address} » n’est pas l’adresse d’un portail.")
    advice: ClassVar[str] = gettext_noop("Écrivez-la comme https://www.data.gouv.fr, sans rien derrière.")


class KeyNeeded(RequestError):
    """No key, or one that was given for another address."""

    code: ClassVar[str] = "republication-key-needed"
    sentence: ClassVar[str] = gettext_noop("La clé d’API manque.")
    advice: ClassVar[str] = gettext_noop(
        "Collez celle du compte, prise dans son profil là-bas ; une autre adresse la demande de nouveau."
    )


class BadKey(RequestError):
    """What was pasted is no key."""

    code: ClassVar[str] = "republication-key-form"
    sentence: ClassVar[str] = gettext_noop("Ce texte n’est pas une clé d’API.")
    advice: ClassVar[str] = gettext_noop("Collez-la seule, sans espace ni retour à la ligne.")


class BadOrganisation(RequestError):
    """What was typed names no organisation."""

    code: ClassVar[str] = "republication-organisation"
    sentence: ClassVar[str] = gettext_noop("« {name} » ne peut pas nommer une organisation de data.gouv.fr.")
    advice: ClassVar[str] = gettext_noop(
        "Copiez la fin de l’adresse de sa page : data.gouv.fr/organizations/ville-de-grigny."
    )


class SendingFailed(OperationError):
    """What kept a sending from ending; ``mends`` when it may pass by itself."""

    mends: ClassVar[bool] = False

    @property
    def seconds(self) -> int:
        """How long the portal asked to wait; 0 when it did not say."""
        value = self.details.get("seconds", 0)
        return value if isinstance(value, int) else 0


class UnreadableKey(SendingFailed):
    """The key was encrypted by a signing key that is lost."""

    code: ClassVar[str] = "republication-key-lost"
    sentence: ClassVar[str] = gettext_noop("La clé d’API ne peut plus être lue : la clé secrète du portail a changé.")
    advice: ClassVar[str] = gettext_noop("Collez-la de nouveau dans les réglages.")


class KeyRefused(SendingFailed):
    """401."""

    code: ClassVar[str] = "republication-401"
    sentence: ClassVar[str] = gettext_noop("« {host} » refuse la clé d’API.")
    advice: ClassVar[str] = gettext_noop(
        "Elle a été révoquée, ou a expiré : faites-en une autre dans votre profil là-bas et collez-la ici."
    )


class RightRefused(SendingFailed):
    """403."""

    code: ClassVar[str] = "republication-403"
    sentence: ClassVar[str] = gettext_noop("« {host} » ne laisse pas ce compte changer ce jeu de données.")
    advice: ClassVar[str] = gettext_noop(
        "Demandez là-bas que le compte de la clé soit éditeur ou administrateur de l’organisation."
    )


class NotMember(SendingFailed):
    """The account is not in the organisation."""

    code: ClassVar[str] = "republication-member"
    sentence: ClassVar[str] = gettext_noop("Le compte de la clé ne fait pas partie de « {name} » sur « {host} ».")
    advice: ClassVar[str] = gettext_noop(
        "Vérifiez le nom de l’organisation, ou demandez là-bas que ce compte y soit ajouté."
    )


class DeletedThere(SendingFailed):
    """410: somebody deleted the dataset there."""

    code: ClassVar[str] = "republication-410"
    sentence: ClassVar[str] = gettext_noop("Le jeu de données a été supprimé sur « {host} ».")
    advice: ClassVar[str] = gettext_noop(
        "Restaurez-le là-bas, ou pressez « En créer un autre ». Pour ne plus rien envoyer, arrêtez l’envoi."
    )


class Refused(SendingFailed):
    """400, and what else says that the request is wrong."""

    code: ClassVar[str] = "republication-refused"
    sentence: ClassVar[str] = gettext_noop("« {host} » a refusé l’envoi (réponse {status}) : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Corrigez ce qu’il nomme sur la fiche du jeu de données ; si rien n’y est faux, signalez-le."
    )


class OddAnswer(SendingFailed):
    """An answer that is not that of a udata portal."""

    code: ClassVar[str] = "republication-odd"
    sentence: ClassVar[str] = gettext_noop("La réponse de « {host} » n’est pas celle d’un portail udata.")
    advice: ClassVar[str] = gettext_noop("Vérifiez l’adresse du portail, « www. » compris.")


class TooMany(SendingFailed):
    """429."""

    code: ClassVar[str] = "republication-429"
    mends: ClassVar[bool] = True
    sentence: ClassVar[str] = gettext_noop("« {host} » demande d’attendre : trop de demandes lui ont été faites.")
    advice: ClassVar[str] = gettext_noop("Rien à faire : l’envoi reprend de lui-même.")


class Unavailable(SendingFailed):
    """5xx, silence, a connection that breaks."""

    code: ClassVar[str] = "republication-unavailable"
    mends: ClassVar[bool] = True
    sentence: ClassVar[str] = gettext_noop("« {host} » ne répond pas comme il faut : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "L’envoi est tenté de nouveau, de plus en plus rarement, au moins chaque jour."
    )
