"""The account in a real browser: a passkey added then asked for, and pages that fit a phone and read well."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from parvis.hub.accounts.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "le parvis est pavé 91"
PATIENCE = 20_000


@pytest.fixture
def page(chromium, live_server):
    """A visitor's page, at a host name that passkeys accept, whose browser holds a made-up authenticator."""
    cache.clear()
    complaints = []
    address = live_server.url.replace("127.0.0.1", "localhost")
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", base_url=address)
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    devtools = context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})
    yield opened
    context.close()
    assert complaints == []


def sign_in(page) -> None:
    page.goto("/compte/login/?next=/compte/")
    page.fill("input[name=login]", "agent@evry.example")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def test_a_passkey_is_added_then_opens_the_account_with_the_password(page, axe):
    make_person("agent@evry.example", PASSWORD)
    sign_in(page)
    page.get_by_role("link", name="Double authentification").click()
    expect(page.get_by_role("link", name="En ajouter une")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="En ajouter une").click()
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.wait_for_url("**/webauthn/add/")
    assert axe(page) == []
    page.fill("input[name=name]", "Mon téléphone")
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".bo-codes li")).to_have_count(10)
    page.goto("/compte/2fa/webauthn/")
    expect(page.get_by_text("Mon téléphone")).to_be_visible()
    assert axe(page) == []
    page.context.clear_cookies()
    sign_in(page)
    page.wait_for_url("**/2fa/authenticate/**")
    assert axe(page) == []
    page.get_by_role("button", name="Présenter la clé d’accès").click()
    page.wait_for_url("**/compte/")
    expect(page.get_by_text("Second facteur donné").first).to_be_visible()


def test_the_account_fits_a_phone_and_ends_a_session_without_javascript(page, axe, chromium, live_server):
    make_person("agent@evry.example", PASSWORD)
    other = chromium.new_context(locale="fr-FR", base_url=live_server.url, java_script_enabled=False)
    stolen = other.new_page()
    for opened in (stolen, page):
        sign_in(opened)
        opened.wait_for_url("**/compte/")
    page.reload()
    expect(page.locator("h1")).to_have_text("Mon compte", use_inner_text=True)
    expect(page.get_by_text("celle-ci")).to_be_visible()
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(page) == []
    page.get_by_role("button", name=re.compile("^Fermer toutes")).click()
    expect(page.get_by_text("Toutes les autres sessions sont fermées")).to_be_visible()
    stolen.reload()
    assert "/compte/login/" in stolen.url
    other.close()
