"""The screens of « data.gouv.fr »: accessible, no wider than the screen, used without JavaScript."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from parvis.core.errors import error_row
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.republication.models import Portal
from parvis.hub.republication.rules import DATA_GOUV, DeletedThere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNTS = {"at": "2026-11-29T10:00:00+00:00", "counts": {"created": 1, "refused": 2}, "left": 1}
DIFFERENCES = [
    ["title", "Leur titre", "Notre titre " * 30, True],
    ["url", "", "https://parvis.example/" + "a" * 200, False],
]
REPORT = {
    "at": "2026-11-29T10:00:00+00:00",
    "outcome": "created",
    "steps": [["create", "Délibérations : Grigny", DIFFERENCES], ["add", "Réfection de la toiture " * 8, DIFFERENCES]],
    "left": 1,
    "left_alone": ["tags"],
    "refused": [["spatial", "Unknown geoid(s): fr:commune:99999"]],
    "error": None,
}
FILE = {
    **{"title": "Tableau", "url": "https://parvis.example/t", "checksum": "sha256:" + "a" * 64, "schema": "scdl/x 2.1"},
    **{"differences": DIFFERENCES, "available": False, "status": 404, "visited": "2026-11-29T05:29:30+00:00"},
    **{"valid": False, "validated": "hier"},
}
PROOF = {
    **{"public": True, "title": "Leur titre", "licence": "lov2", "differences": DIFFERENCES, "refused": ["spatial"]},
    **{"missing": ["Plan"], "files": [FILE, {**FILE, "available": None, "valid": None}]},
    "counts": {"files": 2, "differing": 1, "missing": 1, "foreign": 1},
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
    expect(page.get_by_text("L’essai est demandé")).to_be_visible()
    context.close()
    error = error_row(DeletedThere(host="www.data.gouv.fr"))
    Portal.objects.update(report=COUNTS, trial=COUNTS, error=error)
    dataset = make_dataset(organisation)
    copy = Portal.objects.get().copies.create(
        **{"dataset_id": dataset.dataset_id, "source": dataset, "title": "Délibérations " * 9, "remote_id": "r"},
        **{"page": f"{DATA_GOUV}/datasets/deliberations-de-grigny/", "outcome": "created", "error": error},
        **{"report": REPORT, "trial": REPORT, "proof": PROOF, "seen": timezone.now()},
    )
    screens = (
        address,
        f"{live_server.url}/admin/data-gouv/",
        f"{address}jeux/?vue=essai&issue=created",
        f"{address}jeux/{copy.pk}/",
        f"{live_server.url}/admin/data-gouv/choix/jeu/?jeu={dataset.dataset_id}",
    )
    for width, scheme in ((320, "dark"), (1280, "light")):
        context = chromium.new_context(
            locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = signed_in(live_server, context, organisation)
        for path in screens:
            page.goto(path)
            assert axe(page) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        context.close()
