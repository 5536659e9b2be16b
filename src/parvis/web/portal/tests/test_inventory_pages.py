"""The pages of the inventory: what they say, in what order; and those of quality while nothing is published."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.inventory.rules import Fact
from parvis.hub.inventory.services import say
from parvis.web.portal.tests.figures import figures, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return make_organisation("Ville de Lisses", slug="lisses", kind="commune")


def test_an_empty_portal_says_so(client, db):
    assert "Rien n’est encore publié ici" in shown(client, "/qualite/")


def test_the_inventory_names_text_schema_and_what_is_to_be_checked(client, town):
    make_dataset(town, title="Subventions 2025", custom={"schema": "scdl/subventions"})
    page = shown(client, "/inventaire/")
    assert "Arrêté du 22 décembre 2022 (NOR ECOM2235715A)" in page
    assert "[texte à vérifier]" in page
    assert "https://schema.data.gouv.fr/scdl/subventions/" in page
    assert "/organisations/lisses/inventaire/" in page


def test_the_target_list_begins_with_the_socle(client, town):
    dataset = make_dataset(town, title="Subventions 2025", custom={"schema": "scdl/subventions"})
    make_dataset(town, title="Les arbres")
    say(OPERATOR, town, "taxis", Fact.NOT_OURS)
    page = shown(client, "/organisations/lisses/inventaire/")
    left, published = page.split('id="publies"')
    assert left.index("Base adresse locale") < left.index("Stationnement cyclable")
    assert "à confirmer<br><a" in left.replace("\n", "")
    assert f"/explore/dataset/{dataset.dataset_id}/" in published
    assert "Stations de taxi" in published.split('id="autres"')[1]


def test_every_figure_of_the_inventory_leads_to_its_list(client, town):
    make_dataset(town, title="Subventions 2025", custom={"schema": "scdl/subventions"})
    for page in ("/inventaire/", "/organisations/lisses/inventaire/"):
        shown_figures = figures(shown(client, page))
        assert len(shown_figures) == 4
        for address, facts, text in shown_figures:
            path, _hash, part = address.partition("#")
            assert facts["Valeur"] == text
            assert "Ville de Lisses" in facts["Requête"]
            assert f'id="{part}"' in shown(client, path)


def test_the_list_can_be_taken_away(client, town):
    answer = client.get("/organisations/lisses/inventaire.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.startswith("Jeu de données;")
    assert "attachment" in answer["Content-Disposition"]


def test_an_association_has_no_inventory(client, db):
    make_organisation("Club", slug="club", kind="association")
    shown(client, "/organisations/club/inventaire/", 404)
