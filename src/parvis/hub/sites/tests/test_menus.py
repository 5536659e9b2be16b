"""The menus of a site: what the portal has, or what was chosen; the present page is told."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.pages.services import make_page
from parvis.hub.sites.blocks import AddressBlock
from parvis.hub.sites.menu_targets import rooms
from parvis.hub.sites.models import SiteFace, SiteMenus
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

ENTRY = re.compile(r'<li><a href="([^"]+)"(?: aria-current="(\w+)")?(?: rel="external")?>([^<]+)</a></li>')


def menus(client, address: str = "/", **headers) -> tuple[list, list]:
    """The entries of the header and of the footer of a page: address, mark, label."""
    html = tight(client.get(address, **headers).content.decode())
    header = html.split('class="site-nav"')[1].split("</nav>")[0]
    footer = html.split('class="site-foot-menu"')[1].split("</nav>")[0]
    return ENTRY.findall(header), ENTRY.findall(footer)


def set_menus(site=None, **values) -> SiteMenus:
    """Menus of the main site, saved as a form would."""
    site_menus = SiteMenus.for_site(site or main_site())
    for name, stream in values.items():
        setattr(site_menus, name, stream)
    site_menus.full_clean()
    site_menus.save()
    return site_menus


def test_without_a_choice_the_menus_lead_to_what_the_portal_has(client):
    header, footer = menus(client)
    assert [label for _address, _mark, label in header] == [
        "Explorer",
        "Consulter",
        "Contribuer",
        "Indicateurs",
        "Délibérations et actes",
        "Agenda",
        "Cartes",
        "Territoires",
        "Organisations",
    ]
    assert {"/graphiques/", "/api/explore/v2.1/catalog/datasets"} <= {address for address, _mark, _label in footer}


def test_every_room_of_the_menus_answers(client):
    for room in rooms().values():
        assert client.get(room.path()).status_code == 200, room.name


@pytest.mark.parametrize(
    ("address", "label", "mark"),
    [
        ("/explore/", "Explorer", "page"),
        ("/indicateurs/", "Indicateurs", "page"),
        ("/indicateurs/tableau/", "Indicateurs", "true"),
        ("/organisations/", "Organisations", "page"),
        ("/explore/?q=vélo", "Explorer", "page"),
        ("/qualite/", "Explorer", "true"),
        ("/inventaire/", "Explorer", "true"),
    ],
)
def test_the_present_page_is_told(client, address, label, mark):
    assert [(found, told) for _address, told, found in menus(client, address)[0] if told] == [(label, mark)]


def test_a_page_that_is_in_no_menu_of_the_header_marks_none_of_its_entries(client):
    assert not [told for _address, told, _label in menus(client, "/confidentialite/")[0] if told]


def test_chosen_entries_take_the_place_of_the_usual_ones_in_their_order(client):
    page = make_page(OPERATOR, main_site(), "velo", "Le vélo", [])
    set_menus(
        header=[
            ("link", {"label": "La ville", "address": "https://www.ville.example/"}),
            ("page", {"page": page, "label": ""}),
            ("room", {"room": "explore", "label": "Toutes les données"}),
            ("link", {"label": "La culture", "address": "/explore/?theme=culture"}),
        ]
    )
    assert menus(client, "/pages/velo/")[0] == [
        ("https://www.ville.example/", "", "La ville"),
        ("/pages/velo/", "page", "Le vélo"),
        ("/explore/", "", "Toutes les données"),
        ("/explore/?theme=culture", "", "La culture"),
    ]
    page.unpublish()
    assert "Le vélo" not in str(menus(client)[0])


def test_a_site_behind_a_prefix_keeps_its_links_behind_it_and_its_menus_to_itself(client):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")
    set_menus(site, header=[("room", {"room": "maps", "label": ""}), ("link", {"label": "SQL", "address": "/sql/"})])
    assert menus(client, "/lieusaint/cartes/")[0] == [
        ("/lieusaint/cartes/", "page", "Cartes"),
        ("/lieusaint/sql/", "", "SQL"),
    ]
    assert len(menus(client)[0]) == 9


def test_a_page_of_another_site_is_refused(client):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site(), prefix="lieusaint")
    page = make_page(OPERATOR, main_site(), "velo", "Le vélo", [])
    with pytest.raises(ValidationError, match="« Le vélo » n’est pas une page de ce site"):
        set_menus(site, footer=[("page", {"page": page, "label": ""})])


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("explore", "commence par une barre"),
        ("//ailleurs.example/", "commence par une barre"),
        ("javascript:alert(1)", "commence par https://"),
        ("https://", "commence par https://"),
        ("/nulle-part/", "adresse"),
        ("/pages/velo/", "Page du site"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_with_a_sentence(address, message):
    with pytest.raises(ValidationError, match=message):
        AddressBlock().clean(address)


@pytest.mark.parametrize("address", ["/explore/?theme=culture", "/", "https://www.exemple.fr/a"])
def test_an_address_that_leads_somewhere_is_kept(address):
    assert AddressBlock().clean(address) == address


def test_the_organisation_of_a_commune_keeps_its_site():
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    town = make_organisation("Lieusaint", territory=commune, kind="commune")
    make_organisation("Le club", territory=commune, kind="association")
    site = make_site(OPERATOR, commune, "lieusaint.exemple.fr", parent=main_site())
    assert SiteFace.for_site(site).organisation == town
