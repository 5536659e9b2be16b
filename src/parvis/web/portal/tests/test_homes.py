"""The layouts of homes: with nothing yet, with everything, and with what a site puts forward."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision, unpublish, update_card
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.models import SiteHome
from parvis.hub.home.services import set_home
from parvis.hub.packs.filling import filling
from parvis.hub.pages.services import make_page
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


def home_of(client, layout: str, **values) -> str:
    """The home of the main site in that layout."""
    set_home(OPERATOR, main_site(), layout=layout, **values)
    answer = client.get("/")
    assert answer.status_code == 200
    return tight(answer.content.decode())


@pytest.fixture
def filled():
    """Three pages, two datasets, one of which is private."""
    pages = [make_page(OPERATOR, main_site(), slug, f"Page {slug}", []) for slug in ("un", "deux", "trois")]
    make_dataset(title="Arceaux", dataset_id="arceaux", themes=["transports"], featured=1)
    make_dataset(title="Secrets", dataset_id="secrets", access=Access.RESTRICTED, featured=2)
    bump_revision()
    return pages


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_home_without_anything_has_a_title_a_search_and_says_what_will_come(client, layout):
    html = home_of(client, layout)
    assert html.count("<h1") == 1
    assert html.count('role="search"') == 1
    assert "Aucun jeu de données n’est encore publié" in html
    assert " style=" not in html


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_home_leads_to_pages_and_to_what_is_new_and_hides_what_is_private(client, layout, filled):
    html = home_of(client, layout, title="Bienvenue", welcome="La ville en chiffres")
    assert "<h1>Bienvenue</h1>" in html
    assert "La ville en chiffres" in html
    assert all(f'href="/pages/{slug}/"' in html for slug in ("un", "deux", "trois"))
    assert "/explore/dataset/arceaux/information/" in html
    assert "Secrets" not in html


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_chosen_pages_come_first_in_their_order_and_leave_with_their_publication(client, layout, filled):
    forward = [("page", filled[2]), ("page", filled[0])]
    html = home_of(client, layout, forward=forward)
    assert 0 < html.index("/pages/trois/") < html.index("/pages/un/")
    assert "/pages/deux/" not in html
    filled[2].unpublish()
    html = tight(client.get("/").content.decode())
    assert "/pages/trois/" not in html
    assert "/pages/un/" in html


def test_chosen_datasets_take_the_place_of_the_featured_ones_but_for_those_who_may_not_see_them(client, filled):
    make_dataset(title="Menus", dataset_id="menus")
    bump_revision()
    html = home_of(client, "place", forward=[("dataset", "menus"), ("dataset", "secrets")])
    forward = html.split('aria-labelledby="une"')[1].split("</section>")[0]
    assert "Menus" in forward
    assert "Arceaux" not in forward
    assert "Secrets" not in html


def test_the_front_page_puts_a_dataset_first_while_there_is_no_page(client):
    make_dataset(title="Arceaux", dataset_id="arceaux", featured=1)
    bump_revision()
    assert "Le jeu de données du moment" in home_of(client, "une")


def test_what_everybody_sees_of_a_home_changes_at_the_next_request(client, filled, django_assert_max_num_queries):
    assert "Arceaux" in home_of(client, "place")
    with django_assert_max_num_queries(24):  # one for the thumbnails of all its pages, three for the drawing of France
        before = tight(client.get("/").content.decode())
    assert "Bornes" not in before
    dataset = Dataset.objects.get(dataset_id="arceaux")
    update_card(OPERATOR, dataset, {"title": "Bornes"})
    renamed = tight(client.get("/").content.decode())
    assert "Bornes" in renamed
    assert "Arceaux" not in renamed
    dataset.organisation.name = "La ville neuve"
    dataset.organisation.save()
    assert "La ville neuve" in client.get("/").content.decode()
    set_home(OPERATOR, main_site(), layout="place", title="Ici", forward=[])
    unpublish(OPERATOR, dataset)
    closed = tight(client.get("/").content.decode())
    assert "<h1>Ici</h1>" in closed
    assert "Bornes" not in closed


def test_what_an_agent_sees_of_a_home_is_never_given_to_others(client, filled):
    assert "Secrets" not in home_of(client, "place")
    client.force_login(make_person(is_superuser=True))
    assert "Secrets" in client.get("/").content.decode()
    client.logout()
    assert "Secrets" not in client.get("/").content.decode()


def test_a_layout_that_no_longer_exists_gives_the_first_one(client):
    SiteHome.objects.update_or_create(site=main_site(), defaults={"layout": "disparue"})
    assert 'class="hero"' in client.get("/").content.decode()


def test_a_page_of_another_site_cannot_be_put_forward(filled):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site())
    with pytest.raises(ValidationError, match="n’est pas une page de ce site"):
        set_home(OPERATOR, site, forward=[("page", filled[0])])


def test_each_site_has_a_home_of_its_own(client, filled):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")
    set_home(OPERATOR, site, layout="accueil")
    html = tight(client.get("/lieusaint/").content.decode())
    assert 'class="doors"' in html
    assert "/pages/un/" not in html
    assert 'href="/lieusaint/sql/"' in html
    assert 'class="hero"' in client.get("/").content.decode()


def test_only_those_who_administer_the_site_change_its_home():
    town = make_organisation()
    SiteFace.objects.create(site=main_site(), organisation=town)
    for actor in (ANONYMOUS, actor_of(make_member(town, Role.STEWARD))):
        with pytest.raises(Forbidden):
            set_home(actor, main_site(), layout="une")
    set_home(actor_of(make_member(town, Role.ADMINISTRATOR)), main_site(), layout="une")
    assert SiteHome.objects.get().layout == "une"


def test_pages_are_shown_in_one_list_and_by_theme_on_demand(client, filled):
    make_page(OPERATOR, main_site(), "velo", "Vélo", [], theme="transports")
    make_page(OPERATOR, main_site(), "eau", "Eau", [], theme="environnement")
    html = tight(client.get("/pages/").content.decode())
    assert html.count('class="page-card"') == 5
    assert '<a class="tag" href="/pages/?theme=transports">' in html
    html = tight(client.get("/pages/?theme=transports").content.decode())
    assert html.count('class="page-card"') == 1
    assert 'href="/pages/?theme=transports" aria-current="true"' in html
    assert "Aucune page sur ce thème" in client.get("/pages/?theme=energie").content.decode()
    assert tight(client.get("/pages/?theme=n'importe").content.decode()).count('class="page-card"') == 5


def test_a_communes_home_tells_no_number_of_rows_until_all_are_counted(client):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")
    counted, waiting = make_dataset(dataset_id="un"), make_dataset(dataset_id="deux")
    counted.current.rows_by_commune = {"commune:77251": 1}
    counted.current.save()
    bump_revision()
    assert "de données</dt>" not in tight(client.get("/lieusaint/").content.decode()).replace(
        "jeux de données</dt>", ""
    )
    waiting.current.rows_by_commune = {"commune:77251": 0, "commune:91228": 4}
    waiting.current.save()
    bump_revision()
    assert "ligne de données</dt>" in tight(client.get("/lieusaint/").content.decode())


def test_while_the_portal_is_filled_its_home_says_how_far_it_is_and_shows_what_came(client, filled):
    filling.tell(12, 49)
    try:
        html = tight(client.get("/").content.decode())
        assert "12 jeux de données sur 49" in html and 'value="24"' in html
        assert '<meta http-equiv="refresh" content="3">' in html
        assert "Arceaux" in html and "Secrets" not in html
        filling.tell(49, 49)
        assert "Les jeux de données sont là" in client.get("/").content.decode()
    finally:
        filling.end()
    assert "refresh" not in client.get("/").content.decode()
