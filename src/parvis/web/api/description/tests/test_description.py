"""The description says what the code does, and keeps to OpenAPI 3.1."""

from __future__ import annotations

import json
import re

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from parvis.core.explore import EXPORT_FORMATS, request
from parvis.core.explore.request import ExploreRequest
from parvis.web.api.description.operations import EXPLORE, document
from parvis.web.api.description.parameters import PARAMETERS
from parvis.web.api.description.schemas import REFUSALS
from parvis.web.api.explore import catalogue_files
from parvis.web.api.explore.problems import PROBLEMS
from parvis.web.parvis_api import API

pytestmark = pytest.mark.django_db


def test_every_parameter_that_is_read_is_described():
    assert set(request.PARAMETERS) <= set(PARAMETERS)


def test_every_parameter_described_is_used_and_every_one_used_is_described():
    used = {
        parameter["$ref"].rpartition("/")[2]
        for operations in EXPLORE["paths"].values()
        for parameter in operations["get"]["parameters"]
    }
    assert used == set(PARAMETERS)


def test_every_default_described_is_that_of_the_code():
    defaults = {name: row["schema"].get("default") for name, row in PARAMETERS.items() if name in request.PARAMETERS}
    question = ExploreRequest()
    for name, default in defaults.items():
        if default is not None and name != "limit":
            assert request.PARAMETERS[name].read(name, json.dumps(default).strip('"')) == getattr(question, name), name
    assert defaults["limit"] == question.page()[0]


def test_every_format_has_its_address():
    paths = set(EXPLORE["paths"])
    assert {f"/catalog/datasets/{{dataset_id}}/exports/{row.name}" for row in EXPORT_FORMATS} < paths
    assert {f"/catalog/exports/{row.name}" for row in catalogue_files.FORMATS if row.listed} < paths


def test_every_error_stands_in_the_refusals():
    for row in PROBLEMS:
        schema = REFUSALS[f"Refused{row.status}"]["content"]["application/json"]["schema"]
        assert row.error_code in schema["properties"]["error_code"]["enum"]


DOCUMENTS = pytest.mark.parametrize("document", [document, API.document], ids=["explore", "parvis"])


@pytest.mark.parametrize("language", ["fr", "en"])
@DOCUMENTS
def test_the_description_is_valid_openapi_3_1(document, language):
    document = document("https://portail.example", language)
    jsonschema_rs.validator_for(OPENAPI_31).validate(document)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


@DOCUMENTS
def test_every_name_is_taken_once_and_every_reference_leads_somewhere(document):
    document = document("https://portail.example", "fr")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) > 10
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert len(references) > 5
    for reference in references:
        node = document
        for step in reference.split("/"):
            node = node[step]
    assert {tag for row in operations for tag in row["tags"]} == {tag["name"] for tag in document["tags"]}


def test_english_has_no_french_left():
    texts = _sentences(document("", "en")) | _sentences(API.document("", "en"))
    french = _sentences(document("", "fr")) | _sentences(API.document("", "fr"))
    assert len(texts) > 80
    assert not {text for text in texts & french if " " in text and text not in SAME}


SAME = {"Apikey <key>"}
"""What is the same in both: a form to write."""


def _sentences(node) -> set[str]:
    """Every title, summary and description."""
    if isinstance(node, list):
        return set().union(*map(_sentences, node))
    if not isinstance(node, dict):
        return set()
    own = {text for key, text in node.items() if key in ("title", "summary", "description") and isinstance(text, str)}
    return own.union(*map(_sentences, node.values()))


@pytest.mark.parametrize("name", ["swagger.json", "openapi.json"])
def test_it_is_served_under_both_names_with_the_portal_s_address(client, name):
    answer = client.get(f"/api/explore/v2.1/{name}", headers={"host": "localhost:8123"}, SERVER_PORT="8123")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = json.loads(answer.content)
    assert body["servers"] == [{"url": "http://localhost:8123/api/explore/v2.1"}]
    assert body["info"]["title"] == "API Explore v2.1 du portail"
    english = client.get(f"/api/explore/v2.1/{name}?lang=en").json()
    assert english["info"]["title"] == "Explore API v2.1 of the portal"


def test_a_private_portal_does_not_describe_itself_to_strangers(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    assert client.get("/api/explore/v2.1/swagger.json").status_code == 401
