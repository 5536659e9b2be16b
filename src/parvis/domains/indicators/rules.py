"""The errors of this room: pure."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import NotFound, RequestError
from parvis.hub.records.rules import AddressTaken, EditConflict
from parvis.hub.records.rules import Status as IndicatorStatus

__all__ = ["IndicatorStatus"]

RESERVED = frozenset({"add", "alertes", "nouveau", "results", "semaine", "tableau"})
"""Words of other addresses, that no indicator may take."""


class IndicatorChanged(EditConflict):
    """Somebody else saved it meanwhile."""

    code: ClassVar[str] = "indicator-changed"
    fr: ClassVar[str] = "« {title} » a été enregistré par quelqu’un d’autre pendant que vous le modifiiez."
    en: ClassVar[str] = "“{title}” was saved by somebody else while you were changing it."
    hint_fr: ClassVar[str] = "Ouvrez-le de nouveau, puis refaites vos changements."
    hint_en: ClassVar[str] = "Open it again, then redo your changes."


class SlugTaken(AddressTaken):
    """Two indicators cannot have the same address, and an address never changes."""

    code: ClassVar[str] = "indicator-address"
    fr: ClassVar[str] = "L’adresse « {slug} » ne peut pas être donnée à cet indicateur."
    en: ClassVar[str] = "The address “{slug}” cannot be given to this indicator."
    hint_fr: ClassVar[str] = "Prenez-en une qui n’est à aucun autre ; elle ne change plus ensuite."
    hint_en: ClassVar[str] = "Take one that no other has; it does not change afterwards."


class MissingSource(NotFound):
    """A dataset that an indicator asks cannot be read."""

    code: ClassVar[str] = "indicator-source"
    fr: ClassVar[str] = "Le jeu de données « {name} » n’a pas de version publiée à interroger."
    en: ClassVar[str] = "The dataset “{name}” has no published version to be asked."
    hint_fr: ClassVar[str] = "Publiez-le de nouveau, ou changez la définition de l’indicateur."
    hint_en: ClassVar[str] = "Publish it again, or change the definition of the indicator."


class MailClosed(RequestError):
    """The portal has no mail server."""

    code: ClassVar[str] = "indicator-mail-closed"
    fr: ClassVar[str] = "Ce portail n’envoie pas de courriels."
    en: ClassVar[str] = "This portal sends no mails."
    hint_fr: ClassVar[str] = "Suivez plutôt le flux Atom de l’indicateur : il dit la même chose, sans adresse."
    hint_en: ClassVar[str] = "Follow the Atom feed of the indicator instead: it says the same, without an address."


class TooManyAskings(RequestError):
    """Too many confirmation mails were asked for."""

    code: ClassVar[str] = "indicator-mail-limit"
    fr: ClassVar[str] = "Trop de courriels de confirmation ont été demandés aujourd’hui."
    en: ClassVar[str] = "Too many confirmation mails were asked for today."
    hint_fr: ClassVar[str] = "Cherchez le premier parmi vos courriels, y compris les indésirables, ou revenez demain."
    hint_en: ClassVar[str] = "Look for the first one among your mails, junk included, or come back tomorrow."


class TooManyFollowed(RequestError):
    """One address follows very much."""

    code: ClassVar[str] = "indicator-mail-followed"
    fr: ClassVar[str] = "Cette adresse suit déjà {most} chiffres."
    en: ClassVar[str] = "This address already follows {most} figures."
    hint_fr: ClassVar[str] = "Arrêtez-en un par le lien au bas de ses courriels."
    hint_en: ClassVar[str] = "Stop one by the link at the end of its mails."


class BadAddress(RequestError):
    """That is no mail address."""

    code: ClassVar[str] = "indicator-mail-address"
    fr: ClassVar[str] = "« {email} » n’est pas une adresse électronique."
    en: ClassVar[str] = "“{email}” is not a mail address."
    hint_fr: ClassVar[str] = "Écrivez-la comme prenom.nom@exemple.fr."
    hint_en: ClassVar[str] = "Write it like first.last@example.org."


class BoardChanged(RequestError):
    """A scoreboard was saved elsewhere meanwhile."""

    code: ClassVar[str] = "indicator-board-changed"
    fr: ClassVar[str] = "« {name} » a été enregistré ailleurs pendant que vous le modifiiez."
    en: ClassVar[str] = "“{name}” was saved elsewhere while you were changing it."
    hint_fr: ClassVar[str] = "Ouvrez-le de nouveau, ou enregistrez le vôtre sous un autre nom."
    hint_en: ClassVar[str] = "Open it again, or save yours under another name."


class TooManyBoards(RequestError):
    """One person keeps very many scoreboards."""

    code: ClassVar[str] = "indicator-boards"
    fr: ClassVar[str] = "Vous gardez déjà {most} tableaux."
    en: ClassVar[str] = "You already keep {most} scoreboards."
    hint_fr: ClassVar[str] = "Supprimez-en un dans « Mes tableaux »."
    hint_en: ClassVar[str] = "Delete one in “My scoreboards”."
