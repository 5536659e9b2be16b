"""The card in another language in the back office: side by side, by suggestions, by a table, by two people at once."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import update_card
from parvis.hub.catalogue.translating import translate_card
from parvis.hub.maps.factories import make_trees

pytestmark = pytest.mark.django_db


@pytest.fixture
def trees(town) -> Dataset:
    dataset = make_trees([(2.4, 48.6)], organisation=town.organisation, dataset_id="arbres", title="Arbres")
    fields = {"espece": {"label": "Espèce"}, "hauteur": {"label": "Hauteur", "description": "En mètres."}}
    return update_card(OPERATOR, dataset, {"description": "<p>Un.</p><p>Deux.</p>", "fields": fields})


def screen(name: str = "dataset_translation", *more: str) -> str:
    return reverse(f"backoffice:{name}", args=["arbres", *(more or (() if name.endswith("s") else ("en",)))])


def form_of(answer) -> dict[str, str]:
    """The fields that the page shows, as a browser sends them back."""
    return {
        f"{name}-{row.rank}": value
        for row in answer.context["rows"]
        for name, value in (("partie", row.part.path), ("lu", row.seen), ("texte", row.text))
    }


def field_of(form: dict[str, str], path: str) -> str:
    (rank,) = [name.partition("-")[2] for name, value in form.items() if name.startswith("partie-") and value == path]
    return f"texte-{rank}"


def test_what_is_typed_is_kept_part_by_part(town, trees):
    client = client_of(town.contributor)
    form = form_of(client.get(screen()))
    form |= {field_of(form, "title"): "Trees", field_of(form, "description"): "One.\r\n\r\nTwo <b>& more</b>."}
    assert client.post(screen(), form).status_code == 302
    trees.refresh_from_db()
    entry = trees.translations["en"]
    assert (entry["title"], set(entry["sources"])) == ("Trees", {"title", "description"})
    assert entry["description"] == "One.\n\nTwo <b>&amp; more</b>."  # text that holds tags stays as it is written
    body = client.get(screen("dataset_translations")).content.decode()
    assert "English" in body
    assert re.search(r'à jour sur \d+">en \d+', client.get(reverse("backoffice:datasets")).content.decode())


def test_a_changed_source_is_to_be_reviewed_until_somebody_says_it_holds(town, trees):
    translate_card(OPERATOR, trees, "en", {"title": "Trees"})
    update_card(OPERATOR, trees, {"title": "Arbres de la ville"})
    client = client_of(town.contributor)
    page = client.get(screen() + "?voir=a-faire")
    assert "La traduction reste juste" in page.content.decode()
    assert client.post(screen(), {**form_of(page), "juste": "title"}).status_code == 302
    assert "La traduction reste juste" not in client.get(screen()).content.decode()


def test_suggestions_fill_what_is_empty_and_are_kept_by_nobody_else(town, trees):
    other = make_trees([(2.4, 48.6)], organisation=town.organisation, dataset_id="bancs", title="Bancs")
    update_card(OPERATOR, other, {"fields": {"espece": {"label": "Espèce"}}})
    translate_card(OPERATOR, other, "en", {"fields.espece.label": "Kind of tree"})
    client = client_of(town.contributor)
    form = form_of(client.get(screen()))
    page = client.post(screen(), {**form, "acte": "proposer"})
    texts = {row.part.path: (row.text, row.origin) for row in page.context["rows"]}
    assert texts["fields.espece.label"] == ("Kind of tree", "déjà traduit ainsi sur une autre fiche")
    assert texts["fields.hauteur.label"] == ("Height", "du glossaire")
    assert texts["title"] == ("", "")
    trees.refresh_from_db()
    assert trees.translations == {}


def test_who_saves_second_sees_what_the_first_wrote_and_loses_nothing(town, trees):
    client = client_of(town.contributor)
    form = form_of(client.get(screen()))
    translate_card(OPERATOR, trees, "en", {"title": "Town trees", "fields.hauteur.label": "Height"})
    mine = {**form, field_of(form, "title"): "Trees", field_of(form, "fields.espece.label"): "Species"}
    page = client.post(screen(), mine)
    assert page.status_code == 409
    (row,) = [row for row in page.context["rows"] if row.part.path == "title"]
    assert (row.text, row.before) == ("Trees", "Town trees")
    assert client.post(screen(), form_of(page)).status_code == 302
    trees.refresh_from_db()
    entry = trees.translations["en"]
    assert entry["title"] == "Trees"
    assert entry["fields"] == {"espece": {"label": "Species"}, "hauteur": {"label": "Height"}}


def test_a_text_that_is_too_long_keeps_all_that_was_typed(town, trees):
    client = client_of(town.contributor)
    form = form_of(client.get(screen()))
    form |= {field_of(form, "title"): "x" * 201, field_of(form, "fields.espece.label"): "Species"}
    page = client.post(screen(), form)
    assert page.status_code == 422
    assert "200 caractères au plus : 1 de trop." in page.content.decode().replace("\xa0", " ")
    assert "Species" in page.content.decode()
    trees.refresh_from_db()
    assert trees.translations == {}


def test_a_table_goes_to_a_translator_and_its_differences_are_shown_before_they_are_kept(town, trees):
    client = client_of(town.contributor)
    answer = client.get(screen("dataset_translation_file", "en"))
    assert 'filename="arbres-fr-en.csv"' in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["source"] for row in rows if row["path"] == "description"] == ["Un.\n\nDeux."]
    for row in rows:
        row["translation"] = {"title": "Trees", "description": "One.\n\nTwo."}.get(row["path"], "")
    rows.append({"path": "fields.rien.label", "about": "", "source": "", "translation": "x", "state": ""})
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    page = client.post(screen(), {"table": SimpleUploadedFile("retour.csv", out.getvalue().encode("utf-16"))})
    assert [row.part.path for row in page.context["rows"]] == ["title", "description"]
    assert page.context["faults"] == [(len(rows) + 1, "« fields.rien.label » n’est pas un texte de cette fiche.")]
    trees.refresh_from_db()
    assert trees.translations == {}
    assert client.post(screen(), form_of(page)).status_code == 302
    trees.refresh_from_db()
    assert trees.translations["en"]["description"] == "<p>One.</p><p>Two.</p>"


def test_what_is_no_table_is_told(town, trees):
    client = client_of(town.contributor)
    page = client.post(screen(), {"table": SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n" * 99)})
    assert page.status_code == 422
    assert "photo.png" in page.content.decode()


def test_languages_that_the_instance_has_not_and_strangers_find_nothing(town, trees):
    assert client_of(town.contributor).get(screen("dataset_translation", "ja")).status_code == 404
    assert client_of(town.contributor).get(screen("dataset_translation", "fr")).status_code == 404
