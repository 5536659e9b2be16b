"""What the public reads of a dataset that follows a schema: on its card, in DCAT, and the whole report if it may read the data."""

from __future__ import annotations

import io

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import create_dataset, set_access
from parvis.hub.datastore import services
from parvis.hub.ui.tests.markup import tight
from parvis.hub.validation.services import follow, ref_from

pytestmark = pytest.mark.django_db(transaction=True)
GRANTS = "nomAttribuant;montant\nVille d’Évry-Courcouronnes;40 000,00\nVille d’Évry-Courcouronnes;12.5\n"


@pytest.fixture
def dataset(settings, tmp_path):
    """A published dataset of grants that lacks required fields."""
    settings.PARVIS_HOME = tmp_path / "home"
    settings.PARVIS_HOME.mkdir()
    card = {"title": "Subventions", "description": "<p>Les subventions versées par la ville.</p>"}
    made = create_dataset(OPERATOR, make_organisation("Ville"), "subventions", card)
    follow(OPERATOR, made, ref_from("scdl/subventions@2.1.1"))
    body = GRANTS.encode()
    deposit = services.open_deposit(OPERATOR, "subventions.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import_here(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=made, publish=True))
    made.refresh_from_db()
    return made


def test_the_card_tells_the_schema_and_the_verdict_and_links_the_report(client, dataset):
    page = tight(client.get("/explore/dataset/subventions/information/").content.decode())
    assert '<a href="/schemas/scdl/subventions/">Subventions</a>' in page
    report = f"/explore/dataset/subventions/versions/{dataset.current.name}/validation/"
    assert report in page
    report_page = tight(client.get(report).content.decode())
    assert "<mark>40 000,00</mark>" in report_page
    answer = client.get(f"{report}rapport.csv")
    assert b"40 000,00" in b"".join(answer.streaming_content)
    assert client.get(f"{report}rapport.exe").status_code == 404


def test_dcat_tells_to_what_the_data_conforms(client, dataset):
    graph = b"".join(client.get("/api/explore/v2.1/catalog/exports/ttl").streaming_content).decode()
    assert "conformsTo" in graph
    assert "https://schema.data.gouv.fr/schemas/scdl/subventions/2.1.1/schema.json" in graph
    body = client.get("/api/explore/v2.1/catalog/datasets/subventions?include_app_metas=true").json()
    assert body["metas"]["dcat"]["conforms_to"].endswith("scdl/subventions/2.1.1/schema.json")


def test_the_report_is_closed_with_the_data(client, dataset):
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [])
    report = f"/explore/dataset/subventions/versions/{dataset.current.name}/validation/"
    assert client.get(report).status_code == 404
    assert client.get(f"{report}rapport.csv").status_code == 404
