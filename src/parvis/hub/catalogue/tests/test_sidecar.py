"""Explore v2.1 dataset objects as cards."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.core.card_translations import BadTranslation
from parvis.core.metadata import theme_slug
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.sidecar import BadSidecar, card_from, publisher_in, uid_in

OBJECT = {
    "dataset_id": "arbres",
    "metas": {
        "default": {
            "title": "Arbres",
            "description": "<p>Les arbres de la ville.</p>",
            "theme": ["Environnement et climat", "Un thème d’ailleurs"],
            "keyword": ["arbre", ""],
            "license": "Licence Ouverte v2.0 (Etalab)",
            "publisher": "Ville",
            "references": "https://exemple.fr/arbres",
            "attributions": ["Service des parcs"],
        },
        "dcat": {
            "accrualperiodicity": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
            "temporal_coverage_start": "2019-01-01",
        },
    },
    "fields": [
        {"name": "hauteur", "label": "Hauteur", "type": "double", "annotations": {"unit": ["m"], "facet": []}},
        {"name": "code", "type": "text", "annotations": [{"name": "decimals", "args": [2]}]},
        {"name": "nom"},
    ],
}


def test_a_whole_object_becomes_a_card():
    card = card_from(OBJECT, "fiche.json")
    assert card == {
        "title": "Arbres",
        "description": "<p>Les arbres de la ville.</p>",
        "themes": ["environnement", "Un thème d’ailleurs"],
        "keywords": ["arbre"],
        "licence": "lov2",
        "frequency": "annual",
        "temporal_start": date(2019, 1, 1),
        "as_told": {
            "default": {
                "license": "Licence Ouverte v2.0 (Etalab)",
                "license_slug": "lov2",
                "attributions": ["Service des parcs"],
                "frequency_slug": "annual",
            },
            "dcat": {"accrualperiodicity": "http://publications.europa.eu/resource/authority/frequency/ANNUAL"},
        },
        "source": "Service des parcs",
        "source_url": "https://exemple.fr/arbres",
        "fields": {
            "hauteur": {"label": "Hauteur", "unit": "m", "annotations": {"facet": True}},
            "code": {"annotations": {"decimals": 2}},
            "nom": {},
        },
        "overrides": {
            "hauteur": {"type": "double", "place": 1},
            "code": {"type": "text", "annotations": {"facet": False}, "place": 2},
            "nom": {"place": 3},
        },
    }
    assert publisher_in(OBJECT) == "Ville"


def test_what_is_not_said_is_absent():
    assert card_from({"metas": {"default": {"title": None}}}, "fiche.json") == {}
    assert publisher_in({}) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        "texte",
        {"metas": []},
        {"metas": {"default": "texte"}},
        {"fields": {"nom": "text"}},
        {"fields": [{"label": "sans nom"}]},
        {"fields": [{"name": "a", "type": "varchar"}]},
        {"metas": {"dcat": {"temporal_coverage_start": "hier"}}},
    ],
)
def test_another_shape_is_refused_with_a_reason(wrong):
    with pytest.raises(BadSidecar) as caught:
        card_from(wrong, "fiche.json")
    assert caught.value.details["reason"]


def test_a_card_has_no_more_words_than_each_page_may_tell():
    words = ["arbre", "arbre", "x" * 301, *(f"mot {n}" for n in range(20_000))]
    card = card_from({"dataset_id": "a", "metas": {"default": {"keyword": words, "theme": words}}}, "fiche.json")
    assert card["keywords"] == card["themes"] == ["arbre", *(f"mot {n}" for n in range(199))]


def test_themes_keep_the_words_that_reusers_filter_on():
    card = card_from({"metas": {"default": {"theme": ["Environnement", "environnement", "Énergie"]}}}, "f.json")
    assert card["themes"] == ["Environnement", "environnement", "energie"]


def test_each_of_those_words_means_a_theme_of_the_vocabulary():
    words = ["Environnement", "ENVI", "environnement et climat", "Voirie"]
    assert [theme_slug(word) for word in words] == ["environnement"] * 3 + ["Voirie"]


def test_what_the_card_has_no_place_for_stays_in_the_words_of_the_sidecar():
    dcat = {"creator": "Cabinet Dupont", "granularity": "Commune", "quality": "x", "relation": 3}
    default = {"timezone": "Europe/Paris", "geographic_reference": ["fr_40_11"], "territory": ["Évry", 2]}
    assert card_from({"metas": {"default": default, "dcat": dcat}}, "fiche.json")["as_told"] == {
        "default": {"timezone": "Europe/Paris", "geographic_reference": ["fr_40_11"], "territory": ["Évry"]},
        "dcat": {"creator": "Cabinet Dupont", "granularity": "Commune"},
    }


def test_a_file_headed_by_its_labels_gets_its_names_back():
    fields = [
        {"name": "n", "label": "Nombre d’arbres", "type": "int"},
        {"name": "essence", "label": "Essence", "type": "text"},
    ]
    assert card_from({"fields": fields}, "fiche.json")["overrides"] == {
        "n": {"type": "int", "place": 1},
        "Nombre d’arbres": {"type": "int", "place": 1, "name": "n"},
        "essence": {"type": "text", "place": 2},
    }


def test_whoever_chose_facets_is_proposed_no_other():
    chosen = [
        {"name": "commune", "annotations": {"facet": []}},
        {"name": "annee", "annotations": {}},
        {"name": "nom"},
    ]
    overrides = card_from({"fields": chosen}, "fiche.json")["overrides"]
    assert [overrides[name].get("annotations") for name in ("commune", "annee", "nom")] == [
        None,
        {"facet": False},
        None,
    ]
    refused = [{"name": "annee", "annotations": {"facet": False}}]
    card = card_from({"fields": refused}, "fiche.json")
    assert card["overrides"]["annee"]["annotations"] == {"facet": False}
    assert "annotations" not in card["fields"]["annee"]


@pytest.mark.parametrize(
    ("word", "slug"),
    [("Annuelle", "annual"), ("Temps réel", "continuous"), ("Mensuel", "monthly"), ("Selon la lune", None)],
)
def test_a_frequency_is_known_by_the_words_of_portals_and_kept_in_them(word, slug):
    card = card_from({"metas": {"default": {"update_frequency": word}}}, "fiche.json")
    assert card.get("frequency") == slug
    assert card["as_told"]["default"] == {"update_frequency": word, "frequency_slug": slug or "unknown"}


@pytest.mark.parametrize(
    ("licence", "slug"),
    [
        ("CC BY 4.0", "cc-by-4.0"),
        ("Creative Commons Attribution 4.0 International", "cc-by-4.0"),
        ("Open Database", "odbl"),
    ],
)
def test_a_licence_is_known_by_its_usual_names(licence, slug):
    assert card_from({"metas": {"default": {"license": licence}}}, "fiche.json")["licence"] == slug


@pytest.mark.parametrize("words", ["CC BY-NC 4.0", "Tous droits réservés", "Licence mobilités"])
def test_a_licence_that_is_none_of_the_list_is_told_in_its_own_words(words):
    metadata = {"license": words, "license_url": "https://exemple.fr/licence"}
    card = card_from({"metas": {"default": metadata}}, "fiche.json")
    assert card["licence"] == "other"
    shown = Dataset(licence="other", as_told=card["as_told"]).licence_shown
    assert (shown.name, shown.url) == (words, "https://exemple.fr/licence")


def test_an_address_of_a_licence_that_is_no_page_is_not_made_a_link():
    card = card_from({"metas": {"default": {"license_url": "javascript:alert(1)"}}}, "fiche.json")
    assert Dataset(licence="other", as_told=card["as_told"]).licence_shown.url == ""


def test_a_label_that_looks_like_another_name_leads_to_its_own():
    fields = [
        {"name": "year", "label": "Année", "type": "int"},
        {"name": "annee", "label": "Millésime", "type": "date"},
    ]
    overrides = card_from({"fields": fields}, "fiche.json")["overrides"]
    assert overrides["Année"] == {"type": "int", "place": 1, "name": "year"}
    twins = [{"name": "a", "label": "Nom", "type": "int"}, {"name": "b", "label": "Nom", "type": "date"}]
    assert set(card_from({"fields": twins}, "fiche.json")["overrides"]) == {"a", "b"}


def test_dates_that_people_set_elsewhere_are_kept_as_instants():
    default = {"modified": "2024-05-06T07:08:09+02:00", "modified_updates_on_data_change": False, "federated": True}
    dcat = {"created": "2020-01-01", "issued": "2020-01-02T03:04:05Z"}
    assert card_from({"metas": {"default": default, "dcat": dcat}}, "fiche.json")["as_told"] == {
        "default": {"modified": "2024-05-06T07:08:09+02:00", "modified_updates_on_data_change": False},
        "dcat": {"created": "2020-01-01T00:00:00+00:00", "issued": "2020-01-02T03:04:05+00:00"},
    }


@pytest.mark.parametrize(("template", "name"), [("default", "modified"), ("dcat", "created"), ("dcat", "issued")])
def test_a_date_that_is_none_is_told(template, name):
    with pytest.raises(BadSidecar, match="hier"):
        card_from({"metas": {template: {name: "hier"}}}, "fiche.json")


def test_where_the_dataset_came_from_is_kept():
    metadata = {
        "source_domain": "exemple",
        "source_dataset": "arbres",
        "parent_domain": "",
        "metadata_languages": ["fr", "en"],
    }
    actual = card_from({"metas": {"default": metadata}}, "fiche.json")["as_told"]["default"]
    assert actual == {"source_domain": "exemple", "source_dataset": "arbres", "metadata_languages": ["fr", "en"]}


def test_what_was_restricted_elsewhere_is_not_opened_here():
    assert card_from({"visibility": "restricted"}, "fiche.json") == {"access": "restricted"}
    assert card_from({"visibility": "domain"}, "fiche.json") == {}


@pytest.mark.parametrize(
    ("identifier", "uid"),
    [("da_wnys12", "da_wnys12"), ("da_../../x", ""), ("da_WNYS12", ""), ("da_wnys123", ""), (3, "")],
)
def test_an_internal_identifier_is_taken_only_in_its_own_form(identifier, uid):
    assert uid_in({"dataset_uid": identifier}) == uid


def test_a_sidecar_brings_its_card_in_other_languages():
    english = {"title": "Trees", "fields": {"nom": {"label": "Name"}}}
    card = card_from({"metas": {"default": {"title": "Arbres"}}, "translations": {"en": english}}, "fiche.json")
    assert card["translations"] == {"en": english}
    assert "translations" not in card_from({"metas": {"default": {"title": "Arbres"}}}, "fiche.json")
    with pytest.raises(BadTranslation, match="anglais"):
        card_from({"metas": {}, "translations": {"anglais": english}}, "fiche.json")
