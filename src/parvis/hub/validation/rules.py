"""How a schema is named, what is done with data that does not respect it, when a verdict still counts: pure decisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop


class Enforcement(StrEnum):
    """What an invalid version meets when somebody publishes it."""

    WARN = "warn"
    BLOCK = "block"


ENFORCEMENTS = [
    (Enforcement.WARN, _("prévenir sans empêcher de publier")),
    (Enforcement.BLOCK, _("empêcher de publier")),
]
"""Each with its words on screens."""


class ImportChanged(RequestError):
    """Somebody else changed the choices of an import since the page was read."""

    code: ClassVar[str] = "import-changed"
    sentence: ClassVar[str] = gettext_noop("Une autre personne a changé ce dépôt entre-temps. Rien n’a été enregistré.")
    advice: ClassVar[str] = gettext_noop("Relisez la page, à jour ci-dessous, puis refaites votre choix.")


class RowsChanged(RequestError):
    """Somebody else saved the table since it was opened for entry."""

    code: ClassVar[str] = "rows-changed"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » a reçu une autre version entre-temps. Votre saisie est gardée, rien n’a été écrasé."
    )
    advice: ClassVar[str] = gettext_noop(
        "Comparez avec la version à jour, puis choisissez d’enregistrer par-dessus ou de repartir d’elle."
    )


class TableTooLarge(RequestError):
    """Too many rows to be typed on a page."""

    code: ClassVar[str] = "entry-too-large"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » compte {rows} lignes ; la saisie en ligne en accepte {limit} au plus."
    )
    advice: ClassVar[str] = gettext_noop("Corrigez le fichier dans votre tableur, puis déposez-le.")


class NotATable(RequestError):
    """Shapes on a map cannot be typed."""

    code: ClassVar[str] = "entry-not-text"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » contient des formes géographiques, qui ne se saisissent pas dans un tableau."
    )
    advice: ClassVar[str] = gettext_noop("Corrigez le fichier dans votre logiciel de cartographie, puis déposez-le.")


class NothingToEnter(RequestError):
    """Neither a version nor a schema says which columns there are."""

    code: ClassVar[str] = "entry-no-columns"
    sentence: ClassVar[str] = gettext_noop(
        "« {title} » n’a encore ni données ni schéma : la saisie ne sait pas quelles colonnes montrer."
    )
    advice: ClassVar[str] = gettext_noop("Choisissez un schéma sur la page Schéma, ou déposez un premier fichier.")


def digest_of(content: bytes) -> str:
    """The name of a kept schema: SHA-256 of its bytes."""
    return hashlib.sha256(content).hexdigest()


def mark_of(*choices: Any) -> str:
    """A short mark of JSON-able choices: another as soon as one of them changes."""
    text = json.dumps(choices, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def with_step(
    steps: Iterable[Mapping[str, Any]], step: Mapping[str, Any], *, first: bool = False
) -> list[dict[str, Any]]:
    """The steps with one more, at the end or before all others; a step that is there already is not said twice."""
    existing = [dict(row) for row in steps]
    if any(row == dict(step) for row in existing):
        return existing
    return [dict(step), *existing] if first else [*existing, dict(step)]


def without_named(steps: Iterable[Mapping[str, Any]], names: Iterable[str]) -> list[dict[str, Any]]:
    """The steps less those of some names."""
    gone = set(names)
    return [dict(row) for row in steps if row["name"] not in gone]
