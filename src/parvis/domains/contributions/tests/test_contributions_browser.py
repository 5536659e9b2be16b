"""Contributions in a real browser: accessible and no wider than the screen, by keyboard alone, without JavaScript, on the map."""

from __future__ import annotations

import io
import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from attacks import hostile_pictures
from parvis.domains.contributions.models import Proposal
from parvis.domains.contributions.proposing import propose
from parvis.domains.contributions.rules import Kind, State
from parvis.hub.notifications.models import Subscription

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]
BASE = "/explore/dataset/arceaux/contribuer/"
FILE = "document.querySelector('[name=photo]').files[0]"


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def signed_in(live_server, context, person):
    client = Client()
    client.force_login(person)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def fits(page) -> bool:
    """Nothing overflows, and no sentence is squeezed into a column of a few letters."""
    overflows = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    squeezed = page.evaluate(
        "[...document.querySelectorAll('main p')]"
        ".filter(p => p.innerText.length > 20 && p.clientWidth && p.clientWidth < 100).map(p => p.innerText)"
    )
    return not overflows and not squeezed


def tab_to(page, name: str, most: int = 120) -> None:
    """Press Tab until the focus is on what has that name."""
    script = "() => { const one = document.activeElement; return one.name || one.value || one.textContent.trim() }"
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(script) == name:
            return
    raise AssertionError(f"Tab never reaches {name} on {page.url}")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_is_accessible_and_fits(live_server, chromium, axe, table, visitor, steward, width, scheme):
    proposal = propose(
        visitor, table(), Kind.CORRECT, key=("A1",), changes={"places": "14", "latitude": "48.66"}, text="Compté."
    )
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    for address in (
        "/contribuer/",
        "/contribuer/autour/?pres=48.6502,2.3802",
        BASE,
        f'{BASE}ligne/?cle=["A1"]',
        f"{BASE}ajouter/",
        f"{BASE}question/",
        proposal.get_absolute_url(),
        "/explore/dataset/arceaux/table/",
    ):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert fits(page), address
    context.close()
    context = context_of(chromium, width, scheme)
    page = signed_in(live_server, context, steward)
    for address in ("", f"{proposal.pk}/", "choix/", "reglages/", "reglages/arceaux/"):
        page.goto(f"{live_server.url}/admin/contributions/{address}")
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


def test_a_row_is_corrected_by_keyboard_alone_and_decided_by_keyboard_alone(live_server, chromium, table, steward):
    table()
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}/explore/dataset/arceaux/table/")
    tab_to(page, "Corriger")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contribuer/ligne/**")
    tab_to(page, "valeur.places")
    page.keyboard.press("Control+a")
    page.keyboard.type("14")
    tab_to(page, "acte")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contributions/**", timeout=30_000)
    expect(page.get_by_role("status").first).to_contain_text("C’est envoyé")
    assert Proposal.objects.get().changes == {"places": "14"}
    context.close()
    context = context_of(chromium)
    page = signed_in(live_server, context, steward)
    page.goto(f"{live_server.url}/admin/contributions/{Proposal.objects.get().pk}/")
    page.locator("[name='valeur.places']").focus()
    tab_to(page, "reponse")
    page.keyboard.type("Merci.")
    tab_to(page, "acte")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/contributions/")
    assert Proposal.objects.get().state == State.ACCEPTED
    context.close()


def test_without_scripts_a_question_is_asked_and_confirmed_by_mail(live_server, chromium, table, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://mail.example"}
    table()
    context = context_of(chromium, 320, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}{BASE}question/")
    page.fill("[name=message]", "Combien de places à la gare ?")
    page.click("button:has-text('Envoyer')")
    expect(page.get_by_role("alert").first).to_contain_text("adresse électronique")
    expect(page.locator("[name=message]")).to_have_value("Combien de places à la gare ?")
    page.fill("[name=email]", "lea@example.org")
    page.click("button:has-text('Envoyer')")
    page.wait_for_url("**/contributions/**")
    page.goto(f"{live_server.url}/compte/abonnements/{Subscription.objects.get().key}/confirmer/")
    page.click("button:has-text('Confirmer')")
    expect(page.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    assert Proposal.objects.get().state == State.RECEIVED
    context.close()


def test_a_place_is_chosen_on_the_map_and_rows_near_it_are_proposed(live_server, chromium, table):
    table()
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}{BASE}ajouter/")
    page.fill("[name='valeur.latitude']", "48,6501")
    page.fill("[name='valeur.longitude']", "2,3801")
    expect(page.locator("[data-alike-here]")).to_contain_text("Gare", timeout=15_000)
    page.click("[data-place-open]")
    page.wait_for_selector(".maplibregl-marker", timeout=30_000)
    page.locator("[data-place-canvas]").scroll_into_view_if_needed()
    page.click("[data-place-middle]")
    expect(page.locator("[name='valeur.latitude']")).to_have_value(re.compile(r"^48\.65"))
    page.locator(".maplibregl-canvas").click(position={"x": 30, "y": 40})
    expect(page.locator("[name='valeur.latitude']")).not_to_have_value("48.650100")
    context.close()


def test_rows_alike_are_proposed_for_what_was_typed_before_the_script_came_and_after_an_answer_was_lost(
    live_server, chromium, table
):
    table()
    context = context_of(chromium)
    page = context.new_page()
    script, answers = [], []
    page.route("**/alike-*.js", lambda route: script.append(route))

    def refuse_the_first(route) -> None:
        answers.append(route)
        route.fulfill(status=503) if len(answers) == 1 else route.continue_()

    page.route("**/semblables.json*", refuse_the_first)
    with page.expect_request("**/alike-*.js"):
        page.goto(f"{live_server.url}{BASE}ajouter/")
    page.fill("[name='valeur.latitude']", "48,6501")
    page.fill("[name='valeur.longitude']", "2,3801")
    assert not answers
    script[0].continue_()
    expect(page.locator("[data-alike-here]")).to_contain_text("Gare", timeout=15_000)
    assert len(answers) == 2
    context.close()


def test_a_row_of_the_map_leads_to_its_correction(live_server, chromium, table):
    table()
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}/explore/dataset/arceaux/map/")
    page.wait_for_selector("[data-map-rows] button", timeout=30_000)
    page.locator("[data-map-rows] button").first.click()
    page.locator(".maplibregl-popup a:has-text('Corriger')").click()
    page.wait_for_url("**/contribuer/ligne/**")
    expect(page.locator("[name='valeur.places']")).to_have_count(1)
    context.close()


def test_a_photo_is_made_smaller_before_it_leaves_and_its_place_stays_behind(live_server, chromium, table):
    table()
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}{BASE}question/")
    photo = hostile_pictures.located(size=(4_000, 3_000))
    page.set_input_files("[name=photo]", {"name": "vélo.jpg", "mimeType": "image/jpeg", "buffer": photo})
    is_replaced = f"const look = () => {FILE}.size !== {len(photo)} ? done() : setTimeout(look, 50)"
    page.evaluate(f"new Promise((done) => {{ {is_replaced}; look(); }})")
    sent = bytes(page.evaluate(f"{FILE}.arrayBuffer().then((body) => [...new Uint8Array(body)])"))
    picture = Image.open(io.BytesIO(sent))
    assert max(picture.size) == 2_560
    assert not picture.getexif()
    context.close()
