"""Services in a real browser: accessible, no wider than the screen, described by keyboard alone, with and without scripts."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from parvis.core.sources.service_descriptions import ServiceDescription
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.backoffice.tests.keyboard import tab_to
from parvis.hub.charts.factories import make_stands
from parvis.hub.dataservices.factories import make_service
from parvis.hub.dataservices.models import DataService

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]
LONG = "anticonstitutionnellement" * 5


@pytest.fixture
def service(home):
    dataset = make_stands()
    return make_service(
        dataset.organisation,
        f"Cartes {LONG}",
        kind="wms",
        text=f"Texte {LONG}",
        endpoints=[f"https://carto.example/{LONG}/wms", "https://secours.example/wms"],
        description_address=f"https://carto.example/{LONG}",
        documentation="https://carto.example/doc",
        licence="lov2",
        access="restricted",
        access_address="https://carto.example/demande",
        rate=LONG,
        contact_email="sig@evry.example",
        themes=["transports"],
        keywords=[LONG[:60]],
        operations=[f"{LONG}:{rank}" for rank in range(60)],
        datasets=[dataset.permanent_id],
    )


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def sign_in(live_server, context, organisation) -> None:
    client = Client()
    client.force_login(make_member(organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_list_a_page_the_dataset_and_the_screens_are_accessible_and_fit(
    live_server, chromium, axe, service, width, scheme
):
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    for address in (
        "/services/",
        service.get_absolute_url(),
        "/services/csw/",
        "/explore/dataset/arceaux/information/",
    ):
        page.goto(f"{live_server.url}{address}")
        assert axe(page) == []
        assert fits(page), address
    sign_in(live_server, context, service.organisation)
    for address in ("/admin/services/", "/admin/services/add/", f"/admin/services/edit/{service.pk}/"):
        page.goto(f"{live_server.url}{address}")
        assert axe(page) == []
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_description_is_read_and_a_service_put_in_the_catalogue_by_keyboard(
    live_server, chromium, axe, service, monkeypatch, scripts
):
    described = ServiceDescription(
        "rest", title="API des piscines", version="2", endpoint="https://api.example/v2", operations=("GET /bassins",)
    )
    addresses = []

    def read(address: str) -> ServiceDescription:
        addresses.append(address)
        return described

    monkeypatch.setattr("parvis.hub.dataservices.backoffice.read_description", read)
    context = context_of(chromium, java_script_enabled=scripts)
    sign_in(live_server, context, service.organisation)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/services/add/")
    tab_to(page, "[name=description_address]") if scripts else page.focus("[name=description_address]")
    page.keyboard.type("https://api.example/openapi.json")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La description est lue. Remplis")).to_be_visible()
    assert addresses == ["https://api.example/openapi.json"]
    expect(page.locator("[name=title]")).to_have_value("API des piscines")
    expect(page.locator("[name=parts]")).to_have_value("GET /bassins")
    if scripts:
        assert axe(page) == []
    page.locator("[name=action-publish], [type=submit]:has-text('Enregistrer')").first.click()
    page.wait_for_url("**/admin/services/**")
    assert DataService.objects.filter(title="API des piscines", version="2").count() == 1
    context.close()
