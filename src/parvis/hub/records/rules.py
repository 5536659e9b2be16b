"""What a civic record must be, who may see it, what its address looks like: pure decisions."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import NotFound, RequestError
from parvis.core.text import fold
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor, may

LONGEST_SLUG = 80
MOST_TITLE = 200


class Status(StrEnum):
    """Where a record is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
    """Was published, and is told apart from a draft by its editors."""
    ARCHIVED = "archived"


class BadTitle(RequestError):
    """A record is called something."""

    code: ClassVar[str] = "saved-title"
    sentence: ClassVar[str] = gettext_noop("Ce que l’on enregistre a un titre, de {most} caractères au plus.")
    advice: ClassVar[str] = gettext_noop("Dites ce que l’on y voit : « Les arceaux manquent autour des gares ».")


class EditConflict(RequestError):
    """Somebody else saved it meanwhile."""

    code: ClassVar[str] = "saved-meanwhile"
    sentence: ClassVar[str] = gettext_noop("Quelqu’un d’autre a enregistré « {title} » pendant que vous y travailliez.")
    advice: ClassVar[str] = gettext_noop(
        "Ouvrez de nouveau, puis refaites vos changements : rien de ce que l’autre a fait n’est perdu."
    )


class RecordLocked(RequestError):
    """Somebody locked it, or it waits for an approval."""

    code: ClassVar[str] = "record-locked"
    sentence: ClassVar[str] = gettext_noop("« {title} » est verrouillé : il ne peut pas être modifié.")
    advice: ClassVar[str] = gettext_noop(
        "Demandez à la personne qui l’a verrouillé, ou attendez la fin de la relecture."
    )


class AddressTaken(RequestError):
    """Two records of a kind cannot have the same address, nor one that led to another."""

    code: ClassVar[str] = "record-address"
    sentence: ClassVar[str] = gettext_noop("L’adresse « {slug} » est déjà prise, ou ne peut pas l’être.")
    advice: ClassVar[str] = gettext_noop("Choisissez-en une autre, faite de lettres, de chiffres et de tirets.")


class NoWorkflow(RequestError):
    """Nobody has to approve records of this kind."""

    code: ClassVar[str] = "record-workflow"
    sentence: ClassVar[str] = gettext_noop("Aucune relecture n’est prévue pour « {title} ».")
    advice: ClassVar[str] = gettext_noop(
        "Publiez directement, ou demandez à l’administrateur de prévoir une relecture."
    )


class ReasonMissing(RequestError):
    """A document that names persons is released in writing."""

    code: ClassVar[str] = "record-reason"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » semble nommer des personnes : dites pourquoi il peut être publié."
    )
    advice: ClassVar[str] = gettext_noop("Par exemple : « délibération, dont la publication est prévue par la loi ».")


class Moved(NotFound):
    """The record has another address now: ``slug``, of the page at ``address``. Pages lead there, programs are told."""

    code: ClassVar[str] = "record-moved"
    sentence: ClassVar[str] = gettext_noop("Cette page est maintenant à l’adresse « {slug} ».")
    advice: ClassVar[str] = gettext_noop("Suivez le lien.")

    @property
    def slug(self) -> str:
        """Its address now."""
        return str(self.details["slug"])

    @property
    def address(self) -> str:
        """The path of its page."""
        return str(self.details["address"])


def may_see(actor: Actor, status: str, organisation_id: int) -> bool:
    """Whether the record exists for the actor; what it shows may depend on its datasets besides."""
    return status == Status.PUBLISHED or may(actor, "edit", organisation_id)


def status_of(is_live: bool, status: str) -> Status:
    """The status that goes with Wagtail's ``live``, which is the one that decides: a live record is published, a record that
    is no longer live and was not closed otherwise is a draft again."""
    if is_live:
        return Status.PUBLISHED
    return Status.DRAFT if status == Status.PUBLISHED else Status(status)


def opened_revision(text: str) -> int:
    """The revision at which a form was opened, as the form tells it; 0, which is that of no record, for nonsense."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def slug_of(title: str, otherwise: str) -> str:
    """The words of a title as an address, ``arceaux-par-commune``; ``otherwise`` when it has no letter."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    return "-".join(words)[:LONGEST_SLUG].strip("-") or otherwise


def title_of(text: str) -> str:
    """A title with single spaces; BadTitle when it is empty or too long."""
    title = " ".join(text.split())
    if not 0 < len(title) <= MOST_TITLE:
        raise BadTitle(most=MOST_TITLE)
    return title
