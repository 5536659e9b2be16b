"""What a message is in its life, and what refuses one: pure."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

LONGEST_TITLE, LONGEST_MESSAGE = 150, 4_000
MOST_MESSAGES = 500
"""Messages of one discussion: beyond, nobody reads them."""


class State(StrEnum):
    """Who reads a message."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


class DiscussionsClosed(RequestError):
    """Nothing more is written there."""

    code: ClassVar[str] = "discussion-closed"
    sentence: ClassVar[str] = gettext_noop("Cette discussion est close.")
    advice: ClassVar[str] = gettext_noop("Écrivez à l’organisation par son formulaire de contact.")


class DiscussionFull(RequestError):
    """One discussion holds no more."""

    code: ClassVar[str] = "discussion-full"
    sentence: ClassVar[str] = gettext_noop("Cette discussion a {most} messages : elle n’en reçoit plus.")
    advice: ClassVar[str] = gettext_noop("Ouvrez-en une autre.")


class NothingWritten(RequestError):
    """What was written has no sign that is seen."""

    code: ClassVar[str] = "discussion-empty"
    sentence: ClassVar[str] = gettext_noop("Il manque le texte.")
    advice: ClassVar[str] = gettext_noop("Écrivez au moins un mot.")
