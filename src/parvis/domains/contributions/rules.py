"""Kinds and states of proposals, what may follow what, and the errors of contributing: pure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

MOST_OPEN = 2_000
"""Proposals of one dataset that wait: beyond it nobody could decide them, and the form says so."""
LONGEST_VALUE = 2_000
UNCONFIRMED_HOURS = 48


class Kind(models.TextChoices):
    """What may be proposed of a dataset."""

    CORRECT = "correct", _("Corriger une ligne")
    ADD = "add", _("Ajouter une ligne")
    REMOVE = "remove", _("Signaler une ligne à retirer")
    REMARK = "remark", _("Faire une remarque")
    QUESTION = "question", _("Poser une question")

    @property
    def changes_rows(self) -> bool:
        """Whether it asks for other rows, and so needs a key that tells rows apart."""
        return self in (Kind.CORRECT, Kind.ADD, Kind.REMOVE)


class State(models.TextChoices):
    """Where a proposal stands."""

    UNCONFIRMED = "unconfirmed", _("à confirmer par courriel")
    RECEIVED = "received", _("reçue")
    ASKED_BACK = "asked-back", _("question posée au contributeur")
    ACCEPTED = "accepted", _("acceptée")
    PARTLY = "partly", _("acceptée en partie")
    REFUSED = "refused", _("refusée")
    EXPIRED = "expired", _("dépassée : la ligne a changé")
    ALREADY = "already", _("déjà dans la source")
    WITHDRAWN = "withdrawn", _("retirée par son auteur")

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to decide."""
        return self in (State.RECEIVED, State.ASKED_BACK)


OPEN_STATES = (State.RECEIVED, State.ASKED_BACK)
LIVE_STATES = ("waiting", "applied", "conflict", "gone", "ambiguous", "missing", "unwritable")
"""States of corrections that are still laid over the source, or wait for a choice."""
DOUBTFUL_STATES = ("conflict", "gone", "ambiguous", "missing", "unwritable")


class Laid(models.TextChoices):
    """What became of an accepted change at the last import (``core.overlays.CellState``), and how it ended."""

    WAITING = "waiting", _("sera dans la prochaine version")
    APPLIED = "applied", _("en ligne")
    SAME = "same", _("la source le dit aussi")
    CONFLICT = "conflict", _("la source dit autre chose : à choisir")
    GONE = "gone", _("la source n’a plus cette ligne : à choisir")
    AMBIGUOUS = "ambiguous", _("plusieurs lignes ont cette clé : à choisir")
    MISSING = "missing", _("la source n’a plus cette colonne : à choisir")
    UNWRITABLE = "unwritable", _("la colonne ne peut pas contenir cette valeur : à choisir")
    REPLACED = "replaced", _("remplacée par une contribution plus récente")
    DROPPED = "dropped", _("la source a été préférée")


class ContributionsClosed(RequestError):
    """The owner of the dataset takes none, or none of that kind."""

    code: ClassVar[str] = "contribution-closed"
    sentence: ClassVar[str] = gettext_noop("« {title} » ne reçoit pas cette sorte de contribution.")
    advice: ClassVar[str] = gettext_noop("Écrivez au producteur : son adresse est sur la fiche du jeu de données.")


class NoKey(RequestError):
    """Nothing tells the rows of the dataset apart."""

    code: ClassVar[str] = "contribution-key"
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de « {title} » ne se distinguent par aucun identifiant : une correction se perdrait au prochain import."
    )
    advice: ClassVar[str] = gettext_noop("Faites une remarque : le producteur la lira.")


class KeyUnconfirmed(RequestError):
    """Accepting before anybody said that the key found in the values tells rows apart."""

    code: ClassVar[str] = "contribution-key-unconfirmed"
    sentence: ClassVar[str] = gettext_noop(
        "Personne n’a encore confirmé ce qui distingue les lignes de « {title} » : {columns} ?"
    )
    advice: ClassVar[str] = gettext_noop("Ouvrez la contribution, et confirmez-le ; ou choisissez d’autres colonnes.")


class NothingProposed(RequestError):
    """A proposal that asks for nothing."""

    code: ClassVar[str] = "contribution-empty"
    sentence: ClassVar[str] = gettext_noop("Rien n’est changé : modifiez au moins une valeur.")


class RowChanged(RequestError):
    """The row moved on between the page and its form."""

    code: ClassVar[str] = "contribution-row"
    sentence: ClassVar[str] = gettext_noop(
        "Cette ligne a changé pendant que vous écriviez : « {column} » vaut maintenant « {value} »."
    )
    advice: ClassVar[str] = gettext_noop(
        "Votre saisie est gardée ci-dessous ; vérifiez-la, puis renvoyez le formulaire."
    )


class RowExists(RequestError):
    """A row that is added has the key of another."""

    code: ClassVar[str] = "contribution-exists"
    sentence: ClassVar[str] = gettext_noop("Une ligne a déjà cet identifiant : {key}.")
    advice: ClassVar[str] = gettext_noop("Corrigez-la plutôt, ou changez l’identifiant.")


class TooManyWaiting(RequestError):
    """Too many proposals wait for the producer."""

    code: ClassVar[str] = "contribution-full"
    sentence: ClassVar[str] = gettext_noop("Trop de contributions attendent déjà une réponse sur « {title} ».")
    advice: ClassVar[str] = gettext_noop("Revenez plus tard.")


class AlreadyDecided(RequestError):
    """Somebody else decided first, or the proposal is over."""

    code: ClassVar[str] = "contribution-decided"
    sentence: ClassVar[str] = gettext_noop("Cette contribution a déjà été traitée par {who} : {state}.")
    advice: ClassVar[str] = gettext_noop("Rien n’a été changé.")


class NothingAccepted(RequestError):
    """Accepting without any value."""

    code: ClassVar[str] = "contribution-nothing"
    sentence: ClassVar[str] = gettext_noop("Cochez au moins une valeur à accepter, ou refusez avec un motif.")


class TooManyCorrections(RequestError):
    """More corrections than an import lays."""

    code: ClassVar[str] = "contribution-many"
    sentence: ClassVar[str] = gettext_noop("« {title} » a déjà {most} corrections que sa source ne dit pas.")
    advice: ClassVar[str] = gettext_noop(
        "Reportez-les dans le fichier d’origine : celles que la source dit se ferment d’elles-mêmes."
    )


class ReasonMissing(RequestError):
    """A refusal without a reason."""

    code: ClassVar[str] = "contribution-reason"
    sentence: ClassVar[str] = gettext_noop("Dites pourquoi : le contributeur lira ce motif.")


class BadValue(RequestError):
    """A value that its column cannot hold."""

    code: ClassVar[str] = "contribution-value"
    sentence: ClassVar[str] = gettext_noop("« {value} » ne convient pas à la colonne « {column} » : {kind}.")
