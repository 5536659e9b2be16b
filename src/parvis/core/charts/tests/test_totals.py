"""Rows that hold others are not counted with them, and it is said."""

from parvis.core.charts.factories import make_answered
from parvis.core.charts.questions import Table
from parvis.core.charts.reading import read
from parvis.core.charts.sentences import sentence
from parvis.core.charts.suggestions import suggest
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.versions.manifest import ColumnProfile


def answered(*values, **source):
    rows = [{"c_group": name, "c_value": value} for name, value in values]
    return make_answered("bars", rows, grouping="commune", calculation="sum", measure="arceaux", **source)


def test_a_total_is_not_drawn_beside_its_parts():
    chart = answered(("Essonne", 700), ("Yvelines", 800), ("Total", 1_500))
    assert read(*chart).groups == ("Yvelines", "Essonne")
    assert (
        sentence(*chart).replace("\u00a0", " ").endswith(" « Total », qui est la somme des autres, n’est pas montré.")
    )


def test_a_sum_of_several_is_a_total_whatever_its_name():
    parts = (("Ain", 1_200), ("Aisne", 900), ("Allier", 477))
    assert read(*answered(*parts, ("Les trois", 2_577))).total == "Les trois"
    assert not read(*answered(*parts, ("Ardèche", 2_578))).total
    assert not read(*answered(("Un", 1), ("Deux", 2), ("Trois", 3), ("Six", 6))).total, (
        "small numbers are equal by chance"
    )


def test_what_is_called_a_total_and_is_none_stays():
    assert not read(*answered(("Total", 90), ("Esso", 40), ("Avia", 20))).total


def dataset(name, values, top, **others):
    """A table of populations, each of whose rows is of one of some kinds."""
    columns = (
        Column(name, name.capitalize(), ColumnType.TEXT),
        Column("departement", "Département", ColumnType.TEXT),
        Column("population", "Population", ColumnType.INT),
    )
    profile = {
        name: ColumnProfile(0, len(values), values=values, top=[(top, 900)]),
        "departement": ColumnProfile(0, 8, top=[("Essonne", 200), ("Yvelines", 150)]),
        "population": ColumnProfile(0, 800, 30, 2_000_000, mean=400_000),
    }
    return Table(TableShape(columns), profile | others, rows=1_000)


def test_charts_proposed_of_communes_and_departments_together_keep_the_communes():
    where = {one.sources[0].where for one in suggest("a", dataset("niveau", ["Commune", "Département"], "Commune"))}
    assert where == {('`niveau` = "Commune"',)}


def test_charts_proposed_by_sex_leave_both_sexes_out_and_the_others_keep_them_alone():
    proposed = suggest("a", dataset("sexe", ["Ensemble", "Femmes", "Hommes"], "Femmes"))
    where = {one.sources[0].grouping: one.sources[0].where for one in proposed if not one.sources[0].series}
    assert where["sexe"] == ('`sexe` != "Ensemble"',)
    assert where[""] == ('`sexe` = "Ensemble"',), "how populations spread"
