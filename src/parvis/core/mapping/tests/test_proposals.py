"""Real files with the headers of others are brought to the schemas they follow."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import parvis.core.readings
from parvis.core.formats.file_reader import read
from parvis.core.mapping import Extras, Mapping, Portrait, detect_schema, detection, portray, propose_mapping
from parvis.core.mapping.fit import value_score
from parvis.core.mapping.messages import REASONS, reason_text
from parvis.core.mapping.names import name_score
from parvis.core.schemas import Field, TableSchema
from parvis.core.staging import ROWS, Workspace, open_workspace
from parvis.core.transforms import apply_steps
from parvis.core.translation import translate
from parvis.packs.schemas import bundled, load

DIRTY = Path(parvis.core.readings.__file__).parent / "tests" / "dirty"


def _schema(name: str) -> TableSchema:
    return load(name)


@pytest.fixture(scope="module")
def catalogue() -> list[TableSchema]:
    return [load(entry.name) for entry in bundled()]


@pytest.fixture(scope="module")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Portrait]]:
    with open_workspace(tmp_path_factory.mktemp("workspace")) as workspace:
        yield lambda name: portray(workspace, read(DIRTY / name, workspace)[0])


FOLLOWED = (
    ("subventions_lot_2017_cp1252.csv", "scdl/subventions"),
    ("subventions_nievre_2016_cp1252.csv", "scdl/subventions"),
    ("subventions_poitiers_2017.csv", "scdl/subventions"),
    ("subventions_roques_haute-garonne_2017.csv", "scdl/subventions"),
    ("subventions_charente-maritime.xlsx", "scdl/subventions"),
    ("prenoms_carrieres-sous-poissy.csv", "scdl/prenoms"),
    ("stationnement_velos_saint-etienne.csv", "etalab/schema-stationnement-cyclable"),
    ("irve_2021.csv", "etalab/schema-irve-statique"),
)


@pytest.mark.parametrize(("file", "name"), FOLLOWED)
def test_the_schema_that_a_file_follows_is_found_first(
    file: str, name: str, catalogue: list[TableSchema], portrait: Callable[[str], Portrait]
) -> None:
    candidates = detect_schema(portrait(file), catalogue)
    assert candidates[0].schema.name == name
    assert all(reason_text(reason, language) for reason in candidates[0].reasons for language in ("fr", "en"))


def test_a_file_that_follows_none_is_given_none(catalogue: list[TableSchema]) -> None:
    halls = Portrait(
        ("SALLE", "LOCALISATION", "CAPACITE ", "OPTION", "DISPONIBILITE"),
        (("Salle du Vauriault",), ("Lieu-dit",), ("100",), ("four",), ("l'année",)),
    )
    assert detect_schema(halls, catalogue) == ()
    assert detect_schema(Portrait((), ()), catalogue) == ()


OLD_HEADERS = {
    "nomAttribuant": "COLL_NOM", "idAttribuant": "COLL_SIRET", "dateConvention": "ACTE_DATE", "referenceDecision": "ACTE_REF",
    "nomBeneficiaire": "ATTRIB_NOM", "idBeneficiaire": "ATTRIB_SIRET", "objet": "SUB_OBJ", "montant": "SUB_MONTANT",
    "notificationUE": "Notification à la commission Européenne",
}  # fmt: skip


def test_the_header_of_the_former_standard_of_grants_is_understood(portrait: Callable[[str], Portrait]) -> None:
    mapping = propose_mapping(portrait("subventions_poitiers_2017.csv"), _schema("scdl/subventions"))
    assert {match.field: match.source["from"] for match in mapping.matches if match.source} == OLD_HEADERS
    assert mapping.missing == ("nature", "conditionsVersement", "datesPeriodeVersement", "pourcentageSubvention")
    assert mapping.left == ("ANNEE", "COLL_TYPE")


def test_each_column_serves_once_and_each_choice_has_its_reasons(portrait: Callable[[str], Portrait]) -> None:
    mapping = propose_mapping(portrait("subventions_nievre_2016_cp1252.csv"), _schema("scdl/subventions"))
    taken = [column for match in mapping.matches for column in match.columns]
    assert len(taken) == len(set(taken))
    assert all(
        reason_text(reason) and reason_text(reason, "en") for match in mapping.matches for reason in match.reasons
    )
    assert all(match.reasons for match in mapping.matches if match.source)


def test_a_mapping_that_a_person_completed_is_a_step_that_makes_the_table(tmp_path: Path) -> None:
    schema = _schema("scdl/prenoms")
    with open_workspace(tmp_path) as workspace:
        staged, _detected = read(DIRTY / "prenoms_carrieres-sous-poissy.csv", workspace)
        mapping = propose_mapping(portray(workspace, staged), schema)
        assert mapping.missing == ("ENFANT_SEXE",)
        step = mapping.changed({"ENFANT_SEXE": {"value": "I"}}, Extras.DROP).to_step()
        after, _outcomes = apply_steps(workspace, staged, [step])
        assert [column.header for column in after.columns] == list(schema.field_names)
        first = workspace.connection.execute(f"SELECT * EXCLUDE (line) FROM {ROWS} LIMIT 1").fetchone()
        assert first == ("Carrières-sous-Poissy", "78123", "I", "Aaliyah", "2", "2018")


POINTS = (
    ("geopoint", "xy", ("longitude", "latitude"), (("2.35",), ("48.85",)), {"point": {"x": "longitude", "y": "latitude", "format": "array"}}),
    ("number", "Xlongitude", ("geo",), (("48.85, 2.35", "45.1, 3.2"),), {}),
    ("number", "lat", ("geo",), (("48.85, 2.35", "45.1, 3.2"),), {"axis": {"of": "geo", "axis": "y", "order": "lat-lon"}}),
    ("number", "longitude", ("geo",), (("[2.35, 48.85]",),), {"axis": {"of": "geo", "axis": "x", "order": "lon-lat"}}),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "headers", "values", "source"), POINTS)
def test_points_are_put_together_and_apart(
    kind: str, name: str, headers: tuple[str, ...], values: Any, source: dict[str, Any]
) -> None:
    schema = TableSchema("s", "1", "", "", (Field(name, kind, "array" if kind == "geopoint" else "default"),))
    assert dict(propose_mapping(Portrait(headers, values), schema).matches[0].source) == source


def test_a_period_is_made_of_its_beginning_and_its_end() -> None:
    headers = ("SUB_DATE_DEBUT", "SUB_DATE_FIN", "SUB_MONTANT")
    portrait = Portrait(headers, (("2021-01-01",), ("2021-12-31",), ("12",)))
    matches = {match.field: match for match in propose_mapping(portrait, _schema("scdl/subventions")).matches}
    assert dict(matches["datesPeriodeVersement"].source) == {"join": ["SUB_DATE_DEBUT", "SUB_DATE_FIN"], "with": "/"}
    assert "SUB_DATE_DEBUT" in reason_text(matches["datesPeriodeVersement"].reasons[0])
    empty = Portrait(headers, ((), (), ("12",)))
    assert not {m.field: m for m in propose_mapping(empty, _schema("scdl/subventions")).matches}[
        "datesPeriodeVersement"
    ].source


def test_what_a_shapefile_cut_is_recognised() -> None:
    schema = TableSchema("s", "1", "", "", (Field("date_der_maj", "date"), Field("commune_insee")))
    mapping = propose_mapping(Portrait(("commune_in", "date_der_m"), (("67482",), ("2013.01.26",))), schema)
    assert [dict(match.source) for match in mapping.matches] == [{"from": "date_der_m"}, {"from": "commune_in"}]


def test_values_that_cannot_be_those_of_the_field_count_against_a_name() -> None:
    schema = TableSchema("s", "1", "", "", (Field("date_acte", "date"),))
    good = propose_mapping(Portrait(("acte date", "x"), (("12/03/2021",), ("y",))), schema).matches[0]
    bad = propose_mapping(Portrait(("acte date", "x"), (("Martin",), ("y",))), schema).matches[0]
    assert good.score > bad.score
    assert value_score(("12/03/2021", "Martin"), schema.fields[0], schema) == (0.5, True)


def test_every_reason_is_said_in_both_languages() -> None:
    assert all(translate(text, "en") != text for text in REASONS.values())


def test_an_empty_mapping_of_a_right_file_asks_for_nothing() -> None:
    schema = TableSchema("s", "1", "", "", (Field("a"), Field("b")))
    mapping = propose_mapping(Portrait(("a", "b"), (("1",), ("2",))), schema)
    assert isinstance(mapping, Mapping)
    assert not mapping.is_needed
    assert propose_mapping(Portrait(("A", "b"), (("1",), ("2",))), schema).is_needed


def test_the_workspace_is_left_as_it_was(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        staged, _detected = read(DIRTY / "bal_sample_utf8_bom.csv", workspace)
        before = _count(workspace)
        portray(workspace, staged)
        assert _count(workspace) == before == 15


def _count(workspace: Workspace) -> int:
    row = workspace.connection.execute(f"SELECT count(*) FROM {ROWS}").fetchone()
    return int(row[0]) if row else 0


def test_a_schema_is_rated_as_by_comparing_every_column_with_every_field(catalogue: list[TableSchema]) -> None:
    """Written as they are, by titles, cut as in a shapefile, with other words and signs, and as nothing at all."""
    draw = random.Random(11)
    names = [text for schema in catalogue for item in schema.fields for text in (item.name, item.title) if text]
    written = [*names, *(name[:10] for name in names), *(name.replace("_", " ").upper() + " (n°)" for name in names)]
    for _turn in range(10):
        headers = (*draw.sample(written, 6), "", "zz", f"{draw.choice(names)} ville")
        for schema in catalogue:
            best = [max(name_score(header, item, thorough=False)[0] for item in schema.fields) for header in headers]
            expected = detection._both(sum(best), len(headers), detection._weight(schema))
            assert detection._rough(Portrait(headers, ()), schema) == expected, headers
