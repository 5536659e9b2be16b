"""Rows of the SCDL schema are valid for the bundled schema, by the house's validator, and are read back."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from parvis.core.acts.facts import ActFacts
from parvis.core.acts.nomenclature import matters
from parvis.core.acts.scdl import COLUMNS, missing_for_scdl, read_scdl_row, scdl_row
from parvis.core.validation.validator import validate
from parvis.packs.schemas.catalogue import load

CODES = [code for code, matter in matters().items() if matter.scdl]


def _siret(head: str) -> str:
    siren = head[:8] + luhn.calc_check_digit(head[:8])
    return siren + head[8:12] + luhn.calc_check_digit(siren + head[8:12])


_COUNTS = st.one_of(st.none(), st.integers(0, 60))
_FACTS = st.builds(
    ActFacts,
    organisation=st.just("Commune d’Exemple"),
    siret=st.integers(10**11, 10**12 - 1).map(lambda number: _siret(str(number))),
    number=st.integers(1, 999).map("2024-{:03d}".format),
    day=st.dates(date(2015, 1, 1), date(2026, 1, 1)),
    title=st.sampled_from(["Subvention", "Vente ; « lavoir »,\n deuxième lecture"]),
    matter_code=st.sampled_from([*CODES, "7.5.1"]),
    budget_year=st.sampled_from(["", "2024", "2024/2025"]),
    budget_name=st.sampled_from(["", "Budget principal"]),
    received_on=st.one_of(st.none(), st.dates(date(2014, 6, 1), date(2026, 6, 1))),
    members=_COUNTS,
    voters=_COUNTS,
    votes_for=_COUNTS,
    votes_against=_COUNTS,
    abstentions=_COUNTS,
    url=st.sampled_from(["", "https://exemple.fr/deliberations/12"]),
)


def _written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _faults(path: Path, folder: Path) -> list[str]:
    report = validate(path, load("scdl/deliberations", "2.1.5"), folder, strict=True)
    return [f"{fault.kind} {fault.column} {fault.value}" for fault in report.faults]


def test_every_row_is_valid_whatever_votes_and_dates_were_typed(tmp_path):
    rows = []

    @settings(max_examples=150, deadline=None, database=None)
    @given(_FACTS)
    def collect(facts):
        rows.append(scdl_row(facts))

    collect()
    rows = list({row["DELIB_ID"] + row["COLL_SIRET"]: row for row in rows}.values())
    assert _faults(_written(tmp_path / "deliberations.csv", rows), tmp_path / "work") == []


def test_every_matter_has_a_value_that_the_schema_takes(tmp_path):
    base = ActFacts(organisation="A", siret=_siret("219104120001"), number="1", day=date(2024, 1, 1), title="B")
    rows = [
        {
            **scdl_row(base),
            **{key: value for key, value in scdl_row(_with_matter(base, code)).items() if "MATIERE" in key},
        }
        for code in CODES
    ]
    assert _faults(_written(tmp_path / "deliberations.csv", rows), tmp_path / "work") == []


def _with_matter(base: ActFacts, code: str) -> ActFacts:
    return ActFacts(
        organisation=base.organisation,
        siret=base.siret,
        number=base.number,
        day=base.day,
        title=base.title,
        matter_code=code,
    )


def test_a_row_that_the_schema_refuses_is_refused_by_the_validator_here_too(tmp_path):
    row = scdl_row(
        _with_matter(
            ActFacts(organisation="A", siret="21910412300012", number="1", day=date(2024, 1, 1), title="B"), "8.4.1"
        )
    )
    assert _faults(
        _written(tmp_path / "a.csv", [row | {"DELIB_MATIERE_CODE": "8", "VOTE_POUR": "3"}]), tmp_path / "work"
    )


def test_what_is_written_is_read_back():
    facts = ActFacts(
        organisation="Commune", siret="21910412300012", number="2024-1", day=date(2024, 1, 15), title="Objet", matter_code="7.5",
        matter_name=matters()["7.5"].scdl, received_on=date(2024, 1, 15) + timedelta(days=3), members=19, voters=17, votes_for=15,
        votes_against=0, abstentions=2,
    )  # fmt: skip
    assert read_scdl_row(scdl_row(facts)) == facts


def test_columns_are_read_in_any_order_and_case_with_french_dates_and_numbers_of_spreadsheets():
    row = {
        "vote_pour": "12.0", " Delib Date ": "15/01/2024", "delib-matiere-nom": "Finances locales/Subventions", "COLL_SIRET": "219 104 123 00012",
        "inconnue": "x", "Vote_Contre": "aucun", "DELIB_OBJET": None,
    }  # fmt: skip
    facts = read_scdl_row(row)
    assert (facts.votes_for, facts.day, facts.matter_code, facts.siret) == (
        12,
        date(2024, 1, 15),
        "7.5",
        "21910412300012",
    )
    assert (facts.votes_against, facts.title) == (None, "")


def test_what_a_row_lacks_is_told():
    assert missing_for_scdl(ActFacts(organisation="A", title="B")) == ("siret", "number", "day", "matter_code")


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(list(COLUMNS)), st.text(max_size=10)), st.one_of(st.none(), st.text(max_size=30))
    )
)
def test_any_row_is_read(row):
    scdl_row(read_scdl_row(row))
