"""Usage, limits and pushed pages in a real browser, without a violation of accessibility."""

from __future__ import annotations

import pytest
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.jobs.worker import drain
from parvis.hub.pages.factories import block, make_theme_page, site_of_tests
from parvis.hub.pages.selectors import pages_of
from parvis.hub.pages.services import make_page
from parvis.hub.pushed.models import PushedCopy
from parvis.hub.pushed.services import push
from parvis.hub.quotas.services import set_limits
from parvis.hub.sites.services import make_site
from parvis.hub.territories.models import Territory
from parvis.hub.usage.rules import Nature, Seen, Subject
from parvis.hub.usage.services import add_counts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screens(town) -> list[str]:
    """Addresses of the screens, each with something to show, a conflict among them."""
    make_dataset(town.organisation, dataset_id="arbres", title="Arbres")
    add_counts(
        {(timezone.localdate(), site_of_tests().pk, Seen(Nature.VIEW, Subject.DATASET, "arbres"), False): 12}, {}
    )
    set_limits(OPERATOR, town.organisation, {"datasets": 1, "storage": 5_000_000})
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.localhost", parent=site_of_tests())
    page = make_theme_page(block("text", "<p>Bienvenue {a_commune}</p>", "un"))
    push(OPERATOR, page, [site])
    drain()
    own = pages_of(site).get()
    body = [block("text", "<p>Chez nous</p>", "un")]
    make_page(OPERATOR, site, own.slug, own.title, body, introduction=own.introduction)
    make_theme_page(block("text", "<p>Bonjour {a_commune}</p>", "un"))
    drain()
    copy = PushedCopy.objects.get()
    limits = f"organisations/{town.organisation.slug}/limites/"
    return ["usages/", limits, f"pousser/{page.pk}/", f"pousser/copies/{copy.pk}/"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_screens_are_accessible(chromium, live_server, town, axe, screens, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", color_scheme=scheme)
    session = client_of(town.superuser).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    for name in screens:
        assert page.goto(f"{live_server.url}/admin/{name}").status == 200
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    context.close()


def test_a_conflict_is_settled_in_one_click(chromium, live_server, town, screens):
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    session = client_of(town.superuser).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/{screens[-1]}")
    page.get_by_role("button", name="Prendre celui du site d’ensemble").click()
    page.get_by_text("Rien ne diffère").wait_for()
    context.close()
