"""The screens of « data.gouv.fr »: accessible, no wider than the screen, used without JavaScript."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from parvis.core.errors import error_row
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.republication.models import Portal
from parvis.hub.republication.rules import DATA_GOUV, DeletedThere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = {
    "at": "2026-11-29T10:00:00+00:00",
    "counts": {"add": 2},
    "steps": [["create", "Délibérations : Grigny"], ["add", "2026-001 " + "Réfection de la toiture " * 8]],
    "left": 1,
}


def signed_in(live_server, context, organisation):
    client = Client()
    client.force_login(make_member(organisation, Role.ADMINISTRATOR))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def test_it_is_set_without_scripts_and_each_state_is_accessible(live_server, chromium, axe):
    organisation = make_organisation("Grigny")
    address = f"{live_server.url}/admin/data-gouv/{organisation.slug}/"
    context = chromium.new_context(locale="fr-FR")
    context.route("**/*.js", lambda route: route.abort())
    page = signed_in(live_server, context, organisation)
    page.goto(address)
    page.get_by_label("Votre organisation sur ce portail").fill(
        "https://www.data.gouv.fr/organizations/ville-de-grigny/"
    )
    page.get_by_label("Clé d’API").fill("udata_0123456789abcdef")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Les réglages sont enregistrés")).to_be_visible()
    page.get_by_role("button", name="Essayer sans rien envoyer").click()
    expect(page.get_by_text("L’essai part")).to_be_visible()
    context.close()
    error = error_row(DeletedThere(host="www.data.gouv.fr"))
    Portal.objects.update(report=REPORT, trial=REPORT, error=error)
    Portal.objects.get().copies.create(
        dataset_id="d", remote_id="r", page=f"{DATA_GOUV}/datasets/deliberations-de-grigny/"
    )
    for width, scheme in ((320, "dark"), (1280, "light")):
        context = chromium.new_context(
            locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = signed_in(live_server, context, organisation)
        for path in (address, f"{live_server.url}/admin/data-gouv/"):
            page.goto(path)
            assert axe(page) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        context.close()
