"""Who may see a dataset, what must be said before publication: pure decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.core import hvd
from parvis.core.inspire.block import WANTED, Gap, in_scope
from parvis.hub.accounts.rules import Actor, may


class Access(StrEnum):
    """To whom a published dataset is open."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


class Status(StrEnum):
    """Where a dataset is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the decision to show a dataset depends on."""

    status: Status
    access: Access
    organisation_id: int
    allowed_organisations: frozenset[int] = frozenset()
    allowed_groups: frozenset[int] = frozenset()
    announced: bool = False
    """Everybody may know that it exists, no matter who may read it."""
    all_organisations: bool = False
    """Internal access names every organisation, those to come as well."""


def may_see(actor: Actor, dataset: Guarded) -> bool:
    """Whether the actor may read the dataset's rows: the one answer behind every door.

    Anyone who may edit the organisation's things sees them in every state; others see published datasets only: public ones
    everybody, internal ones the members of the owner and of the named organisations (or of any, where all are named), restricted
    ones the named groups.
    """
    if dataset.status is Status.DELETED:
        return may(actor, "publish", dataset.organisation_id)
    if may(actor, "edit", dataset.organisation_id):
        return True
    if dataset.status is not Status.PUBLISHED:
        return False
    if dataset.access is Access.PUBLIC:
        return True
    if dataset.access is Access.INTERNAL:
        if dataset.all_organisations:
            return bool(actor.roles)
        named = dataset.allowed_organisations | {dataset.organisation_id}
        return any(key in named for key in actor.roles)
    return bool(actor.groups & dataset.allowed_groups)


def may_know(actor: Actor, dataset: Guarded) -> bool:
    """Whether the dataset exists for the actor: they may see it, or it is published and announced to all.

    Of what is announced only, doors tell the card and the names of its columns; no row, no count, no value.
    """
    return may_see(actor, dataset) or (dataset.announced and dataset.status is Status.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be known before publication: field, label, how to tell that it is there, advice."""

    name: str
    label: Any
    advice: Any
    met: Callable[[Mapping[str, Any]], bool]
    blocking: bool = True
    warns: bool = False
    """It is shown when something that is said does not agree, and only then."""


def _filled(name: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda card: bool(card.get(name))


REQUIREMENTS = (
    Requirement("title", _("Titre"), _("Dites ce que contient le jeu, où et quand."), _filled("title")),
    Requirement(
        "description",
        _("Description"),
        _("Deux phrases : d’où viennent les données, à quoi elles servent."),
        _filled("description"),
    ),
    Requirement("organisation", _("Organisation"), _("Choisissez qui publie."), lambda c: bool(c.get("organisation"))),
    Requirement("licence", _("Licence"), _("Licence Ouverte 2.0 par défaut."), _filled("licence")),
    Requirement("data", _("Données"), _("Déposez un fichier."), lambda c: bool(c.get("version"))),
    Requirement("theme", _("Thème"), _("Choisissez au moins un thème."), _filled("themes"), blocking=False),
    Requirement("keywords", _("Mots-clés"), _("Trois mots-clés de recherche."), _filled("keywords"), blocking=False),
    Requirement(
        "frequency",
        _("Fréquence"),
        _("Indiquez la fréquence de mise à jour."),
        lambda card: card.get("frequency") not in (None, "", "unknown"),
        blocking=False,
    ),
    Requirement(
        "contact", _("Contact"), _("Une adresse à laquelle répondre."), _filled("contact_email"), blocking=False
    ),
    Requirement("territory", _("Territoire"), _("Périmètre géographique."), _filled("territories"), blocking=False),
    Requirement(
        "personal_data",
        _("Données personnelles"),
        _("Dites s’il y en a, et à quel titre elles sont publiées."),
        _filled("personal_data"),
        blocking=False,
    ),
)
"""The checklist shown before publication. The blocking ones are the least the law and reusers need (title, what it is,
who publishes, licence: CRPA L323-2), the others make the dataset findable."""


def _licence_suits_high_value(card: Mapping[str, Any]) -> bool:
    categories = card.get("hvd") or ()
    return not hvd.refuses([categories] if isinstance(categories, str) else categories, str(card.get("licence")))


def _says_why_closed(card: Mapping[str, Any]) -> bool:
    return card.get("access", Access.PUBLIC) in ("", Access.PUBLIC) or bool(card.get("closure"))


def _inspire(gap: Gap) -> Requirement:
    def met(card: Mapping[str, Any]) -> bool:
        block = in_scope(card.get("inspire") or {})
        return not block or gap.met(block)

    return Requirement(f"inspire_{gap.name}", _(gap.label), _(gap.advice), met, blocking=False, warns=True)


WARNINGS = (
    Requirement(
        "hvd_licence",
        _("Licence d’un jeu de forte valeur"),
        _("Le règlement (UE) 2023/138 demande une licence aussi libre que CC BY 4.0 : l’ODbL ne convient pas."),
        _licence_suits_high_value,
        blocking=False,
        warns=True,
    ),
    Requirement(
        "closure",
        _("Motif de l’accès réservé"),
        _("Dites pourquoi la loi permet de ne pas ouvrir ces données : choisissez un motif, page « Accès »."),
        _says_why_closed,
        blocking=False,
        warns=True,
    ),
    *map(_inspire, WANTED),
)
"""What the card says that does not agree: shown when it is so, and only then."""


def checklist(card: Mapping[str, Any]) -> list[tuple[Requirement, bool]]:
    """Each requirement and whether the card meets it; warnings where there is something to warn of."""
    return [
        *((warning, False) for warning in unheeded(card)),
        *((requirement, requirement.met(card)) for requirement in REQUIREMENTS),
    ]


def unheeded(card: Mapping[str, Any]) -> list[Requirement]:
    """The warnings that the card gives reason for."""
    return [warning for warning in WARNINGS if not warning.met(card)]


def missing_requirements(card: Mapping[str, Any]) -> list[Requirement]:
    """What still stops publication."""
    return [requirement for requirement, met in checklist(card) if requirement.blocking and not met]


SHARED_SECONDS = 60
"""Longest time a shared cache answers for the portal: what is withdrawn is gone from them after it."""


def cache_control(*, public: bool, seconds: int = 0) -> str:
    """``Cache-Control`` of an answer that tells of a dataset, which may be withdrawn or reserved at any time.

    ``seconds`` is how long an answer that its address names for ever may stay in a reader's own browser; caches that readers
    share ask again within a minute, and never answer what is past it. What is not public is kept by the browser that got it
    and asked again each time, since the right to see it may be taken back. Give such answers an ETag: asking again is cheap.
    """
    if not public:
        return "private, no-cache"
    if not seconds:
        return "public, no-cache"
    return f"public, max-age={seconds}, s-maxage={min(seconds, SHARED_SECONDS)}, must-revalidate"
