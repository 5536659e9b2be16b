"""Personal data by keyboard alone: a treatment seen then applied, a decision, at 320 px and without a fault of accessibility."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.hub.backoffice.tests.keyboard import tab_to
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.datastore.models import Import
from parvis.hub.privacy.models import Decision

from .test_assistant import deposit, describe
from .test_personal import PEOPLE, WHY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_treatment_and_a_decision_are_made_by_keyboard_alone(page, axe, work, town):
    client = client_of(town.steward)
    deposit(client, PEOPLE, "inscrits.csv")
    work()
    imported = Import.objects.get()
    address = reverse("backoffice:import_personal", args=[imported.pk])
    faults = {}

    page.goto(address)
    faults["findings"] = axe(page)
    tab_to(page, "input[name=traiter-0]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "button[name=apercu]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Avant et après").wait_for()
    faults["preview"] = axe(page)
    expect(page.locator("#traiter-0-1")).to_be_checked()
    tab_to(page, "button[name=appliquer]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attente/?vers=personnelles")
    work()
    page.wait_for_url(f"**{address}")
    expect(page.get_by_role("heading", name="Traitements choisis")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    faults["narrow"] = axe(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    tab_to(page, "input[name=ground]")
    page.keyboard.press("Space")
    tab_to(page, "textarea[name=explanation]")
    page.keyboard.type(WHY)
    tab_to(page, "button[name=decider]")
    page.keyboard.press("Enter")
    page.get_by_text("couvert par une décision").wait_for()
    faults["decided"] = axe(page)
    assert Decision.objects.get().explanation == WHY

    describe(client, imported, town)
    work()
    imported.refresh_from_db()
    page.goto(reverse("backoffice:dataset_personal", args=[imported.dataset.dataset_id]))
    faults["dataset"] = axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert {where: found for where, found in faults.items() if found} == {}
