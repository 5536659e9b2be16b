"""The INSPIRE part of a card, the reason of a closed access, high value decided for many datasets."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.core.inspire.block import judged
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import update_card
from parvis.hub.maps.factories import make_trees

pytestmark = pytest.mark.django_db


def card_data(dataset: Dataset, **changes):
    """The card as the form sends it, its INSPIRE part in ``changes``."""
    return {
        "title": dataset.title,
        "organisation": dataset.organisation.slug,
        "description": "Les arceaux.",
        "licence": dataset.licence,
        "frequency": dataset.frequency,
        "language": "fr",
        "based_on": dataset.revisions.first().pk,
        **changes,
    }


FILLED = {
    "inspire-scope": "yes",
    "inspire-themes": ["ad", "tn"],
    "inspire-type": "dataset",
    "inspire-topics": ["location"],
    "inspire-code": "arceaux",
    "inspire-lineage": "Levé en 2025.",
    "inspire-scale": "500",
    "inspire-distance": "0.5",
    "inspire-crs": "2154",
    "inspire-conformity": "notEvaluated",
    "inspire-conformity_date": "2025-03-04",
    "inspire-limits": ["noLimitations"],
    "inspire-party": "Service SIG",
    "inspire-party_role": "custodian",
    "inspire-party_email": "sig@ville.fr",
}
KEPT = judged(
    {
        "scope": True,
        "themes": ["ad", "tn"],
        "type": "dataset",
        "topics": ["location"],
        "code": "arceaux",
        "lineage": "Levé en 2025.",
        "scale": 500,
        "distance": 0.5,
        "crs": "EPSG:2154",
        "conformity": "notEvaluated",
        "conformity_date": "2025-03-04",
        "limits": ["noLimitations"],
        "party": "Service SIG",
        "party_role": "custodian",
        "party_email": "sig@ville.fr",
    }
)


def test_the_form_proposes_keeps_what_is_right_and_tells_what_is_wrong(town):
    dataset = make_dataset(town.organisation, dataset_id="arceaux", title="Adresses et voirie")
    client, url = client_of(town.contributor), reverse("backoffice:dataset", args=["arceaux"])
    page = client.get(url).content.decode()
    assert "Ces valeurs sont proposées" in page
    chosen = page.partition('value="ad"')[2].partition(">")[0]
    assert "checked" in chosen
    assert "checked" not in page.partition('name="inspire-scope" value="yes"')[2].partition(">")[0]
    wrong = client.post(url, card_data(dataset, **FILLED | {"inspire-scale": "fin", "inspire-party_email": "mairie"}))
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Une adresse telle que donnees@ville.fr est attendue." in text
    assert 'value="fin"' in text and "Levé en 2025." in text, "nothing that was typed is lost"
    both = client.post(url, card_data(dataset, **FILLED | {"inspire-limits": ["noLimitations", "a"]}))
    assert "ne va avec aucune autre" in both.content.decode()
    dataset.refresh_from_db()
    assert dataset.inspire == {}
    assert client.post(url, card_data(dataset, **FILLED)).status_code == 302
    dataset.refresh_from_db()
    assert dataset.inspire == KEPT
    assert "Ces valeurs sont proposées" not in client.get(url).content.decode()
    history = client.get(reverse("backoffice:dataset_history", args=["arceaux"])).content.decode()
    assert "Adresses · Réseaux de transport" in history


def test_out_of_scope_nothing_typed_is_judged_and_what_was_kept_stays(town):
    dataset = make_dataset(town.organisation, dataset_id="arceaux", inspire=KEPT)
    client, url = client_of(town.contributor), reverse("backoffice:dataset", args=["arceaux"])
    sent = card_data(dataset, **FILLED | {"inspire-scope": "no", "inspire-scale": "fin"})
    assert client.post(url, sent).status_code == 302
    dataset.refresh_from_db()
    assert dataset.inspire == {**KEPT, "scope": False}
    latest = dataset.revisions.first().pk
    assert client.post(url, card_data(dataset, based_on=latest)).status_code == 302, "a page without that part"
    dataset.refresh_from_db()
    assert dataset.inspire == {**KEPT, "scope": False}


def test_somebody_elses_change_meanwhile_loses_nothing_of_either(town):
    dataset = make_dataset(town.organisation, dataset_id="arceaux")
    client, url = client_of(town.contributor), reverse("backoffice:dataset", args=["arceaux"])
    sent = card_data(dataset, **FILLED)
    update_card(OPERATOR, dataset, {"inspire": {"scope": True, "themes": ["hy"]}})
    answer = client.post(url, sent)
    assert answer.status_code == 409
    assert "Levé en 2025." in answer.content.decode()
    dataset.refresh_from_db()
    assert dataset.inspire == {"scope": True, "themes": ["hy"]}


def test_why_access_is_closed_is_chosen_and_the_list_finds_who_does_not_say(town):
    dataset = make_dataset(town.organisation, dataset_id="aides", title="Aides", access=Access.INTERNAL)
    make_dataset(town.other_organisation, title="Ailleurs", access=Access.INTERNAL)
    client = client_of(town.steward)
    listed = reverse("backoffice:datasets") + "?attention=closed"
    page = client.get(listed).content.decode()
    assert "Aides" in page and "Ailleurs" not in page
    url = reverse("backoffice:dataset_access", args=["aides"])
    assert "article L311-6 (1°)" in client.get(url).content.decode()
    assert client.post(url, {"access": "internal", "closure": ["caprice"]}).status_code == 422
    sent = {"access": "internal", "announced": "on", "closure": ["personal"], "closure_note": "Noms d’élèves."}
    assert client.post(url, sent).status_code == 302
    dataset.refresh_from_db()
    assert (dataset.closure, dataset.closure_note, dataset.announced) == (["personal"], "Noms d’élèves.", True)
    assert f"jeu-{dataset.pk}" not in client.get(listed).content.decode()
    assert (
        "Vie privée ou secret médical"
        in client.get(reverse("backoffice:dataset_history", args=["aides"])).content.decode()
    )


def test_high_value_and_inspire_are_decided_for_many_at_once(town):
    roads = make_dataset(town.organisation, title="Voirie communale")
    paths = make_dataset(town.organisation, title="Pistes cyclables", inspire={"scale": 500, "scope": False})
    foreign = make_dataset(town.other_organisation, title="Voirie d’ailleurs")
    client, listed = client_of(town.contributor), reverse("backoffice:datasets") + "?attention=hvd"
    page = client.get(listed).content.decode()
    assert f"jeu-{roads.pk}" in page and f"jeu-{paths.pk}" in page and f"jeu-{foreign.pk}" not in page
    url, keys = reverse("backoffice:datasets_bulk"), [roads.pk, paths.pk, foreign.pk]
    assert "Mobilité (2 jeux en parlent)" in client.get(url, {"id": keys}).content.decode()
    chosen = {"id": keys, "hvd_add": ["mobilite"], "inspire_scope": "yes", "inspire_themes": ["tn"]}
    assert "<ins>Mobilité</ins>" in client.post(url, {**chosen, "apercu": "1"}).content.decode()
    assert client.post(url, {**chosen, "appliquer": "1"}).status_code == 302
    for dataset in (roads, paths, foreign):
        dataset.refresh_from_db()
    assert (roads.hvd, paths.hvd, foreign.hvd) == (["mobilite"], ["mobilite"], [])
    assert paths.inspire == {"scale": 500, "scope": True, "themes": ["tn"]}, "the rest of the block stays"
    contrary = client.post(url, {**chosen, "hvd_refused": "refused", "appliquer": "1"})
    assert "dites qu’il n’est d’aucune" in contrary.content.decode()
    refusal = {"id": keys, "hvd_refused": "refused", "appliquer": "1"}
    assert client.post(url, refusal).status_code == 302
    roads.refresh_from_db()
    assert (roads.hvd, roads.hvd_refused) == ([], True)
    assert f"jeu-{roads.pk}" not in client.get(listed).content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_part_shows_once_it_is_of_scope_and_is_accessible(page, axe, town):
    make_trees([(2.4, 48.6)], organisation=town.organisation, dataset_id="arbres", title="Adresses")
    page.goto(reverse("backoffice:dataset", args=["arbres"]))
    lineage = page.get_by_label("Généalogie", exact=True)
    expect(lineage).to_be_hidden()
    page.get_by_role("group", name="Dans le champ d’INSPIRE").get_by_label("oui").check()
    expect(lineage).to_be_visible()
    expect(page.get_by_label("Système de référence")).to_have_value("EPSG:4326")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") <= 0
    lineage.fill("Levé au GPS.")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_text("La fiche est enregistrée")).to_be_visible()
    page.goto("/explore/dataset/arbres/information/")
    expect(page.get_by_role("heading", name="INSPIRE")).to_be_visible()
    expect(page.get_by_text("Levé au GPS.")).to_be_visible()
    assert axe(page) == []
