"""Why rows are not taken, and bounds: pure decisions."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import Forbidden, OperationError, RequestError
from parvis.core.translation import gettext_noop

MOST_LAID = 1_000_000
"""Rows that may lie over a version before a version must hold them."""
FOLD_ROWS = 250_000
"""Rows laid after which a version is made without waiting for its hour."""
LONGEST_TOKEN = 200
"""Characters of the name of a batch (``Idempotency-Key``)."""
LEAST_MINUTES, MOST_MINUTES = 5, 7 * 24 * 60
LEAST_HISTORY, MOST_HISTORY = 1, 366
MOST_LISTED = 100
"""Batches of one page of the history."""


class KeyCannotPush(Forbidden):
    """A call without an account, or by a key made for something else."""

    code: ClassVar[str] = "rows-scope"
    sentence: ClassVar[str] = gettext_noop(
        "Il faut une clé d’API qui pousse des lignes, ou qui publie, pour en envoyer par programme."
    )
    advice: ClassVar[str] = gettext_noop("Créez-la dans « Mes clés d’API », ou par parvis key create --scope push.")


class NotPushable(RequestError):
    """The dataset takes no pushed rows, or none now."""

    code: ClassVar[str] = "rows-closed"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("« {title} » ne reçoit pas de lignes poussées : {reason}.")
    advice: ClassVar[str] = gettext_noop("Voyez la page « Lignes poussées » du jeu de données dans l’administration.")


class TooManyLaid(OperationError):
    """So many rows wait for a version that no more are taken."""

    code: ClassVar[str] = "rows-waiting"
    status: ClassVar[int] = 503
    sentence: ClassVar[str] = gettext_noop(
        "{count} lignes attendent déjà d’entrer dans une version de « {title} » : {most} au plus."
    )
    advice: ClassVar[str] = gettext_noop("Envoyez le même lot à nouveau dans quelques minutes.")
    wait: ClassVar[int | None] = 60


class BadToken(RequestError):
    """The name of a batch is none."""

    code: ClassVar[str] = "rows-token"
    sentence: ClassVar[str] = gettext_noop(
        "Le nom d’un lot (Idempotency-Key) compte de 1 à {most} caractères visibles, sans accent."
    )


class BadAfter(RequestError):
    """The batch after which this one must come is no number."""

    code: ClassVar[str] = "rows-after"
    sentence: ClassVar[str] = gettext_noop("« after » est le numéro du dernier lot connu : un nombre entier.")


class BadChoice(RequestError):
    """What was chosen for the stream cannot be."""

    code: ClassVar[str] = "rows-choice"
    sentence: ClassVar[str] = gettext_noop("{reason}")


class CannotUndo(RequestError):
    """What is to be undone is out of reach."""

    code: ClassVar[str] = "rows-undo"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop("Ce qui a été poussé ne peut pas être annulé : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Remettez en ligne une version plus ancienne, ou poussez les lignes qui corrigent celles-ci."
    )


def is_token(text: str) -> bool:
    """Whether a text may name a batch.

    >>> is_token("mesures-2026-03-01T14:05"), is_token(""), is_token("é")
    (True, False, False)
    """
    return 0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable()
