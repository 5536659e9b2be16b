"""What fields of published schemas want, found from their types, patterns, names and checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import parvis.packs
from parvis.core.readings.field_readings import accepts, best_candidates, wanted
from parvis.core.schemas import Field, TableSchema, read_schema

FOLDER = Path(parvis.packs.__file__).parent / "schemas"


def _schema(path: str) -> TableSchema:
    return read_schema(json.loads((FOLDER / path / "schema.json").read_text("utf-8")))


WANTED = (
    ("scdl__subventions/2.1.1", "idAttribuant", "code", {"widths": [14], "check": "siret"}),
    ("scdl__subventions/2.1.1", "idBeneficiaire", "code", {"widths": [14], "check": "siret"}),
    ("scdl__subventions/2.1.1", "dateConvention", "date", {"to": "%Y-%m-%d"}),
    ("scdl__subventions/2.1.1", "datesPeriodeVersement", "period", {}),
    ("scdl__subventions/2.1.1", "montant", "number", {}),
    ("scdl__subventions/2.1.1", "pourcentageSubvention", "number", {"ratio": True}),
    ("scdl__subventions/2.1.1", "notificationUE", "boolean", {"true": ["oui"], "false": ["non"]}),
    ("scdl__prenoms/1.1.6", "COLL_INSEE", "code", {"widths": [5]}),
    ("scdl__prenoms/1.1.6", "ANNEE", "year", {}),
    ("etalab__schema-stationnement-cyclable/1.1.1", "coordonneesxy", "point", {"format": "array"}),
    ("etalab__schema-irve-statique/2.3.1", "coordonneesXY", "point", {"format": "array"}),
)  # fmt: skip


@pytest.mark.parametrize(("path", "name", "reading", "settings"), WANTED)
def test_a_field_of_a_published_schema_wants(path: str, name: str, reading: str, settings: dict[str, object]) -> None:
    schema = _schema(path)
    item = schema.find(name)
    assert item is not None
    first = wanted(item, schema)[0]
    assert (first.reading, dict(first.settings)) == (reading, settings)


def test_the_pattern_of_the_field_chooses_among_readings() -> None:
    schema = _schema("scdl__subventions/2.1.1")
    item = schema.find("datesPeriodeVersement")
    assert item is not None
    assert [
        c.after for c in best_candidates("2018-01-01_2018-03-31", item, schema, lambda text: accepts(item, text))
    ] == ["2018-01-01/2018-03-31"]
    assert best_candidates("bientôt", item, schema, lambda text: True) == ()


def test_the_pattern_of_a_stranger_never_hangs_and_one_unknown_to_re2_is_believed() -> None:
    assert not accepts(Field("a", constraints={"pattern": "(a+)+b"}), "a" * 5000)
    assert accepts(Field("a", constraints={"pattern": "(?=a).*"}), "zzz")
    assert accepts(Field("a", constraints={"pattern": "a|b"}), "ax")  # anchored as Validata does, without a group


def test_every_field_of_every_bundled_schema_is_understood_without_error() -> None:
    for path in FOLDER.glob("*/*/*.json"):
        schema = read_schema(json.loads(path.read_text("utf-8")))
        for item in schema.fields:
            assert wanted(item, schema)
