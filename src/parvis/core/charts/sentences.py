"""What a chart shows, in a sentence made from its values: the text that stands for the picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.formats import SPACE, number_text, with_unit
from parvis.core.charts.questions import Answer
from parvis.core.charts.reading import Point, Reading, read
from parvis.core.text import fold

MOST_LETTERS = 600
LONGEST_NAME = 80
NEVER_TIMED = ("pie", "treemap")
"""Types that show parts of a whole, even when the parts are years."""


def sentence(description: ChartDescription, answers: Sequence[Answer] | Reading, language: str = "fr") -> str:
    """« En 2023, 412 arceaux, 18 % de plus qu’en 2022 ; Évry-Courcouronnes en compte le plus (120). »

    One or two sentences, in French or in English, that name the measure, its last or largest values and where they are.
    """
    reading = answers if isinstance(answers, Reading) else read(description, answers, language)
    tell = _TOLD.get(description.mark)
    if tell is None:
        is_timed = reading.is_time and description.mark not in NEVER_TIMED
        tell = _of_time if is_timed else _of_parts if reading.is_additive else _of_groups
    text = tell(reading)
    left_out = reading.total_groups - len(reading.groups)
    if left_out > 0 and description.mark in ("bars", "lines", "multiples") and not reading.is_time:
        text += _say(
            reading,
            f" Le graphique montre {len(reading.groups)} groupes sur {number_text(reading.total_groups)}.",
            f" The chart shows {len(reading.groups)} groups out of {number_text(reading.total_groups, 0, 'en')}.",
        )
    return (text + _of_unplaced(description, reading))[:MOST_LETTERS]


def _of_unplaced(description: ChartDescription, reading: Reading) -> str:
    """How many codes are not shown because nothing is known of where they are."""
    if not reading.unplaced:
        return ""
    what = {"inhabitants": ("dont la population", "whose population"), "km2": ("dont la surface", "whose area")}
    french, english = what.get(description.sources[0].per, ("dont le territoire", "whose territory"))
    count, is_one = number_text(reading.unplaced, 0, reading.language), reading.unplaced == 1
    return _say(
        reading,
        f" {count} code{'' if is_one else 's'} {french} n’est pas connu{'' if french.endswith('territoire') else 'e'} "
        f"{'n’est pas montré' if is_one else 'ne sont pas montrés'}.",
        f" {count} code{'' if is_one else 's'} {english} is not known {'is' if is_one else 'are'} not shown.",
    )


def _say(reading: Reading, french: str, english: str) -> str:
    return french if reading.language == "fr" else english


def _head(reading: Reading) -> str:
    """The measure's name before the values, unless their unit says it."""
    label = reading.labels.get("measure", "")
    if reading.unit or not label:
        return ""
    return f"{label}{SPACE}: " if reading.language == "fr" else f"{label}: "


def _of(name: str) -> str:
    """« d’Évry », « de Grigny »."""
    return f"d’{name}" if fold(name[:1]) in "aeiouy" and name else f"de {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sums(points: Sequence[Point], role: str) -> dict[str, float]:
    """The values added up by group or by series, largest first."""
    sums: dict[str, float] = defaultdict(float)
    for point in points:
        sums[getattr(point, role)] += point.value or 0
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _percent(reading: Reading, share: float) -> str:
    decimals = 0 if share >= 0.0995 or share == 0 else 1
    return with_unit(number_text(100 * share, decimals, reading.language), "%", reading.language)


def when(reading: Reading, moment: str) -> str:
    """« en 2023 », « en avril 2023 », « le 3 mars 2023 »; in English « in 2023 », « on 3 March 2023 »."""
    if reading.language == "fr":
        return f"le {moment}" if reading.step == "day" else f"en {moment}"
    return f"on {moment}" if reading.step == "day" else f"in {moment}"


def _of_time(reading: Reading) -> str:
    """The last moment beside the one before; the series that has the most then; the highest moment."""
    groups = reading.groups
    last = groups[-1]
    if reading.series and not reading.is_additive:
        return _of_last_series(reading, last)
    totals = {group: sum(p.value or 0 for p in reading.points if p.group == group) for group in groups[-2:]}
    text = f"{_head(reading)}{when(reading, last)}, {reading.text(totals[last])}"
    if len(groups) > 1:
        text += f", {_change(reading, totals[groups[-2]], totals[last], groups[-2])}"
    if reading.series:
        first = next(iter(_sums([point for point in reading.points if point.group == last], "series").items()))
        text += _say(
            reading,
            f"{SPACE}; {first[0]} en compte le plus ({reading.text(first[1])})",
            f"; {first[0]} has the most ({reading.text(first[1])})",
        )
    elif len(groups) > 2:
        text += _highest(reading, last)
    return _capital(text) + "."


def _change(reading: Reading, former: float, value: float, moment: str) -> str:
    if reading.language == "fr":
        before = f"qu’{when(reading, moment)}" if reading.step != "day" else f"que {when(reading, moment)}"
        if value == former:
            return f"autant {before}"
        if former <= 0:
            return f"contre {reading.text(former)} {when(reading, moment)}"
        if abs(value / former - 1) < 0.0005:
            return f"presque autant {before}"
        if value >= 3 * former:
            return f"{_times(value / former, 'fr')} fois plus {before}"
        return f"{_percent(reading, abs(value / former - 1))} de {'plus' if value > former else 'moins'} {before}"
    if value == former:
        return f"the same as {when(reading, moment)}"
    if former <= 0:
        return f"against {reading.text(former)} {when(reading, moment)}"
    if abs(value / former - 1) < 0.0005:
        return f"almost the same as {when(reading, moment)}"
    if value >= 3 * former:
        return f"{_times(value / former, 'en')} times as much as {when(reading, moment)}"
    return f"{_percent(reading, abs(value / former - 1))} {'more' if value > former else 'less'} than {when(reading, moment)}"  # fmt: skip


def _times(ratio: float, language: str) -> str:
    """« 3,5 », « 8 », « 120 »."""
    return number_text(ratio, 0 if ratio >= 10 or round(ratio, 1) == round(ratio) else 1, language)


def _highest(reading: Reading, last: str) -> str:
    """What the extreme is, when it is not the last moment."""
    top = max(reading.points, key=lambda point: point.value or 0)
    low = min(reading.points, key=lambda point: point.value or 0)
    now = next(point.value for point in reading.points if point.group == last)
    if (top.group != last and top.value == now) or (low.group != last and low.value == now):
        return ""  # neither the highest nor the lowest alone: nothing to say of it
    if top.group == last:
        return _say(
            reading,
            f"{SPACE}; c’est le plus haut depuis {reading.groups[0]}",
            f"; it is the highest since {reading.groups[0]}",
        )
    if low.group == last:
        return _say(
            reading,
            f"{SPACE}; c’est le plus bas depuis {reading.groups[0]}",
            f"; it is the lowest since {reading.groups[0]}",
        )
    return _say(
        reading,
        f"{SPACE}; le plus haut est {reading.text(top.value)}, {when(reading, top.group)}",
        f"; the highest is {reading.text(top.value)}, {when(reading, top.group)}",
    )


def _of_last_series(reading: Reading, last: str) -> str:
    there = sorted((p for p in reading.points if p.group == last), key=lambda point: -(point.value or 0))
    most, least = there[0], there[-1]
    text = f"{_head(reading)}{when(reading, last)}, "
    if most is least:
        return _capital(f"{text}{most.series}{SPACE}: {reading.text(most.value)}.")
    text += _say(
        reading,
        f"le plus haut est {most.series} ({reading.text(most.value)}), le plus bas {least.series} ({reading.text(least.value)})",
        f"the highest is {most.series} ({reading.text(most.value)}), the lowest {least.series} ({reading.text(least.value)})",
    )
    return _capital(text) + "."


def _of_groups(reading: Reading) -> str:
    """The highest and the lowest of values that cannot be added up."""
    ranked = sorted(reading.points, key=lambda point: -(point.value or 0))
    most, least = ranked[0], ranked[-1]
    names = [_short(" · ".join(name for name in (point.group, point.series) if name)) for point in (most, least)]
    text = f"{_head(reading)}"
    if most is least:
        return _capital(f"{text}{names[0]}, {reading.text(most.value)}.")
    if most.value == least.value:
        return (
            _capital(
                text + _of_equals(reading, [point.group for point in ranked], len(ranked), reading.text(most.value))
            )
            + "."
        )
    text += _say(
        reading,
        f"le plus haut est {names[0]} ({reading.text(most.value)}), le plus bas {names[1]} ({reading.text(least.value)})",
        f"the highest is {names[0]} ({reading.text(most.value)}), the lowest {names[1]} ({reading.text(least.value)})",
    )
    return _capital(text) + "."


def _of_parts(reading: Reading) -> str:
    """Who comes first, by how much of the whole when all of it is shown, before whom; those that come first together."""
    sums = {name: value for name, value in _sums(reading.points, "group").items() if not reading.is_rest(name)}
    names = list(sums)
    first, total = sums[names[0]], sum(sums.values())
    is_whole = reading.total_groups <= len(reading.groups) and total > 0 and min(sums.values()) >= 0
    equal = [name for name in names if sums[name] == first]
    value = reading.text(first)
    if len(equal) > 1:
        return _capital(_head(reading) + _of_equals(reading, equal, len(names), value)) + "."
    if len(names) == 1:
        alone = _say(reading, f"un seul groupe, {_short(names[0])}{SPACE}: ", f"a single group, {_short(names[0])}: ")
        return _capital(f"{_head(reading)}{alone}{value}") + "."
    share = f", {_percent(reading, first / total)}" if is_whole else ""
    of_all = _say(reading, " du total", " of the whole") if share else ""
    text = _head(reading)
    text += f"{_short(names[0])}{_say(reading, ' vient en tête avec ', ' comes first with ')}{value}{share}{of_all}"
    text += _say(reading, ", devant ", ", before ") + f"{_short(names[1])} ({reading.text(sums[names[1]])})"
    if is_whole and len(names) > 2:
        text += _say(
            reading,
            f"{SPACE}; {reading.text(total)} en tout, en {len(names)} groupes",
            f"; {reading.text(total)} in all, in {len(names)} groups",
        )
    return _capital(text) + "."


def _of_equals(reading: Reading, equal: Sequence[str], groups: int, value: str) -> str:
    """Groups of the same value, the largest: all of them, two by their names, the first and how many others."""
    if len(equal) == groups:
        return _say(
            reading,
            f"les {groups} groupes sont à égalité, {value} chacun",
            f"all {groups} groups are equal, {value} each",
        )
    if len(equal) == 2:
        two = [_short(name) for name in equal]
        return _say(
            reading,
            f"{two[0]} et {two[1]} viennent en tête à égalité avec {value}",
            f"{two[0]} and {two[1]} come first together with {value}",
        )
    return _say(
        reading,
        f"{_short(equal[0])} et {len(equal) - 1} autres groupes viennent en tête à égalité avec {value}",
        f"{_short(equal[0])} and {len(equal) - 1} other groups come first together with {value}",
    )


def _short(name: str) -> str:
    """A name that leaves room for the rest of the sentence."""
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rstrip()}…"


def _of_bins(reading: Reading) -> str:
    total = sum(point.value or 0 for point in reading.points)
    top = max(reading.points, key=lambda point: point.value or 0)
    share = _percent(reading, (top.value or 0) / total)
    name = reading.labels.get("grouping", "")
    count, whole = (number_text(value, 0, reading.language) for value in (top.value, total))
    unit = f"{SPACE}{reading.group_unit}" if reading.group_unit else ""
    return _say(
        reading,
        f"{name}{SPACE}: la tranche la plus fréquente va {top.group}{unit}, {count} ligne{'s' if (top.value or 0) > 1 else ''} sur {whole} ({share}).",
        f"{name}: the most frequent range is {top.group}{unit}, {count} rows out of {whole} ({share}).",
    )


def _of_boxes(reading: Reading) -> str:
    ranked = sorted(reading.points, key=lambda point: -(point.value or 0))
    head = reading.labels.get("measure", "")
    high = ranked[0]
    if len(ranked) == 1 and high.quartiles:
        _low, first, middle, third, _high = map(reading.text, high.quartiles)
        return _say(
            reading,
            f"{head}{SPACE}: la médiane est {middle}{SPACE}; la moitié des valeurs est entre {first} et {third}.",
            f"{head}: the median is {middle}; half of the values are between {first} and {third}.",
        )
    low = ranked[-1]
    if low.value == high.value:
        same = reading.text(high.value)
        return _say(
            reading,
            f"{head}{SPACE}: toutes les médianes sont égales ({same}).",
            f"{head}: all medians are equal ({same}).",
        )
    return _say(
        reading,
        f"{head}{SPACE}: la médiane la plus haute est celle {_of(high.group)} ({reading.text(high.value)}), "
        f"la plus basse celle {_of(low.group)} ({reading.text(low.value)}).",
        f"{head}: the highest median is that of {high.group} ({reading.text(high.value)}), "
        f"the lowest that of {low.group} ({reading.text(low.value)}).",
    )


def _of_points(reading: Reading) -> str:
    known = [point for point in reading.points if point.value is not None and point.against is not None]
    up, along = reading.labels.get("measure", ""), reading.labels.get("against", "")
    count = number_text(len(known), 0, reading.language)
    link = _link(known)
    french = {1: "plus l’une est grande, plus l’autre l’est", -1: "plus l’une est grande, plus l’autre est petite", 0: "sans lien net entre les deux"}  # fmt: skip
    english = {1: "when one is large, so is the other", -1: "when one is large, the other is small", 0: "with no clear link between them"}  # fmt: skip
    return _say(
        reading,
        f"{count} points selon « {up} » et « {along} »{SPACE}: {french[link]}.",
        f"{count} points by “{up}” and “{along}”: {english[link]}.",
    )


def _link(points: Sequence[Point]) -> int:
    """1 or -1 when the correlation of ranks is clear (0.5 in size), else 0."""
    if len(points) < 5:
        return 0
    ranks = [_ranks([getattr(point, name) for point in points]) for name in ("value", "against")]
    middle = (len(points) - 1) / 2
    product = sum((a - middle) * (b - middle) for a, b in zip(*ranks, strict=True))
    spread = [sum((rank - middle) ** 2 for rank in one) for one in ranks]
    if not all(spread):
        return 0
    correlation = product / (spread[0] * spread[1]) ** 0.5
    return 1 if correlation >= 0.5 else -1 if correlation <= -0.5 else 0


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 0, equal values sharing the mean of theirs."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            ranks[at] = (start + end) / 2
        start = end + 1
    return ranks


def _of_cells(reading: Reading) -> str:
    ranked = sorted(reading.points, key=lambda point: -(point.value or 0))
    most, least = ranked[0], ranked[-1]
    return _capital(
        _head(reading)
        + _say(
            reading,
            f"la plus grande valeur est {reading.text(most.value)} ({most.group}, {most.series}), "
            f"la plus petite {reading.text(least.value)} ({least.group}, {least.series}).",
            f"the largest value is {reading.text(most.value)} ({most.group}, {most.series}), "
            f"the smallest {reading.text(least.value)} ({least.group}, {least.series}).",
        )
    )


def _of_sides(reading: Reading) -> str:
    sides = _sums(reading.points, "series")
    groups = _sums(reading.points, "group")
    first = next(iter(groups))
    told = ", ".join(f"{name} {reading.text(value)}" for name, value in sides.items())
    return _capital(
        _head(reading)
        + _say(
            reading,
            f"{told}{SPACE}; le groupe le plus nombreux est « {first} » ({reading.text(groups[first])}).",
            f"{told}; the largest group is “{first}” ({reading.text(groups[first])}).",
        )
    )


def _of_flows(reading: Reading) -> str:
    total = sum(point.value or 0 for point in reading.points)
    top = max(reading.points, key=lambda point: point.value or 0)
    share = _percent(reading, (top.value or 0) / total) if total else ""
    return _capital(
        _head(reading)
        + _say(
            reading,
            f"le plus grand flux va de « {top.group} » à « {top.series} »{SPACE}: {reading.text(top.value)}, {share} de l’ensemble.",
            f"the largest flow goes from “{top.group}” to “{top.series}”: {reading.text(top.value)}, {share} of the whole.",
        )
    )


_TOLD: Mapping[str, Callable[[Reading], str]] = {
    "histogram": _of_bins,
    "box": _of_boxes,
    "points": _of_points,
    "heatmap": _of_cells,
    "pyramid": _of_sides,
    "sankey": _of_flows,
}
"""Types with a sentence of their own; the others are told by time, or by parts, or by extremes."""
