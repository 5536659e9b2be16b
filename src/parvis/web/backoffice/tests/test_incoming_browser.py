"""The screens of what comes in by itself in a real browser: no violation of accessibility, wide and light, narrow and dark."""

from __future__ import annotations

import pytest
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.charts.factories import make_stands
from parvis.hub.deliveries.models import Delivery
from parvis.hub.deliveries.rules import State
from parvis.hub.deliveries.selectors import open_periods
from parvis.hub.deliveries.services import expect, make_link, move_due
from parvis.hub.harvesting.hooks import make_hook
from parvis.hub.harvesting.models import HookCall, Run, RunItem
from parvis.hub.harvesting.sources import save_source
from parvis.hub.quality.feeds import watch_feed
from parvis.hub.quality.models import DatasetLink, Link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(town, settings) -> list[str]:
    """The screens, each with something to show."""
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    dataset = make_stands(organisation=town.organisation, dataset_id="parkings", title="Parkings")
    facts = {"sender": "Parcs SA", "sender_emails": ["a@parcs.example"], "every": "month", "day": 28}
    expectation = expect(OPERATOR, town.organisation, dataset, "", {**facts, "remind_days": 3})
    make_link(OPERATOR, expectation)
    due = open_periods(expectation)[-1]
    move_due(OPERATOR, expectation, due, due + timezone.timedelta(days=1), "Panne de leur logiciel")
    findings = [{"code": "fewer-rows", "details": {"before": 100, "after": 60, "percent": 40}}]
    delivery = Delivery.objects.create(
        expectation=expectation, due=due, file="mars.csv", state=State.WAITING, findings=findings
    )
    watch_feed(OPERATOR, dataset, 15)
    link = Link.objects.create(digest="d", url="https://data.example.fr/perdu.csv", broken=True, failures=4)
    DatasetLink.objects.create(dataset=dataset, link=link, place="source")
    address = "https://data.example.fr"
    source = save_source(
        OPERATOR, town.organisation, dialect="explore", url=address, title="Voisins", schedule="chaque nuit à 3 h"
    )
    run = Run.objects.create(source=source, state="failed", counts={"seen": 2, "created": 1, "failed": 1}, error=None)
    for outcome in ("created", "failed"):
        RunItem.objects.create(run=run, identifier=outcome, title=f"Jeu {outcome}", outcome=outcome)
    hook, _secret = make_hook(OPERATOR, source, signed=True)
    HookCall.objects.create(hook=hook, way="standard", outcome="begun", run=run)
    HookCall.objects.create(hook=hook, outcome="unsigned", count=3)
    return [
        "/admin/",
        "/admin/livraisons/",
        "/admin/livraisons/nouvelle/",
        f"/admin/livraisons/{expectation.pk}/",
        f"/admin/livraisons/recues/{delivery.pk}/",
        "/admin/liens/",
        "/admin/flux/",
        "/admin/sources/",
        "/admin/sources/ajouter/",
        f"/admin/sources/{source.slug}/",
        f"/admin/sources/{source.slug}/appel/",
        f"/admin/sources/lecture/{run.pk}/",
        "/explore/dataset/parkings/suivre/",
    ]


def test_what_comes_in_by_itself_is_accessible_and_fits(chromium, live_server, town, axe, addresses):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        assert page.goto(f"{live_server.url}{address}").status == 200, address
        page.evaluate("document.querySelectorAll('main details').forEach(row => { row.open = true })")
        assert axe(page) == [], address
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(color_scheme="dark")
        assert axe(page) == [], f"{address} narrow"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    context.close()
