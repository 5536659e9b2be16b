"""When a delivery is expected, what each period has come to, what refuses one: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop

MOST_ADDRESSES = 5
"""Mail addresses of each side."""
MOST_FILES_A_DAY = 20
"""Files that one link takes in a day."""
MOST_UNFINISHED = 2
"""Files that one link is receiving at once; one more takes the place of the oldest."""
MOST_REMIND_DAYS = 60
"""Before a due day, of its reminder."""
LINK_DAYS = 400
"""Days that a link lives unless another last day was chosen: a year, and time to send the next."""
SHOWN_PERIODS = 12
"""Periods of a row of the board."""
MOST_KEPT = 500
"""Deliveries kept of one expectation; the oldest go first."""


class Every(StrEnum):
    """How often a delivery is expected."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ONCE = "once"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}
"""Months of a period, of those that are made of months."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The last day of each period: a weekday from 1 (Monday) for weeks; else a day of the ``month``-th month of the period.

    A day that a month has not is its last. ``once`` is the only day of a delivery expected once.
    """

    every: Every
    day: int = 1
    month: int = 1
    once: date | None = None

    def due_in(self, moment: date) -> date:
        """The last day of the period that ``moment`` is in."""
        if self.every is Every.ONCE:
            return self.once or moment
        if self.every is Every.WEEK:
            return moment - timedelta(days=moment.isoweekday() - min(self.day, 7))
        length = MONTHS[self.every]
        rank = (moment.month - 1) // length * length + min(self.month, length)
        end = date(moment.year + rank // 12, rank % 12 + 1, 1) - timedelta(days=1)
        return end.replace(day=min(self.day, end.day))

    def after(self, due: date) -> date | None:
        """The last day of the next period; None when nothing more is expected."""
        if self.every is Every.ONCE:
            return None
        if self.every is Every.WEEK:
            return due + timedelta(days=7)
        length = MONTHS[self.every]
        return self.due_in(_months_later(due, length))

    def before(self, due: date) -> date | None:
        """The last day of the period before; None when there was none."""
        if self.every is Every.ONCE:
            return None
        if self.every is Every.WEEK:
            return due - timedelta(days=7)
        return self.due_in(_months_later(due, -MONTHS[self.every]))

    def dues(self, begins: date, until: date, most: int = SHOWN_PERIODS) -> list[date]:
        """The last days from ``begins`` to the period of ``until``, at most the latest ``most``."""
        if self.every is Every.ONCE:
            return [self.due_in(until)]
        due: date | None = max(self.due_in(until), self.first(begins))
        days: list[date] = []
        while due is not None and due >= begins and len(days) < most:
            days.append(due)
            due = self.before(due)
        return days[::-1]

    def first(self, begins: date) -> date:
        """The first last day that is not before ``begins``."""
        due = self.due_in(begins)
        return due if due >= begins or self.every is Every.ONCE else (self.after(due) or due)


def _months_later(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    rank = day.year * 12 + day.month - 1 + months
    return date(rank // 12, rank % 12 + 1, 1)


class Standing(StrEnum):
    """What a period, or a delivery, has come to."""

    EXPECTED = "expected"
    DELIVERED = "delivered"
    DELIVERED_LATE = "delivered-late"
    WAITING = "waiting"
    AT_WORK = "at-work"
    REFUSED = "refused"
    LATE = "late"
    MISSING = "missing"


class State(StrEnum):
    """Where one delivery stands."""

    RECEIVING = "receiving"
    AT_WORK = "at-work"
    DELIVERED = "delivered"
    WAITING = "waiting"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    REPLACED = "replaced"


def standing_of(states: Sequence[tuple[State, date]], due: date, grace: int, today: date) -> Standing:
    """What a period has come to, by the states of its deliveries and the days on which they came."""
    delivered = [day for state, day in states if state is State.DELIVERED]
    if delivered:
        return Standing.DELIVERED if min(delivered) <= due else Standing.DELIVERED_LATE
    present = {state for state, _day in states}
    for state, standing in ((State.WAITING, Standing.WAITING), (State.AT_WORK, Standing.AT_WORK)):
        if state in present:
            return standing
    if today > due + timedelta(days=grace):
        return Standing.MISSING
    if present & {State.REFUSED, State.UNREADABLE}:
        return Standing.REFUSED
    return Standing.LATE if today > due else Standing.EXPECTED


ANSWERED = frozenset({Standing.DELIVERED, Standing.DELIVERED_LATE, Standing.WAITING, Standing.AT_WORK})
"""What a period comes to when something came that was not refused."""


def period_of(
    recurrence: Recurrence,
    arrival: date,
    begins: date,
    grace: int,
    *,
    former_is_answered: bool,
    former_until: date | None = None,
) -> date:
    """The period that what arrives that day counts for: the one before while it is due and unanswered, else that of the day.

    ``former_until`` is the last day of the one before when somebody moved it.
    """
    due = max(recurrence.due_in(arrival), recurrence.first(begins))
    former = recurrence.before(due)
    if (
        former is None
        or former < begins
        or former_is_answered
        or arrival > (former_until or former) + timedelta(days=grace)
    ):
        return due
    return former


class LinkClosed(RequestError):
    """The link was revoked or has expired, or never was."""

    code: ClassVar[str] = "delivery-link-closed"
    status: ClassVar[int] = 410
    sentence: ClassVar[str] = gettext_noop("Ce lien de dépôt n’est plus ouvert.")
    advice: ClassVar[str] = gettext_noop("Demandez-en un autre à la personne qui vous l’a donné.")


class TooManyFiles(OperationError):
    """The link has taken as many files as it may in a day."""

    code: ClassVar[str] = "delivery-too-many"
    status: ClassVar[int] = 429
    wait: ClassVar[int] = 3600
    sentence: ClassVar[str] = gettext_noop("Ce lien a déjà reçu {most} fichiers depuis hier.")
    advice: ClassVar[str] = gettext_noop("Réessayez demain, ou écrivez à la personne qui attend ce fichier.")


class NoFile(RequestError):
    """A form without a file."""

    code: ClassVar[str] = "delivery-no-file"
    sentence: ClassVar[str] = gettext_noop("Il manque le fichier.")
    advice: ClassVar[str] = gettext_noop("Choisissez-le sur votre ordinateur, puis envoyez.")


class DeliveryDecided(RequestError):
    """Somebody decided meanwhile."""

    code: ClassVar[str] = "delivery-decided"
    sentence: ClassVar[str] = gettext_noop("Cette livraison n’attend plus de décision : elle est {state}.")
    advice: ClassVar[str] = gettext_noop("Relisez la page ; s’il le faut, demandez un nouveau fichier.")


class WordsNeeded(RequestError):
    """A refusal without its reason."""

    code: ClassVar[str] = "delivery-words"
    sentence: ClassVar[str] = gettext_noop("Dites pourquoi la livraison est refusée.")
    advice: ClassVar[str] = gettext_noop("L’expéditeur reçoit ces mots : il saura quoi corriger.")


class ReasonNeeded(RequestError):
    """A due day that is moved without a reason."""

    code: ClassVar[str] = "delivery-reason"
    sentence: ClassVar[str] = gettext_noop("Dites pourquoi l’échéance est déplacée.")
    advice: ClassVar[str] = gettext_noop("Les deux côtés reçoivent ces mots.")


class BadPostponement(RequestError):
    """A last day that a period cannot have."""

    code: ClassVar[str] = "delivery-postponed"
    sentence: ClassVar[str] = gettext_noop("L’échéance du {due} ne peut pas être déplacée au {until}.")
    advice: ClassVar[str] = gettext_noop("Choisissez un jour à venir, avant l’échéance suivante.")


class AlreadyExpected(RequestError):
    """A dataset that is expected already."""

    code: ClassVar[str] = "delivery-expected"
    sentence: ClassVar[str] = gettext_noop("« {title} » est déjà attendu par une autre livraison.")
    advice: ClassVar[str] = gettext_noop("Modifiez celle-là : un jeu de données n’a qu’un calendrier.")
