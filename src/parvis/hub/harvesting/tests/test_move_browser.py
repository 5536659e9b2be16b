"""Each step of a move in a real browser: no violation of accessibility, wide and light, narrow and dark; by keyboard; without scripts."""

import pytest

from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.harvesting.models import Item, Run, RunItem
from parvis.hub.harvesting.move_progress import figures_of, run_progress
from parvis.hub.harvesting.move_services import set_move
from parvis.hub.harvesting.tests.far_portal import FarPortal, rows
from parvis.hub.ui.tests.patience import patience

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def source(home, town, portal, work):
    """A portal that was tried: words of each kind, and datasets that ask for a decision."""
    far = FarPortal(portal)
    far.add("budget", rows(3), publisher="Ville d’Évry", license="", theme=["Mobilité douce"])
    far.add("un-identifiant-bien-trop-long-pour-un-telephone-" + "x" * 40, rows(1), title="Un titre " * 20)
    options = {"only": [], "without": [], "licence": "", "draft": False, "ignore_robots": False}
    plan = set_move(OPERATOR, town.organisation, None, "une-cle", url=portal.address, **options)
    work()
    return plan.source


def opened(chromium, live_server, person, **options):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", **options)
    session = client_of(person).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    return context, page


def test_every_step_is_accessible_and_fits(chromium, live_server, town, axe, source):
    base = f"/admin/emmenager/{source.slug}"
    run = Run.objects.create(
        source=source, state="failed", counts={"seen": 3, "created": 2, "failed": 1}, total=3, error=None
    )
    failed = RunItem.objects.create(run=run, identifier="a", title="Un jeu", outcome="failed", reasons=[])
    differences = [{"part": "card", "name": "default.title", "there": "Un", "here": "Deux"}]
    comparison = {"run": run.pk, "state": "different", "count": 1, "differences": differences, "rows": [3, 2]}
    dataset = make_dataset(organisation=town.organisation, dataset_id="b", title="Jeu b")
    Item.objects.create(source=source, identifier="b", title="Jeu b", dataset=dataset, comparison=comparison)
    places = ["", f"{base}/portail/", f"{base}/mots/", f"{base}/mots/?genre=licence", f"{base}/mots/?genre=theme"]
    places = [place or "/admin/emmenager/" for place in places]
    places += [
        f"{base}/jeux/",
        f"{base}/jeux/?jeux=regarder",
        f"{base}/suivi/",
        f"/admin/sources/lecture/{run.pk}/rapport/",
    ]
    context, page = opened(chromium, live_server, town.superuser)
    for place in [*places, "at work"]:
        if place == "at work":
            Run.objects.filter(pk=run.pk).update(state="running", current=failed.title)
            place = f"{base}/suivi/"
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        assert page.goto(f"{live_server.url}{place}").status == 200, place
        page.evaluate("document.querySelectorAll('main details').forEach(row => { row.open = true })")
        assert axe(page) == [], place
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(color_scheme="dark")
        assert axe(page) == [], f"{place} narrow"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
    context.close()


def test_a_portal_moves_in_by_keyboard_alone_and_without_scripts(chromium, live_server, town, source, work):
    context, page = opened(chromium, live_server, town.superuser, java_script_enabled=False)
    page.goto(f"{live_server.url}/admin/emmenager/{source.slug}/mots/?genre=theme")
    page.get_by_role("combobox", name="Mobilité douce").focus()
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("combobox", name="Mobilité douce").input_value()
    for _other_word in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "acte":
            break
    assert page.evaluate("document.activeElement.value") == "mots"
    page.keyboard.press("Enter")
    page.get_by_text("1 mot est gardé.").wait_for()
    assert chosen
    page.get_by_role("button", name="Commencer l’emménagement").focus()
    page.keyboard.press("Enter")
    page.get_by_text("En attente de son tour").wait_for()
    work()
    page.get_by_role("link", name="Voir où il en est").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Recommencer, pour les différences").wait_for()
    page.get_by_role("link", name="Voir le rapport").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Rapport d’emménagement").first.wait_for()
    context.close()


def test_the_page_of_a_move_follows_it_to_its_end_by_itself(chromium, live_server, town, source, work):
    context, page = opened(chromium, live_server, town.superuser)
    page.goto(f"{live_server.url}/admin/emmenager/{source.slug}/mots/")
    page.get_by_role("button", name="Commencer l’emménagement").click()
    page.get_by_text("En attente de son tour").first.wait_for()
    work()
    page.get_by_role("button", name="Recommencer, pour les différences").wait_for(timeout=patience(30_000))
    context.close()


def test_figures_and_failures_come_to_the_page_without_loading_it_again(chromium, live_server, town, source):
    run = Run.objects.create(source=source, state="running", counts={"seen": 1, "created": 1}, total=3)
    context, page = opened(chromium, live_server, town.superuser)
    page.goto(f"{live_server.url}/admin/emmenager/{source.slug}/suivi/")
    page.evaluate("window.isTheSame = true")
    assert page.get_by_role("heading", name="Derniers échecs").count() == 0
    Run.objects.filter(pk=run.pk).update(counts={"seen": 2, "created": 1, "failed": 1})
    reason = Sentence("le portail ne les donne pas ({reason})", {"reason": "<b>panne</b>"}).to_json()
    RunItem.objects.create(run=run, identifier="a", title="Un jeu", outcome="failed", reasons=[reason])
    page.get_by_role("heading", name="Derniers échecs").wait_for(timeout=patience(30_000))
    assert "Un jeu — le portail ne les donne pas (<b>panne</b>)" in page.get_by_role("listitem").all_inner_texts()
    figures = figures_of(run_progress(Run.objects.get(pk=run.pk)))
    assert {name: page.text_content(f"[data-job-figure={name}]") for name in figures} == figures
    assert figures["failed"] == "1"
    assert page.evaluate("window.isTheSame")
    page.goto("about:blank")
    context.close()
