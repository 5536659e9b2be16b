"""The trail of an indicator's figure: the card that says where it comes from, wherever the figure stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from parvis.domains.indicators.models import Computation, Value
from parvis.domains.indicators.selectors import Seen
from parvis.domains.indicators.telling import Tile, about, tile, told
from parvis.hub.catalogue.provenance import checks_words, version_words
from parvis.hub.catalogue.selectors import versions_called
from parvis.hub.drawings.trails import question_text
from parvis.hub.ui.formatting import day, instant
from parvis.hub.ui.trail import Trail

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version

MOST_QUESTIONS = 3
"""Parts of a formula that a card quotes; the page of the figure has them all."""


def trails_of(rows: Iterable[Seen]) -> dict[str, Trail]:
    """The trail of each figure told, by the address of its indicator; one query whatever their number."""
    shown = [one for one in rows if one.is_readable and one.value is not None and one.indicator.latest is not None]
    names = {name for one in shown for name in _latest(one).versions.values()}
    known = {(version.dataset.dataset_id, version.name): version for version in versions_called(names)}
    return {one.indicator.slug: _trail(one, one.value, known) for one in shown if one.value is not None}


def _latest(one: Seen) -> Computation:
    computation = one.indicator.latest
    if computation is None:
        raise LookupError(one.indicator.slug)
    return computation


def _trail(one: Seen, value: Value, known: dict[tuple[str, str], Version]) -> Trail:
    computation, definition = _latest(one), one.definition
    text = told(definition, value.value)
    found = [known[pair] for pair in computation.versions.items() if pair in known]
    questions = [question_text(part.select, part.where, part.period) for part in definition.parts.values()]
    facts = (
        (_("Valeur"), text),
        (_("Indicateur"), one.indicator.title),
        (_("Lieu et période"), about(definition, value)),
        (_("Formule"), definition.formula),
        (_("Date"), day(one.data_date) if one.data_date else ""),
        (_("Jeu de données"), " · ".join(version.dataset.title for version in found)),
        (_("Version"), " · ".join(version_words(version) for version in found)),
        (_("Fichier source"), " · ".join(version.original for version in found if version.original)),
        (_("Requête"), " ; ".join(questions[:MOST_QUESTIONS]) + ("…" if len(questions) > MOST_QUESTIONS else "")),
        (_("Contrôles"), " · ".join(checks_words(version) for version in found)),
        (_("Calculé le"), instant(computation.computed)),
    )
    address = value.get_absolute_url()
    links = (
        (_("Lignes, contrôles, adresse à citer"), address),
        (_("Voir l’indicateur"), one.indicator.get_absolute_url()),
    )
    return Trail(text, address, tuple(fact for fact in facts if fact[1]), links)


def tiles_of(rows: Sequence[Seen]) -> list[Tile]:
    """The tiles of these indicators, in order, each figure with its trail."""
    found = trails_of(rows)
    return [tile(one, found.get(one.indicator.slug)) for one in rows]
