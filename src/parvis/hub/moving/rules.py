"""What of a portal may come besides its datasets, what is made of it, and whom its people would be here: pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.sources.portal_lists import is_whole
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Role


class State(StrEnum):
    """Where something that was there stands here."""

    MADE = "made"
    """It is here, as a draft or a proposal."""
    WAITS = "waits"
    """For somebody to decide."""
    HERE = "here"
    """It was here already."""
    KEPT = "kept"
    """Changed here since: what came later was left."""
    TOLD = "told"
    """It has no place here: what it was is written."""
    LEFT = "left"
    """Somebody took it away here."""
    FAILED = "failed"


STATES = {
    State.MADE: _("en brouillon ici"),
    State.WAITS: _("attend une décision"),
    State.HERE: _("déjà ici"),
    State.KEPT: _("gardé tel que modifié ici"),
    State.TOLD: _("à lire"),
    State.LEFT: _("retiré ici"),
    State.FAILED: _("pas venu"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its words, what must be had to read it, how many are taken."""

    name: str
    label: Any
    needs_key: bool
    most: int


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("counts", _("comptes d’avant"), False, 10_000),
        Kind("portals", _("portails enfants"), False, 500),
        Kind("users", _("personnes à inviter"), True, 10_000),
        Kind("groups", _("groupes"), True, 1_000),
        Kind("pages", _("pages"), False, 1_000),
        Kind("filters", _("règles d’accès"), True, 20_000),
        Kind("drawings", _("graphiques et cartes des jeux"), False, 10_000),
        Kind("reuses", _("réutilisations"), False, 5_000),
    )
}
"""In the order in which they are brought. Pages and reuses are read without a key as well, as far as the portal shows them."""
KINDS_BY_PORTAL: Mapping[str, Collection[str]] = {
    "explore": tuple(KINDS),
    "ckan": ("drawings", "reuses"),
    "udata": ("reuses",),
}
"""What each kind of portal (its dialect) has of them."""


class UnknownPart(RequestError):
    """A kind that portals do not have."""

    code: ClassVar[str] = "move-part"
    sentence: ClassVar[str] = gettext_noop("« {name} » n’est pas une partie de portail.")
    advice: ClassVar[str] = gettext_noop("Les parties : {names}.")


def kinds_of(words: Iterable[str]) -> list[str]:
    """The kinds that somebody leaves out, written apart or with commas; UnknownPart."""
    names = [name.strip().lower() for word in words for name in word.split(",") if name.strip()]
    for name in names:
        if name not in KINDS:
            raise UnknownPart(name=name[:60], names=", ".join(KINDS))
    return sorted(set(names))


_PUBLISHERS = frozenset({"publish_dataset", "manage_dataset", "edit_domain", "manage_page", "manage_subdomains"})
_WRITERS = frozenset({"create_dataset", "edit_dataset", "create_page", "edit_page", "edit_reuse"})


def role_of(permissions: Iterable[str]) -> Role:
    """What somebody would be here, never more than who keeps data: administrators are chosen by hand."""
    own = set(permissions)
    return Role.STEWARD if own & _PUBLISHERS else Role.CONTRIBUTOR if own & _WRITERS else Role.READER


def words_of(rule: Mapping[str, Any]) -> list[Sentence]:
    """What a rule of a dataset lets be seen, in words; nothing of one that hides nothing."""
    if not rule.get("data_visible"):
        return [Sentence("ses lignes n’étaient pas montrées")]
    words = []
    if rule.get("filter"):
        words.append(Sentence("seulement les lignes de « {filter} »", {"filter": str(rule["filter"])}))
    fields = rule.get("fields")
    if not is_whole(rule) and isinstance(fields, list) and fields != ["*"]:
        names = ", ".join(map(str, fields[:50])) or "—"
        words.append(Sentence("seulement les colonnes {columns}", {"columns": names}))
    return words
