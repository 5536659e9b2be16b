"""The description that connectors are made from is OpenAPI 2.0, small enough, and says the same as the other one."""

from __future__ import annotations

import json
from typing import Any

import schemathesis

from parvis.hub.api.swagger import MOST_BYTES
from parvis.web.parvis_api import API

ORIGIN = "https://portail.exemple.fr"


def _words(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set(node) | {word for value in node.values() for word in _words(value)}
    return {word for item in node for word in _words(item)} if isinstance(node, list) else set()


def test_a_connector_can_be_made_from_it():
    document = API.connector_document(ORIGIN, "fr")
    schemathesis.openapi.from_dict(document).validate()
    assert len(json.dumps(document, ensure_ascii=False).encode()) < MOST_BYTES
    assert (document["host"], document["basePath"], document["schemes"]) == (
        "portail.exemple.fr",
        "/api/parvis/v1",
        ["https"],
    )
    assert list(document["securityDefinitions"]) == ["key"]
    assert not _words(document) & {"$ref", "anyOf", "oneOf", "allOf", "const", "contentMediaType", "requestBody"}


def test_it_has_every_operation_that_writes_with_its_parameters():
    whole, made = API.document(ORIGIN, "en")["paths"], API.connector_document(ORIGIN, "en")["paths"]
    for path, row in whole.items():
        for method, operation in row.items():
            if {"writing", "rows"} & set(operation["tags"]):
                twin = made[path][method]
                bodies = 1 if "requestBody" in operation else 0
                assert len(twin["parameters"]) == len(operation["parameters"]) + bodies, path
                assert twin["summary"] and len(twin["summary"]) <= 80
            else:
                assert method not in made.get(path, {})
    file = made["/datasets/{dataset_id}/file"]["put"]
    assert file["consumes"] == ["application/octet-stream"]
    assert file["parameters"][-1]["schema"] == {"type": "string", "format": "binary"}
    key = made["/keys"]["post"]["parameters"][-1]["schema"]["properties"]
    assert (key["organisation"]["type"], key["organisation"]["x-nullable"]) == ("string", True)
