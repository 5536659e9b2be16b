"""Figures in words and pictures, in the language of the page: values, changes, ages, states, histories."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.indicators.assessment import State
from parvis.core.indicators.bounds import Bound, Side
from parvis.core.indicators.definition import Definition
from parvis.core.translation import SOURCE, recorded
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.selectors import Seen
from parvis.hub.ui.formatting import NOTHING, SPACE, day, instant, number, period_words, with_unit
from parvis.hub.ui.trail import Trail


def about(definition: Definition, value: Value) -> str:
    """« Grand Paris Sud · septembre 2020 »: the place and the period of a value."""
    return " · ".join(filter(None, (value.name, period_words(value.period or definition.period))))


def value_text(definition: Definition, value: float | None) -> str:
    """``48,7 %``: the value with the decimals and the unit of its definition."""
    if value is None:
        return NOTHING
    return with_unit(number(float(value), definition.decimals), definition.unit)


def formula_words(formula: str) -> str:
    """``100 × raccordables ÷ (logements + etablissements)``: a formula with the signs of arithmetic."""
    return formula.replace("*", "\N{MULTIPLICATION SIGN}").replace("/", "\N{DIVISION SIGN}")


def state_words(state: State) -> str:
    """The state in words; colour says nothing alone."""
    words = {State.ON_TRACK: _("en bonne voie"), State.WATCH: _("à surveiller"), State.LATE: _("en retard")}
    return words.get(state, "")


def alert_words(definition: Definition, title: str, bound: Bound) -> str:
    """« Places de vélo passe au-dessus de 1 500 places »."""
    facts = {"title": title, "value": with_unit(number(bound.number), definition.unit)}
    if bound.side is Side.ABOVE:
        return _("« %(title)s » passe au-dessus de %(value)s") % facts
    return _("« %(title)s » passe au-dessous de %(value)s") % facts


def trend(seen: Seen) -> str:
    """How the value moved since the period before, and whether that is for the better; empty without a period before."""
    if seen.change is None or seen.before is None:
        return ""
    facts = {"amount": _amount(seen.definition, abs(seen.change)), "period": period_words(seen.before.period)}
    if round(seen.change, seen.definition.decimals) == 0:
        return _("stable depuis %(period)s") % facts
    text = (
        _("en hausse de %(amount)s depuis %(period)s")
        if seen.change > 0
        else _("en baisse de %(amount)s depuis %(period)s")
    ) % facts
    judged = {True: _("c’est mieux"), False: _("c’est moins bien"), None: ""}[seen.is_better]
    return f"{text} ({judged})" if judged else text


def _amount(definition: Definition, change: float) -> str:
    """A share rises by points, not by percents."""
    if definition.unit != "%":
        return value_text(definition, change)
    return f"{number(float(change), definition.decimals)}{SPACE}{_('point') if change < 2 else _('points')}"


def target(definition: Definition) -> str:
    """The target with its day."""
    if definition.target is None:
        return ""
    text = value_text(definition, definition.target)
    if not definition.deadline:
        return text
    facts = {"value": text, "day": day(definition.deadline)}
    if date.fromisoformat(definition.deadline) < timezone.localdate():
        return _("%(value)s au %(day)s (échéance passée)") % facts
    return _("%(value)s au %(day)s") % facts


def warning(seen: Seen) -> str:
    """What is amiss with the source, said rather than hidden; empty when all is well."""
    if not seen.is_readable:
        return _("Un de ses jeux de données n’est pas publié, ou ne vous est pas ouvert : aucune valeur n’est montrée.")
    if trouble := seen.indicator.trouble:
        # Older troubles hold French and English texts instead of a sentence.
        reason = recorded(trouble.get("sentence") or trouble, get_language() or SOURCE)
        return _("Source manquante : %(trouble)s") % {"trouble": reason}
    if seen.value is None:
        return _("Pas encore de valeur.")
    if seen.is_outdated:
        return _("Sa définition vient de changer : ce chiffre est celui d’avant, le nouveau est en cours de calcul.")
    if seen.is_late:
        return _("Données non actualisées : mise à jour attendue depuis le %(day)s.") % {"day": day(seen.expected_on)}
    return ""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of a table, with its part of the largest for a bar (0 – 100; None where a bar would mislead)."""

    place: str
    period: str
    trail: Trail
    computed: str
    share: float | None = None

    @classmethod
    def of(cls, value: Value, definition: Definition, largest: float = 0.0, *, has_unit: bool = False) -> Row:
        """A value told as that definition has it; it opens its permanent page, which is its trail.

        Its unit is that of its column, unless each row ``has_unit`` of its own: that of a definition may have changed.
        """
        text = value_text(definition if has_unit else replace(definition, unit=""), value.value)
        return cls(
            value.name or value.territory,
            period_words(value.period or definition.period),
            Trail(text, value.get_absolute_url()),
            instant(value.computation.computed),
            100 * value.value / largest if largest and value.value is not None else None,
        )
