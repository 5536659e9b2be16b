"""Reviews in a real browser: accessible and no wider than the screen, by keyboard alone, without JavaScript."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client

from parvis.core.errors import error_row
from parvis.core.osm.errors import UnreadableExtract
from parvis.domains.osm.kinds import EXTRACT
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Role
from parvis.hub.jobs.models import Job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def sign_in(live_server, context, organisation):
    client = Client()
    client.force_login(make_member(organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def press(page, role: str, name: str) -> None:
    """Reach it by the keyboard, and press it."""
    page.get_by_role(role, name=name).focus()
    page.keyboard.press("Enter")


@pytest.fixture
def portal(live_server, settings, osm, conflation):
    """The portal where the browser is, so that it is led back there from OpenStreetMap."""
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": live_server.url}
    return live_server


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_each_page_is_accessible_and_fits(portal, chromium, axe, conflation, width, scheme):
    context = context_of(chromium, width, scheme)
    page = sign_in(portal, context, conflation.organisation)
    order = {"file": "loire.osm.pbf", "dataset": "osm-velo"}
    error = error_row(UnreadableExtract(file="loire.osm.pbf"))
    state = {"kind": EXTRACT, "arguments": {"order": order}, "state": Job.State.FAILED, "error": error}
    Job.objects.create(person=Person.objects.latest("pk"), **state)
    conflation.findings.filter(verdict="moved").update(decision="sending", reference="changeset/501", decider="Lou")
    own = conflation.get_absolute_url()
    address_of = {finding.verdict: finding.get_absolute_url() for finding in conflation.findings.all()}
    places = [
        "/openstreetmap/",
        own,
        f"{own}?vue=carte&constat=missing-here",
        f"{own}?etat=decides",
        *address_of.values(),
    ]
    places += [
        "/openstreetmap/envoi/",
        "/openstreetmap/compte/",
        "/admin/openstreetmap/",
        "/admin/openstreetmap-extraits/",
    ]
    places.append(f"/admin/openstreetmap/edit/{conflation.pk}/")
    for address in places:
        page.goto(portal.url + address)
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_edit_is_chosen_read_again_and_sent_by_keyboard_alone(portal, chromium, axe, conflation, osm, scripts):
    context = context_of(chromium, 320, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{portal.url}{conflation.get_absolute_url()}?constat=different")
    press(page, "link", "L2")
    press(page, "link", "Relier mon compte OpenStreetMap")
    press(page, "link", "Continuer vers OpenStreetMap")
    press(page, "button", "Autoriser")
    press(page, "button", "Ajouter à mon envoi")
    press(page, "link", "Relire mon envoi (1 objet)")
    page.wait_for_url("**/openstreetmap/envoi/")
    if scripts:
        assert axe(page) == []
        assert fits(page)
    assert osm.state.changesets == {}
    press(page, "button", "Envoyer à OpenStreetMap avec le compte « Cartographe d’essai »")
    page.get_by_role("status").filter(has_text="1 objet est dans l’envoi n° 501").wait_for()
    assert osm.state.things["n102"]["tags"]["capacity"] == "8"
    assert osm.state.changesets[501]["changed"] == ["n102"]
    context.close()


def test_a_member_decides_by_keyboard_and_is_led_to_the_next(portal, chromium, conflation):
    context = context_of(chromium)
    page = sign_in(portal, context, conflation.organisation)
    first, second = conflation.findings.filter(verdict="missing-here").order_by("pk")
    page.goto(portal.url + first.get_absolute_url())
    press(page, "button", "Rien à faire")
    page.wait_for_url(f"**{second.get_absolute_url()}")
    first.refresh_from_db()
    assert first.decision == "dismissed"
    context.close()
