"""One search over everything: what a citizen types leads where they expect."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from parvis.core.text import fold
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.pages.factories import make_theme_page
from parvis.hub.search.everything import search_everything, suggestions
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


def make_territory(name: str, code: str, population: int, *, kind: str = "commune", **facts) -> Territory:
    return Territory.objects.create(kind=kind, code=code, name=name, folded=fold(name), population=population, **facts)


@pytest.fixture
def essonne() -> None:
    """The territories around a main site in Essonne, and their namesakes far away."""
    make_territory("Essonne", "91", 1_338_485, kind="departement", department="91", region="11")
    home = make_territory(
        "Grand Paris Sud Seine Essonne Sénart", "200059228", 346_826, kind="epci", department="91", region="11"
    )
    near = {"epci": "200059228", "department": "91", "region": "11"}
    make_territory("Évry-Courcouronnes", "91228", 66_919, postcodes=["91000", "91080"], **near)
    make_territory("Corbeil-Essonnes", "91174", 54_471, **near)
    make_territory("Grigny", "91286", 26_842, **near)
    make_territory("Évry", "89162", 402, department="89", region="27")
    make_territory("Grigny", "62387", 290, department="62", region="32")
    make_territory("Bus", "62189", 132, department="62", region="32")
    make_territory("Lyon", "69123", 519_127, department="69", region="84")
    make_territory("Fribre", "38000", 800, department="38", region="84")
    SiteFace.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"name": "Grand Paris Sud", "territory": home}
    )


def territories(words: str, **rest) -> list[str]:
    return [
        f"{hit.title} ({hit.slug})"
        for group in search_everything(ANONYMOUS, words, **rest)
        if group.kind.place == "territoires"
        for hit in group.hits
    ]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Évry", "Évry-Courcouronnes (91228)"),
        ("evry", "Évry-Courcouronnes (91228)"),
        ("91000", "Évry-Courcouronnes (91228)"),
        ("91228", "Évry-Courcouronnes (91228)"),
        ("Grigny", "Grigny (91286)"),
        ("grygny", "Grigny (91286)"),
        ("Essonne", "Essonne (91)"),
        ("corbeil essonnes", "Corbeil-Essonnes (91174)"),
        ("Lyon", "Lyon (69123)"),
        ("Bus", "Bus (62189)"),
    ],
)
def test_the_territory_that_is_meant_comes_first(essonne, words, first):
    assert territories(words)[0] == first


def test_a_small_commune_far_away_is_not_what_its_name_means(essonne):
    by_name = {
        words: next(group for group in search_everything(ANONYMOUS, words) if group.kind.place == "territoires")
        for words in ("Grigny", "Lyon", "Bus")
    }
    assert [group.is_exact for group in by_name.values()] == [True, True, False]


def test_a_word_that_something_has_is_not_taken_for_the_name_of_a_commune_like_it(essonne):
    make_dataset(title="Locaux raccordables à la fibre")
    assert territories("fibre") == []
    assert territories("fribr", typing=True) == ["Fribre (38000)"]


def test_other_words_for_the_same_thing_are_found_after_the_word_itself():
    make_dataset(title="Menus de la restauration scolaire", description="Par semaine.")
    make_dataset(title="Équipement des cantines", description="Par semaine.")
    assert _titles("cantine") == ["Équipement des cantines", "Menus de la restauration scolaire"]


def test_a_short_word_is_never_taken_for_another():
    make_dataset(title="Eaux écoulées", description="Par semaine.")
    assert _titles("école") == []


@pytest.mark.parametrize(
    ("plural", "singular"), [("vélos", "vélo"), ("menus", "menu"), ("abris", "abri"), ("agendas", "agenda")]
)
def test_plurals_and_singulars_are_one_word(plural, singular):
    make_dataset(title=f"Comptage des {plural}", description="Par semaine.")
    make_dataset(title=f"Un {singular} par habitant", description="Par semaine.")
    assert (
        sorted(_titles(singular))
        == sorted(_titles(plural))
        == sorted([f"Comptage des {plural}", f"Un {singular} par habitant"])
    )


def test_each_kind_is_found_and_the_ways_to_their_lists_are_given(essonne):
    town = make_organisation("Syndicat des fontaines")
    make_dataset(town, title="Fontaines à boire")
    make_theme_page(title="Où boire ? Les fontaines")
    groups = {group.kind.name: group for group in search_everything(ANONYMOUS, "fontaines")}
    assert list(groups) == ["dataset", "page", "organisation"]
    assert groups["dataset"].page.address == "/explore/?q=fontaines"
    assert groups["organisation"].hits[0].title == "Syndicat des fontaines"


def test_an_organisation_that_publishes_nothing_to_the_reader_is_not_found():
    town = make_organisation("Syndicat des fontaines")
    assert _titles("fontaines") == []
    make_dataset(town, title="Relevés", access=Access.INTERNAL, description="Interne.")
    assert _titles("fontaines") == []


def test_suggestions_are_few_and_of_several_kinds(essonne):
    for rank in range(12):
        make_dataset(title=f"Grilles de fontaines {rank}")
    make_theme_page(title="Les fontaines")
    rows = [(kind.name, hit.title) for kind, hit in suggestions(ANONYMOUS, "fontai")]
    assert len(rows) == 8
    assert ("page", "Les fontaines") in rows


def test_the_commune_that_is_being_named_is_suggested_first(essonne):
    for rank in range(12):
        make_dataset(title=f"Écoles de Grigny {rank}")
    titles = [hit.title for _kind, hit in suggestions(ANONYMOUS, "grign")]
    assert titles[0] == "Grigny"
    assert suggestions(ANONYMOUS, "grign")[0][1].is_near
    assert "Écoles de Grigny 11" in titles
    assert next(hit.title for _kind, hit in suggestions(ANONYMOUS, "ecol")).startswith("Écoles")


def _titles(words: str) -> list[str]:
    """Of all that was made here: the portal's own services are found by words of theirs, whatever is in the catalogue."""
    groups = [group for group in search_everything(ANONYMOUS, words) if group.kind.name != "portalservice"]
    return [hit.title for group in groups for hit in group.hits]
