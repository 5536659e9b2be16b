"""The screens that make a rule an extract, in a real browser: accessible, narrow and wide, by keyboard, without scripts; and at once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from playwright.sync_api import expect

from parvis.core.profiling.plans import overrides_from_fields
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.extracts import Question
from parvis.hub.datastore.models import Deposit
from parvis.hub.datastore.services import run_import_here, start_import
from parvis.hub.datastore.services.deposits import deposit_file
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.tests.far_portal import FIELDS, rows
from parvis.hub.moving.models import Part
from parvis.hub.moving.rule_extracts import make_rule_extract
from parvis.hub.preparation.extracts import Wish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def part(home, town, tmp_path) -> Part:
    """A rule of a dataset that is here."""
    card = {"title": "Vélos " * 20, "description": "Les vélos.", "licence": "lov2"}
    dataset = create_dataset(OPERATOR, town.organisation, "velos", card)
    path = tmp_path / "velos.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows(24)))
    overrides = {name: row.to_dict() for name, row in overrides_from_fields(FIELDS).items()}
    deposit = deposit_file(OPERATOR, path)
    run_import_here(
        OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True, overrides=overrides)
    )
    dataset.refresh_from_db()
    source = Source.objects.create(
        slug="s", title="Le portail", organisation=town.organisation, url="https://x.fr", dialect="explore"
    )
    rule = {
        "data_visible": True,
        "fields": ["code", "nombre"],
        "filter": 'code:"un-mot-tres-long-' + "x" * 80 + '" OR nombre<0',
    }
    facts = {"identifier": "group:g", "rule": rule, "permissions": []}
    return Part.objects.create(
        source=source, kind="filters", identifier="velos group:g", title=dataset.title, facts=facts, dataset=dataset
    )


@pytest.mark.browser
def test_a_rule_is_made_an_extract_without_scripts_on_an_accessible_page(part, chromium, live_server, town, axe):
    session = client_of(town.superuser).cookies["sessionid"].value
    address = f"{live_server.url}/admin/emmenagement/s/regle/{part.pk}/"
    listed = f"{live_server.url}/admin/emmenagement/s/?partie=filters"
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    context = chromium.new_context(locale="fr-FR")
    context.add_cookies([cookie])
    page = context.new_page()
    for place in (listed, address, f"{live_server.url}/admin/extraits/velos/"):
        for width, scheme in ((1280, "light"), (360, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.goto(place).status == 200
            page.evaluate("document.querySelectorAll('main details').forEach(row => { row.open = true })")
            assert axe(page) == [], (place, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (place, width)
    context.close()

    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    context.add_cookies([cookie])
    plain = context.new_page()
    plain.goto(address)
    plain.fill("[name=dataset_id]", "velos-agents")
    plain.fill("[name=title]", "Vélos, pour les agents")
    plain.press("[name=title]", "Enter")
    expect(plain.locator("main"), "there is no such portal").to_contain_text("n’a pas dit combien de lignes il garde")
    expect(plain.locator("[name=title]")).to_have_value("Vélos, pour les agents")
    plain.check("[name=confirmed]")
    plain.press("[name=title]", "Enter")
    expect(plain.locator("main")).to_contain_text("est fait")
    plain.goto(listed)
    expect(plain.locator("main")).to_contain_text("Vélos, pour les agents")
    context.close()


def test_two_who_press_at_once_make_one_extract(part):
    def press() -> tuple[int, bool]:
        try:
            child, is_new = make_rule_extract(
                OPERATOR, part, Wish("Vélos", "velos-agents", "x", Question("nombre < 0"))
            )
            return child.pk, is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = [press.result() for press in [pool.submit(press) for _time in range(4)]]
    assert len({key for key, _is_new in outcomes}) == 1
    assert sum(is_new for _key, is_new in outcomes) == 1
    assert (Dataset.objects.count(), Deposit.objects.count()) == (2, 1)
