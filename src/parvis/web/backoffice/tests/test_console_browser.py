"""Every screen that the menu leads to, and every form behind it: what it starts leaves the console of a browser empty."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Import
from parvis.hub.pages.factories import site_of_tests
from parvis.hub.pages.services import folder_of
from parvis.web.backoffice.datasets.pages import TABS

from .test_assistant import deposit, describe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHOUT_FORM = ("/admin/images/", "/admin/documents/", "/admin/sites/")
_SCRIPT = re.compile(r"<script(?![^>]*(?:\bsrc=|application/(?:ld\+)?json|text/(?:x-)?template))[^>]*>")
_HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+=", re.IGNORECASE)
_STARTED = re.compile(
    r'<script[^>]*\bsrc="([^"?]+)|\bdata-(?:controller|block|parvis)="([^"]+)"|\s(data-[a-z-]+)[=\s>]'
)


def signed_in(page, person, live_server):
    """The same browser, for another person."""
    session = client_of(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def started_by(client, address: str) -> set[str]:
    """The scripts of a screen, and what they find in it to start; the screen has no script that the policy stops."""
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    body = answer.content.decode()
    assert not _SCRIPT.findall(body), address
    assert not _HANDLER.findall(body), address
    return {name for groups in _STARTED.findall(body) for name in groups if name}


def fewest(started: dict[str, set[str]]) -> list[str]:
    """Screens enough to start all that any of them starts."""
    left, screens = set().union(*started.values()), []
    while left:
        screens.append(max(started, key=lambda address: len(started[address] & left)))
        left -= started[screens[-1]]
    return screens


def visit(page, addresses, town, live_server):
    """Read each, and open those that start something more than the others."""
    client = client_of(town.superuser)
    screens = fewest({address: started_by(client, address) for address in addresses})
    signed_in(page, town.superuser, live_server)
    for address in screens:
        answer = page.goto(address)
        assert answer.status == 200, address
        expect(page.locator("main h1, main h2").first).to_be_attached()


def addresses_of_the_menu(person) -> list[str]:
    """What the menu leads to, read where there are no scripts."""
    home = client_of(person).get("/admin/").content.decode()
    menu = home[home.index("bo-plain-nav") :]
    return re.findall(r'<a href="(/admin/[^"]+)"', menu[: menu.index("</nav>")])


def test_no_screen_of_the_back_office_writes_to_the_console(page, work, town, live_server):
    # The page itself fails the test for anything that its console says, an inline script that the policy stops above all.
    site = site_of_tests()
    client = client_of(town.superuser)
    deposit(client, b"code_insee,nom\n91228,Gare\n91228,Agora\n", "bancs.csv")
    work()
    imported = Import.objects.get()
    steps = [
        reverse(f"backoffice:import_{name}", args=[imported.pk])
        for name in ("reading", "schema", "columns", "personal", "card")
    ]
    visit(page, steps, town, live_server)
    describe(client, imported, town)
    work()
    dataset = Dataset.objects.get()
    lists = addresses_of_the_menu(town.superuser)
    assert len(lists) > 20
    forms = [
        answer.url
        for answer in (
            client_of(town.superuser).get(f"{address}add/") for address in lists if address not in WITHOUT_FORM
        )
        if answer.status_code in (301, 302)
    ]
    tabs = [reverse(f"backoffice:{name}", args=[dataset.dataset_id]) for name, _label in TABS]
    folder = folder_of(site).pk
    others = [
        "/admin/agenda/add/",
        "/admin/seances/add/",
        "/admin/images/add/",
        "/admin/documents/multiple/add/",
        f"/admin/pages/add/parvis_pages/themepage/{folder}/",
        f"/admin/pages/{folder}/edit/",
        "/admin/organisations/-/nouvelle/",
        "/admin/personnes/inviter/",
    ]
    publication = reverse("backoffice:import_publish", args=[imported.pk])
    visit(page, [*lists, *forms, *tabs, *others, publication], town, live_server)


def test_widgets_of_wagtail_are_started_without_inline_scripts(page, town, live_server):
    site_of_tests()
    signed_in(page, town.superuser, live_server)
    page.goto("/admin/seances/add/")
    page.locator("#id_held_on").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#id_items-TOTAL_FORMS")).to_have_value("0")
    page.locator("#id_items-ADD").click()  # a child of a panel
    expect(page.locator("#id_items-TOTAL_FORMS")).to_have_value("1")
    page.goto("/admin/organisations/-/nouvelle/")
    page.get_by_role("button", name="Choisir une image").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_one_of_many_organisations_is_chosen_by_typing_and_none_beforehand(page, axe, work, town, live_server):
    for rank in range(12):
        make_organisation(f"Commune n° {rank}")
    make_organisation("Saint-Étienne Métropole", slug="saint-etienne")
    signed_in(page, town.superuser, live_server)
    client = client_of(town.superuser)
    deposit(client)
    work()
    page.goto("/admin/depots/")
    page.get_by_role("link", name="arceaux_velos.csv").click()
    page.goto(re.sub(r"/lecture/$", "/fiche/", page.url))
    field = page.get_by_role("combobox", name="Organisation", exact=False).first
    expect(field).to_have_value("")
    field.fill("saint-et")
    expect(page.get_by_role("listbox", name="Organisation").first.get_by_role("option")).to_have_text(
        ["Saint-Étienne Métropole"]
    )
    assert axe(page) == []
    field.press("Enter")
    expect(field).to_have_value("Saint-Étienne Métropole")
    expect(page.locator("select[name=organisation]")).to_have_value("saint-etienne")
    page.get_by_label("interne : les membres").check()
    several = page.get_by_role("combobox", name="Organisations (accès interne)")
    several.fill("n° 3")
    several.press("Enter")
    several.fill("n° 7")
    several.press("Enter")
    page.get_by_role("button", name="Retirer Commune n° 3").click()
    expect(page.locator("select[name=organisations]")).to_have_values([re.compile(r"\d+")])
    assert axe(page) == []
