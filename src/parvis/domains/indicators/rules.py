"""The errors of this room: pure."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import NotFound, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.records.rules import AddressTaken, EditConflict

RESERVED = frozenset({"add", "alertes", "nouveau", "results", "semaine", "tableau"})
"""Words of other addresses, that no indicator may take."""


class IndicatorChanged(EditConflict):
    """Somebody else saved it meanwhile."""

    code: ClassVar[str] = "indicator-changed"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » a été enregistré par quelqu’un d’autre pendant que vous le modifiiez."
    )
    advice: ClassVar[str] = gettext_noop("Ouvrez-le de nouveau, puis refaites vos changements.")


class SlugTaken(AddressTaken):
    """Two indicators cannot have the same address, and an address never changes."""

    code: ClassVar[str] = "indicator-address"
    sentence: ClassVar[str] = gettext_noop("L’adresse « {slug} » ne peut pas être donnée à cet indicateur.")
    advice: ClassVar[str] = gettext_noop("Prenez-en une qui n’est à aucun autre ; elle ne change plus ensuite.")


class MissingSource(NotFound):
    """A dataset that an indicator asks cannot be read."""

    code: ClassVar[str] = "indicator-source"
    sentence: ClassVar[str] = gettext_noop("Le jeu de données « {name} » n’a pas de version publiée à interroger.")
    advice: ClassVar[str] = gettext_noop("Publiez-le de nouveau, ou changez la définition de l’indicateur.")


class BoardChanged(RequestError):
    """A scoreboard was saved elsewhere meanwhile."""

    code: ClassVar[str] = "indicator-board-changed"
    sentence: ClassVar[str] = gettext_noop("« {name} » a été enregistré ailleurs pendant que vous le modifiiez.")
    advice: ClassVar[str] = gettext_noop("Ouvrez-le de nouveau, ou enregistrez le vôtre sous un autre nom.")


class TooManyBoards(RequestError):
    """One person keeps very many scoreboards."""

    code: ClassVar[str] = "indicator-boards"
    sentence: ClassVar[str] = gettext_noop("Vous gardez déjà {most} tableaux.")
    advice: ClassVar[str] = gettext_noop("Supprimez-en un dans « Mes tableaux ».")
