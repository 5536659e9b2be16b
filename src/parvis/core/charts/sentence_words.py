"""The words that the sentences of charts are made of: names that are quoted or elided, moments, shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from parvis.core.charts.column_values import is_code
from parvis.core.charts.formats import number_text, with_unit
from parvis.core.charts.points import Point, Reading, is_period
from parvis.core.elision import of
from parvis.core.text import fold
from parvis.core.translation import gettext_noop, translate

LONGEST_NAME = 80


def say(reading: Reading, message: str, **values: object) -> str:
    """A sentence in the language of the reading."""
    return translate(message, reading.language, **values)


def title_for(reading: Reading, role: str) -> str:
    """The name of a column that may begin a sentence: one that is a period, « T3 2017 », says what it is the period of."""
    label = reading.labels.get(role, "")
    if not is_period(label):
        return label
    named = reading.with_unit(role)
    return named if named != label else say(reading, gettext_noop("Colonne « {name} »"), name=label)


def measured(reading: Reading) -> str:
    """The measure's name, whatever its unit: what is the highest must be said."""
    label = title_for(reading, "measure")
    return say(reading, gettext_noop("{measure}\u00a0: "), measure=label) if label else ""


def headed(reading: Reading) -> str:
    """The measure's name before the values, unless their unit says it: rows are counted in rows."""
    label = title_for(reading, "measure")
    if reading.unit or reading.is_count or not label:
        return ""
    return say(reading, gettext_noop("{measure}\u00a0: "), measure=label)


# French drops a vowel before another: such sentences are given a name both ways, and a translation takes the one it needs.


def of_name(name: str) -> str:
    """« d’Évry », « de Grigny »."""
    return of(" ".join(name.split()))


def of_group(reading: Reading, name: str) -> str:
    """« d’Évry », « de « H » »."""
    text = quoted(reading, name)
    return of(text) if text == name else f"de {text}"


_ANSWERS = frozenset(("oui", "non", "yes", "no"))


def quoted(reading: Reading, name: str) -> str:
    """A group as a sentence names it: codes, answers and what begins like a common word are quoted, not taken for its words."""
    name = shortened(name)
    is_name = name[:1].isupper() and not is_code(name) and fold(name) not in _ANSWERS
    if is_name or reading.is_ordered or reading.is_missing(name):
        return name
    return say(reading, gettext_noop("«\u00a0{name}\u00a0»"), name=name)


def than_moment(moment: str) -> str:
    """« qu’en 2022 », « que le 3 mars »."""
    return f"qu’{moment}" if fold(moment[:1]) in "aeiouy" and moment else f"que {moment}"


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def summed_by(points: Sequence[Point], role: str) -> dict[str, float]:
    """The values added up by group or by series, largest first."""
    sums: dict[str, float] = defaultdict(float)
    for point in points:
        sums[getattr(point, role)] += point.value or 0
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def percent(reading: Reading, share: float) -> str:
    """A share in percents, with a decimal where it is small or nearly all."""
    decimals = 0 if 0.0995 <= share < 0.995 or share in (0, 1) or share > 1 else 1
    if 0.995 <= share < 1:
        share = min(share, 0.999)  # nearly all is not all
    return with_unit(number_text(100 * share, decimals, reading.language), "%", reading.language)


def when(reading: Reading, moment: str) -> str:
    """« en 2023 », « en avril 2023 », « le 3 mars 2023 »."""
    is_day = reading.step == "day"
    return say(reading, gettext_noop("le {moment}") if is_day else gettext_noop("en {moment}"), moment=moment)


def shortened(name: str) -> str:
    """A name that leaves room for the rest of the sentence."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rstrip()}…"
