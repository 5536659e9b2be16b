"""Who may answer and when, the states of an answer, the errors of sending one: pure decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import Forbidden, RequestError
from parvis.core.translation import gettext_noop

MOST_PHOTOS = 10
LATE = timedelta(days=14)
"""How long after a form closed what was begun before is taken: a device may have been far from any network."""


class Audience(StrEnum):
    """Who may answer."""

    PUBLIC = "public"
    INVITED = "invited"
    MEMBERS = "members"


class Output(StrEnum):
    """What becomes of the answers that are accepted."""

    NONE = "none"
    DRAFT = "draft"
    INTERNAL = "internal"
    PUBLIC = "public"


class State(StrEnum):
    """Where an answer is."""

    UNCONFIRMED = "unconfirmed"
    """Sent without scripts by somebody unknown: a mail waits for a yes."""
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ASIDE = "aside"
    """Neither in the table nor refused: a test, a duplicate, something to look at later."""


DECISIONS = {"accepter": State.ACCEPTED, "refuser": State.REFUSED, "ecarter": State.ASIDE, "relire": State.RECEIVED}
"""What a moderator may do, by the name of the button."""


def receipt_of(number: int, received: datetime) -> str:
    """The number of an answer, as its sender is given it: ``2026-000042``."""
    return f"{received:%Y}-{number:06d}"


def first_state(*, is_moderated: bool, names_persons: bool, is_proven: bool) -> State:
    """The state of an answer that arrives."""
    if not is_proven:
        return State.UNCONFIRMED
    return State.RECEIVED if is_moderated or names_persons else State.ACCEPTED


class SurveyClosed(RequestError):
    """Before or after its dates."""

    code: ClassVar[str] = "survey-closed"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne reçoit pas de réponse en ce moment.")
    advice: ClassVar[str] = gettext_noop(
        "Rien de ce que vous avez écrit n’est perdu. Écrivez à l’organisation qui tient ce formulaire."
    )


class SurveyWithdrawn(RequestError):
    """Nothing is at that address any more: an entry may have waited while the form was withdrawn."""

    code: ClassVar[str] = "survey-withdrawn"
    status: ClassVar[int] = 410
    sentence: ClassVar[str] = gettext_noop("Ce formulaire n’est plus en ligne : votre réponse n’a pas pu être reçue.")
    advice: ClassVar[str] = gettext_noop(
        "Rien de ce que vous avez écrit n’est perdu. Écrivez à l’organisation qui tenait ce formulaire."
    )


class SurveyFull(RequestError):
    """The answers expected are there."""

    code: ClassVar[str] = "survey-full"
    sentence: ClassVar[str] = gettext_noop("« {title} » a reçu toutes les réponses attendues.")
    advice: ClassVar[str] = gettext_noop(
        "Merci. Écrivez à l’organisation qui le tient si votre réponse compte malgré tout."
    )


class NotInvited(Forbidden):
    """Somebody who is not among those who answer."""

    code: ClassVar[str] = "survey-audience"
    sentence: ClassVar[str] = gettext_noop("« {title} » est réservé à d’autres personnes.")
    advice: ClassVar[str] = gettext_noop("Ouvrez le lien que vous avez reçu, ou connectez-vous.")


class BadEntry(RequestError):
    """What was sent has no identifier of its own, or too many photos."""

    code: ClassVar[str] = "survey-entry"
    sentence: ClassVar[str] = gettext_noop("Cet envoi n’a pas la forme attendue.")
    advice: ClassVar[str] = gettext_noop(
        "Rechargez la page du formulaire, puis envoyez de nouveau : 10 photos au plus."
    )


class AnswersRefused(RequestError):
    """Something is wrong with some of the answers: told beside each."""

    code: ClassVar[str] = "survey-answers"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = gettext_noop("Des réponses sont à corriger.")
    advice: ClassVar[str] = gettext_noop(
        "Corrigez celles qui sont signalées, puis envoyez de nouveau. Rien n’est perdu."
    )


class ConsentMissing(RequestError):
    """The text of consent was not agreed to."""

    code: ClassVar[str] = "survey-consent"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = gettext_noop("Cochez que vous êtes d’accord pour que votre réponse soit reçue.")


class VisitorRefused(RequestError):
    """What a form asks of anybody is missing: the browser's work, or a mail address."""

    code: ClassVar[str] = "survey-visitor"
    sentence: ClassVar[str] = gettext_noop("Votre réponse n’a pas été reçue. {problem}")


class ReasonNeeded(RequestError):
    """An answer is refused in writing."""

    code: ClassVar[str] = "survey-reason"
    sentence: ClassVar[str] = gettext_noop("Dites pourquoi cette réponse est refusée.")
    advice: ClassVar[str] = gettext_noop("La personne le lira, si elle a demandé à être prévenue.")


class QuestionsMissing(RequestError):
    """A form that asks nothing, or something that makes no sense, is not put online."""

    code: ClassVar[str] = "survey-questions"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne peut pas être mis en ligne : {problem}")
    advice: ClassVar[str] = gettext_noop("Corrigez ses questions, puis publiez-le.")
