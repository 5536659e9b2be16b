"""The back office in a real browser: by keyboard alone, without a violation of accessibility or of the content policy."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Import
from parvis.hub.notifications.deliveries import announce
from parvis.hub.notifications.models import Delivery
from parvis.hub.notifications.webhooks import create_webhook
from parvis.hub.pages.factories import site_of_tests
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.services import join

from .test_assistant import BIKES, deposit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def finish_work(page, work, address: str) -> None:
    """Let the background work end, then wait for the page to go on by itself."""
    work()
    page.wait_for_url(f"**{address}")


STANDS = "code_insee;Nom;Places;Posé le;Repère\n" + "".join(
    f"{91228 + rank % 3};Arceau {rank};{rank % 11 + 2 if rank else 'à compter'};{rank % 27 + 1:02}/03/2024;48.{600 + rank}, 2.{400 + rank}\n"
    for rank in range(30)
)
"""Thirty stands in three communes; somebody wrote a word in place of a number."""

WATCHED = """form => !!window.wagtail.app
    .getControllerForElementAndIdentifier(document.querySelector(form), "w-unsaved")?.initialFormData"""


def test_a_page_about_bicycle_stands_is_made_from_a_file_by_keyboard_alone(page, axe, work, town, tmp_path):
    join(OPERATOR, town.steward, site_of_tests(), Duty.PUBLISH)
    path = tmp_path / "arceaux_velos.csv"
    path.write_bytes(STANDS.encode("cp1252"))
    faults = {}

    page.goto(reverse("backoffice:deposit"))
    faults["1"] = axe(page)
    page.set_input_files("#id_file", path)  # the system's own file dialog cannot be driven
    page.focus("#id_file")
    press(page, "button[type=submit]:not(.bo-default)")
    page.wait_for_url("**/attente/")
    faults["wait"] = axe(page)
    imported = Import.objects.get()
    assert imported.deposit.is_whole
    finish_work(page, work, reverse("backoffice:import_reading", args=[imported.pk]))

    faults["2"] = axe(page)
    expect(page.get_by_role("cell", name="Arceau 4")).to_be_visible()
    press(page, "button[name=continuer]")
    page.wait_for_url("**/colonnes/")

    faults["3"] = axe(page)
    tab_to(page, "#id_places-reading")
    page.keyboard.type("nombre entier")
    press(page, "button[name=continuer]:not(.bo-default)")
    page.wait_for_url("**/attente/?vers=colonnes")
    finish_work(page, work, reverse("backoffice:import_columns", args=[imported.pk]))
    expect(page.get_by_role("heading", name="1 valeur inattendue")).to_be_visible()
    faults["3, misfits"] = axe(page)
    tab_to(page, "input[name=policy]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press(page, "button[name=continuer]:not(.bo-default)")
    page.wait_for_url("**/fiche/")  # nothing looks personal: that step is passed by

    faults["4"] = axe(page)
    tab_to(page, "#id_description")
    page.keyboard.type("Les arceaux posés par le service mobilité, relevés au printemps.")
    press(page, "form.bo-form p.bo-actions button[type=submit]")
    page.wait_for_url("**/attente/")
    finish_work(page, work, reverse("backoffice:import_publish", args=[imported.pk]))

    faults["5"] = axe(page)
    press(page, "button[name=publier]")
    page.wait_for_url("**/admin/jeux/*/")
    dataset = Dataset.objects.get()
    assert dataset.status == "published"
    assert dataset.current.nulled == 1
    page.go_back()
    expect(page.get_by_role("heading", name="C’est en ligne")).to_be_visible()
    page.go_forward()

    press(page, ".bo-menu > summary")  # « Montrer ces données »
    press(page, "form[action$='/page/'] button")  # « Commencer une page »
    page.wait_for_url("**/edit/")
    page.locator("[name=body-count]").wait_for(state="attached")
    faults["page"] = axe(page)
    # Wagtail begins to look for changes two seconds after the form is there: what is written before is not saved by itself
    page.wait_for_function(WATCHED, arg="[data-controller~=w-unsaved]")
    tab_to(page, "#id_introduction")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")):
        page.keyboard.type("Où garer son vélo.")  # saved by itself a moment later, which publishing must not mind
    press(page, "footer .w-dropdown__toggle", "Shift+Tab")
    press(page, "[name=action-publish]")
    page.get_by_role("heading", name="« Arceaux velos » est en ligne").wait_for()
    faults["online"] = axe(page)
    press(page, ".bo-page a.button[href*='/pages/arceaux-velos/']")
    page.wait_for_url("**/pages/arceaux-velos/")
    expect(page.locator("figure.chart, figure.atlas, .key-figures dd")).to_have_count(4)  # a chart, a map, two figures
    faults["read"] = axe(page)

    tab_to(page, ".filter-bar select")
    page.keyboard.press("ArrowDown")
    press(page, ".filter-bar button")
    page.wait_for_url("**/?commune=*")
    tab_to(page, ".key-figures a.trail")
    page.get_by_text("Voir les lignes").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/dataset/arceaux-velos/table/**")
    expect(page.get_by_role("heading", name="ligne")).to_have_count(1)
    assert {step: found for step, found in faults.items() if found} == {}


PAGES = {
    "home": "/admin/",
    "datasets": "/admin/jeux/",
    "card": "/admin/jeux/bancs/",
    "access": "/admin/jeux/bancs/acces/",
    "attachments": "/admin/jeux/bancs/pieces/",
    "history": "/admin/jeux/bancs/historique/",
    "state": "/admin/jeux/bancs/etat/retirer/",
    "imports": "/admin/depots/",
    "organisations": "/admin/organisations/",
    "journal": "/admin/journal/",
    "settings": "/admin/account/",
    "password": "/compte/password/change/",
    "keys": "/compte/cles/",
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_accessible_and_fits_a_small_screen(page, axe, town, name):
    make_dataset(town.organisation, title="Bancs publics", dataset_id="bancs", frequency="daily")
    page.goto(PAGES[name])
    expect(page.locator("main :is(h1, h2)").first).to_be_visible()
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(page) == []


LIBRARY = ("/admin/graphiques/", "/admin/jeux/?access=public", "/admin/images/add/", "/admin/documents/multiple/add/")


def test_the_pages_for_administrators_are_accessible(page, axe, town, live_server):
    site_of_tests()
    session = client_of(town.superuser).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    members = reverse("organisations_admin:members", args=[town.organisation.slug])
    person = reverse("persons_admin:edit", args=[town.contributor.pk])
    make_dataset(town.organisation, title="Bancs publics")
    for address in ("/admin/personnes/", "/admin/personnes/inviter/", members, person, "/admin/", *LIBRARY):
        page.goto(address)
        assert axe(page) == [], address


def test_the_assistant_works_without_javascript(chromium, live_server, town, work):
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR", base_url=live_server.url)
    client = client_of(town.steward)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Déposer un fichier").click()
    page.set_input_files("#id_file", {"name": "arceaux.csv", "mimeType": "text/csv", "buffer": BIKES})
    page.get_by_role("button", name="Déposer").click()
    page.wait_for_url("**/attente/")
    work()
    page.wait_for_url("**/lecture/")  # by itself, through the refresh of the page
    page.get_by_role("button", name="Lecture correcte, continuer").click()
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/fiche/")  # nothing looks personal: that step is passed by
    expect(page.get_by_label("Titre")).to_have_value("Arceaux")
    context.close()


def test_no_empty_bar_covers_a_page_without_javascript(chromium, live_server, town):
    size = {"width": 320, "height": 800}
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR", base_url=live_server.url, viewport=size)
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/admin/")
    expect(page.get_by_role("navigation", name="Navigation principale")).to_be_visible()
    expect(page.locator("#wagtail-sidebar")).to_be_hidden()
    context.close()


def test_a_closed_browser_loses_nothing(page, work, town, chromium, live_server):
    client = client_of(town.steward)
    deposit(client)
    work()
    imported = Import.objects.get()
    page.goto("/admin/")
    page.get_by_role("link", name="arceaux_velos.csv").first.click()
    page.wait_for_url(f"**{reverse('backoffice:import_reading', args=[imported.pk])}")


def test_the_pages_of_webhooks_are_accessible_and_fit_a_small_screen(page, axe, town, live_server):
    session = client_of(town.administrator).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    address = f"https://agenda.exemple.fr/{'tres-long-' * 12}"
    webhook, _secret = create_webhook(
        actor_of(town.administrator), town.organisation, name="Agenda", url=address, events=["dataset.published"]
    )
    announce("dataset.published", town.organisation.pk, "dataset", "a", "A", address, version="v1")
    delivery = Delivery.objects.get()
    home = f"/admin/webhooks/{webhook.pk}/"
    for shown in (
        "/admin/webhooks/",
        "/admin/webhooks/-/nouveau/",
        home,
        f"{home}envois/",
        f"{home}envois/{delivery.pk}/",
    ):
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(shown)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, shown
            assert axe(page) == [], (shown, width)
    page.goto(home)
    page.get_by_text("Changer le secret").click()
    page.get_by_role("button", name="Faire un nouveau secret").click()
    expect(page.locator("#secret")).to_contain_text("whsec_")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(page) == []
