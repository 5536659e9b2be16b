"""An independent reader of French tables, csv-detective, agrees with us; where it does not, we say why."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from parvis.core.ingest import examine

FILES = Path(__file__).parents[3] / "packs" / "demo" / "files"

SAME = {
    "int": {"int"},
    "double": {"float", "int"},
    "boolean": {"bool"},
    "date": {"date"},
    "datetime": {"datetime"},
    "geo_point_2d": {"string", "json"},
    "geo_shape": {"json", "string"},
    "json_blob": {"json"},
    "text": {"string"},
}
"""Our type, and what csv-detective may call it."""

DISAGREED: dict[str, dict[str, tuple[str, str]]] = {
    "velib_temps_reel_2023-12-10_1750.csv": {},
    "stationnement_velos_saint-etienne.csv": {},
    "chantiers-perturbants_paris.csv": {},
    "docbudg_crach_budget-primitif_2022_scdl.csv": {},
    "subventions_roques_haute-garonne_2017.csv": {"idAttribuant": ("text", "int"), "idBeneficiaire": ("text", "int")},
    "marches-publics_saint-etienne-metropole.csv": {"acheteur/id": ("text", "int")},
    "subventions_poitiers_2017.csv": {"COLL_SIRET": ("text", "float"), "ATTRIB_SIRET": ("text", "float")},
    "ponctualite-mensuelle-transilien_2013-2020.csv": {"Date": ("date", "string")},
}
"""For each file, the columns read otherwise: SIRET numbers, which stay text here, and months, which are dates here."""


def other_opinion(path: Path) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from csv_detective import routine  # noqa: PLC0415 - heavy, for this test alone

        report = routine(str(path), num_rows=-1, output_profile=False, save_results=False)
    return {header: column["python_type"] for header, column in report["columns"].items()}


@pytest.mark.parametrize("name", DISAGREED)
def test_both_readers_agree_on_types(name: str, tmp_path: Path) -> None:
    examination = examine(FILES / name, name=name, work=tmp_path)
    other_types = other_opinion(FILES / name)
    differences = {
        g.plan.column.label: (str(g.plan.column.type), other_types[g.plan.column.label])
        for g in examination.guesses
        if g.plan.column.label in other_types and other_types[g.plan.column.label] not in SAME[str(g.plan.column.type)]
    }
    assert differences == DISAGREED[name]
