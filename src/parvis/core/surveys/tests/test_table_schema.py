"""A form made from a Table Schema: its types, its constraints, and what is told of those that a form has not."""

from __future__ import annotations

from parvis.core.schemas import read_schema
from parvis.core.surveys.checking import problems_of
from parvis.core.surveys.model import Kind
from parvis.core.surveys.table_schema import form_from_schema

SCHEMA = {
    "fields": [
        {"name": "Nom du lieu", "type": "string", "title": "Nom", "constraints": {"required": True, "unique": True}},
        {"name": "places", "type": "integer", "constraints": {"minimum": 1, "maximum": 500}},
        {"name": "couvert", "type": "boolean"},
        {"name": "type", "type": "string", "constraints": {"enum": ["Râtelier", "Arceau"]}},
        {"name": "services", "type": "array", "arrayItem": {"constraints": {"enum": ["pompe", "casier"]}}},
        {"name": "position", "type": "geopoint", "description": "Où.", "example": "2.5, 48.6"},
        {"name": "contour", "type": "geojson"},
        {"name": "code", "type": "string", "constraints": {"pattern": "[0-9]{5}", "minLength": 5, "maxLength": 5}},
        {"name": "lent", "type": "string", "constraints": {"pattern": "(?=a)b"}},
        {"name": "texte", "type": "string", "constraints": {"maxLength": 2000}},
    ]
}


def test_each_field_becomes_a_question_and_what_is_lost_is_told():
    made = form_from_schema(read_schema(SCHEMA))
    assert problems_of(made.form) == []
    kinds = {field.name: field.kind for field in made.form.fields}
    assert kinds["nom_du_lieu"] is Kind.TEXT
    assert kinds["type"] is Kind.ONE
    assert kinds["contour"] is Kind.LONG_TEXT
    assert kinds["position"] is Kind.POINT
    assert kinds["texte"] is Kind.LONG_TEXT
    assert made.form.find("places").maximum == "500"
    assert made.form.find("code").pattern == "[0-9]{5}"
    assert made.form.find("position").hint == "Où. Exemple : 2.5, 48.6"
    assert [choice.label for choice in made.form.find("type").choices] == ["Râtelier", "Arceau"]
    words = " ".join(notice.text("fr") for notice in made.notices)
    assert all(part in words for part in ("geojson", "unique", "(?=a)b"))
