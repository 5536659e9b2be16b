"""The maker of charts in a real browser: accessible, and used from the first choice to the page by a person."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.records.rules import Status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(chromium, live_server, town):
    """``open_page(width)`` gives the page of the steward."""
    contexts = []

    def opened(width=1280):
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
        contexts.append(context)
        session = client_of(town.steward).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_list_and_the_maker_are_accessible(live_server, open_page, town, axe, width):
    chart = make_chart(make_stands(organisation=town.organisation))
    page = open_page(width)
    for address in ("/admin/graphiques/", "/admin/graphiques/-/nouveau/", f"/admin/graphiques/{chart.slug}/"):
        assert page.goto(live_server.url + address).status == 200
        for summary in page.locator("figure summary").all():
            summary.click()
        assert axe(page) == [], address


def test_all_the_records_of_a_list_are_put_online_from_its_top(live_server, open_page, town, axe):
    stands = make_stands(organisation=town.organisation)
    titles = {make_chart(stands, title=f"Graphique {rank}", status=Status.DRAFT).title for rank in range(3)}
    page = open_page(320)
    page.goto(f"{live_server.url}/admin/graphiques/")
    act = page.get_by_role("link", name="Mettre en ligne ce qui est choisi")
    expect(act).to_be_hidden()
    page.get_by_label("Tout sélectionner", exact=True).first.check()
    expect(act).to_be_visible()
    assert act.bounding_box()["y"] < page.locator("#listing-results tbody tr").first.bounding_box()["y"]
    assert axe(page) == []
    act.click()
    page.get_by_role("button", name="Mettre en ligne").click()
    expect(page.get_by_text("3 fiches")).to_be_visible()
    assert set(Chart.objects.filter(live=True).values_list("title", flat=True)) == titles


def test_a_person_composes_a_chart_and_publishes_it(live_server, open_page, town):
    make_stands(organisation=town.organisation)
    page = open_page()
    page.goto(f"{live_server.url}/admin/graphiques/-/nouveau/")
    page.evaluate("window.same = true")
    page.get_by_label("Jeu de données").focus()
    page.keyboard.type("Arceaux")  # the chart is shown at once, without leaving the page
    page.locator("#resultat figure").wait_for()
    page.get_by_label("Type de graphique").select_option("bars")
    page.get_by_label("Regrouper par").select_option("commune")
    page.locator("#resultat .chart-sentence", has_text="vient en tête").wait_for()
    column = page.get_by_label("Colonne", exact=True).first
    column.focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        column.select_option("modele")
    page.locator("#resultat[aria-busy]").wait_for(state="detached")
    expect(column).to_have_value("modele")  # a filter that is begun stays, and so does the focus
    assert page.evaluate("document.activeElement.name") == "condition.colonne"
    page.get_by_label("Valeur").first.fill("Box")
    page.get_by_label("Titre").first.fill("Des arceaux dans trois communes")
    page.get_by_role("group", name="Condition 1").wait_for()
    assert page.evaluate("window.same")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Publier").click()
    page.get_by_role("link", name="Voir la page publique").click()
    expect(page.locator("h1")).to_have_text("Des arceaux dans trois communes")
    source = Chart.objects.get().described.sources[0]
    assert (source.grouping, source.where) == ("commune", ('`modele` = "Box"',))
    page.get_by_role("link", name="Modifier ce graphique").click()
    expect(page.get_by_label("Titre").first).to_have_value("Des arceaux dans trois communes")
