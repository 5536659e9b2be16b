"""``/catalog/metadata_templates``: what metadata there are (specification, section 4)."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import update_card

pytestmark = pytest.mark.django_db
TEMPLATES = "/api/explore/v2.1/catalog/metadata_templates"


def test_templates_are_listed_with_their_names(client, dataset):
    body = client.get(TEMPLATES).json()
    assert body["total_count"] == len(body["results"]) == 5
    assert [row["name"] for row in body["results"]] == ["default", "dcat", "custom", "explore", "parvis"]
    assert body["results"][0]["schema"][0] == {"name": "title", "label": "Titre", "type": "text", "multivalued": False}


def test_templates_of_one_type_and_one_of_them_are_told(client, dataset):
    update_card(OPERATOR, dataset, {"custom": {"data-owner": ["Parcs", "Eaux"]}})
    assert [row["name"] for row in client.get(f"{TEMPLATES}/interop/").json()["results"]] == ["dcat"]
    custom = client.get(f"{TEMPLATES}/custom/custom").json()
    assert custom["schema"] == [{"name": "data-owner", "label": "data-owner", "type": "text", "multivalued": True}]


@pytest.mark.parametrize("path", ["/nope", "/basic/nope", "/nope/default"])
def test_an_unknown_template_is_not_found(client, db, path):
    response = client.get(TEMPLATES + path)
    assert (response.status_code, response.json()["error_code"]) == (404, "NotFoundResource")
