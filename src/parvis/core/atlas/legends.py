"""Legends: which colour and shape each value has, in light and dark, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from parvis.core.atlas.classes import class_of
from parvis.core.charts.formats import NO, NOTHING, YES, number_text, usual_decimals, with_unit
from parvis.core.charts.themes import THEMES
from parvis.core.translation import gettext_noop, translate

CATEGORIES = 7
"""Values that have a colour and a shape of their own; the eighth is for all others."""

type Form = Literal["single", "categories", "classes"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a legend; ``mark`` is the rank of its shape among points, 0 for a disc."""

    text: str
    light: str
    dark: str
    mark: int = 0

    def colour(self, theme: str) -> str:
        """Its colour in a theme."""
        return self.dark if theme == "dark" else self.light


@dataclass(frozen=True, slots=True)
class Legend:
    """The legend of a layer: ``values`` are those of the first steps of categories, ``edges`` the bounds of classes.

    The last step of categories is that of other values; ``missing`` is what a feature without a value wears.
    """

    form: Form
    steps: tuple[Step, ...]
    missing: Step
    title: str = ""
    values: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()

    def step_of(self, value: object) -> Step:
        """The step of a value as JSON gives it."""
        if self.form == "single":
            return self.steps[0]
        if value is None or value == "":
            return self.missing
        if self.form == "classes":
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return self.steps[class_of(float(value), self.edges)] if is_number else self.missing  # type: ignore[arg-type]
        text = text_of(value)
        return self.steps[self.values.index(text)] if text in self.values else self.steps[-1]


def text_of(value: object) -> str:
    """A value of JSON as profiles write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def missing(language: str) -> Step:
    """What a feature without a value wears."""
    return Step(translate(NOTHING, language), "#b9b2a3", "#5b6270")


def single(label: str, tint: int, language: str) -> Legend:
    """One colour for all."""
    light, dark = (THEMES[name].categorical[tint - 1] for name in ("light", "dark"))
    return Legend("single", (Step(label, light, dark),), missing(language))


def by_category(
    title: str, values: Sequence[str], language: str, *, others: bool, words: Mapping[str, str] | None = None
) -> Legend:
    """A colour and a shape for each of the first values, one for the rest; ``words`` are what values are called."""
    categories = tuple(values[:CATEGORIES])
    texts_by_value = {"true": translate(YES, language), "false": translate(NO, language), **(words or {})}
    texts = [texts_by_value.get(value, value) for value in categories]
    more = others or len(values) > len(categories)
    rest = translate(gettext_noop("Autres valeurs"), language)
    light, dark = THEMES["light"].categorical, THEMES["dark"].categorical
    steps = [
        Step(text, light[rank], dark[rank], rank + 1) for rank, text in enumerate([*texts, *([rest] if more else [])])
    ]
    return Legend("categories", tuple(steps), missing(language), title, categories)


def by_class(
    title: str, values: Sequence[float], edges: tuple[float, ...], language: str, *, unit: str = "", palette: str = ""
) -> Legend:
    """A shade for each class; ``values`` are those shown, to tell how many decimals say them."""
    count = len(edges) + 1
    decimals = max(usual_decimals(values or [0.0]), usual_decimals(edges or [0.0]))
    steps = [
        Step(text, _shade("light", palette, rank, count), _shade("dark", palette, rank, count))
        for rank, text in enumerate(_texts(edges, decimals, language, unit))
    ]
    return Legend("classes", tuple(steps), missing(language), title, (), edges)


def _shade(theme: str, palette: str, rank: int, count: int) -> str:
    """Colours spread over the whole palette when there are fewer classes than shades."""
    colours = THEMES[theme].diverging if palette == "diverging" else THEMES[theme].sequential
    return colours[round(rank * (len(colours) - 1) / (count - 1))] if count > 1 else colours[len(colours) * 3 // 5]


_BETWEEN = gettext_noop("de {a} à moins de {b}")


def _texts(edges: Sequence[float], decimals: int, language: str, unit: str) -> list[str]:
    if not edges:
        return [translate(gettext_noop("toutes les valeurs"), language)]
    bare = [number_text(edge, decimals, language) for edge in edges]
    labels = [with_unit(text, unit, language) for text in bare]
    return [
        translate(gettext_noop("moins de {b}"), language, b=labels[0]),
        *(translate(_BETWEEN, language, a=low, b=high) for low, high in zip(bare, labels[1:], strict=False)),
        translate(gettext_noop("{a} et plus"), language, a=labels[-1]),
    ]
