"""Each type of chart is read whole at the widths of a phone, a page and a large screen, in light and in dark, with hard values.

What is looked for is measured on the picture itself: a text that leaves it, two that overlap, an ink too near its ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from parvis.core.charts.drawing import NARROW, vega_lite
from parvis.core.charts.drawing.canvas import Size
from parvis.core.charts.factories import make_answered, make_chart
from parvis.core.charts.marks import MARKS
from parvis.core.charts.renderer import Painter
from parvis.core.charts.tests.measured_pictures import faults_of, shapes_of, size_of, words_of
from parvis.core.charts.themes import DARK, LIGHT
from parvis.core.lettering import FAMILY

LONG = (
    "Communauté d’agglomération Grand Paris Sud Seine-Essonne-Sénart", "Andrézieux-Bouthéon", "Saint-Pierre-du-Perray",
    "Le Coudray-Montceaux", "Établissement public d’aménagement", "Évry-Courcouronnes", "Corbeil-Essonnes", "Y",
)  # fmt: skip
MONTHS = [f"{year}-{month:02}" for year in range(2013, 2024) for month in range(1, 13)]
YEARS = [str(year) for year in range(2010, 2024)]
FRAMES = [(320, 260, LIGHT), (640, 320, DARK), (1200, 420, LIGHT)]
"""Both themes and three widths: a picture is laid out the same in the two themes, which differ by their inks alone."""


def _of_names(values: Any, names: Any = LONG) -> list[dict[str, Any]]:
    return [{"c_group": name, "c_value": value} for name, value in zip(names, values, strict=False)]


def _crossed(groups: Any, series: Any, each: Any) -> list[dict[str, Any]]:
    return [
        {"c_group": group, "c_series": name, "c_value": each(rank, place)}
        for rank, group in enumerate(groups)
        for place, name in enumerate(series)
    ]


MONEY = {"measure": "prix", "calculation": "sum"}
RATE = {"measure": "prix", "calculation": "avg"}
BY_NAME, BY_MONTH, BY_YEAR = (
    {"grouping": "commune"},
    {"grouping": "pose_le", "step": "month"},
    {"grouping": "pose_le", "step": "year"},
)
HARD: Mapping[str, tuple[str, list[dict[str, Any]], dict[str, Any]]] = {
    "long names, tens of millions": ("bars", _of_names(40e6 - 4.9e6 * rank for rank in range(8)), BY_NAME | MONEY),
    "forty bars": ("bars", _of_names(range(900, 860, -1), [f"Quartier {n} de la vallée" for n in range(40)]), {**BY_NAME, "limit": 40}),
    "values below nothing": ("bars", _of_names((-12.5, 3.25, -0.01, 40, 8, 1, 2, 5)), BY_NAME | RATE),
    "one bar": ("bars", _of_names([1]), BY_NAME),
    "tiny values": ("bars", _of_names(0.000012 * (rank + 1) for rank in range(8)), BY_NAME | RATE),
    "thousands of billions": ("bars", _of_names(3.2e12 / (rank + 1) for rank in range(8)), BY_NAME | MONEY),
    "long series": ("bars", _crossed(LONG, ("Logements raccordables", "Logements en cours de déploiement", "Cibles"), lambda a, b: 100 * (a + b + 1)), {**BY_NAME, "series": "modele"}),
    "thirty-four years": ("bars", _of_names((y * 1e5 for y in range(34)), map(str, range(1990, 2024))), BY_YEAR | MONEY),
    "small beside millions": ("bars", _of_names((12_200_000, 2_200_000, 180_000, 900, 3, 0)), BY_NAME | {"measure": "arceaux", "calculation": "sum"}),
    "months of the year": ("bars", _of_names(range(100, 112), [f"{m:02}" for m in range(1, 13)]), {"grouping": "pose_le", "step": "month-of-year"}),
    "days of a month": ("bars", _of_names(range(31), [f"2024-03-{d:02}" for d in range(1, 32)]), {"grouping": "pose_le", "step": "day"}),
    "six weeks over two years": ("lines", _of_names(range(45), [f"2025-12-{d}" for d in range(17, 32)] + [f"2026-01-{d:02}" for d in range(1, 31)]), {"grouping": "pose_le", "step": "day"}),
    "eleven years of months": ("lines", _of_names((1e6 + 3e4 * n for n in range(123)), MONTHS), BY_MONTH | MONEY),
    "fifteen months with gaps": ("lines", _of_names((85 + n % 7 for n in range(15)), [m for n, m in enumerate(MONTHS[:22]) if n % 5 > 1]), BY_MONTH | RATE),
    "one month": ("lines", _of_names([1], ["2013-01"]), BY_MONTH),
    "four lines": ("lines", _crossed(YEARS, LONG[1:5], lambda a, b: 50 + b + a * (b % 3)), {**BY_YEAR, "series": "commune"}),
    "eight lines": ("lines", _crossed(YEARS, LONG, lambda a, b: 50 + 4 * b + a * (b % 3)), {**BY_YEAR, "series": "commune"}),
    "a line of names": ("lines", _of_names(range(3, 11)), BY_NAME),
    "a small part": ("pie", _of_names((900, 50, 40, 30, 2)), BY_NAME),
    "twelve years by month": ("heatmap", _crossed([f"{m:02}" for m in range(1, 13)], range(2013, 2025), lambda a, b: 88 + (a * 7 + b) % 11 * 1.3), {"grouping": "pose_le", "step": "month-of-year", "series": "annee"} | RATE),
    "both ways": ("heatmap", _crossed(LONG, LONG, lambda a, b: (a + 1) * (b - 3) * 1e5), {**BY_NAME, "series": "modele"} | MONEY),
    "a hundred ages": ("pyramid", _crossed([f"{age} ans" for age in range(100)], ("Femmes", "Hommes"), lambda a, b: 1000 + a), {"grouping": "age", "series": "sexe"}),
    "sixty tiles": ("treemap", _of_names((1e6 / (n + 1) for n in range(70)), [f"{LONG[n % 8]} {n}" for n in range(70)]), BY_NAME | MONEY),
    "tiles of seven subjects": ("treemap", _crossed(LONG, [f"Thème {n}" for n in range(7)], lambda a, b: 900 / (a + b + 1)), {**BY_NAME, "series": "modele"}),
    "twenty by twenty": ("sankey", [row for n, row in enumerate(_crossed([f"Programme {n}" for n in range(20)], [f"Cible {n}" for n in range(20)], lambda a, b: 1 + a * b)) if n % 9 == 0], {**BY_NAME, "series": "modele"}),
    "bounds in millions": ("histogram", _of_names(range(24), [f"[{low}, {low + 500_000}[" for low in range(0, 12_000_000, 500_000)]), {"measure": "prix", "step": "500000"}),
    "twenty-four panels": ("multiples", _crossed(MONTHS[:30:6], [f"{LONG[n % 8]} {n}" for n in range(24)], lambda a, b: 85 + a % 7), {**BY_MONTH, "series": "commune"} | RATE),
}  # fmt: skip


@pytest.fixture(scope="module")
def painter():
    painter = Painter()
    yield painter
    painter.close()


def _faults(painter: Painter, description: Any, answers: Any) -> list[str]:
    faults = []
    for width, height, theme in FRAMES:
        svg = painter.paint(vega_lite(description, answers, theme, size=Size("measured", width, height)), "svg")
        assert words_of(svg) or description.mark == "box"
        more = [f"large de {size_of(svg)[0]}"] if size_of(svg)[0] > width else []
        faults += [f"{width}, {theme.name} : {fault}" for fault in (*faults_of(svg, theme.paper), *more)]
    return faults


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_type_is_read_whole_at_every_width(painter, mark):
    assert _faults(painter, *make_chart(mark)) == []


@pytest.mark.parametrize("case", HARD)
def test_hard_values_are_read_whole_at_every_width(painter, case):
    mark, rows, source = HARD[case]
    assert _faults(painter, *make_answered(mark, rows, **source)) == []


@pytest.mark.parametrize("mark", ["areas", "bars", "multiples"])
def test_a_picture_that_stands_alone_is_whole_with_its_title(painter, mark):
    long = "Nombre de lignes par année et par impact sur la circulation des véhicules de chantier"
    description, answers = make_chart(mark, title=long, subtitle=long, labels={"measure": long})
    svg = painter.paint(vega_lite(description, answers, size=NARROW, titled=True), "svg")
    assert [fault for fault in faults_of(svg, LIGHT.paper) if "hors du cadre" in fault] == []


def test_a_picture_holds_its_font_and_little_else(painter):
    """A page that shows it in ``<img>`` gives it none; what it weighs is the font’s, and goes through compression once."""
    svg = painter.paint(vega_lite(*make_chart("bars")), "svg").decode()
    assert f'font-family:"{FAMILY}"' in svg
    assert svg.count("@font-face") == 1
    assert len(svg) < 20_000


def test_the_subject_of_the_title_stands_out_in_colour(painter):
    names = ("Grigny", "Évry-Courcouronnes", "Lieusaint", "Ris-Orangis")
    description, answers = make_answered(
        "bars", _of_names((4, 3, 2, 1), names), title="À Lieusaint, deux fois moins", **BY_NAME
    )
    coloured = {row["g"]: row["c"] for row in vega_lite(description, answers)["data"]["values"]}
    assert coloured == {name: LIGHT.first if name == "Lieusaint" else LIGHT.muted for name in names}


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Évry-Courcouronnes, ville nouvelle", {"Évry-Courcouronnes"}),
        ("Évry, ville nouvelle", {"Évry"}),
        ("La société anonyme à une seule personne d’abord", set()),
        ("La société anonyme d’abord", {"Société anonyme"}),
    ],
)
def test_a_name_that_begins_a_longer_one_is_not_taken_for_it(title, subject):
    names = ("Évry", "Évry-Courcouronnes", "Société anonyme", "Société anonyme à capital variable", "Grigny", "Nandy")
    description, answers = make_answered("bars", _of_names((6, 5, 4, 3, 2, 1), names), title=title, **BY_NAME)
    coloured = {row["g"]: row["c"] for row in vega_lite(description, answers)["data"]["values"]}
    muted = {name for name, colour in coloured.items() if colour == LIGHT.muted}
    assert muted == (set(names) - subject if subject else set())


def test_a_title_made_from_the_columns_has_no_subject():
    rows = _of_names((4, 3, 2, 1), ("Aire", "Parking", "Modèle", "Gare"))
    description, answers = make_answered("bars", rows, title="Nombre de lignes par modèle", grouping="modele")
    assert {row["c"] for row in vega_lite(description, answers)["data"]["values"]} == {LIGHT.first}


def test_few_lines_are_named_at_their_end_and_not_in_a_legend(painter):
    rows = _crossed(YEARS, ("Grigny", "Lieusaint"), lambda a, b: 10 + b)
    svg = painter.paint(vega_lite(*make_answered("lines", rows, series="commune", **BY_YEAR)), "svg")
    ends = {words.text: words for words in words_of(svg)}
    assert min(ends["Grigny"].left, ends["Lieusaint"].left) > 0.7 * size_of(svg)[0]
    assert abs(ends["Grigny"].top - ends["Lieusaint"].top) >= 12


def test_the_cells_of_a_heat_map_have_the_colour_that_their_ink_was_chosen_for(painter):
    mark, rows, source = HARD["both ways"]
    svg = painter.paint(vega_lite(*make_answered(mark, rows, **source), size=Size("measured", 1200, 400)), "svg")
    assert len({shape.fill for shape in shapes_of(svg)}) > 20
