"""What a chart shows, in a sentence made from its values: the text that stands for the picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from parvis.core.charts.correlation import link_of
from parvis.core.charts.description import ChartDescription
from parvis.core.charts.formats import SPACE, moment_text, number_text
from parvis.core.charts.nouns import counted
from parvis.core.charts.points import Point, Reading
from parvis.core.charts.questions import Answer
from parvis.core.charts.reading import read
from parvis.core.charts.sentence_words import (
    capital,
    headed,
    measured,
    of_group,
    of_name,
    percent,
    quoted,
    say,
    shortened,
    summed_by,
    than_moment,
    title_for,
    when,
)
from parvis.core.text import fold
from parvis.core.translation import gettext_noop, ngettext_noop, translate_plural

MOST_LETTERS = 600
_LEAST_WITHOUT = 0.05
"""Share of a whole that is said when it belongs to no group."""
NEVER_TIMED = ("pie", "treemap")
"""Types that show parts of a whole, even when the parts are years."""

_DOUBLED_STOP = re.compile(r"(?<!\.)\.\.$")
"""The stop of a sentence after that of a unit, « hab. », which does for both."""


def sentence(description: ChartDescription, answers: Sequence[Answer] | Reading, language: str = "fr") -> str:
    """« En 2023, 412 arceaux, 18 % de plus qu’en 2022 ; Évry-Courcouronnes en compte le plus (120). »

    One or two sentences that name the measure, its last or largest values and where they are.
    """
    reading = answers if isinstance(answers, Reading) else read(description, answers, language)
    tell = _TOLD.get(description.mark)
    is_timed = reading.is_time and description.mark not in NEVER_TIMED
    if tell is None:
        tell = _of_time if is_timed else _of_parts if reading.is_additive else _of_groups
    text = _DOUBLED_STOP.sub(".", tell(reading))
    shown = sum(not reading.is_missing(group) for group in reading.groups)
    total = reading.total_groups - (len(reading.groups) - shown)
    if total > shown and description.mark in ("bars", "lines", "multiples") and not reading.is_time:
        text += say(
            reading,
            gettext_noop(" Le graphique montre {shown} {noun} sur {total}."),
            shown=shown,
            noun=counted(reading, shown),
            total=number_text(total, 0, reading.language),
        )
    if is_timed and tell is _of_time:
        text += _of_unfinished(reading)
    return (text + _of_level(reading) + _of_unplaced(description, reading))[:MOST_LETTERS]


def _of_level(reading: Reading) -> str:
    """Which rows are not counted because they hold the others."""
    text = ""
    if reading.total:
        text += say(
            reading,
            gettext_noop(" « {name} », qui est la somme des autres, n’est pas montré."),
            name=shortened(reading.total),
        )
    only = gettext_noop(" Seules comptent les lignes dont « {column} » est « {value} ».")
    without = gettext_noop(
        " Les lignes dont « {column} » est « {value} », qui contiennent les autres, ne comptent pas."
    )
    for column, sign, value in reading.levels:
        text += say(reading, only if sign == "=" else without, column=column, value=value)
    return text


def _of_unfinished(reading: Reading) -> str:
    """Why the last moments of the picture are not those of the sentence."""
    if not reading.unfinished:
        return ""
    moment = reading.groups[-reading.unfinished]
    if reading.until:
        last = moment_text(reading.until, "day", reading.language)
        stops = (
            gettext_noop(" Les données {of_moment} vont jusqu’au {last}\u00a0: elles ne sont pas comparées.")
            if len(reading.until) > len("2023-04")
            else gettext_noop(" Les données {of_moment} vont jusqu’à {last}\u00a0: elles ne sont pas comparées.")
        )
        return say(reading, stops, moment=moment, of_moment=of_name(moment), last=last)
    if reading.unfinished > 1:
        after = gettext_noop(" Ce qui vient à partir {of_moment} n’est pas terminé\u00a0: ce n’est pas comparé.")
        return say(reading, after, moment=moment, of_moment=of_name(moment))
    now = gettext_noop(" Les données {of_moment} ne sont pas complètes\u00a0: elles ne sont pas comparées.")
    return say(reading, now, moment=moment, of_moment=of_name(moment))


_UNPLACED: Mapping[str, tuple[str, str]] = {
    "inhabitants": ngettext_noop(
        " {count} code dont la population n’est pas connue n’est pas montré.",
        " {count} codes dont la population n’est pas connue ne sont pas montrés.",
    ),
    "km2": ngettext_noop(
        " {count} code dont la surface n’est pas connue n’est pas montré.",
        " {count} codes dont la surface n’est pas connue ne sont pas montrés.",
    ),
    "": ngettext_noop(
        " {count} code dont le territoire n’est pas connu n’est pas montré.",
        " {count} codes dont le territoire n’est pas connu ne sont pas montrés.",
    ),
}


def _of_unplaced(description: ChartDescription, reading: Reading) -> str:
    """How many codes are not shown because nothing is known of where they are."""
    if not reading.unplaced:
        return ""
    count = number_text(reading.unplaced, 0, reading.language)
    return translate_plural(*_UNPLACED[description.sources[0].per], reading.unplaced, reading.language, count=count)


def _of_time(reading: Reading) -> str:
    """The last moment beside the one before; the series that has the most then; the highest moment."""
    groups = reading.groups[: len(reading.groups) - reading.unfinished]
    last = groups[-1]
    if reading.series and not reading.is_additive:
        return _of_last_series(reading, last)
    totals = {group: sum(p.value or 0 for p in reading.points if p.group == group) for group in groups[-2:]}
    text = f"{headed(reading)}{when(reading, last)}, {reading.spoken(totals[last])}"
    if len(groups) > 1:
        text += _change(reading, totals[groups[-2]], totals[last], groups[-2])
    if reading.series:
        name, value = next(
            iter(summed_by([point for point in reading.points if point.group == last], "series").items())
        )
        most = gettext_noop("\u00a0; {name} en compte le plus ({value})")
        text += say(
            reading, most, name=quoted(replace(reading, is_time=False, step=""), name), value=reading.beside(value)
        )
    elif len(groups) > 2:
        text += _highest(reading, groups)
    return capital(text) + "."


_LEAST_SHARED = 10
"""Rows under which a share says less than the two counts: one more than four is a quarter more."""


def _change(reading: Reading, former: float, value: float, moment: str) -> str:
    """« , soit 18 % de plus qu’en 2022 », « , contre 3 en 2022 », « , autant qu’en 2022 ».

    « soit » parts the value from its change: a comma alone would be read as that of a decimal number.
    """
    since = when(reading, moment)
    moments = {"when": since, "than_when": than_moment(since)}
    if not reading.is_additive and (reading.unit == "%" or _is_rate(reading)):
        return _moved(reading, value - former, moments)
    if value == former:
        return say(reading, gettext_noop(", autant {than_when}"), **moments)
    if former <= 0 or value <= 0 or (reading.is_count and min(former, value) < _LEAST_SHARED):
        return say(reading, gettext_noop(", contre {former} {when}"), former=reading.beside(former), **moments)
    if abs(value / former - 1) < 0.0005:
        return say(reading, gettext_noop(", presque autant {than_when}"), **moments)
    if value >= 3 * former:
        times = _times(value / former, reading.language)
        return say(reading, gettext_noop(", soit {times} fois plus {than_when}"), times=times, **moments)
    more = gettext_noop(", soit {share} de plus {than_when}")
    less = gettext_noop(", soit {share} de moins {than_when}")
    share = percent(reading, abs(value / former - 1))
    return say(reading, more if value > former else less, share=share, **moments)


_RATE = re.compile(r"\b(taux|pourcentage|part|proportion)s?\b")


def _is_rate(reading: Reading) -> bool:
    """Whether values are out of a hundred by their name, though no unit says it."""
    values = [point.value or 0 for point in reading.points]
    return bool(_RATE.search(fold(reading.labels.get("measure", "")))) and 1 < max(values) <= 100 and min(values) >= 0


_POINTS_MORE = ngettext_noop(", soit {points} point de plus {than_when}", ", soit {points} points de plus {than_when}")
_POINTS_LESS = ngettext_noop(
    ", soit {points} point de moins {than_when}", ", soit {points} points de moins {than_when}"
)


def _moved(reading: Reading, points: float, moments: Mapping[str, str]) -> str:
    """How far a rate went, in points: a part of a rate would be taken for the rate."""
    decimals = max(reading.decimals, 1)
    size = round(abs(points), decimals)
    if not size:
        return say(reading, gettext_noop(", autant {than_when}"), **moments)
    forms = _POINTS_MORE if points > 0 else _POINTS_LESS
    text = number_text(size, 0 if size == int(size) else decimals, reading.language)
    return translate_plural(*forms, int(size), reading.language, points=text, **moments)


def _times(ratio: float, language: str) -> str:
    """« 3,5 », « 8 », « 120 »."""
    return number_text(ratio, 0 if ratio >= 10 or round(ratio, 1) == round(ratio) else 1, language)


def _highest(reading: Reading, groups: Sequence[str]) -> str:
    """What the extreme is, when it is not the last moment."""
    last, whole = groups[-1], set(groups)
    points = [point for point in reading.points if point.group in whole]
    top = max(points, key=lambda point: point.value or 0)
    low = min(points, key=lambda point: point.value or 0)
    now = next(point.value for point in points if point.group == last)
    if (top.group != last and top.value == now) or (low.group != last and low.value == now):
        return ""  # neither the highest nor the lowest alone: nothing to say of it
    if last in (top.group, low.group):
        most, least = (
            gettext_noop("\u00a0; c’est le niveau le plus élevé depuis {first}"),
            gettext_noop("\u00a0; c’est le niveau le plus bas depuis {first}"),
        )
        first = reading.groups[0]
        first = when(reading, first) if reading.step == "day" else first  # « depuis le 3 mars », « depuis mars »
        return say(reading, most if top.group == last else least, first=first)
    highest = gettext_noop("\u00a0; le niveau le plus élevé est {value}, {when}")
    return say(reading, highest, value=reading.beside(top.value), when=when(reading, top.group))


def _of_last_series(reading: Reading, last: str) -> str:
    points = sorted((p for p in reading.points if p.group == last), key=lambda point: -(point.value or 0))
    most, least = points[0], points[-1]
    text = f"{headed(reading)}{when(reading, last)}, "
    if most is least:
        alone = gettext_noop("{series}\u00a0: {value}.")
        return capital(text + say(reading, alone, series=most.series, value=reading.spoken(most.value)))
    return capital(text + _extremes(reading, most.series, most.value, least.series, least.value))


def _extremes(reading: Reading, highest: str, high: float | None, lowest: str, low: float | None) -> str:
    if reading.spoken(high) == reading.spoken(low):
        return say(reading, gettext_noop("les valeurs sont presque égales ({value})."), value=reading.spoken(high))
    return say(
        reading,
        gettext_noop(
            "la valeur la plus élevée est celle {of_highest} ({high}), la plus basse celle {of_lowest} ({low})."
        ),
        highest=quoted(reading, highest),
        of_highest=of_group(reading, highest),
        high=reading.spoken(high),
        lowest=quoted(reading, lowest),
        of_lowest=of_group(reading, lowest),
        low=reading.spoken(low),
    )


def _of_groups(reading: Reading) -> str:
    """The highest and the lowest of values that cannot be added up."""
    named = [point for point in reading.points if not reading.is_missing(point.group)] or reading.points
    ranked = sorted(named, key=lambda point: -(point.value or 0))
    most, least = ranked[0], ranked[-1]
    names = [", ".join(name for name in (point.group, point.series) if name) for point in (most, least)]
    text = measured(reading)
    if most is least:
        return capital(f"{text}{quoted(reading, names[0])}, {reading.spoken(most.value)}.")
    if most.value == least.value:
        equal = [point.group for point in ranked]
        return capital(text + _of_equals(reading, equal, len(ranked), reading.spoken(most.value))) + "."
    if reading.total_groups > len(reading.groups):
        return capital(text + _first_two(reading, ranked))
    return capital(text + _extremes(reading, names[0], most.value, names[1], least.value))


def _first_two(reading: Reading, ranked: Sequence[Point]) -> str:
    """The first of the groups that are shown and the next: those left out are all beyond, so that none shown is the last."""
    is_rising = (reading.points[0].value or 0) < (reading.points[-1].value or 0)
    first, second = ranked[:-3:-1] if is_rising else ranked[:2]
    highest = gettext_noop(
        "la valeur la plus élevée est celle {of_first} ({value}), devant celle {of_second} ({after})."
    )
    lowest = gettext_noop("la valeur la plus basse est celle {of_first} ({value}), puis celle {of_second} ({after}).")
    return say(
        reading,
        lowest if is_rising else highest,
        first=quoted(reading, first.group),
        of_first=of_group(reading, first.group),
        value=reading.spoken(first.value),
        second=quoted(reading, second.group),
        of_second=of_group(reading, second.group),
        after=reading.spoken(second.value),
    )


def _of_parts(reading: Reading) -> str:
    """Who comes first, by how much of the whole when all of it is shown, before whom; those that come first together."""
    sums = {name: value for name, value in summed_by(reading.points, "group").items() if not reading.is_rest(name)}
    names = [name for name in sums if not reading.is_missing(name)] or list(sums)
    first, total = sums[names[0]], sum(sums.values())
    is_whole = reading.total_groups <= len(reading.groups) and total > 0 and min(sums.values()) >= 0
    equal = [name for name in names if sums[name] == first]
    value = reading.spoken(first)
    if len(equal) > 1:
        return capital(headed(reading) + _of_equals(reading, equal, len(names), value)) + "."
    if len(names) == 1:
        alone = gettext_noop("{name}, {value}.")
        return capital(headed(reading) + say(reading, alone, name=quoted(reading, names[0]), value=value))
    second = sums[names[1]]
    after = reading.beside(second)
    if reading.beside(first) == after:
        value, after = reading.text(first), reading.text(second)  # not « 1,7 million, before 1,7 million »
    text = headed(reading) + say(
        reading,
        gettext_noop("{first} vient en tête avec {value}, {share} du total, devant {second} ({after})")
        if is_whole
        else gettext_noop("{first} vient en tête avec {value}, devant {second} ({after})"),
        first=quoted(reading, names[0]),
        value=value,
        share=percent(reading, first / total) if is_whole else "",
        second=quoted(reading, names[1]),
        after=after,
    )
    if is_whole and len(names) > 2:
        in_all = gettext_noop("\u00a0; {total} en tout, pour {count} {noun}")
        noun = counted(reading, len(names))
        text += say(reading, in_all, total=reading.spoken(total), count=len(names), noun=noun)
    without = sum(value for name, value in sums.items() if reading.is_missing(name) and name not in names)
    if is_whole and without > _LEAST_WITHOUT * total:
        text += say(reading, gettext_noop("\u00a0; non renseigné\u00a0: {value}"), value=reading.beside(without))
    return capital(text) + "."


def _of_equals(reading: Reading, equal: Sequence[str], groups: int, value: str) -> str:
    """Groups of the same value, the largest: all of them, two by their names, the first and how many others."""
    if len(equal) == groups:
        return say(
            reading,
            gettext_noop("les {count} {noun} sont à égalité, à {value}"),
            count=groups,
            noun=counted(reading, groups),
            value=value,
        )
    first, second = (quoted(reading, name) for name in equal[:2])
    if len(equal) == 2:
        both = gettext_noop("{first} et {second} viennent en tête à égalité avec {value}")
        return say(reading, both, first=first, second=second, value=value)
    several = gettext_noop("{first} et {count} autres {noun} viennent en tête à égalité avec {value}")
    noun = counted(reading, len(equal) - 1)
    return say(reading, several, first=first, count=len(equal) - 1, noun=noun, value=value)


_MOST_FREQUENT = ngettext_noop(
    "{name}\u00a0: la tranche la plus fréquente va {range}{unit}, {count} ligne sur {whole} ({share}).",
    "{name}\u00a0: la tranche la plus fréquente va {range}{unit}, {count} lignes sur {whole} ({share}).",
)

_MOST_FREQUENT_VALUE = ngettext_noop(
    "{name}\u00a0: la valeur la plus fréquente est {range}{unit}, {count} ligne sur {whole} ({share}).",
    "{name}\u00a0: la valeur la plus fréquente est {range}{unit}, {count} lignes sur {whole} ({share}).",
)


def _of_bins(reading: Reading) -> str:
    total = sum(point.value or 0 for point in reading.points)
    top = max(reading.points, key=lambda point: point.value or 0)
    is_value = top.bounds is not None and top.group == number_text(top.bounds[0], 0, reading.language)
    return translate_plural(
        *(_MOST_FREQUENT_VALUE if is_value else _MOST_FREQUENT),
        top.value or 0,
        reading.language,
        name=title_for(reading, "grouping"),
        range=top.group,
        unit=f"{SPACE}{reading.group_unit}" if reading.group_unit else "",
        count=number_text(top.value, 0, reading.language),
        whole=number_text(total, 0, reading.language),
        share=percent(reading, (top.value or 0) / total),
    )


def _of_boxes(reading: Reading) -> str:
    named = [point for point in reading.points if not reading.is_missing(point.group)] or reading.points
    ranked = sorted(named, key=lambda point: -(point.value or 0))
    head = title_for(reading, "measure")
    high = ranked[0]
    if len(ranked) == 1 and high.quartiles:
        _low, first, middle, third, _high = map(reading.spoken, high.quartiles)
        halves = gettext_noop(
            "{measure}\u00a0: la médiane est {median}\u00a0; la moitié des valeurs est entre {first} et {third}."
        )
        return say(reading, halves, measure=head, median=middle, first=first, third=third)
    low = ranked[-1]
    if low.value == high.value:
        same = gettext_noop("{measure}\u00a0: toutes les médianes sont égales ({value}).")
        return say(reading, same, measure=head, value=reading.spoken(high.value))
    if reading.spoken(low.value) == reading.spoken(high.value):
        near = gettext_noop("{measure}\u00a0: les médianes sont presque égales ({value}).")
        return say(reading, near, measure=head, value=reading.spoken(high.value))
    return say(
        reading,
        gettext_noop(
            "{measure}\u00a0: la médiane la plus haute est celle {of_highest} ({high}), la plus basse celle {of_lowest} ({low})."
        ),
        measure=head,
        highest=quoted(reading, high.group),
        of_highest=of_group(reading, high.group),
        high=reading.spoken(high.value),
        lowest=quoted(reading, low.group),
        of_lowest=of_group(reading, low.group),
        low=reading.spoken(low.value),
    )


_LINKS: Mapping[int, str] = {
    1: gettext_noop("plus l’une est grande, plus l’autre l’est"),
    -1: gettext_noop("plus l’une est grande, plus l’autre est petite"),
    0: gettext_noop("sans lien net entre les deux"),
}


def _of_points(reading: Reading) -> str:
    points = [point for point in reading.points if point.value is not None and point.against is not None]
    return say(
        reading,
        gettext_noop("{count} points selon « {measure} » et « {against} »\u00a0: {link}."),
        count=number_text(len(points), 0, reading.language),
        measure=reading.labels.get("measure", ""),
        against=reading.labels.get("against", ""),
        link=say(reading, _LINKS[link_of(points)]),
    )


def _of_cells(reading: Reading) -> str:
    ranked = sorted(reading.points, key=lambda point: -(point.value or 0))
    most, least = ranked[0], ranked[-1]
    extremes = say(
        reading,
        gettext_noop(
            "la plus grande valeur est {high} ({highest}, {high_series}), la plus petite {low} ({lowest}, {low_series})."
        ),
        high=reading.spoken(most.value),
        highest=most.group,
        high_series=most.series,
        low=reading.spoken(least.value),
        lowest=least.group,
        low_series=least.series,
    )
    return capital(headed(reading) + extremes)


def _of_sides(reading: Reading) -> str:
    sides = summed_by(reading.points, "series")
    groups = summed_by(reading.points, "group")
    first = next(iter(groups))
    listed = ", ".join(f"{name} {reading.spoken(value)}" for name, value in sides.items())
    largest = gettext_noop("{sides}\u00a0; le groupe le plus nombreux est « {group} » ({value}).")
    return capital(
        headed(reading) + say(reading, largest, sides=listed, group=first, value=reading.spoken(groups[first]))
    )


def _of_flows(reading: Reading) -> str:
    total = sum(point.value or 0 for point in reading.points)
    top = max(reading.points, key=lambda point: point.value or 0)
    share = percent(reading, (top.value or 0) / total) if total else ""
    largest = say(
        reading,
        gettext_noop("le plus grand flux va de « {source} » à « {target} »\u00a0: {value}, {share} de l’ensemble."),
        source=top.group,
        target=top.series,
        value=reading.spoken(top.value),
        share=share,
    )
    return capital(headed(reading) + largest)


_TOLD: Mapping[str, Callable[[Reading], str]] = {
    "histogram": _of_bins,
    "box": _of_boxes,
    "points": _of_points,
    "heatmap": _of_cells,
    "pyramid": _of_sides,
    "sankey": _of_flows,
}
"""Types with a sentence of their own; the others are told by time, or by parts, or by extremes."""
