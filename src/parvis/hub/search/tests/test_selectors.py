"""What a search finds, in what order, for whom."""

from __future__ import annotations

import pytest

from parvis.core.text import fold
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import factories
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision, unpublish, update_card
from parvis.hub.maps.factories import make_trees
from parvis.hub.search.rules import SearchRequest
from parvis.hub.search.selectors import search
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


def make_dataset(organisation=None, **card):
    """A dataset whose description has none of the words that these tests look for."""
    return factories.make_dataset(organisation, **{"description": "Relevé chaque année par un agent.", **card})


def _titles(text: str = "", actor=ANONYMOUS, **rest) -> list[str]:
    bump_revision()
    return [dataset.title for dataset in search(actor, SearchRequest(text, **rest)).datasets]


@pytest.mark.parametrize(
    "question",
    ["mobilité", "mobilites", "MOBILITÉS", "la mobilité", "mobilite"],
)
def test_accents_case_plurals_and_little_words_do_not_count(question):
    make_dataset(title="Plan des mobilités")
    make_dataset(title="Budget primitif")
    assert _titles(question) == ["Plan des mobilités"]


def test_a_ligature_is_found_by_its_letters():
    make_dataset(title="Œuvres d’art dans l’espace public")
    assert _titles("oeuvre") == _titles("œuvres") == ["Œuvres d’art dans l’espace public"]


@pytest.mark.parametrize("question", ["bibliotheqe", "biblothèque", "bibliotèque", "bibliothéques"])
def test_a_slip_of_the_finger_is_forgiven(question):
    make_dataset(title="Prêts des bibliothèques")
    assert _titles(question) == ["Prêts des bibliothèques"]


def test_a_word_that_exists_is_not_blurred():
    make_dataset(title="Gares")
    make_dataset(title="Garages")
    assert _titles("gares budget") == ["Gares"]


def test_the_last_word_may_be_only_begun():
    make_dataset(title="Défibrillateurs")
    assert _titles("défib") == ["Défibrillateurs"]


def test_keywords_organisation_and_columns_are_searched():
    make_dataset(make_organisation("Syndicat des eaux"), title="Relevés", keywords=["nappe phréatique"])
    make_trees([(2.4, 48.6), (2.5, 48.7)], title="Patrimoine arboré")
    assert _titles("nappes") == _titles("syndicat eaux") == ["Relevés"]
    assert _titles("espèce") == ["Patrimoine arboré"]


def test_the_datasets_of_a_commune_named_exactly_come_first():
    for code, name in (("91228", "Évry-Courcouronnes"), ("77296", "Moissy-Cramayel")):
        Territory.objects.create(kind="commune", code=code, name=name, folded=fold(name))
    make_dataset(title="Évry-Courcouronnes, Évry-Courcouronnes : plan général", territories=["commune:77296"])
    make_dataset(title="Cantines", territories=["commune:91228"])
    assert _titles("evry-courcouronnes")[0] == "Cantines"


def test_when_no_dataset_has_every_word_those_with_some_are_shown_and_it_is_said():
    make_dataset(title="Arceaux à vélos")
    bump_revision()
    result = search(ANONYMOUS, SearchRequest("vélos intergalactiques"))
    assert [dataset.title for dataset in result.datasets] == ["Arceaux à vélos"]
    assert result.every_word is False


def test_nothing_is_found_where_nothing_is_like_it():
    make_dataset(title="Arceaux à vélos")
    assert _titles("xylophone") == []


def test_results_respect_rights():
    owner = make_organisation("Ville")
    make_dataset(owner, title="Rapport interne", access=Access.INTERNAL)
    make_dataset(owner, title="Rapport en brouillon", status=Status.DRAFT)
    member = actor_of(make_member(owner, Role.READER))
    assert _titles("rapport") == []
    assert _titles("rapport", actor=member) == ["Rapport interne"]


def test_facets_never_count_what_the_reader_may_not_see():
    make_dataset(title="Ouvert", themes=["transports"])
    make_dataset(title="Fermé", themes=["sante"], access=Access.INTERNAL)
    bump_revision()
    themes = search(ANONYMOUS, SearchRequest()).facets["theme"]
    assert [(row.slug, row.count) for row in themes] == [("transports", 1)]


def test_a_facet_counts_what_its_other_values_would_add():
    make_dataset(title="Bus", themes=["transports"], keywords=["ligne"])
    make_dataset(title="Menus", themes=["education"], keywords=["ligne"])
    make_dataset(title="Écoles", themes=["education"])
    bump_revision()
    result = search(ANONYMOUS, SearchRequest(filters={"theme": ("transports",)}))
    assert [dataset.title for dataset in result.datasets] == ["Bus"]
    assert {row.slug: (row.count, row.active) for row in result.facets["theme"]} == {
        "transports": (1, True),
        "education": (2, False),
    }
    assert [(row.slug, row.count) for row in result.facets["mot-cle"]] == [("ligne", 1)]


def test_two_values_of_a_facet_widen_and_two_facets_narrow():
    make_dataset(title="Bus", themes=["transports"], keywords=["ligne"])
    make_dataset(title="Menus", themes=["education"], keywords=["ligne"])
    make_dataset(title="Écoles", themes=["education"])
    assert set(_titles(filters={"theme": ("transports", "education")})) == {"Bus", "Menus", "Écoles"}
    assert _titles(filters={"theme": ("education",), "mot-cle": ("ligne",)}) == ["Menus"]


def test_results_are_sorted_and_paged():
    for title in ("Zones", "Arbres", "Écoles"):
        make_dataset(title=title)
    assert _titles(sort="titre") == ["Arbres", "Écoles", "Zones"]
    assert _titles(sort="titre", page=2, page_size=2) == ["Zones"]


def test_the_index_follows_the_catalogue():
    dataset = make_dataset(title="Arceaux à vélos")
    assert _titles("vélo") == ["Arceaux à vélos"]
    update_card(OPERATOR, dataset, {"title": "Bancs publics"})
    assert [d.title for d in search(ANONYMOUS, SearchRequest("banc")).datasets] == ["Bancs publics"]
    unpublish(OPERATOR, dataset)
    assert search(ANONYMOUS, SearchRequest("banc")).total == 0


def test_hostile_questions_find_nothing_and_break_nothing():
    make_dataset(title="Arceaux à vélos")
    for text in ('"', "AND OR NOT (", "title:[* TO *]", "a" * 5000, "\x00\u202e", "*", "+-&|!(){}[]^~?:\\/"):
        assert _titles(text) == []


def test_a_search_costs_few_queries(django_assert_max_num_queries):
    for rank in range(30):
        make_dataset(title=f"Jeu {rank}")
    search(ANONYMOUS, SearchRequest("jeu"))
    with django_assert_max_num_queries(7):
        list(search(ANONYMOUS, SearchRequest("jeu")).datasets)
