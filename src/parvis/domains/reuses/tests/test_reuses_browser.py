"""The gallery in a real browser: accessible, no wider than the screen, proposed by keyboard alone with a picture."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from attacks.hostile_pictures import saved
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.services import accept, propose, receive
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.charts.factories import make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]
LONG = "anticonstitutionnellement" * 5


@pytest.fixture
def dataset(home):
    dataset = make_stands()
    for rank, title in enumerate(("Trouver un arceau", f"Carte {LONG}", "À relire")):
        fields = {"title": title, "text": f"Texte {LONG}", "kind": "map", "signature": LONG[:50], "picture_words": ""}
        reuse = propose({**fields, "link": f"https://exemple.fr/{LONG}"}, [dataset.dataset_id])
        receive(reuse)
        reuse.refresh_from_db()
        if rank < 2:
            accept(OPERATOR, reuse, revision=reuse.revision)
    return dataset


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
def test_the_gallery_a_page_the_form_and_the_screens_are_accessible_and_fit(
    live_server, chromium, axe, dataset, width, scheme
):
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    reuse = Reuse.objects.filter(live=True).last()
    Reuse.objects.filter(pk=reuse.pk).update(failures=3, dead_since=reuse.created)
    public = ("/reutilisations/", reuse.get_absolute_url(), f"/reutilisations/proposer/?jeu={dataset.dataset_id}")
    for address in (*public, f"/explore/dataset/{dataset.dataset_id}/information/"):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert fits(page), address
    sign_in(live_server, context, dataset.organisation)
    for address in ("reutilisations-a-relire/", "reutilisations/", f"reutilisations/edit/{reuse.pk}/"):
        page.goto(f"{live_server.url}/admin/{address}")
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


def test_a_reuse_is_proposed_and_decided_by_keyboard_alone(live_server, chromium, dataset):
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}/explore/dataset/{dataset.dataset_id}/information/")
    page.get_by_role("link", name="Montrer la mienne").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reutilisations/proposer/**")
    for selector, words in (
        ("#id_title", "Mes arceaux"),
        ("#id_link", "https://exemple.fr/"),
        ("#id_text", "Une carte."),
    ):
        tab_to(page, selector)
        page.keyboard.type(words)
    page.locator("#id_picture").set_input_files(
        files=[{"name": "capture.png", "mimeType": "image/png", "buffer": saved("PNG", (800, 600))}]
    )
    press(page, ".talk-form button[type=submit]")
    expect(page.get_by_text("C’est reçu, merci")).to_be_visible(timeout=20_000)
    sign_in(live_server, context, dataset.organisation)
    page.goto(f"{live_server.url}/admin/reutilisations-a-relire/")
    reuse = Reuse.objects.get(title="Mes arceaux")
    tab_to(page, f"#choix-{reuse.pk}")
    page.keyboard.press("Space")
    press(page, "button[value=publier]")
    expect(page.get_by_text("1 envoi : c’est fait")).to_be_visible()
    page.goto(live_server.url + reuse.get_absolute_url())
    picture = page.locator("img.shot")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 800
    context.close()
