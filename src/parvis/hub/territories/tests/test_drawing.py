"""The territory as paving stones."""

from __future__ import annotations

import pytest

from parvis.core.text import fold
from parvis.hub.territories.drawing import class_limits, commune_paving, legend, paving, shade_of
from parvis.hub.territories.models import Territory


def _square(west: float) -> dict:
    ring = [[west, 48.6], [west + 0.05, 48.6], [west + 0.05, 48.65], [west, 48.65], [west, 48.6]]
    return {"type": "Polygon", "coordinates": [ring]}


def _commune(code: str, name: str, west: float | None, **rest) -> Territory:
    contour = None if west is None else _square(west)
    return Territory.objects.create(
        kind="commune", code=code, name=name, folded=fold(name), region="11", contour=contour, **rest
    )


def test_five_classes_of_equal_count_and_fewer_when_values_repeat():
    assert class_limits(range(1, 11)) == (2, 4, 6, 8, 10)
    assert class_limits([0, 0, 0, 0, 7]) == (0, 7)
    assert class_limits([]) == ()


def test_shades_run_from_pale_to_deep():
    limits = class_limits(range(1, 11))
    assert [shade_of(value, limits) for value in (1, 3, 10)] == [1, 2, 5]
    assert shade_of(4, (4,)) == 1


def test_the_legend_says_the_figures_of_each_shade():
    figures = {"a": 583, "b": 4801, "c": 66919}
    steps = legend(class_limits(figures.values()), figures)
    assert [step.label for step in steps] == ["583", "4\u202f801", "66\u202f919"]


@pytest.mark.django_db
def test_members_are_stones_and_neighbours_are_pale():
    epci = Territory.objects.create(kind="epci", code="200059228", name="Sud", folded="sud", region="11")
    _commune("91228", "Évry", 2.4, epci=epci.code)
    _commune("91340", "Lisses", 2.45, epci=epci.code)
    _commune("91215", "Voisine", 2.5)
    _commune("75056", "Paris", 3.5)
    drawn = paving(epci, {"91228": 10, "91340": 2}, str)
    assert {(stone.name, stone.shade, stone.figure) for stone in drawn.stones} == {
        ("Évry", "5", "10"),
        ("Lisses", "1", "2"),
    }
    assert drawn.pale.count("M") == 1
    assert [line for line, _step in drawn.stones[0].lines] == ["Évry"]


@pytest.mark.django_db
def test_towns_are_named_over_the_stones_of_many_small_communes_and_never_over_a_larger_town():
    department = Territory.objects.create(kind="departement", code="29", name="Finistère", folded="finistere")
    people = {10: 140_000, 12: 30_000, 60: 63_000}
    for rank in range(70):
        _commune(
            f"29{rank:03}", f"Grande-Commune-{rank}", rank * 0.05, department="29", population=people.get(rank, 900)
        )
    drawn = paving(department, {}, str)
    named = {stone.name for stone in drawn.stones if stone.lines}
    assert {"Grande-Commune-10", "Grande-Commune-60"} <= named
    assert "Grande-Commune-12" not in named
    assert all(stone.is_over for stone in drawn.stones if stone.lines)


@pytest.mark.django_db
def test_a_commune_stands_amid_its_neighbours():
    own = _commune("91228", "Évry", 2.4)
    _commune("91340", "Lisses", 2.45)
    drawn = commune_paving(own)
    assert [(stone.name, stone.shade) for stone in drawn.stones] == [("Lisses", "1"), ("Évry", "own")]


@pytest.mark.django_db
def test_nothing_is_drawn_without_contours():
    assert commune_paving(_commune("91228", "Évry", None)) is None


@pytest.mark.django_db
def test_france_is_drawn_by_regions_with_those_overseas_beside_under_their_names():
    for code, name, west, south in (("53", "Bretagne", -4, 48), ("24", "Centre", 1, 47), ("04", "La Réunion", 55, -21)):
        ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
        contour = {"type": "Polygon", "coordinates": [ring]}
        Territory.objects.create(kind="region", code=code, name=name, folded=fold(name), contour=contour)
    drawn = paving(None, {"53": 3, "24": 2, "04": 1}, str)
    places = {stone.name: stone.x for stone in drawn.stones}
    assert drawn.kind == "region"
    assert places["La Réunion"] < 170 < places["Bretagne"] < places["Centre"]
    assert [stone.lines for stone in drawn.stones if stone.name == "La Réunion"] == [(("La Réunion", 0),)]


@pytest.mark.django_db
def test_a_department_of_too_many_communes_is_drawn_by_its_intercommunal_bodies(monkeypatch):
    monkeypatch.setattr("parvis.hub.territories.selectors.MOST_PARTS", 1)
    department = Territory.objects.create(kind="departement", code="62", name="Pas-de-Calais", folded="pas")
    for code, west in (("200000001", 2.4), ("200000002", 2.45)):
        Territory.objects.create(kind="epci", code=code, name=code, folded=code, contour=_square(west))
        _commune(f"62{code[-3:]}", code, west, department="62", epci=code)
    drawn = paving(department, {}, str)
    assert (drawn.kind, len(drawn.stones)) == ("epci", 2)
