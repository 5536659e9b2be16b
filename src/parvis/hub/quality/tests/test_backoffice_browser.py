"""The screens of quality, notices and inventory in a real browser, without a violation of accessibility."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.models import Organisation
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["qualite", "inventaire", "avis"])
def test_screens_are_accessible(chromium, live_server, town, axe, name, width):
    Organisation.objects.filter(pk=town.organisation.pk).update(kind="commune")
    make_dataset(town.organisation, dataset_id="arbres", title="Arbres")
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    assert page.goto(f"{live_server.url}/admin/{name}/").status == 200
    assert axe(page) == []
    context.close()
