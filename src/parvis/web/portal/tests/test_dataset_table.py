"""The table page: sort, filters, search, columns, pages."""

from __future__ import annotations

import html as entities
import re

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.hub.catalogue.models import Dataset
from parvis.hub.maps.factories import make_trees
from parvis.hub.ui.formatting import written
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

TABLE = "/explore/dataset/arbres/table/"


@pytest.fixture(autouse=True)
def trees() -> Dataset:
    return make_trees([(2.4 + n / 1000, 48.6) for n in range(120)], dataset_id="arbres", title="Arbres remarquables")


def _rows(client, query: str = "") -> list[list[str]]:
    answer = client.get(TABLE + query)
    assert answer.status_code == 200
    body = tight(answer.content.decode())
    match = re.search(r"<tbody>(.*?)</tbody>", body, re.DOTALL)
    if match is None:
        return []
    lines = re.findall(r"<tr>(.*?)</tr>", match[1], re.DOTALL)
    return [
        [entities.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", line)]
        for line in lines
    ]


def test_a_page_holds_twenty_rows_in_the_order_of_the_source(client):
    rows = _rows(client)
    assert len(rows) == 20
    assert rows[0][:4] == ["Arbre n° 1", "Platane", "0,1", "03/03/2026"]


def test_a_header_sorts_rising_then_falling_then_not(client):
    body = client.get(TABLE).content.decode()
    assert 'href="?tri=hauteur#lignes"' in body
    assert _rows(client, "?tri=-hauteur")[0][0] == "Arbre n° 120"
    body = client.get(TABLE + "?tri=-hauteur").content.decode()
    assert 'aria-sort="descending"' in body
    assert 'href="?#lignes"' in body


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("colonne=hauteur&op=min&valeur=11,5", 6),
        ("colonne=hauteur&op=egal&valeur=0,5", 1),
        ("colonne=hauteur&op=max&valeur=1", 10),
        ("colonne=nom&op=contient&valeur=N° 12", 3),
        ("colonne=nom&op=egal&valeur=Arbre n° 7", 1),
        ("colonne=plante_le&op=egal&valeur=03/03/2026", 20),
        ("colonne=plante_le&op=min&valeur=2026-03-04", 0),
        ("colonne=nom&op=vide&valeur=", 0),
        ("colonne=nom&op=rempli&valeur=", 20),
        ("q=erable", 20),
        ("colonne=espece&op=egal&valeur=Érable&colonne=hauteur&op=max&valeur=1", 2),
        ("colonne=inconnue&op=egal&valeur=x", 20),
        ("colonne=nom&op=egal&valeur=", 20),
    ],
)
def test_filters_and_words_keep_the_right_rows(client, query, count):
    assert len(_rows(client, f"?{query}")) == count


@pytest.mark.parametrize(
    ("column", "value"), [("hauteur", "grand"), ("plante_le", "hier"), ("geo", "ici"), ("hauteur", "nan")]
)
def test_a_value_that_cannot_be_compared_is_explained(client, column, value):
    answer = client.get(f"{TABLE}?colonne={column}&op=egal&valeur={value}")
    assert answer.status_code == 400
    assert 'aria-invalid="true" aria-describedby="refus"' in tight(answer.content.decode())
    body = entities.unescape(answer.content.decode())
    assert re.search(
        "ne peut pas être comparé à la colonne « [^»]+ », qui contient : (nombre|date|point sur la carte)", body
    )


@pytest.mark.parametrize("value", ['"', "\\", '" or 1=1 --', "`", "\x00", "'; DROP TABLE rows", "%", "*", '\\"'])
def test_hostile_values_are_only_values(client, value):
    answer = client.get(TABLE, {"colonne": "nom", "op": "egal", "valeur": value})
    assert answer.status_code == 200
    assert "Aucune ligne ne correspond" in answer.content.decode() or not value.strip("\x00 ")


def test_columns_are_chosen(client):
    rows = _rows(client, "?col=hauteur&col=nom")
    assert rows[0] == ["Arbre n° 1", "0,1"]


def test_pages_follow_each_other_and_keep_the_question(client):
    body = client.get(f"{TABLE}?taille=50&tri=-hauteur").content.decode()
    assert "Lignes 1 à 50." in body
    assert 'href="?taille=50&amp;tri=-hauteur&amp;page=2"' in body
    assert _rows(client, "?taille=50&tri=-hauteur&page=3")[-1][0] == "Arbre n° 1"


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=99999999999", "?taille=7", "?tri=;drop", "?col=x", "?page=600&taille=20"]
)
def test_nonsense_breaks_nothing(client, query):
    assert client.get(TABLE + query).status_code == 200


def test_filtered_tables_are_not_indexed(client):
    assert "noindex" not in client.get(TABLE).content.decode()
    assert "noindex" in client.get(f"{TABLE}?q=x").content.decode()


@pytest.mark.parametrize(
    ("name", "text", "shown"), [("mois", "2013-02", "février\u00a02013"), ("numero", "2013-02", "2013-02")]
)
def test_a_month_is_written_in_words_and_a_number_of_a_file_as_it_is(name, text, shown):
    assert written(text, Column(name, name, ColumnType.TEXT)).replace(" ", "\u00a0") == shown
