"""A secretary's sitting of forty acts, in a real browser, by keyboard: dropped, read again one by one, put online."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from parvis.domains.deliberations.factories import make_assembly
from parvis.domains.deliberations.models import Act, Official, Session
from parvis.domains.deliberations.tests.papers import act_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACTS = 40
PATIENCE = 60_000
"""Milliseconds that forty acts may take beside the other tests: keys are counted, not time."""
KEYS_AN_ACT = 3
"""Keys that an act which was read well takes: none to reach the field that is pointed out, Enter to confirm, and room for one choice."""


@pytest.fixture
def commune(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    Official.objects.create(
        organisation=organisation, given_name="Camille", family_name="Durand", quality="Maire", signs=True
    )
    return organisation


@pytest.fixture
def office(chromium, live_server, commune):
    """A page of the back office of somebody who publishes for the commune."""
    context = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_forty_acts_are_dropped_confirmed_and_put_online_by_keyboard_alone(office, live_server, commune, tmp_path):
    paths = []
    for rank in range(1, ACTS + 1):
        path = tmp_path / f"DEL_2026_{rank:03d}.pdf"
        path.write_bytes(act_pdf(f"2026_{rank:03d}", f"objet de l’acte numéro {rank}"))
        paths.append(path)
    office.goto(f"{live_server.url}/admin/deliberations/deposer/")
    office.set_input_files("[name=files]", paths)
    office.focus(".bo-page form [type=submit]")
    office.keyboard.press("Enter")
    expect(office.locator("#recus")).to_have_text(f"{ACTS} fichiers reçus", timeout=PATIENCE)
    run_queued()

    keys = 0
    first = Act.objects.order_by("number").first()
    office.goto(f"{live_server.url}/admin/deliberations/actes/{first.pk}/")
    while Act.objects.filter(confirmed_at=None).exists():
        address = office.url
        assert office.evaluate("document.activeElement.form !== null"), "the cursor is in the form when the page opens"
        office.keyboard.press("Enter")
        keys += 1
        office.wait_for_url(lambda url, address=address: url != address)
    assert keys <= ACTS * KEYS_AN_ACT
    session = Session.objects.get()
    assert (session.held_on, session.decided_acts.count()) == (date(2026, 1, 15), ACTS)
    run_queued()

    office.goto(f"{live_server.url}/admin/deliberations/seances/{session.pk}/")
    office.focus(".bo-panel form [type=submit], form.bo-panel [type=submit]")
    office.keyboard.press("Enter")
    expect(office.locator("main")).to_contain_text(f"{ACTS} actes mis en ligne", timeout=PATIENCE)
    assert Act.objects.filter(live=True).count() == ACTS
    session.refresh_from_db()
    assert session.live


def test_an_act_is_confirmed_from_a_list_that_is_pointed_out(office, live_server, commune, tmp_path):
    path = tmp_path / "acte.pdf"
    path.write_bytes(act_pdf())
    office.goto(f"{live_server.url}/admin/deliberations/deposer/")
    office.set_input_files("[name=files]", [path])
    office.click(".bo-page form [type=submit]")
    expect(office.locator("#recus")).to_be_visible(timeout=PATIENCE)
    run_queued()
    act = Act.objects.get()
    office.goto(f"{live_server.url}/admin/deliberations/actes/{act.pk}/")
    expect(office.locator("[data-sending-hint]")).to_be_visible()
    office.focus("[name=matter]")
    office.keyboard.press("Control+Enter")
    office.wait_for_url(lambda url: not url.endswith(f"/actes/{act.pk}/"))
    act.refresh_from_db()
    assert act.confirmed_at is not None


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_screens_of_the_deposit_are_accessible_and_no_wider_than_the_screen(
    chromium, live_server, commune, axe, tmp_path, width, scheme
):
    path = tmp_path / "acte.pdf"
    path.write_bytes(act_pdf(reason="Madame Zoé Martineau demande une aide"))
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/deliberations/deposer/")
    page.set_input_files("[name=files]", [path])
    page.click(".bo-page form [type=submit]")
    run_queued()
    act = Act.objects.get()
    for address in ("deposer/", f"actes/{act.pk}/", "a-relire/", "assemblees/nouvelle/", "elus/nouveau/"):
        page.goto(f"{live_server.url}/admin/deliberations/{address}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    context.close()
