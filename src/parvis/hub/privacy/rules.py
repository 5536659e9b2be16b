"""What needs a decision, on which grounds one may be taken: pure decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.privacy import Finding
from parvis.core.transforms import hides_persons
from parvis.core.translation import Sentence, gettext_noop

SHORTEST = 15
"""Characters of an explanation: « RAS » explains nothing."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which what was found is published: its word, its label, what the explanation should say, the text of law."""

    slug: str
    label: Any
    advice: Any
    law: str = ""


GROUNDS = (
    Ground(
        "not-personal",
        _("Ce ne sont pas des données personnelles"),
        _("Dites ce que c’est : organismes, lieux, personnages historiques…"),
    ),
    Ground(
        "office",
        _("Ces personnes sont nommées dans l’exercice de leurs fonctions"),
        _("Dites lesquelles : élus, candidats, responsables d’un service, professionnels…"),
        "CRPA L311-6, D312-1-3",
    ),
    Ground(
        "law",
        _("Un texte prévoit cette publication"),
        _("Citez l’article de la loi, du décret ou de l’arrêté."),
        "CRPA L312-1-2",
    ),
    Ground(
        "consent",
        _("Les personnes ont donné leur accord"),
        _("Dites comment il a été recueilli, et où il est gardé."),
        "CRPA L312-1-2, RGPD art. 6",
    ),
    Ground(
        "anonymous",
        _("Personne ne peut plus être reconnu"),
        _("Dites ce qui a été fait : colonnes retirées, regroupées, seuils…"),
        "CRPA L312-1-2",
    ),
)
"""The grounds offered, each with what must be explained (CRPA L312-1-2: anonymised, consent, or a text; L311-6: private life)."""

STATED = Ground("stated", _("Motif donné à la ligne de commande"), "")
"""What the command line says in a sentence of its own."""

GROUND_BY_SLUG = {ground.slug: ground for ground in (*GROUNDS, STATED)}


class BadDecision(RequestError):
    """A decision without a ground or an explanation."""

    code: ClassVar[str] = "privacy-decision-bad"
    sentence: ClassVar[str] = gettext_noop("La décision n’est pas complète : {missing}.")
    advice: ClassVar[str] = gettext_noop(
        "Écrivez en une phrase à quel titre ces données sont publiées, ou pourquoi elles ne sont pas personnelles."
    )


class FindingsChanged(RequestError):
    """What was found is no longer what the person had read."""

    code: ClassVar[str] = "privacy-findings-changed"
    sentence: ClassVar[str] = gettext_noop(
        "Les constats ont changé depuis que vous les avez lus. Rien n’a été enregistré."
    )
    advice: ClassVar[str] = gettext_noop("Relisez-les, puis décidez.")


class AlreadyDecided(RequestError):
    """Somebody else decided meanwhile, or there is nothing to decide."""

    code: ClassVar[str] = "privacy-decided"
    sentence: ClassVar[str] = gettext_noop("Il n’y a plus rien à décider ici : {why}.")
    advice: ClassVar[str] = gettext_noop("Lisez la décision sur la page « Données personnelles » du jeu.")


def check_decision(ground: str, explanation: str) -> str:
    """The explanation, trimmed; BadDecision when it or the ground will not do."""
    text = " ".join(explanation.split())
    if ground not in GROUND_BY_SLUG:
        raise BadDecision(missing=Sentence("choisissez un motif"))
    if len(text) < SHORTEST:
        raise BadDecision(
            missing=Sentence("l’explication fait moins de {shortest} caractères", {"shortest": SHORTEST}),
        )
    return text


def undecided(findings: Sequence[Finding], decided: frozenset[str]) -> tuple[Finding, ...]:
    """The findings that hold a publication and that no decision covers, by their keys."""
    return tuple(finding for finding in findings if finding.blocks and finding.key not in decided)


def findings_mark(findings: Sequence[Finding], *, opening: bool = False) -> str:
    """Changes when what is to be decided does: a form has the mark of what its reader saw."""
    keys = sorted(finding.key for finding in findings)
    return hashlib.sha256(repr((keys, opening)).encode()).hexdigest()[:16]


def needs_opening(
    closed: datetime | None, last_closed: datetime | None, decided: datetime | None, opened: datetime | None
) -> bool:
    """Whether data that was reserved needs a decision of its own to become public.

    ``closed`` and ``last_closed`` are when the last reserved period began and was last seen; ``decided`` the latest decision to
    open, ``opened`` the latest publication for all.
    """
    if closed is None or last_closed is None:
        return False
    if opened is not None and opened >= last_closed:
        return False
    return decided is None or decided < closed


def original_stays_inside(lineage: Sequence[Mapping[str, Any]], checked: Mapping[str, Any]) -> bool:
    """Whether the file as it was received holds more of persons than the table: treated, or with parts that were not published.

    ``checked`` is what the inspection noted: ``aside`` (found in columns left out and lines refused), ``unseen`` (sheets,
    layers and files of the same archive that nobody searched).
    """
    return (
        hides_persons(str(step.get("name", "")) for step in lineage)
        or bool(checked.get("aside"))
        or bool(checked.get("unseen"))
    )
