"""The page of SQL: plain forms, exact errors, a trail."""

from __future__ import annotations

from html import unescape

import pytest

from parvis.hub.accounts.factories import make_organisation

pytestmark = pytest.mark.django_db
T = '"equipements-sportifs"'


def shown(client, sql="", status=200, **parameters):
    response = client.get("/sql/", {"q": sql, **parameters} if sql else parameters)
    assert response.status_code == status, response.content.decode()
    return unescape(response.content.decode())


def test_the_empty_page_offers_datasets_columns_and_examples(client, dataset):
    text = shown(client)
    assert '"equipements-sportifs"' in text
    assert "Nom de l’équipement" in text
    assert "GEOMETRY" in text
    assert 'maxlength="20000"' in text
    assert "Compter par valeur" in text


@pytest.mark.parametrize(
    "title", ["Compter par valeur", "Plus petit", "Compter par année", "Compter par endroit", "premières lignes"]
)
def test_every_example_is_answered(client, dataset, title):
    text = shown(client)
    address = text.split(title)[0].rsplit('href="', 1)[1].split('"')[0].split("#")[0]
    response = client.get(f"/sql/{address}")
    assert response.status_code == 200
    assert "D’où viennent ces chiffres" in response.content.decode()


def test_an_answer_shows_rows_count_time_downloads_and_trail(client, dataset):
    text = shown(client, f"SELECT nom, places, ouverture FROM {T} ORDER BY places DESC NULLS LAST")
    assert "Stade des Loges" in text
    assert "1\u202f200" in text
    assert "01/05/2019" in text
    assert "3 lignes" in text
    assert "format=parquet" in text
    assert f"equipements-sportifs@{dataset.current.name}" in text
    assert "Licence" in text


def test_a_long_answer_says_that_it_is_cut(client):
    text = shown(client, "SELECT range AS n FROM range(2500)")
    assert "2\u202f500 lignes" in text
    assert "Les 1\u202f000 premières lignes" in text


def test_a_very_wide_answer_makes_a_bounded_page(client):
    response = client.get("/sql/", {"q": f"SELECT {', '.join(['true'] * 2_000)} FROM range(1000)"})
    assert response.status_code == 200
    assert response.content.count(b"<td") == 50_000
    assert len(client.get("/sql/", {"q": "SELECT repeat('x', 100000) FROM range(1000)"}).content) < 2_000_000


def test_an_error_is_told_with_its_line_column_and_place(client, dataset):
    text = shown(client, f"SELECT nom,\n       plces\nFROM {T}", status=400)
    assert "ligne 2, colonne 8" in text
    assert "<mark>plces</mark>" in text
    assert "Vouliez-vous dire « places » ?" in text
    assert "SELECT nom," in text  # nothing of the statement is lost


@pytest.mark.parametrize(
    "sql", ["<script>alert(1)</script>", "SELECT '</textarea><script>'", "\u202eSELECT 1", "SELECT '🏛'", "'\"&<>"]
)
def test_hostile_statements_are_shown_as_text(client, sql):
    response = client.get("/sql/", {"q": sql})
    assert response.status_code in (200, 400)
    assert b"<script>alert" not in response.content
    assert b"</textarea><script>" not in response.content


def test_values_and_names_of_columns_are_text(client):
    response = client.get("/sql/", {"q": "SELECT '<b>x</b>' AS \"<i>y</i>\""})
    assert b"<b>x</b>" not in response.content
    assert b"<i>y</i>" not in response.content


def test_hidden_datasets_are_not_offered(client, publish):
    publish(dataset_id="secrets", access="internal", organisation=make_organisation("Autre"), title="Registre interne")
    assert "Registre interne" not in shown(client)


def test_datasets_are_searched_and_the_statement_kept(client, publish, dataset):
    publish(dataset_id="menus", title="Menus des cantines")
    text = shown(client, "SELECT 1 AS un", jeux="cantines")
    assert "Menus des cantines" in text
    assert "Équipements sportifs" not in text
    assert 'value="SELECT 1 AS un"' in text


def test_a_stopped_statement_gives_advice(client):
    text = shown(client, "SELECT count(*) FROM range(1000000000000)", status=400)
    assert "arrêtée au bout de 2 secondes" in text
    assert "Ajoutez une condition" in text


def test_the_page_is_in_english_too(client, dataset):
    client.cookies["django_language"] = "en"
    response = client.get("/sql/", {"q": "SELEC"})
    assert "SQL syntax error" in response.content.decode()
