"""What an organisation may take of the instance: the measures, the refusals, the lock under which room is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop, translate
from parvis.hub.accounts.rules import Actor
from parvis.hub.caches import fresh
from parvis.hub.quotas.models import OrganisationLimits
from parvis.hub.quotas.rules import Budget, Client, Refusal
from parvis.hub.quotas.selectors import spent_by

NO_END = 10**18
"""Calls of an organisation are not limited, its time is."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that may be limited; ``form`` says how its numbers are shown."""

    name: str
    label: Any
    explained: Any
    form: str = "number"


MEASURES = (
    Measure(
        "storage",
        _("Place des versions"),
        _("Les fichiers reçus et leurs tables, de toutes les versions gardées."),
        "size",
    ),
    Measure("datasets", _("Jeux de données"), _("Brouillons compris, jeux supprimés exceptés.")),
    Measure("rows", _("Lignes en ligne"), _("Des versions en cours.")),
    Measure("imports", _("Imports du jour"), _("Ceux qui ont donné une version.")),
    Measure(
        "seconds", _("Secondes de calcul du jour"), _("Ce que demandent les clés et les personnes de l’organisation.")
    ),
)
"""Every measure; its name is that of a column of ``OrganisationLimits``."""


class OrganisationLimit(RequestError):
    """The organisation has taken all that it may."""

    code: ClassVar[str] = "organisation-limit"
    sentence: ClassVar[str] = gettext_noop(
        "L’organisation atteindrait sa limite ({measure}) : {used} utilisés, {more} de plus demandés, {limit} permis."
    )
    advice: ClassVar[str] = gettext_noop(
        "Rien n’est perdu : un fichier reçu est gardé. Supprimez ce qui ne sert plus, ou demandez plus à l’administrateur du portail."
    )


class OrganisationTimeSpent(Refusal):
    """The organisation's engine time of the day is spent."""

    code: ClassVar[str] = "organisation-time-spent"
    sentence: ClassVar[str] = gettext_noop(
        "Votre organisation a épuisé son temps de calcul du jour. Il sera rétabli à {reset}."
    )
    advice: ClassVar[str] = gettext_noop("Attendez demain, ou demandez plus à l’administrateur du portail.")


def require_room(organisation_id: int, measure: str, more: int, used: Any) -> None:
    """OrganisationLimit when ``used()`` and ``more`` pass the limit; the right to say so is held until the transaction ends.

    To be called in the transaction that takes the room: two at once ask one after the other. ``used`` is asked only where
    there is a limit.
    """
    limits = OrganisationLimits.objects.select_for_update().filter(organisation=organisation_id).first()
    limit = getattr(limits, measure) if limits is not None else None
    if limit is None:
        return
    taken = used()
    if taken + more > limit:
        label = next(row.label for row in MEASURES if row.name == measure)
        raise OrganisationLimit(measure=label, used=taken, more=more, limit=limit)


def organisation_of(actor: Actor) -> int | None:
    """The organisation whose engine time somebody takes: theirs; of several, the one that is longest in the instance."""
    return min(actor.roles, default=None) if not actor.everything else None


def shared_client(actor: Actor, day: date) -> Client | None:
    """The account of the actor's organisation that day, with what it may spend; None when they have none."""
    key = organisation_of(actor)
    if key is None:
        return None
    limit = _limit_of(key)
    return Client(account_name(key), day, Budget(limit if limit is not None else math.inf, NO_END), anonymous=False)


def account_name(organisation_id: int) -> str:
    """Under which name an organisation's engine time is counted."""
    return f"org-{organisation_id}"


def seconds_spent(organisation_id: int, day: date) -> float:
    """Engine time taken that day by the keys and the people of an organisation, as far as every process has written it."""
    name = account_name(organisation_id)
    return spent_by(day, [name]).get(name, (0.0, 0))[0]


def organisation_time_spent(client: Client, now: datetime) -> OrganisationTimeSpent:
    """The refusal of one question more."""
    reset = f"{client.reset:%Y-%m-%dT%H:%M:%SZ}"
    error = translate(OrganisationTimeSpent.sentence, "en", reset=reset)
    body = {
        "errorcode": 10002,
        "reset_time": reset,
        "limit_time_unit": "day",
        "error_code": "OrganisationTimeSpent",
        "message": error,
        "error": error,
        "advice": translate(OrganisationTimeSpent.advice, "en"),
    }
    return OrganisationTimeSpent(body=body, wait=max(1, math.ceil((client.reset - now).total_seconds())), reset=reset)


@fresh()
def _limit_of(organisation: int) -> int | None:
    """Seconds a day, which every question asks for."""
    return OrganisationLimits.objects.filter(organisation=organisation).values_list("seconds", flat=True).first()


def forget_limits() -> None:
    """Forget what is remembered: limits were changed here."""
    _limit_of.cache_clear()
