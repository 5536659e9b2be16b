"""Addresses of Opendatasoft portals: tabs, filters, frames."""

from __future__ import annotations

import pytest

from parvis.hub.catalogue.models import Dataset
from parvis.hub.maps.factories import make_trees
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

BASE = "/explore/dataset/arbres/"
EMBED = "/explore/embed/dataset/arbres/"


@pytest.fixture(autouse=True)
def trees() -> Dataset:
    return make_trees([(2.4 + n / 1000, 48.6) for n in range(12)], dataset_id="arbres", title="Arbres remarquables")


@pytest.mark.parametrize("tab", ["", "information/", "table/", "map/", "export/", "api/", "analyze/", "images/"])
def test_each_tab_answers_or_leads_to_one_that_does(client, tab):
    answer = client.get(BASE + tab, follow=True)
    assert answer.status_code == 200
    assert "Arbres remarquables" in answer.content.decode()


def test_filters_follow(client):
    answer = client.get(f"{BASE}images/?q=platane&refine.espece=Platane&sort=hauteur&nope=1")
    assert answer.status_code == 302
    assert answer["Location"] == (f"{BASE}table/?q=platane&colonne=espece&op=egal&valeur=Platane&tri=-hauteur&nope=1")


def test_a_table_reads_them_too(client):
    all_rows = client.get(f"{BASE}table/").content.decode()
    none = client.get(f"{BASE}table/?refine.espece=Jamais").content.decode()
    assert "Arbre n° 1" in all_rows
    assert "Arbre n° 1" not in none
    assert client.get(f"{BASE}table/?refine.inconnu=x").content.decode().count("<tr>") == all_rows.count("<tr>")


@pytest.mark.parametrize("view", ["", "table/", "map/", "analyze/", "calendar/"])
def test_a_frame_shows_the_data_without_the_site_around(client, view):
    answer = client.get(EMBED + view)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors 'self' *" in answer["Content-Security-Policy"]
    assert 'class="site-head"' not in body
    assert '<base target="_top">' in body
    assert 'id="questions"' not in body
    assert "Arbres remarquables" in body


def test_only_frames_may_be_framed(client):
    answer = client.get(f"{BASE}table/")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "*" not in answer["Content-Security-Policy"]
    assert "<base" not in answer.content.decode()


def test_a_frame_of_a_former_identifier_follows(client, trees):
    trees.aliases.create(former_id="vieux")
    assert client.get("/explore/embed/dataset/vieux/table/")["Location"] == f"{EMBED}table/"


def test_a_frame_keeps_its_filters_and_says_what_it_cannot_apply(client):
    filtered = tight(client.get(f"{EMBED}table/?refine.espece=Platane").content.decode())
    assert "Arbre n° 1<" in filtered and "Arbre n° 2<" not in filtered
    refused = client.get(f"{EMBED}table/?refine.hauteur=grand")
    assert (refused.status_code, "grand" in refused.content.decode()) == (400, True)


def test_an_unknown_dataset_stays_unknown(client):
    for address in (EMBED, f"{BASE}analyze/"):
        assert client.get(address.replace("arbres", "jamais")).status_code == 404
