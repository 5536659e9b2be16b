"""Zones drawn on the picture of a page in a real browser: by mouse, by finger, by keyboard alone, and without a script."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.test import Client
from playwright.sync_api import expect

from parvis.core.redaction import Box
from parvis.domains.deliberations.deposit.boxes import add_box
from parvis.domains.deliberations.deposit.receiving import deposit_act
from parvis.domains.deliberations.factories import make_assembly
from parvis.domains.deliberations.models import ActFile
from parvis.domains.deliberations.selectors import boxes_of
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(home):
    """The file of an act that was deposited."""
    commune = make_organisation("Grigny", siren="219102860")
    make_assembly(commune)
    act = deposit_act(OPERATOR, commune, "DEL-2026-014.pdf", ContentFile(act_pdf(), name="DEL-2026-014.pdf"))
    run_queued()
    return act.act_files.get()


@pytest.fixture
def office(chromium, live_server, file):
    """Opens the screen of the first page, for somebody who publishes for the commune."""
    client = Client()
    client.force_login(make_member(file.act.organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    contexts = []

    def opened(width=1280, **options):
        context = chromium.new_context(
            locale="fr-FR", viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/deliberations/actes/{file.act_id}/zones/{file.pk}/1/")
        expect(page.locator(".bo-canvas img")).to_have_js_property("complete", True)
        return page

    yield opened
    for context in contexts:
        context.close()


def drawn(file):
    return [(box.left, box.top, box.right, box.bottom) for box in boxes_of(ActFile.objects.get(pk=file.pk))]


def test_a_zone_is_drawn_with_the_mouse(office, file):
    page = office()
    canvas = page.locator("[data-boxes-canvas]")
    canvas.scroll_into_view_if_needed()
    frame = page.locator(".bo-covers").bounding_box()
    # From the right below to the left above: a hand draws as it likes.
    page.mouse.move(frame["x"] + 0.5 * frame["width"], frame["y"] + 0.3 * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.4 * frame["width"], frame["y"] + 0.25 * frame["height"])
    page.mouse.move(frame["x"] + 0.2 * frame["width"], frame["y"] + 0.1 * frame["height"])
    expect(page.locator(".bo-covers .is-drawn")).to_have_count(1)
    page.mouse.up()
    assert float(page.get_by_label("Gauche (%)").input_value()) == pytest.approx(20, abs=0.5)
    assert float(page.get_by_label("Bas (%)").input_value()) == pytest.approx(30, abs=0.5)
    # A press that draws nothing leaves what was drawn.
    page.mouse.click(frame["x"] + 0.7 * frame["width"], frame["y"] + 0.7 * frame["height"])
    assert float(page.get_by_label("Gauche (%)").input_value()) == pytest.approx(20, abs=0.5)
    page.get_by_role("button", name="Occulter cette zone").click()
    expect(page.locator(".bo-covers rect")).to_have_count(1)
    expect(page.get_by_text("Zone 1 : de ")).to_be_visible()
    ((left, top, right, bottom),) = drawn(file)
    assert (left, top, right, bottom) == pytest.approx((0.2, 0.1, 0.5, 0.3), abs=0.005)
    page.get_by_role("button", name="Retirer la zone 1").click()
    expect(page.get_by_text("Aucune zone n’y est occultée.")).to_be_visible()
    assert drawn(file) == []


def test_a_zone_is_drawn_by_keyboard_alone(office, file):
    page = office()
    page.get_by_label("Gauche (%)").focus()
    for number, value in enumerate(("10", "20", "40", "30"), start=1):
        page.keyboard.type(value)
        expect(page.locator(".bo-covers .is-drawn")).to_have_count(1 if number == 4 else 0)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Occulter cette zone"
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zone 1 : de ")).to_be_visible()
    assert drawn(file) == [(0.1, 0.2, 0.4, 0.3)]


def test_a_zone_is_drawn_with_a_finger(office, file):
    page = office(width=390, has_touch=True, is_mobile=True)
    page.locator("[data-boxes-canvas]").scroll_into_view_if_needed()
    frame = page.locator(".bo-covers").bounding_box()
    session = page.context.new_cdp_session(page)

    def touch(kind, across, down):
        point = {"x": frame["x"] + across * frame["width"], "y": frame["y"] + down * frame["height"]}
        points = [] if kind == "touchEnd" else [point]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    place = page.evaluate("scrollY")
    touch("touchStart", 0.2, 0.2)
    touch("touchMove", 0.4, 0.3)
    touch("touchMove", 0.6, 0.4)
    touch("touchEnd", 0.6, 0.4)
    sides = [float(page.locator("[data-box-side]").nth(rank).input_value()) for rank in range(4)]
    assert sides == pytest.approx([20, 20, 60, 40], abs=1)
    assert page.evaluate("scrollY") == place, "the page does not move under the finger"
    page.get_by_role("button", name="Occulter cette zone").click()
    expect(page.get_by_text("Zone 1 : de ")).to_be_visible()
    assert len(drawn(file)) == 1


def test_a_zone_is_typed_without_a_script(office, file):
    page = office(java_script_enabled=False)
    expect(page.locator("[data-boxes-hint]")).to_be_hidden()
    for label, value in (("Gauche (%)", "10"), ("Haut (%)", "20"), ("Droite (%)", "40.5"), ("Bas (%)", "30")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Occulter cette zone").click()
    expect(page.locator(".bo-covers rect")).to_have_count(1)
    assert drawn(file) == [(0.1, 0.2, 0.405, 0.3)]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_screen_of_zones_is_accessible_and_no_wider_than_the_screen(office, file, axe, width, scheme):
    for rank in range(2):
        add_box(OPERATOR, file.act, file, Box(1, 0.1, 0.1 + rank / 5, 0.4, 0.2 + rank / 5))
    page = office(width=width, color_scheme=scheme)
    expect(page.locator(".bo-covers rect")).to_have_count(2)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    screen = page.url
    page.get_by_role("link", name="Revenir à l’acte").click()
    expect(page.locator(".bo-sheet .bo-covers rect")).to_have_count(2)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto(screen)
    page.get_by_label("Gauche (%)").fill("90")
    page.get_by_label("Haut (%)").fill("10")
    page.get_by_label("Droite (%)").fill("20")
    page.get_by_label("Bas (%)").fill("30")
    page.get_by_role("button", name="Occulter cette zone").click()
    expect(page.get_by_role("alert")).to_contain_text("Cette zone n’est pas dans la page")
    assert axe(page) == []
