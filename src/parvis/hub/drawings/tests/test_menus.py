"""Menus over ODSQL: they ask the same rows, leave what was not touched, offer what the person may read."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from parvis.core.charts.menus import read_measure, read_period
from parvis.core.columns import Column, ColumnType
from parvis.core.explore import ExploreRequest
from parvis.core.odsql.criteria import joined, read_criteria, write_criteria
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import make_stands
from parvis.hub.drawings.menu_sources import MenuSource, territories_with, value_typed, value_words
from parvis.hub.drawings.menus import CriteriaMenu, MeasureMenu, PeriodMenu
from parvis.hub.drawings.questions import Asked, opened, rows_of
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(home):
    return make_stands()


def sent(kind, before: str, **fields: str | list[str]) -> str:
    """What a field holds once a form was sent with these menus, its text as it was."""
    query = QueryDict(mutable=True)
    query["f-dataset"], query["f-x"], query["f-x.avant"] = "arceaux", fields.pop("text", before), before
    for name, values in fields.items():
        query.setlist(f"f-x.{name}", values if isinstance(values, list) else [values])
    return kind().value_from_datadict(query, {}, "f-x")


def row(column: str, operator: str, value: str = "", second: str = "") -> dict[str, str]:
    return {"colonne": column, "op": operator, "valeur": value, "valeur2": second}


def counted(where: str) -> int:
    record, version, source = opened(ANONYMOUS, "arceaux")
    request = ExploreRequest(select="count(*) as n", where=(where,), limit=1)
    return rows_of(ANONYMOUS, Asked(record, version, source, request))[0][0]["n"]


@pytest.mark.parametrize(
    "where",
    [
        'modele="Arceau"',
        "places >= 4 and places in [2 .. 6]",
        "year(pose_le) = 2023",
        'commune in ("Grigny", "Évry-Courcouronnes")',
        "pose_le >= date'2023-01-01' or places < 3",
        'places > "4"',
        "startswith(commune, 'Gri')",
        "commune like '*gri*'",
        "commune is null",
        "NOT commune is null",
        "(commune = 'Grigny' or places < 3) and (modele = 'Box' or places >= 5) and pose_le >= date'2020-01-01'",
        "commune = 'Grigny' or (places < 3 or modele = 'Box')",
    ],
)
def test_menus_ask_the_same_rows_as_the_text_they_show(dataset, where):
    shape = MenuSource().shape("arceaux")
    criteria = read_criteria([where], shape)
    assert criteria is not None
    assert counted(joined(write_criteria(criteria, shape), shape)) == counted(where)


def test_menus_that_were_not_touched_leave_the_text_to_the_letter(dataset):
    written = 'modele="Arceau"'
    assert sent(CriteriaMenu, written, **row("modele", "egal", "Arceau")) == written
    assert sent(MeasureMenu, "sum(places)", calcul="sum", colonne="places") == "sum(places)"
    assert sent(PeriodMenu, "year(pose_le)", colonne="pose_le", pas="year") == "year(pose_le)"


def test_the_text_wins_when_both_were_changed(dataset):
    assert sent(CriteriaMenu, "", text="places > 2", **row("places", "min", "9")) == "places > 2"
    assert sent(CriteriaMenu, "", **row("places", "min", "9")) == "`places` >= 9"
    assert sent(CriteriaMenu, "search('x')", **row("places", "min", "9")) == "search('x')"


def test_rows_are_added_and_removed(dataset):
    two = {"colonne": ["places", "commune", ""], "op": ["min", "egal", "egal"], "valeur": ["4", "Grigny", ""]}
    both = sent(CriteriaMenu, "", **two, valeur2=["", "", ""])
    assert both == '`places` >= 4 and `commune` = "Grigny"'
    assert sent(CriteriaMenu, both, **two, lien=["et", "ou", "et"]) == '`places` >= 4 or `commune` = "Grigny"'
    assert sent(CriteriaMenu, both, **two, retirer="0") == '`commune` = "Grigny"'


def test_a_condition_may_have_alternatives_beside_others_that_must_hold(dataset):
    three = {
        "colonne": ["modele", "commune", "places"],
        "op": ["egal", "egal", "min"],
        "valeur": ["Box", "Grigny", "6"],
    }
    three |= {"valeur2": ["", "", ""], "lien": ["et", "et", "ou"]}
    mixed = '`modele` = "Box" and (`commune` = "Grigny" or `places` >= 6)'
    assert sent(CriteriaMenu, "", **three) == mixed
    assert sent(CriteriaMenu, mixed, **three) == mixed
    # What was the alternative of a row that is removed is not that of the row before it.
    assert sent(CriteriaMenu, mixed, **three, retirer="1") == '`modele` = "Box" and `places` >= 6'


def test_calculations_and_periods(dataset):
    assert sent(MeasureMenu, "", calcul="count") == "count(*)"
    assert sent(MeasureMenu, "count(*)", calcul="avg", colonne="places") == "avg(`places`)"
    assert sent(PeriodMenu, "", colonne="pose_le", pas="month") == 'date_format(`pose_le`, "yyyy-MM")'
    assert sent(PeriodMenu, "", colonne="commune", pas="month") == "`commune`"
    assert read_measure("sum(places) / count(*)") is None
    assert read_period("lower(commune)") is None


def test_a_screen_offers_the_columns_by_label_and_their_own_values(dataset, client):
    client.force_login(make_member(make_organisation(), Role.CONTRIBUTOR))
    address = "/admin/menus/?genre=conditions&champ=part0-where&jeu=arceaux&part0-where=&part0-where.avant="
    html = client.get(f"{address}&part0-where.colonne=commune&part0-where.op=egal").content.decode()
    assert '<option value="commune" selected>Commune</option>' in html
    assert '<option value="Grigny">' in html
    assert "Il manque" not in html
    wrong = client.get(
        f"{address}&part0-where.colonne=places&part0-where.op=min&part0-where.valeur=dix"
    ).content.decode()
    assert "n’est pas un nombre" in wrong.replace("&#x27;", "’")


def test_values_are_offered_shown_and_read_under_their_labels_and_stored_as_they_are(dataset):
    labels = {"Arceau": "Arceau double", "Box": "Abri ; fermé"}
    dataset.fields = {"modele": {"annotations": {"labels": labels}}}
    dataset.save()
    modele = MenuSource().shape("arceaux").get("modele")
    assert MenuSource().values("arceaux", modele) == (["Abri ; fermé", "Arceau double"], False)
    stored = '`modele` = "Arceau"'
    assert sent(CriteriaMenu, "", **row("modele", "egal", "arceau double")) == stored
    assert sent(CriteriaMenu, "", **row("modele", "egal", "Arceau")) == stored
    assert sent(CriteriaMenu, "", **row("modele", "parmi", "Arceau double ; Banc")) == '`modele` in ("Arceau", "Banc")'
    menu = CriteriaMenu()
    menu.dataset = "arceaux"
    assert 'value="Arceau double"' in menu.render("f-x", stored)


def test_values_that_are_not_among_the_commonest_are_searched(dataset, client):
    client.force_login(make_member(make_organisation(), Role.CONTRIBUTOR))
    address = "/admin/menus/valeurs/?jeu=arceaux&colonne=commune&mots="
    assert client.get(f"{address}EVRY").json() == {"values": ["Évry-Courcouronnes"]}
    assert client.get(f"{address}gny").json() == {"values": ["Grigny"]}
    for nothing in ("", "zzz", '"', "*", "'; drop"):
        assert client.get(address, {"jeu": "arceaux", "colonne": "commune", "mots": nothing}).json() == {"values": []}
    assert client.get("/admin/menus/valeurs/?jeu=arceaux&colonne=places&mots=4").json() == {"values": []}
    assert client.get("/admin/menus/valeurs/?jeu=arceaux&colonne=rien&mots=a").json() == {"values": []}


def test_communes_are_shown_by_name_and_stored_by_code(home):
    facts = {"kind": "commune", "population": 30_000, "department": "91"}
    Territory.objects.create(code="91286", name="Grigny", folded="grigny", **facts)
    commune = Column("insee", "Commune", ColumnType.TEXT, kind="insee_commune")
    (words,) = value_words(commune, ["91286"])
    assert words == "Grigny (91286)"
    assert value_typed(commune, words) == "91286"
    assert value_words(commune, ["00000"]) == ["00000"]
    assert "Grigny (commune)" in territories_with("grigny")


def test_a_screen_shows_nothing_of_data_closed_to_who_asks(client):
    make_stands(dataset_id="garde", access=Access.INTERNAL)
    shape = MenuSource(OPERATOR).shape("garde")
    assert MenuSource(ANONYMOUS, known=shape).values("garde", shape.get("commune")) == ([], False)
    assert MenuSource(ANONYMOUS, known=shape).values_with("garde", "commune", "Grigny") == []
    address = "/admin/menus/?genre=conditions&champ=part0-where&jeu=garde&part0-where=commune%3D'a'"
    assert client.get(address).status_code == 302
    assert client.get("/admin/menus/valeurs/?jeu=garde&colonne=commune&mots=Grigny").status_code == 302
    client.force_login(make_member(make_organisation(), Role.CONTRIBUTOR))
    html = client.get(address).content.decode()
    assert client.get("/admin/menus/valeurs/?jeu=garde&colonne=commune&mots=Grigny").json() == {"values": []}
    assert "Grigny" not in html
    assert "Modèle" not in html
    assert client.get("/admin/menus/?genre=autre&champ=x").status_code == 404
    assert client.get("/admin/menus/?genre=calcul&champ=x%22y").status_code == 404
