"""Labels of values that a schema gives."""

from __future__ import annotations

import json

import pytest

from parvis.hub.validation.selectors import labels_of_schema
from parvis.hub.validation.services import follow, keep_schema

from .conftest import SCHEMA

pytestmark = pytest.mark.django_db


def test_the_categories_of_a_schema_are_the_labels_of_its_values(town, dataset):
    categories = [{"value": "A", "label": "arceau"}, {"value": "R", "label": "râtelier"}, {"value": "X"}]
    field = {"name": "Type d’accroche", "type": "string", "categories": categories}
    content = json.dumps({**SCHEMA, "fields": [*SCHEMA["fields"], field]}).encode()
    assert labels_of_schema(dataset, "type_d_accroche") == {}
    follow(town.steward, dataset, keep_schema(content, "places.json"))
    assert labels_of_schema(dataset, "type_d_accroche") == {"A": "arceau", "R": "râtelier"}
    assert labels_of_schema(dataset, "code") == {}
