"""Discussions in a real browser: accessible, no wider than the screen, by keyboard alone, without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from playwright.sync_api import expect

from parvis.domains.discussions.models import Message
from parvis.domains.discussions.rules import State
from parvis.domains.discussions.services import open_thread, receive, write_message
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.charts.factories import make_stands
from parvis.hub.notifications.outbox import post_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]
LONG = "anticonstitutionnellement" * 5


@pytest.fixture
def dataset(home, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    dataset = make_stands()
    message = open_thread(ANONYMOUS, dataset, f"Pourquoi {LONG} ?", f"Bonjour {LONG}", "Une voisine")
    receive(message)
    receive(write_message(OPERATOR, message.thread, "Voici la réponse."))
    receive(write_message(ANONYMOUS, message.thread, "Madame Claire Fontaine, 06 12 34 56 78, l’a vu."))
    return dataset


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_pages_and_screens_are_accessible_and_fit(live_server, chromium, axe, dataset, width, scheme):
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    thread = Message.objects.first().thread
    base = f"/explore/dataset/{dataset.dataset_id}/"
    for address in (f"{base}discussions/", thread.get_absolute_url(), f"{base}information/", f"{base}suivre/"):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert fits(page), address
    client = Client()
    client.force_login(make_member(dataset.organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    for address in ("", "messages/", f"messages/{Message.objects.last().pk}/", "jeux/"):
        page.goto(f"{live_server.url}/admin/discussions/{address}")
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


def test_a_question_is_asked_by_keyboard_alone_and_followed(live_server, chromium, axe, dataset):
    context = context_of(chromium)
    page = context.new_page()
    page.goto(f"{live_server.url}/explore/dataset/{dataset.dataset_id}/discussions/")
    tab_to(page, "#id_title")
    page.keyboard.type("Combien de places ?")
    tab_to(page, "#id_text")
    page.keyboard.type("Combien de places par arceau ?")
    press(page, ".talk-form button[type=submit]")
    page.wait_for_url("**/compte/envois/**")
    expect(page.get_by_text("C’est reçu, merci")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Voir sur le portail").click()
    expect(page.get_by_text("Combien de places par arceau")).to_be_visible()
    page.go_back()
    press(page, "button[value=tout]")
    expect(page.get_by_role("heading", name="Tout est effacé")).to_be_visible()
    assert not Message.objects.filter(text__contains="Combien").exists()
    context.close()


def test_without_javascript_a_mail_is_confirmed(live_server, chromium, dataset):
    context = context_of(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/explore/dataset/{dataset.dataset_id}/discussions/")
    page.get_by_label("Sujet").fill("Sans script")
    page.get_by_label("Votre question").fill("Cela marche-t-il ?")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("adresse électronique")
    expect(page.get_by_label("Votre question")).to_have_value("Cela marche-t-il ?")
    page.get_by_label("Votre adresse électronique").fill("camille@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Un courriel vous attend")).to_be_visible()
    post_due()
    link = re.search(r"/compte/abonnements/\S+/confirmer/", mail.outbox[-1].body).group(0)
    page.goto(live_server.url + link)
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", name="C’est confirmé")).to_be_visible()
    assert Message.objects.get(text="Cela marche-t-il ?").state == State.SHOWN
    context.close()
