"""Requests in a real browser: accessible, no wider than the screen, asked, supported and answered by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.rules import Stage
from parvis.domains.requests.services import accept, answer, ask, pass_day, receive, receive_letter, write_letter
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.charts.factories import make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]
LONG = "anticonstitutionnellement" * 5


@pytest.fixture
def dataset(home):
    dataset = make_stands(licence="other")
    today = timezone.localdate()
    for rank in range(4):
        fields = {"title": f"Demande {rank} {LONG}", "text": LONG, "kind": "data", "about": dataset.dataset_id}
        request = ask(dataset.organisation, {**fields, "signature": LONG[:50]})
        receive(request)
        DataRequest.objects.filter(pk=request.pk).update(received=today - timedelta(days=40 if rank == 3 else 3))
        request.refresh_from_db()
        if rank:
            accept(OPERATOR, request, revision=request.revision)
            request.refresh_from_db()
        if rank == 1:
            answer(OPERATOR, request, Stage.REFUSED, f"Non {LONG}", revision=request.revision, ground="privacy")
    pass_day(today)
    receive_letter(
        write_letter(
            dataset.organisation, {"subject": LONG, "text": LONG, "signature": "Camille", "email": "c@exemple.fr"}
        )
    )
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
def test_pages_forms_and_screens_are_accessible_and_fit(live_server, chromium, axe, dataset, width, scheme):
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    own = [row.get_absolute_url() for row in DataRequest.objects.filter(live=True)]
    contact = f"/organisations/{dataset.organisation.slug}/contact/"
    licence = f"/demandes/nouvelle/?jeu={dataset.dataset_id}&objet=licence"
    card = f"/explore/dataset/{dataset.dataset_id}/information/"
    for address in ("/demandes/", *own, "/demandes/nouvelle/", licence, contact, card):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert fits(page), address
    sign_in(live_server, context, dataset.organisation)
    keys = DataRequest.objects.order_by("pk").values_list("pk", flat=True)
    answers = [f"demandes-de-donnees/repondre/{key}/" for key in keys[:2]]
    queue = ("demandes/", "demandes-de-donnees/", "demandes-de-donnees/a-repondre/", "demandes-de-donnees/messages/")
    for address in (*queue, *answers):
        page.goto(f"{live_server.url}/admin/{address}")
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


def test_a_request_is_asked_supported_and_answered_by_keyboard_alone(live_server, chromium, dataset):
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}/demandes/nouvelle/")
    tab_to(page, "#id_title")
    page.keyboard.type("Les horaires des piscines")
    press(page, ".talk-form button[type=submit]")
    expect(page.get_by_text("C’est reçu, merci")).to_be_visible(timeout=20_000)
    request = DataRequest.objects.get(title="Les horaires des piscines")
    accept(OPERATOR, request, revision=request.revision)
    page.goto(live_server.url + request.get_absolute_url())
    press(page, "section button[type=submit]")
    expect(page.get_by_text("Votre soutien est compté")).to_be_visible()
    sign_in(live_server, context, dataset.organisation)
    page.goto(f"{live_server.url}/admin/demandes-de-donnees/repondre/{request.pk}/")
    tab_to(page, "#id_stage_0")
    page.keyboard.press("Space")
    tab_to(page, "#id_text")
    page.keyboard.type("Les voici.")
    press(page, ".bo-actions button[type=submit]")
    expect(page.get_by_text("La réponse est envoyée")).to_be_visible()
    page.goto(live_server.url + request.get_absolute_url())
    expect(page.get_by_text("Les voici.")).to_be_visible()
    context.close()
