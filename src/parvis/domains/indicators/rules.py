"""Who may see an indicator, and the errors of this room: pure."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.rules import Actor, may


class IndicatorStatus(StrEnum):
    """Where an indicator stands; what was computed stays in all three."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class IndicatorChanged(RequestError):
    """Somebody else saved it meanwhile."""

    code: ClassVar[str] = "indicator-changed"
    fr: ClassVar[str] = "« {title} » a été enregistré par quelqu’un d’autre pendant que vous le modifiiez."
    en: ClassVar[str] = "“{title}” was saved by somebody else while you were changing it."
    hint_fr: ClassVar[str] = "Ouvrez-le de nouveau, puis refaites vos changements."
    hint_en: ClassVar[str] = "Open it again, then redo your changes."


class SlugTaken(RequestError):
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


def may_see_indicator(actor: Actor, status: str, organisation_id: int) -> bool:
    """Whether the indicator exists for the actor; its values ask for the right to read its datasets besides."""
    return status == IndicatorStatus.PUBLISHED or may(actor, "edit", organisation_id)
