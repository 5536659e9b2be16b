"""Who may do what in an organisation: pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from parvis.core.errors import Forbidden
from parvis.core.translation import Sentence


class Role(StrEnum):
    """What a person is in an organisation; each includes those before it. An elected official is a reader."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role's name on French screens."""
        return _LABELS[self]

    @property
    def rank(self) -> int:
        """Place among the roles, from 0."""
        return list(Role).index(self)


_LABELS = {
    Role.READER: "Lecteur (élu, agent)",
    Role.CONTRIBUTOR: "Contributeur",
    Role.STEWARD: "Responsable des données",
    Role.ADMINISTRATOR: "Administrateur",
}

NEEDED_ROLE = {
    "read": Role.READER,
    "edit": Role.CONTRIBUTOR,
    "publish": Role.STEWARD,
    "administer": Role.ADMINISTRATOR,
}
"""For each action on an organisation's things, the smallest role that may do it."""


CONTRIBUTORS = "Contributeurs"
"""The group of everybody who may enter the back office; it follows roles and is not granted by hand."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, nobody in particular, or the operator at the command line."""

    name: str
    person_id: int | None = None
    everything: bool = False
    """True for the operator and for superusers."""
    roles: Mapping[int, Role] = field(default_factory=dict)
    """Role by organisation's database id."""
    groups: frozenset[int] = frozenset()
    """Groups the person belongs to, by database id."""
    read_only: bool = False
    """True for who comes by a key made for reading: no service does anything for them."""
    datasets: frozenset[str] | None = None
    """The identifiers of the only datasets that a key may change; None without such a limit. By itself this actor may only read:
    ``acting_on`` gives the one who may act, dataset by dataset, so that no service can forget the limit."""


ANONYMOUS = Actor("anonyme")
OPERATOR = Actor("administration du serveur", everything=True)


def may(actor: Actor, action: str, organisation_id: int | None) -> bool:
    """Whether the actor may do ``action`` (a key of NEEDED_ROLE) on the things of that organisation."""
    if actor.datasets is not None and action != "read":
        return False
    if actor.everything:
        return True
    role = actor.roles.get(organisation_id) if organisation_id is not None else None
    return role is not None and role.rank >= NEEDED_ROLE[action].rank


def organisations_open_to(actor: Actor, action: str) -> list[int]:
    """The database ids of the organisations where a role of the actor allows ``action``; who may do everything needs none."""
    if actor.datasets is not None and action != "read":
        return []
    return [key for key, role in actor.roles.items() if role.rank >= NEEDED_ROLE[action].rank]


def acting_on(actor: Actor, identifiers: Collection[str]) -> Actor:
    """Who may act on the dataset that has, or had, one of these identifiers: the actor without a limit that names it."""
    if actor.datasets is None or actor.datasets.isdisjoint(identifiers):
        return actor
    return replace(actor, datasets=None)


def require(actor: Actor, action: str, organisation_id: int | None, sentence: str | Sentence) -> None:
    """Forbidden, with ``sentence`` naming what was tried, unless the actor may do it."""
    if (actor.read_only and action != "read") or not may(actor, action, organisation_id):
        raise Forbidden(action=sentence, needs=action, organisation=organisation_id)
