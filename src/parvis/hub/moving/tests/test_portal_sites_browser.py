"""The screen that makes a site of a child portal, in a real browser: accessible, narrow and wide, and without scripts; and at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from playwright.sync_api import expect
from wagtail.models import Locale, Page, Site

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.harvesting.models import Source
from parvis.hub.moving.models import Part
from parvis.hub.moving.portal_sites import make_portal_site
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def part(home, town):
    """A child portal with a dataset that would be shown, and two that would not."""
    # Earlier tests with a live server have emptied every table.
    Locale.objects.get_or_create(language_code="fr")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Racine", slug="racine")
    if not Site.objects.filter(is_default_site=True).exists():
        main = root.add_child(instance=Page(title="Accueil", slug="accueil"))
        Site.objects.create(is_default_site=True, hostname="localhost", root_page=main)
    for code, name in (("77251", "Lieusaint"), ("91228", "Évry-Courcouronnes")):
        Territory.objects.create(kind="commune", code=code, name=name, folded=name.lower())
    other = make_organisation("Évry", kind="commune", territory=Territory.objects.get(code="91228"))
    make_dataset(town.organisation, dataset_id="velos", title="Vélos", territories=["commune:77251"])
    make_dataset(town.organisation, dataset_id="arbres", title="Arbres " * 12, territories=["commune:91228"])
    make_dataset(other, dataset_id="piscines", title="Piscines")
    source = Source.objects.create(slug="s", title="Le portail", organisation=town.organisation, url="https://x.fr")
    facts = {"datasets": ["velos", "arbres", "piscines"]}
    host = "donnees-" + "x" * 50 + ".exemple.fr"
    return Part.objects.create(source=source, kind="portals", identifier=host, title="Un portail", facts=facts)


@pytest.mark.browser
def test_the_site_of_a_child_portal_is_made_without_scripts_on_an_accessible_page(
    part, chromium, live_server, town, axe
):
    session = client_of(town.superuser).cookies["sessionid"].value
    address = f"{live_server.url}/admin/emmenagement/s/portail/{part.pk}/"
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    context.add_cookies([cookie])
    plain = context.new_page()
    plain.goto(address)
    plain.fill("[name=territory]", "77251")
    plain.fill("[name=prefix]", "lieusaint")
    plain.click("[name=voir]")
    plain.check("[name=jeu]")
    plain.click("main form.bo-form [type=submit]:not([name])")
    expect(plain.locator("main")).to_contain_text("Le site est fait")
    assert SiteFace.objects.get(prefix="lieusaint").territory.code == "77251"
    context.close()

    context = chromium.new_context(locale="fr-FR")
    context.add_cookies([cookie])
    page = context.new_page()
    Part.objects.create(source=part.source, kind="portals", identifier="autre.fr", facts=part.facts)
    other = f"{live_server.url}/admin/emmenagement/s/portail/{Part.objects.latest('pk').pk}/"
    for place in (f"{live_server.url}/admin/emmenagement/s/?partie=portals", address, other):
        for width, scheme in ((1280, "light"), (360, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.goto(place).status == 200
            page.evaluate("document.querySelectorAll('main details').forEach(row => { row.open = true })")
            assert axe(page) == [], (place, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (place, width)
    context.close()


def test_two_who_press_at_once_make_one_site(part):
    territory = Territory.objects.get(code="77251")

    def press() -> str:
        try:
            return make_portal_site(
                OPERATOR, part, territory, name="Un site", hostname="a.exemple.fr", prefix="a"
            ).target
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        targets = {press.result() for press in [pool.submit(press) for _time in range(4)]}
    assert len(targets) == 1
    assert SiteFace.objects.filter(territory=territory).count() == 1
