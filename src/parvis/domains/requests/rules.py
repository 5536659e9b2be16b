"""Where a request is in its life, its dates by the law, and what refuses an answer: pure.

Sources: code des relations entre le public et l’administration (CRPA), articles L311-1, L311-14, R*311-12, R311-13, R311-15, R343-1.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

LONGEST_TEXT, LONGEST_ANSWER = 4_000, 8_000
MOST_DATASETS = 20
OTHER_GROUND = "other"
REMIND_DAYS = (7, 3, 1, 0)
"""Days before the end of the month at which who must answer is reminded."""
VOTE_DAYS = 90
"""For how long it is known, under a digest, that an address supports a request."""
LETTER_DAYS = 180
"""For how long a letter to an organisation is kept here."""


class Stage(StrEnum):
    """Where a request is."""

    OPEN = "open"
    SILENT = "silent"
    """The month has passed without an answer: that is a refusal."""
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    FORWARDED = "forwarded"
    """Another administration has the data: the request was sent on to it (CRPA, L114-2)."""

    @property
    def is_waiting(self) -> bool:
        """Whether an answer may still come: silence is broken by an answer, however late."""
        return self in (Stage.OPEN, Stage.SILENT)

    @property
    def is_refusal(self) -> bool:
        """Whether who asked may go to the CADA."""
        return self in (Stage.SILENT, Stage.REFUSED, Stage.PARTLY)


def months_after(day: date, months: int) -> date:
    """The same day some months later, the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def answer_due(received: date) -> date:
    """The last day to answer a request: one month after it was received (R311-13)."""
    return months_after(received, 1)


def remedy_due(refused: date) -> date:
    """The day before which the CADA is asked: two months after the refusal, or the end of the silent month (R311-15, R343-1)."""
    return months_after(refused, 2)


def is_silent(received: date, today: date) -> bool:
    """Whether the month has passed."""
    return today > answer_due(received)


def reminds(received: date, today: date) -> bool:
    """Whether who must answer is reminded that day."""
    return answer_due(received) - today in {timedelta(days=days) for days in REMIND_DAYS}


class ReasonsMissing(RequestError):
    """A refusal is written and reasoned."""

    code: ClassVar[str] = "request-reasons"
    sentence: ClassVar[str] = gettext_noop("Un refus dit son motif et l’explique (CRPA, article L311-14).")
    advice: ClassVar[str] = gettext_noop("Choisissez le motif, puis écrivez en deux phrases pourquoi il s’applique.")


class ArticleMissing(RequestError):
    """A refusal for another reason of the law names its article."""

    code: ClassVar[str] = "request-article"
    sentence: ClassVar[str] = gettext_noop("Un refus pour un autre motif cite l’article de la loi qui le permet.")
    advice: ClassVar[str] = gettext_noop(
        "Écrivez-le dans votre réponse : « article L124-4 du code de l’environnement »."
    )


def names_article(text: str) -> bool:
    """Whether a text names an article of the law."""
    return re.search(r"\b[LRD]\*?\.?\s?\*?\s?\d|\barticle\s+(?:1er|\d)", text, re.IGNORECASE) is not None


class NothingGiven(RequestError):
    """What is granted is somewhere."""

    code: ClassVar[str] = "request-nothing"
    sentence: ClassVar[str] = gettext_noop("Dites où sont les données : un jeu de ce portail, ou quelques mots.")
    advice: ClassVar[str] = gettext_noop("Collez l’adresse de la page du jeu, ou expliquez comment les obtenir.")


class AnsweredAlready(RequestError):
    """One answer is enough."""

    code: ClassVar[str] = "request-answered"
    sentence: ClassVar[str] = gettext_noop("Cette demande a déjà sa réponse.")
    advice: ClassVar[str] = gettext_noop("Relisez-la ; une nouvelle demande peut être faite.")


class UnknownDatasets(RequestError):
    """Some of the datasets named are not here."""

    code: ClassVar[str] = "request-datasets"
    sentence: ClassVar[str] = gettext_noop("Ces jeux de données ne sont pas sur ce portail : {names}.")
    advice: ClassVar[str] = gettext_noop("Collez l’adresse de leur page, une par ligne.")
