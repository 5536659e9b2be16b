"""An indicator at a glance: its figure of the day with where it comes from, as lists, boards, mails and editorial pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.charts.magnitudes import round_text
from parvis.core.indicators.definition import Definition
from parvis.core.translation import SOURCE
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.presentation import about, formula_words, state_words, target, trend, value_text, warning
from parvis.domains.indicators.selectors import Seen
from parvis.hub.catalogue.provenance import provenance_of
from parvis.hub.catalogue.selectors import versions_called
from parvis.hub.drawings.frames import Credit
from parvis.hub.drawings.trails import question_text
from parvis.hub.drawings.wording import question_words
from parvis.hub.pages.figures import Figure
from parvis.hub.ui.drawing import DrawnLine, even_line, round_ends
from parvis.hub.ui.formatting import NOTHING, age_words, day, instant, period_words
from parvis.hub.ui.trail import Trail

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Version

MOST_QUESTIONS = 3
"""Parts of a formula that a card quotes; the page of the figure has them all."""
SHORTEST_HISTORY = 3


@dataclass(frozen=True, slots=True)
class Past:
    """A history as a line, with the words around it."""

    line: DrawnLine
    periods: tuple[str, ...]
    """Under the line, evenly spread: the first and the last among them."""
    levels: tuple[str, ...]
    """Beside it, from the highest to the lowest: the axis."""
    target: str = ""
    """What the line across is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile(Figure):
    """The figure of an indicator, and what its own pages say besides; empty texts are not shown."""

    slug: str
    publisher: str
    cite: str = ""
    """Permanent address of that very figure; empty when there is none to show."""
    before: str = ""
    """Permanent address of the figure that the trend compares with."""
    date: str = ""
    dated: str = ""
    """« données du 3 mars 2021 » where no period tells the day of the figure."""
    past: Past | None = None

    @property
    def title(self) -> str:
        """That of the indicator."""
        return self.label


def tiles_of(rows: Sequence[Seen]) -> list[Tile]:
    """The tiles of these indicators, in order, each figure with its trail; one query whatever their number."""
    names = {name for seen in rows if seen.value for name in seen.value.computation.versions.values()}
    versions = {(version.dataset.dataset_id, version.name): version for version in versions_called(names)}
    return [tile(seen, _trail(seen, seen.value, versions) if seen.value else None) for seen in rows]


def tile(seen: Seen, trail: Trail | None = None) -> Tile:
    """All that is told of an indicator at a glance, its figure with its ``trail``."""
    row, definition, value = seen.indicator, seen.definition, seen.value
    facts: dict[str, Any] = {
        "slug": row.slug,
        "label": row.title,
        "question": definition.question,
        "address": row.get_absolute_url(),
        "publisher": row.organisation.name,
        "unit": definition.unit,
        "target": definition.target if seen.is_readable else None,
        "lower_is_better": definition.direction == "lower",
        "warning": warning(seen),
    }
    if value is None:
        return Tile(text=NOTHING, **facts)
    date = day(seen.data_date) if seen.data_date else ""
    return Tile(
        text=value_text(definition, value.value),
        value=value.value,
        note=about(definition, value),
        cite=value.get_absolute_url(),
        state=state_words(seen.state),
        tone=str(seen.state),
        trend=trend(seen),
        before=seen.before.get_absolute_url() if seen.before else "",
        target_text=target(definition),
        date=date,
        dated=_("données du %(day)s") % {"day": date} if date and not (value.period or definition.period) else "",
        age=age_words(seen.age),
        trail=trail,
        past=past_of(definition, seen.history),
        credits=(_credit(seen, date),),
        **facts,
    )


def _credit(seen: Seen, date: str) -> Credit:
    """The indicator itself, as the source named under a block."""
    row, publisher = seen.indicator, seen.indicator.organisation
    address = row.get_absolute_url()
    return Credit(row.title, address, publisher.name, publisher.get_absolute_url(), date, "", "", "")


def past_of(definition: Definition, values: Sequence[Value]) -> Past | None:
    """The history by even steps, its target across; None for fewer than SHORTEST_HISTORY values."""
    amounts = [value.value for value in values]
    heights = [amount for amount in (*amounts, definition.target) if amount is not None]
    if len(values) < SHORTEST_HISTORY or not heights:
        return None
    low, high = round_ends(heights)
    line = even_line(amounts, definition.target, (low, high))
    if line is None:
        return None
    # Beside the figure, which says its unit in words; a percent is too short to be in the way.
    plain = definition if definition.unit == "%" else replace(definition, unit="")
    levels = tuple(_level(plain, level) for level in (high, (low + high) / 2, low))
    if len(set(levels)) < len(levels):  # the decimals of the indicator tell no such middle
        levels = levels[::2]
    return Past(line, _periods(values), levels, target(definition))


def _level(definition: Definition, level: float) -> str:
    """A level of the axis: « 500 millions » rather than nine figures."""
    if abs(level) < 1_000_000:
        return value_text(definition, level)
    return round_text(level, definition.decimals, "", get_language() or SOURCE)


def _periods(values: Sequence[Value]) -> tuple[str, ...]:
    """As many periods as are evenly spread between the first and the last, five at most."""
    last = len(values) - 1
    parts = next((parts for parts in (4, 3, 2) if last % parts == 0), 1)
    return tuple(period_words(values[rank].period) for rank in range(0, last + 1, last // parts))


def _trail(seen: Seen, value: Value, versions: Mapping[tuple[str, str], Version]) -> Trail:
    """The card that says where a figure comes from, wherever it stands."""
    computation, definition = value.computation, seen.definition
    text, address = value_text(definition, value.value), value.get_absolute_url()
    used_versions = [versions[pair] for pair in computation.versions.items() if pair in versions]
    questions = [
        question_words(part.select, part.where, [part.period]) or question_text(part.select, part.where, part.period)
        for part in definition.parts.values()
    ]
    query = " ; ".join(questions[:MOST_QUESTIONS]) + ("…" if len(questions) > MOST_QUESTIONS else "")
    facts = (
        (_("Valeur"), text),
        (_("Indicateur"), seen.indicator.title),
        (_("Lieu et période"), about(definition, value)),
        (_("Formule"), formula_words(definition.formula)),
        *provenance_of([(version.dataset, version) for version in used_versions], query, seen.data_date),
        (_("Calculé le"), instant(computation.computed)),
    )
    links = (
        (_("Vérifier et citer"), address),
        (_("Voir l’indicateur"), seen.indicator.get_absolute_url()),
    )
    return Trail(text, address, tuple(fact for fact in facts if fact[1]), links)
