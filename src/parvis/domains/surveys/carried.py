"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.carried import Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _naming_nobody(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(names_persons=False)


def _of_those_naming_nobody(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(answer__names_persons=False)


CARRIED = (
    Carried(model="surveys.Survey", name="formulaires/formulaires"),
    Carried(model="surveys.Consent", name="formulaires/consentements"),
    Carried(model="surveys.Guest", name="formulaires/personnes-invitees", is_of_people=True),
    Carried(model="surveys.Answer", name="formulaires/reponses", without=("key",), unless_people=_naming_nobody),
    Carried(model="surveys.Photo", name="formulaires/photos", without=("key",), unless_people=_of_those_naming_nobody),
    Carried(model="surveys.AnswersDataset", name="formulaires/jeux-des-reponses", dataset="dataset"),
)
