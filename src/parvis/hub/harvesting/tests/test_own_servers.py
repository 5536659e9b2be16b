"""The names by which a portal knows what left it: those that it answers to, and no other."""

from __future__ import annotations

import json

import pytest

from parvis.core.sources.origins import OTHER_NAME
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.selectors import own_servers
from parvis.hub.harvesting.sources import save_source
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.conftest import portal, read  # noqa: F401 fixtures
from parvis.hub.served_address import note_address

pytestmark = pytest.mark.django_db


def test_a_portal_knows_itself_by_every_name_that_readers_may_ask_it_by(home, settings):
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_BASE_URL": "https://www.donnees.ville.fr",
        "PARVIS_ALLOWED_HOSTS": (
            "127.0.0.1",
            "localhost",
            "[::1]",
            "Ancien.ville.fr",
            "tunnel.fr:9000",
            ".ville.fr",
            "*",
        ),
    }
    note_address(settings.PARVIS_HOME, "0.0.0.0", 8151)
    servers = own_servers()
    assert {"donnees.ville.fr", "ancien.ville.fr", "ancien.ville.fr:8151", "tunnel.fr:9000"} <= servers
    assert {"127.0.0.1:8151", "localhost:8151", "[::1]:8151"} <= servers, "by its machine, past the proxy"
    others = {
        "127.0.0.1",
        "localhost",
        "127.0.0.1:8000",
        "tunnel.fr",
        "opendata.ville.fr",
        "ville.fr",
        ".ville.fr",
        "*",
    }
    assert not others & servers, "another portal may be there"


def test_a_dataset_renamed_in_every_word_where_it_began_is_still_the_one_that_came(home, town, portal, read):  # noqa: F811
    page = "https://voisin.fr/explore/dataset"

    def tell(*rows: dict[str, str]) -> None:
        body = json.dumps({"dataset": [{"landingPage": row["identifier"], **row} for row in rows]}).encode()
        portal.answers["/data.json"] = lambda handler: reply(handler, body)

    source = save_source(
        OPERATOR, town.organisation, dialect="data_json", url=f"{portal.address}/data.json", title="V", mode="metadata"
    )
    tell({"identifier": f"{page}/ecoles/", "title": "Écoles"}, {"identifier": f"{page}/parcs/", "title": "Parcs"})
    assert read(source).counts["created"] == 2
    renamed = {"identifier": f"{page}/etablissements/", "title": "Écoles et collèges", OTHER_NAME: f"{page}/ecoles/"}
    tell(renamed, {"identifier": f"{page}/parcs/", "title": "Parcs"})
    for _night in range(2):
        run = read(source)
        assert not {"created", "missing", "twin"} & set(run.counts), run.counts
    assert set(Dataset.objects.values_list("title", flat=True)) == {"Écoles et collèges", "Parcs"}
