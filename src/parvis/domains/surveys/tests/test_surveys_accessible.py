"""Collection forms and their screens in a real browser: accessible, narrow and wide, by keyboard alone, without scripts, on a map."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from parvis.core.surveys.model import Kind
from parvis.domains.surveys.guests import invite, link_of
from parvis.domains.surveys.models import Answer, Survey
from parvis.domains.surveys.tests.test_surveys_browser import context_of, fill, opened, published, send
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey(home):
    return published()


def signed_in(live_server, context, organisation):
    client = Client()
    client.force_login(make_member(organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def tab_to(page, name: str, most: int = 90) -> None:
    """Press Tab until the focus is on what has that name."""
    script = """() => {
      const one = document.activeElement
      return one.id || (one.type !== 'submit' && one.getAttribute('name')) || one.textContent.trim()
    }"""
    reached: list[str] = []
    while len(reached) < most:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(script))
        if reached[-1] == name:
            return
    raise AssertionError(f"Tab never reaches {name} on {page.url}, only {reached}")


def overflowing(page) -> list[str]:
    """Inputs of the list of questions that leave its box."""
    return page.evaluate("""() => [...document.querySelectorAll('.bo-question')].flatMap(box =>
      [...box.querySelectorAll('input, select, textarea')].filter(one =>
        one.getBoundingClientRect().right > box.getBoundingClientRect().right).map(one => one.name))""")


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_guest_answers_without_scripts_and_erases_the_answer_at_its_secret_address(
    live_server, chromium, axe, survey
):
    Survey.objects.filter(pk=survey.pk).update(audience="invited")
    invite(OPERATOR, survey, ["École des Tilleuls"])
    context = context_of(chromium, width=320, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + link_of(survey.guests.get()))
    fill(page)
    send(page)
    page.get_by_role("heading", name="Votre réponse est reçue").wait_for()
    assert Answer.objects.get().guest.name == "École des Tilleuls"
    page.get_by_role("button", name="Effacer ma réponse…").click()
    page.get_by_role("button", name="Effacer pour toujours").click()
    page.get_by_role("heading", name="Votre réponse est effacée").wait_for()
    assert not Answer.objects.exists()
    context.close()


def test_a_point_and_an_area_are_chosen_on_a_map_by_pointer_or_by_keyboard(live_server, chromium, axe, survey):
    context = context_of(chromium)
    page = opened(context, live_server, survey)
    fill(page)
    page.get_by_role("button", name="Choisir sur la carte").press("Enter")
    page.wait_for_selector(".collecte-carte[data-pret]")
    assert axe(page) == []
    page.locator(".collecte-carte canvas").focus()
    for _time in range(3):
        page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Prendre le centre de la carte").press("Enter")
    expect(page.get_by_label("Longitude")).to_have_value(re.compile(r"^[2-9]\.\d+$"))
    assert 2 < float(page.get_by_label("Longitude").input_value()) < 9.6
    page.get_by_role("button", name="Choisir sur la carte").click()
    page.get_by_role("button", name="Tracer sur la carte").click()
    page.wait_for_selector(".collecte-carte[data-pret]")
    for x, y in ((200, 100), (300, 100), (300, 200), (100, 250)):
        page.locator(".collecte-carte canvas").click(position={"x": x, "y": y})
        page.wait_for_timeout(400)  # two clicks at once would be a zoom
    page.get_by_role("button", name="Retirer le dernier point").click()
    expect(page.locator("[name=q-contour]")).to_have_value(re.compile(r"^[^\n]+\n[^\n]+\n[^\n]+\n?$"))
    send(page)
    page.wait_for_url("**/merci/**")
    values = Answer.objects.get().values
    assert (values["contour"]["type"], len(values["contour"]["coordinates"][0])) == ("Polygon", 4)
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_pages_are_accessible_and_fit(live_server, chromium, axe, survey, width, scheme):
    context = context_of(chromium, width, scheme)
    page = opened(context, live_server, survey)
    page.get_by_label("Malade").check()
    assert axe(page) == []
    assert fits(page)
    context.set_offline(True)
    fill(page, "anticonstitutionnellement" * 6)
    page.get_by_label("Quels signes ?").fill("Taches")
    send(page)
    page.locator("[data-etat=waiting]").wait_for()
    assert axe(page) == []
    assert fits(page)
    context.set_offline(False)
    page.goto(f"{live_server.url}/collectes/")
    page.locator("[data-etat=received]").wait_for()
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("link", name="Voir le reçu").click()
    page.wait_for_url("**/merci/**")
    assert axe(page) == []
    assert fits(page)
    for button, shown in (
        ("Effacer ma réponse…", page.get_by_role("button", name="Effacer pour toujours")),
        ("Effacer pour toujours", page.get_by_role("heading", name="Votre réponse est effacée")),
    ):
        page.get_by_role("button", name=button).press("Enter")
        expect(shown).to_be_visible()
        assert axe(page) == []
        assert fits(page)
    assert not Answer.objects.exists()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_screens_of_the_back_office_are_accessible_and_fit(live_server, chromium, axe, survey, width, scheme):
    Answer.objects.create(survey=survey, key="a", values={"espece": "anticonstitutionnellement" * 5}, revision=1)
    invite(OPERATOR, survey, ["École Jaurès"])
    context = context_of(chromium, width, scheme)
    page = signed_in(live_server, context, survey.organisation)
    answers = f"collectes-reponses/{survey.slug}"
    key = Answer.objects.get().pk
    for address in ("collectes", f"collectes/{survey.slug}", answers, f"{answers}/{key}", f"{answers}/invitations"):
        page.goto(f"{live_server.url}/admin/{address}/")
        for summary in page.locator(".bo-question summary").all()[:2]:
            summary.click()
        assert axe(page) == [], address
        assert fits(page), address
        assert overflowing(page) == [], address
    context.close()


def test_an_agent_makes_a_form_by_keyboard_alone_and_somebody_fills_it_by_keyboard(live_server, chromium, home):
    organisation = make_organisation()
    context = context_of(chromium)
    page = signed_in(live_server, context, organisation)
    page.goto(f"{live_server.url}/admin/collectes/-/nouveau/")
    tab_to(page, "id_title")
    page.keyboard.type("Bancs")
    tab_to(page, "r-0-label")
    page.keyboard.type("Combien ?")
    tab_to(page, "r-0-kind")
    page.keyboard.type("Nombre entier")
    tab_to(page, "Ajouter une question")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=r-1-label]:focus")
    page.keyboard.type("Remarque")
    page.keyboard.press("Enter")  # as anywhere in a form: it is saved
    page.wait_for_url("**/admin/collectes/bancs/**")
    survey = Survey.objects.get()
    assert [(field.name, field.kind) for field in survey.form.fields] == [
        ("combien", Kind.INTEGER),
        ("remarque", Kind.TEXT),
    ]
    tab_to(page, "Mettre en ligne")
    page.keyboard.press("Enter")
    page.get_by_text("en ligne", exact=False).first.wait_for()
    page.goto(live_server.url + survey.get_absolute_url())
    page.wait_for_selector("form[data-pret]")
    tab_to(page, "q-combien")
    page.keyboard.type("12")
    tab_to(page, "Envoyer ma réponse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/merci/**")
    assert Answer.objects.get().values == {"combien": 12}
    context.close()
