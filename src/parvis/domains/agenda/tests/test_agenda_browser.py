"""The agenda in a real browser: accessible and no wider than the screen, by keyboard alone, without JavaScript, on paper."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from parvis.core.calendars.events import Event as Plain
from parvis.core.calendars.events import Place, Schedule, Timing
from parvis.domains.agenda.models import Event
from parvis.domains.agenda.services import write_event
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.records.services import publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (320, "light"), (1280, "dark"), (1280, "light")]
LONG = "Conférence-débat-spectacle-" + "anticonstitutionnellement" * 5


@pytest.fixture
def agenda(home):
    """Three events to come, one of them with words that do not break, and the organisation that writes them."""
    owner = make_organisation()
    start = timezone.make_naive(timezone.now()).replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(days=3)
    for rank, title in enumerate(("Concert", "Visite du château", LONG)):
        place = Place(name="Salle des fêtes", city="Lieusaint", latitude=48.63 + rank / 100, longitude=2.55)
        first = start + timedelta(days=rank)
        event = Plain(
            uid=title,
            title=title,
            schedule=Schedule((Timing(first, first + timedelta(hours=2)),), rule="FREQ=WEEKLY;COUNT=3"),
            place=place,
            free=rank == 0,
            registration=("https://exemple.fr/" + "inscription" * 12,),
            keywords=(("Musique", "Patrimoine", "Débat")[rank],),
        )
        publish(OPERATOR, write_event(OPERATOR, owner, event))
    return owner


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def signed_in(live_server, context, organisation):
    client = Client()
    client.force_login(make_member(organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def tab_to(page, name: str, most: int = 90) -> None:
    """Press Tab until the focus is on what has that name."""
    script = """() => {
      const one = document.activeElement
      return one.id || one.getAttribute('name') || one.textContent.trim()
    }"""
    reached: list[str] = []
    while len(reached) < most:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(script))
        if reached[-1] == name:
            return
    raise AssertionError(f"Tab never reaches {name} on {page.url}, only {reached}")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_list_the_map_a_page_and_its_frame_are_accessible_and_fit(
    live_server, chromium, axe, agenda, width, scheme
):
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    own = Event.objects.get(title=LONG).get_absolute_url()
    lists = ("", "?vue=carte", "?vue=programme", "?pres=48.63,2.55", "?q=absent&gratuit=1")
    for address in (*(f"/agenda/{query}" for query in lists), own, f"{own}integrer/"):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_form_and_the_screens_beside_it_are_accessible_and_fit(live_server, chromium, axe, agenda, width, scheme):
    context = context_of(chromium, width, scheme)
    page = signed_in(live_server, context, agenda)
    event = Event.objects.get(title="Concert")
    for address in ("agenda/add/", f"agenda/edit/{event.pk}/", "agenda-doublons/", "agenda-sources/"):
        page.goto(f"{live_server.url}/admin/{address}")
        assert axe(page) == [], address
        assert fits(page), address
    context.close()


def test_an_event_is_found_by_keyboard_alone(live_server, chromium, agenda):
    context = context_of(chromium)
    page = context.new_page()
    page.goto(live_server.url + "/agenda/")
    tab_to(page, "f-theme")
    page.keyboard.type("P")  # one letter: a list forgets what was typed more than a second ago
    tab_to(page, "Afficher")
    page.keyboard.press("Enter")
    page.wait_for_url("**theme=Patrimoine**")
    expect(page.locator(".record-card")).to_have_count(1)
    tab_to(page, "Carte")
    page.keyboard.press("Enter")
    page.wait_for_selector(".record-map circle")
    page.locator(".record-map a").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1 >> text=Visite du château")
    context.close()


def test_what_is_around_is_asked_of_the_browser_and_a_refusal_is_told(live_server, chromium, agenda):
    context = context_of(
        chromium, geolocation={"latitude": 48.63004, "longitude": 2.55004}, permissions=["geolocation"]
    )
    page = context.new_page()
    page.goto(live_server.url + "/agenda/?quand=avenir", wait_until="networkidle")
    page.get_by_role("button", name="Autour de moi").press("Enter")
    page.wait_for_url(lambda address: address.endswith("quand=avenir&pres=48.630%2C2.550"), wait_until="networkidle")
    expect(page.get_by_label("À moins de")).to_have_value("5")
    page.get_by_label("À moins de").select_option("1")
    page.get_by_role("button", name="Afficher").press("Enter")
    page.wait_for_url(lambda address: "rayon=1" in address, wait_until="networkidle")
    expect(page.locator(".record-card h2")).to_have_text(["Concert"])
    context.clear_permissions()
    page.get_by_role("button", name="Autour de moi").press("Enter")
    page.get_by_role("alert").filter(has_text="Votre navigateur ne dit pas").wait_for()
    context.close()


def test_an_event_that_repeats_is_written_and_published_by_keyboard_alone(live_server, chromium, agenda):
    context = context_of(chromium)
    page = signed_in(live_server, context, agenda)
    page.goto(live_server.url + "/admin/agenda/add/")
    tab_to(page, "id_title")
    page.keyboard.type("Cours de danse")
    tab_to(page, "id_timings-0-start")
    day = timezone.localdate() + timedelta(days=7)
    page.locator(":focus").fill(f"{day}T18:00")
    tab_to(page, "id_timings-0-end")
    page.locator(":focus").fill(f"{day}T19:30")
    tab_to(page, "id_timings-ADD")
    page.keyboard.press("Enter")
    expect(page.locator("#id_timings-1-start")).to_be_visible()
    page.locator("#id_timings-1-DELETE-button").focus()
    page.keyboard.press("Enter")
    tab_to(page, "id_repeats")
    page.keyboard.type("chaque semaine")
    tab_to(page, "id_until")
    page.locator(":focus").fill(f"{day + timedelta(weeks=3)}")
    tab_to(page, "id_except_on")
    page.keyboard.type(f"{day + timedelta(weeks=1):%d/%m/%Y}")
    page.locator("button[name='action-publish']").evaluate("one => one.click()")
    page.wait_for_url("**/admin/agenda/")
    event = Event.objects.get(title="Cours de danse")
    assert event.live
    assert [row.day for row in event.days.all()] == [day + timedelta(weeks=week) for week in (0, 2, 3)]
    assert {timezone.localtime(row.start).hour for row in event.days.all()} == {18}
    page.goto(f"{live_server.url}/admin/agenda/edit/{event.pk}/")
    expect(page.locator("#id_timings-0-start")).to_have_value(f"{day:%Y-%m-%d}T18:00")
    expect(page.locator("#id_until")).to_have_value(f"{day + timedelta(weeks=3):%Y-%m-%d}")
    context.close()


def test_nothing_is_kept_of_a_new_event_before_a_button_is_pressed(live_server, chromium, agenda):
    context = context_of(chromium)
    page = signed_in(live_server, context, agenda)
    sent = []
    page.on("request", lambda request: sent.append(request.method) if request.url.endswith("/add/") else None)
    page.goto(live_server.url + "/admin/agenda/add/")
    page.wait_for_timeout(1_500)  # what changes is told from what the form held by then
    page.locator("#id_timings-0-start").fill("2027-01-05T18:00")
    page.locator("#id_timings-0-end").fill("2027-01-05T19:00")
    page.locator("#id_title").press_sequentially("Cours de dan", delay=50)
    page.keyboard.press("Tab")
    page.wait_for_timeout(3_000)  # Wagtail would keep it after half a second
    assert sent == ["GET"]
    assert not Event.objects.filter(title__startswith="Cours").exists()
    context.close()


def test_a_button_pressed_twice_before_the_answer_makes_one_event(live_server, chromium, agenda):
    context = context_of(chromium, java_script_enabled=False)
    page = signed_in(live_server, context, agenda)
    page.goto(live_server.url + "/admin/agenda/add/")
    form = page.locator("form:has(#id_title)").evaluate(
        "form => [...new FormData(form)].filter(([, value]) => typeof value === 'string')"
    )
    context.close()
    fields = dict(form) | {
        "title": "Bal",
        "timings-0-start": "2027-01-05T18:00",
        "timings-0-end": "2027-01-05T19:00",
        "action-publish": "1",
    }
    barrier = Barrier(4)

    def press(cookies) -> int:
        client = Client()
        client.cookies.update(cookies)
        barrier.wait()
        status = client.post("/admin/agenda/add/", fields).status_code
        connection.close()
        return status

    client = Client()
    client.force_login(make_member(agenda, Role.STEWARD, email="vite@exemple.fr"))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, [client.cookies] * 4))
    assert answers == [302] * 4
    assert Event.objects.get(title="Bal").live


def test_the_chooser_of_pictures_opens(live_server, chromium, agenda):
    context = context_of(chromium)
    page = signed_in(live_server, context, agenda)
    page.goto(live_server.url + "/admin/agenda/add/")
    page.get_by_role("button", name="Choisir une image").click()
    page.wait_for_selector(".modal.in, dialog[open]")
    context.close()


def test_the_list_narrows_without_javascript(live_server, chromium, agenda):
    context = context_of(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/agenda/")
    page.get_by_label("Gratuit").check()
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(".record-card h2")).to_have_text(["Concert"])
    page.get_by_role("link", name="Tout effacer").click()
    page.wait_for_url("**/agenda/")
    expect(page.locator(".record-card")).to_have_count(3)
    context.close()


def test_paper_has_no_form_and_dark_ink(live_server, chromium, agenda):
    context = context_of(chromium, scheme="dark")
    page = context.new_page()
    page.goto(live_server.url + "/agenda/")
    page.emulate_media(media="print")
    expect(page.locator(".record-filters")).to_be_hidden()
    expect(page.get_by_role("link", name="Carte", exact=True)).to_be_hidden()
    ink = page.locator(".record-card .quiet").first.evaluate("one => getComputedStyle(one).color")
    assert max(int(part) for part in ink.removeprefix("rgb(").rstrip(")").split(",")) < 128
    context.close()
