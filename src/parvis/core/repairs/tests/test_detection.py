"""Real dirty files are brought to their schemas: mapped, mended by accepted proposals, until only what is nowhere in them is missing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import parvis.core.readings
import parvis.packs
from parvis.core.formats.file_reader import read
from parvis.core.mapping import Extras, portray, propose_mapping
from parvis.core.profiling.factories import stage_rows
from parvis.core.readings.model import Certainty
from parvis.core.repairs import (
    Gap,
    Proposal,
    Sample,
    cells_step,
    choice_text,
    copy_step,
    fill_step,
    gaps,
    proposal_text,
    propose,
    steps_of,
)
from parvis.core.repairs.messages import VARIANTS, certainty_text
from parvis.core.schemas import CustomCheck, Field, TableSchema, read_schema
from parvis.core.staging import ROWS, StagedTable, Workspace, open_workspace
from parvis.core.transforms import Step, apply_steps
from parvis.core.validation.field_judge import judge_of
from parvis.core.validation.validator import validate_staged

SCHEMAS = Path(parvis.packs.__file__).parent / "schemas"
DIRTY = Path(parvis.core.readings.__file__).parent / "tests" / "dirty"


def _schema(path: str) -> TableSchema:
    folder, version = path.split("@")
    schema_path = next((SCHEMAS / folder.replace("/", "__") / version).glob("*.json"))
    return read_schema(json.loads(schema_path.read_text("utf-8")), folder, version)


def _refused(workspace: Workspace, staged: StagedTable, schema: TableSchema) -> dict[str, list[str]]:
    """The texts that each field refuses."""
    refused: dict[str, list[str]] = {}
    for column in staged.columns:
        if item := schema.find(column.header):
            judge = judge_of(item, schema)
            texts = workspace.connection.execute(
                f"SELECT DISTINCT coalesce({column.name}, '') FROM {ROWS} ORDER BY 1"
            ).fetchall()
            if bad := [text for (text,) in texts if not judge.accepts(text)]:
                refused[column.header] = bad
    return refused


def _brought(
    file: str, path: str, folder: Path, sources: dict[str, dict[str, Any]], choice: str = "day-first"
) -> tuple[dict[str, list[str]], tuple[Proposal, ...]]:
    """What the schema still refuses once the file is mapped and all that can be accepted is; and the proposals."""
    schema = _schema(path)
    with open_workspace(folder) as workspace:
        staged, _detected = read(DIRTY / file, workspace)
        mapping = propose_mapping(portray(workspace, staged), schema).changed(sources, Extras.DROP)
        assert not mapping.missing
        staged, _outcomes = apply_steps(workspace, staged, [mapping.to_step()])
        proposals = propose(workspace, staged, schema)
        accepted = [(p, choice if p.choices else "") for p in proposals]
        staged, _outcomes = apply_steps(workspace, staged, steps_of(accepted))
        refused = _refused(workspace, staged, schema)
        report = validate_staged(workspace, staged, schema, folder / "faults")
        faulty_columns = {
            fault.column
            for fault in report.faults
            if fault.column and fault.rule.split(":")[0] in ("type", "constraint")
        }
        assert faulty_columns <= set(refused)  # what the validation says of cells is what the judge of proposals says
        if not refused:
            assert report.valid, list(report.faults)
        return refused, proposals


CONSTANTS = {name: {"value": value} for name, value in (
    ("nature", "aide en numéraire"), ("conditionsVersement", "unique"), ("datesPeriodeVersement", "2017-01-01/2017-12-31"), ("pourcentageSubvention", "1"),
)}  # fmt: skip

BROUGHT = (
    ("subventions_lot_2017_cp1252.csv", "scdl/subventions@2.1.1", {}, {}),
    ("subventions_roques_haute-garonne_2017.csv", "scdl/subventions@2.1.1", {}, {"nomBeneficiaire": [""], "datesPeriodeVersement": [""]}),
    ("subventions_charente-maritime.xlsx", "scdl/subventions@2.1.1", {}, {"conditionsVersement": [""], "datesPeriodeVersement": [""]}),
    ("irve_2021.csv", "etalab/schema-irve-statique@2.3.1", {}, {}),
    ("prenoms_carrieres-sous-poissy.csv", "scdl/prenoms@1.1.6", {"ENFANT_SEXE": {"value": "I"}}, {}),
    ("stationnement_velos_saint-etienne.csv", "etalab/schema-stationnement-cyclable@1.1.1", {}, {"capacite": [""], "type_accroche": [""]}),
)  # fmt: skip


@pytest.mark.parametrize(("file", "path", "sources", "left"), BROUGHT, ids=[row[0] for row in BROUGHT])
def test_a_dirty_file_reaches_its_schema_but_for_the_cells_that_are_empty(
    file: str, path: str, sources: Any, left: Any, tmp_path: Path
) -> None:
    refused, _proposals = _brought(file, path, tmp_path, sources)
    assert refused == left


ADDRESSES = TableSchema("bal", "1.4", "", "", (
    Field("cle_interop", constraints={"required": True}), Field("voie_nom", constraints={"required": True}),
    Field("numero", "integer", constraints={"required": True}), Field("commune_nom", constraints={"required": True}),
    Field("position", constraints={"enum": ["délivrance postale", "entrée", "bâtiment", "cage d’escalier", "logement", "parcelle", "segment", "service technique"]}),
    Field("x", "number"), Field("y", "number"), Field("long", "number", constraints={"minimum": -180, "maximum": 180}),
    Field("lat", "number", constraints={"minimum": -90, "maximum": 90}), Field("source"), Field("date_der_maj", "date"),
))  # fmt: skip
"""The columns of a Base Adresse Locale, which no published Table Schema describes."""


def test_a_base_of_addresses_has_its_dates_and_words_mended_and_its_metres_left(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        staged, _detected = read(DIRTY / "bal_sample_utf8_bom.csv", workspace)
        before = workspace.connection.execute(f"SELECT c7, c8 FROM {ROWS}").fetchall()
        proposals = propose(workspace, staged, ADDRESSES)
        assert {proposal.key for proposal in proposals} >= {
            "date|date_der_maj|year-month-day",
            "choice|position|spelling",
        }
        staged, _outcomes = apply_steps(workspace, staged, steps_of([(proposal, "") for proposal in proposals]))
        left = validate_staged(workspace, staged, ADDRESSES, tmp_path / "faults").faults
        assert [(fault.column, fault.value) for fault in left] == [
            ("position", "ddfdf")
        ]  # means nothing: a person must say
        assert workspace.connection.execute(f"SELECT c7, c8 FROM {ROWS}").fetchall() == before


COUNCIL = (
    ("Collectivité", "N° SIRET", "N° de délibération", "Date de la délibération", "Code matière", "Matière", "Objet", "Date de transmission en préfecture", "Nb élus", "Votants", "Pour", "Contre", "Abstentions", "Lien PDF"),
    ("Ville de Poitiers", "218 601 946 00013", "2022-06-01", "24/06/2022", "5,2", "Institutions et vie politique / Fonctionnement des assemblées", " Compte rendu ", "28/06/2022", "15", "12", "12", "0", "0", "www.ville.fr/d1.pdf"),
    ("Ville de Poitiers", "21860194600013.0", "2022-06-02", "24 juin 2022", "7.1", "Finances locales/Décisions budgétaires", "Décision modificative", "28/06/2022", "15", "12", "10", "1", "1", "https://www.ville.fr/d2.pdf"),
)  # fmt: skip
"""Deliberations as a secretary keeps them in a spreadsheet: made up, since no such file is published with these headers."""


def test_deliberations_kept_in_a_spreadsheet_become_those_of_the_standard(tmp_path: Path) -> None:
    schema = _schema("scdl/deliberations@2.1.5")
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, COUNCIL[0], COUNCIL[1:])
        mapping = propose_mapping(portray(workspace, staged), schema)
        assert (mapping.missing, mapping.left) == ((), ())
        staged, _outcomes = apply_steps(workspace, staged, [mapping.to_step()])
        proposals = propose(workspace, staged, schema)
        staged, _outcomes = apply_steps(workspace, staged, steps_of([(proposal, "") for proposal in proposals]))
        report = validate_staged(workspace, staged, schema, tmp_path / "faults")
        assert report.valid, list(report.faults)


def test_rounded_siret_are_told_lost_and_stay_as_they_are(tmp_path: Path) -> None:
    refused, proposals = _brought("subventions_poitiers_2017.csv", "scdl/subventions@2.1.1", tmp_path, CONSTANTS)
    assert set(refused) == {"idAttribuant", "idBeneficiaire", "objet"}  # some objects are too long for the schema
    assert refused["idAttribuant"] == ["21860194600000.0"]
    lost = [proposal for proposal in proposals if proposal.certainty is Certainty.LOST]
    assert {proposal.column for proposal in lost} == {"idAttribuant", "idBeneficiaire"}
    assert all(proposal.step() is None and not proposal.can_be_accepted for proposal in lost)


def test_a_siren_in_the_place_of_a_siret_is_never_completed(tmp_path: Path) -> None:
    sources = {**CONSTANTS, "notificationUE": {"value": "non"}}
    refused, _proposals = _brought("subventions_nievre_2016_cp1252.csv", "scdl/subventions@2.1.1", tmp_path, sources)
    assert refused["idAttribuant"] == ["225800010"]
    assert set(refused) <= {"idAttribuant", "montant"}
    assert all(not any(c.isdigit() for c in text) for text in refused.get("montant", []))


def test_ambiguous_dates_are_one_proposal_with_two_choices_and_no_step_before_one_is_made(tmp_path: Path) -> None:
    _refused_texts, proposals = _brought(
        "stationnement_velos_saint-etienne.csv", "etalab/schema-stationnement-cyclable@1.1.1", tmp_path, {}
    )
    dates = {proposal.variant: proposal for proposal in proposals if proposal.code == "date"}
    ambiguous, sure = dates["day-first|month-first"], dates["day-month-year"]
    assert ambiguous.step() is None
    assert ambiguous.certainty is Certainty.CHOICE
    first = [choice.samples[0] for choice in ambiguous.choices]
    assert {sample.before for sample in first} == {"01/11/2015"}
    assert [sample.after for sample in first] == ["2015-11-01", "2015-01-11"]
    step = ambiguous.step("month-first")
    assert step is not None and step.parameters["variants"] == ["month-first"]
    assert sure.certainty is Certainty.SURE


def test_steps_of_one_reading_on_one_column_are_one_and_headers_come_last(tmp_path: Path) -> None:
    schema = TableSchema("s", "1", "", "", (Field("montant", "number"), Field("ville")))
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["montant", "Ville"], [["1 000", "a"], ["12,5", "b"]])
        proposals = propose(workspace, staged, schema)
        steps = steps_of([(proposal, "") for proposal in proposals])
        assert [step.name for step in steps] == ["mend.number", "mend.headers"]
        assert steps[0].parameters["variants"] == ["blanks", "decimal-comma"]
        after, _outcomes = apply_steps(workspace, staged, steps)
        assert [column.header for column in after.columns] == ["montant", "ville"]


WHOLE = (
    (["lon", "lat"], [["48.55", "7.73"], ["7.73", "48.55"]], (Field("lon", "number"), Field("lat", "number")), "swap|lon, lat|swapped", 1),
    (["lon", "lat"], [["1049409.0", "6838286.4"]], (Field("lon", "number"), Field("lat", "number")), "project|lon, lat|lambert93", 1),
    (["xy"], [["1049409.0, 6838286.4"]], (Field("xy", "geopoint", "array"),), "project_point|xy|lambert93", 1),
    (["a", "b"], [["1", "x"], [None, ""]], (Field("a"), Field("b")), "empty_rows||empty", 1),
    (["a", ""], [["1", None], ["2", " "]], (Field("a"),), "empty_columns||empty", 1),
    (["a", "b"], [["1", "x"], ["1", "x"], ["1", "y"]], (Field("a", constraints={"unique": True}), Field("b")), "identical_rows||identical", 1),
    (["date_der_m"], [["2020-01-01"]], (Field("date_der_maj", "date"),), "headers|date_der_m|close", 1),
    (["code"], [["1001"], ["91228"]], (Field("code", title="Code INSEE de la commune", constraints={"pattern": r"^\d{5}$"}),), "code|code|leading-zero", 1),
)  # fmt: skip


@pytest.mark.parametrize(("headers", "rows", "fields", "key", "count"), WHOLE, ids=[row[3] for row in WHOLE])
def test_what_is_wrong_with_a_table_is_proposed_and_its_step_leaves_nothing_to_propose(
    headers: Any, rows: Any, fields: Any, key: str, count: int, tmp_path: Path
) -> None:
    schema = TableSchema("s", "1", "", "", fields)
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, headers, rows)
        proposals = propose(workspace, staged, schema)
        assert [(proposal.key, proposal.count) for proposal in proposals] == [(key, count)]
        assert json.dumps(proposals[0].to_dict())
        after, outcomes = apply_steps(workspace, staged, steps_of([(proposals[0], "")]))
        assert outcomes[0].to_dict()["name"] == f"mend.{proposals[0].code}"
        assert propose(workspace, after, schema) == ()


def test_one_cell_is_accepted_without_the_others(tmp_path: Path) -> None:
    schema = TableSchema("s", "1", "", "", (Field("d", "date"),))
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["d"], [["31/12/2021"], ["30/12/2021"]])
        sample = propose(workspace, staged, schema)[0].samples[0]
        assert sample == Sample(2, "31/12/2021", "2021-12-31", True)
        apply_steps(workspace, staged, [cells_step("d", [sample])])
        assert workspace.connection.execute(f"SELECT c0 FROM {ROWS}").fetchall() == [("2021-12-31",), ("30/12/2021",)]


def test_empty_cells_that_must_be_filled_are_told_with_what_could_fill_them(tmp_path: Path) -> None:
    schema = TableSchema("s", "1", "", "", (
        Field("nature", constraints={"required": True, "enum": ["don", "prêt"]}), Field("versement", "date", constraints={"required": True}), Field("acte", "date"),
    ))  # fmt: skip
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(
            workspace,
            ["nature", "versement", "acte"],
            [["don", None, "2021-01-01"], [None, "2021-02-01", "2021-01-02"]],
        )
        actual = gaps(workspace, staged, schema)
        assert actual == (Gap("nature", 1, 2, ("don", "prêt"), ()), Gap("versement", 1, 2, (), ("acte",)))
        assert propose(workspace, staged, schema) == ()
        apply_steps(workspace, staged, [fill_step("nature", "prêt"), copy_step("versement", "acte")])
        assert gaps(workspace, staged, schema) == ()


@pytest.mark.parametrize("file", ["subventions_charente-maritime.xlsx", "stationnement_velos_saint-etienne.csv"])
def test_a_file_whose_only_faults_are_empty_cells_becomes_valid_once_a_person_fills_them(
    file: str, tmp_path: Path
) -> None:
    path = {row[0]: row[1] for row in BROUGHT}[file]
    values = {
        "conditionsVersement": "autre",
        "datesPeriodeVersement": "2018-12-31",
        "type_accroche": "SANS ACCROCHE",
        "capacite": "1",
    }
    schema = _schema(path)
    with open_workspace(tmp_path) as workspace:
        staged, _detected = read(DIRTY / file, workspace)
        accepted = [(p, p.choices[0].variant if p.choices else "") for p in propose(workspace, staged, schema)]
        staged, _outcomes = apply_steps(workspace, staged, steps_of(accepted))
        filled = [fill_step(gap.column, values[gap.column]) for gap in gaps(workspace, staged, schema)]
        staged, _outcomes = apply_steps(workspace, staged, filled)
        assert validate_staged(workspace, staged, schema, tmp_path / "faults").valid


def test_a_right_table_and_a_wrong_schema_give_nothing_to_propose(tmp_path: Path) -> None:
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["d"], [["2021-12-31"]])
        assert propose(workspace, staged, TableSchema("s", "1", "", "", (Field("d", "date"),))) == ()
        assert propose(workspace, staged, read_schema({"fields": "x"})) == ()


def test_a_proposal_counts_the_cells_it_makes_valid(tmp_path: Path) -> None:
    item = Field("siret", constraints={"pattern": r"^\d{14}$"})
    schema = TableSchema("s", "1", "", "", (item,), checks=(CustomCheck("siret", "siret", {"column": "siret"}),))
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["siret"], [["446 720 633 00010"], ["446 720 633 00010"], ["44672063300011"]])
        proposal = propose(workspace, staged, schema)[0]
        assert (proposal.count, proposal.valid, proposal.certainty) == (2, 2, Certainty.SURE)


def test_every_proposal_has_its_words_in_both_languages() -> None:
    for name in VARIANTS:
        code, _bar, variant = name.partition("|")
        proposal = Proposal(code, variant, "c", 1, 1, Certainty.SURE)
        for language in ("fr", "en"):
            assert proposal_text(proposal, language) and certainty_text(Certainty.LOST, language)
    assert choice_text("day-first") != choice_text("day-first", "en")
    assert "Lambert-93" in proposal_text(Proposal("project", "lambert93", "c", 1, 1, Certainty.SURE))


def test_a_step_kept_for_the_next_delivery_does_the_same_again(tmp_path: Path) -> None:
    schema = TableSchema("s", "1", "", "", (Field("montant", "number"),))
    with open_workspace(tmp_path) as workspace:
        steps = steps_of([(p, "") for p in propose(workspace, stage_rows(workspace, ["montant"], [["1,5"]]), schema)])
        reloaded = [Step.from_dict(json.loads(json.dumps(step.to_dict()))) for step in steps]
        staged = stage_rows(workspace, ["montant"], [["2,5"], ["3"]])
        _after, outcomes = apply_steps(workspace, staged, reloaded)
        assert Counter(outcome.cells for outcome in outcomes) == {1: 1}


def test_a_column_with_too_many_texts_says_that_it_was_not_wholly_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.core.repairs.cells.MOST_TEXTS", 3)
    schema = TableSchema("s", "1", "", "", (Field("n", "number"),))
    with open_workspace(tmp_path) as workspace:
        staged = stage_rows(workspace, ["n"], [[f"{n},5"] for n in range(5)])
        proposal = propose(workspace, staged, schema)[0]
        assert (proposal.count, proposal.partial, proposal.to_dict()["partial"]) == (3, True, True)
        _after, outcomes = apply_steps(workspace, staged, steps_of([(proposal, "")]))
        assert outcomes[0].cells == 5
