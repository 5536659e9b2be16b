"""Figures in words and pictures, in the language of the page: values, changes, ages, states, histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from parvis.core.errors import ParvisError
from parvis.core.indicators import Bound, Definition, Side, State
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.selectors import Seen
from parvis.hub.ui.formatting import NOTHING, SPACE, day, number
from parvis.hub.ui.trail import Trail

LINE_WIDTH, LINE_HEIGHT = 640, 120
MARGIN = 6
MONTHS_AFTER, YEARS_AFTER = 60, 730
"""Days beyond which an age is told in months, then in years."""


@dataclass(frozen=True, slots=True)
class Tile:
    """An indicator as it is shown in a list and at the head of its page; empty texts are not shown."""

    title: str
    question: str
    address: str
    publisher: str
    value: str = ""
    about: str = ""
    """Place and period of the value."""
    cite: str = ""
    """Permanent address of that very figure."""
    state: str = ""
    trend: str = ""
    target: str = ""
    date: str = ""
    age: str = ""
    warning: str = ""
    """That the source is missing or late, or that nothing may be shown."""
    slug: str = ""
    tone: str = ""
    """The state in code, for colours that say no more than its words."""
    trail: Trail | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A value on the line of a history."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """The history drawn: the path of the line and its points."""

    path: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of a table, with its part of the largest for a bar (0 – 100; None where a bar would mislead)."""

    place: str
    period: str
    text: str
    cite: str
    share: float | None = None


def tile(one: Seen, trail: Trail | None = None) -> Tile:
    """All that is told of an indicator at a glance, its figure with its ``trail``."""
    row, definition = one.indicator, one.definition
    base = (row.title, definition.question, row.get_absolute_url(), row.organisation.name)
    if not one.is_readable or one.value is None:
        return Tile(*base, warning=warning(one), slug=row.slug)
    return Tile(
        *base,
        value=told(definition, one.value.value),
        about=" · ".join(filter(None, (one.value.name, one.value.period or definition.period))),
        cite=one.value.get_absolute_url(),
        state=state_words(one.state),
        trend=trend(one),
        target=target(definition),
        date=day(one.data_date) if one.data_date else "",
        age=age_words(one.age),
        warning=warning(one),
        slug=row.slug,
        tone=str(one.state),
        trail=trail,
    )


def told(definition: Definition, value: float | None) -> str:
    """``48,7 %``: the value with the decimals and the unit of its definition."""
    if value is None:
        return NOTHING
    text = number(float(value), definition.decimals)
    return f"{text}{SPACE}{definition.unit}" if definition.unit else text


def state_words(state: State) -> str:
    """The state in words; colour says nothing alone."""
    words = {State.ON_TRACK: _("en bonne voie"), State.WATCH: _("à surveiller"), State.LATE: _("en retard")}
    return words.get(state, "")


def alert_words(definition: Definition, title: str, bound: Bound) -> str:
    """« Places de vélo passe au-dessus de 1 500 places »."""
    facts = {"title": title, "value": exactly(definition, bound.number)}
    if bound.side is Side.ABOVE:
        return _("« %(title)s » passe au-dessus de %(value)s") % facts
    return _("« %(title)s » passe au-dessous de %(value)s") % facts


def exactly(definition: Definition, amount: float) -> str:
    """A number as it was given, whatever the decimals of the definition, with its unit."""
    text = number(int(amount) if amount == int(amount) else amount)
    return f"{text}{SPACE}{definition.unit}" if definition.unit else text


def problem_of(error: ParvisError) -> dict[str, str]:
    """An error in the language of the page: what happened, what to do, its code."""
    language = get_language() or "fr"
    return {"title": error.message(language), "remedy": error.hint(language), "code": error.code}


def trend(one: Seen) -> str:
    """How the value moved since the period before, and whether that is for the better; empty without a period before."""
    if one.change is None or one.before is None:
        return ""
    facts = {"amount": _amount(one.definition, abs(one.change)), "period": one.before.period}
    if round(one.change, one.definition.decimals) == 0:
        return _("stable depuis %(period)s") % facts
    said = (
        _("en hausse de %(amount)s depuis %(period)s")
        if one.change > 0
        else _("en baisse de %(amount)s depuis %(period)s")
    ) % facts
    judged = {True: _("c’est mieux"), False: _("c’est moins bien"), None: ""}[one.is_better]
    return f"{said} ({judged})" if judged else said


def _amount(definition: Definition, change: float) -> str:
    """A share rises by points, not by percents."""
    if definition.unit != "%":
        return told(definition, change)
    return f"{number(float(change), definition.decimals)}{SPACE}{_('point') if change < 2 else _('points')}"


def target(definition: Definition) -> str:
    """The target with its day."""
    if definition.target is None:
        return ""
    text = told(definition, definition.target)
    return _("%(value)s au %(day)s") % {"value": text, "day": day(definition.deadline)} if definition.deadline else text


def age_words(days: int | None) -> str:
    """« il y a 3 mois » for an age in days."""
    if days is None:
        return ""
    if days < 2:
        return _("hier") if days else _("aujourd’hui")
    if days < MONTHS_AFTER:
        return ngettext("il y a %(count)s jour", "il y a %(count)s jours", days) % {"count": days}
    if days < YEARS_AFTER:
        months = round(days / 30.44)
        return _("il y a %(count)s mois") % {"count": months}
    years = int(days / 365.25)
    return ngettext("il y a %(count)s an", "il y a %(count)s ans", years) % {"count": years}


def warning(one: Seen) -> str:
    """What is amiss with the source, said rather than hidden; empty when all is well."""
    if not one.is_readable:
        return _("Un de ses jeux de données n’est pas publié, ou ne vous est pas ouvert : aucune valeur n’est montrée.")
    if trouble := one.indicator.trouble:
        language = "en" if (get_language() or "fr").startswith("en") else "fr"
        return _("Source manquante : %(trouble)s") % {"trouble": trouble.get(language, "")}
    if one.value is None:
        return _("Pas encore de valeur.")
    if one.is_late:
        return _("Source en retard : elle devait être renouvelée au bout de %(count)s jours.") % {
            "count": number(one.definition.late_after)
        }
    return ""


def rows_of(definition: Definition, values: Sequence[Value], *, bars: bool = False) -> list[Row]:
    """Values as rows of a table, in their order."""
    known = [value.value for value in values if value.value is not None]
    largest = max(known, default=0.0)
    has_bars = bars and largest > 0 and min(known, default=-1) >= 0
    return [
        Row(
            value.name or value.territory,
            value.period,
            told(definition, value.value),
            value.get_absolute_url(),
            100 * value.value / largest if has_bars and value.value is not None else None,
        )
        for value in values
    ]


def line_of(values: Sequence[Value]) -> Line | None:
    """The history drawn in a box of ``LINE_WIDTH`` × ``LINE_HEIGHT``, by even steps; None for fewer than three values."""
    known = [(rank, value.value) for rank, value in enumerate(values) if value.value is not None]
    if len(known) < 3:
        return None
    low, high = min(amount for _rank, amount in known), max(amount for _rank, amount in known)
    step, span = (LINE_WIDTH - 2 * MARGIN) / (len(values) - 1), (high - low) or 1.0
    points = tuple(
        Point(MARGIN + rank * step, LINE_HEIGHT - MARGIN - (amount - low) / span * (LINE_HEIGHT - 2 * MARGIN))
        for rank, amount in known
    )
    return Line("M" + "L".join(f"{point.x:.1f} {point.y:.1f}" for point in points), points)
