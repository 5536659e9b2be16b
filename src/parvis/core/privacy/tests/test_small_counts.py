"""Rules of secrecy by what is counted, and how sure a finding is by where and across what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parvis.core.privacy import Confidence, Finding, search_file
from parvis.core.privacy.small_counts import SECRECIES


def counted(tmp_path: Path, header: str, *rows: str) -> list[Finding]:
    path = tmp_path / "effectifs.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return [one for one in search_file(path, work=tmp_path / "work").findings if one.kind == "small"]


@pytest.mark.parametrize("rule", SECRECIES, ids=lambda rule: rule.name)
def test_each_rule_is_the_first_that_its_headers_answer(rule) -> None:
    for header in rule.good:
        assert next(other for other in SECRECIES if re.search(other.pattern, header)) is rule


def crossed(place: str, *, least: int = 3) -> list[str]:
    return [f"{place}{n // 2};{'HF'[n % 2]};{('oui', 'non')[n // 4 % 2]};{least + n}" for n in range(40)]


@pytest.mark.parametrize(
    ("header", "place", "least", "sure"),
    [
        ("quartier;sexe;handicap;effectif", "Q", 3, Confidence.LIKELY),
        ("commune;sexe;handicap;effectif", "Commune ", 3, Confidence.LIKELY),
        ("quartier;sexe;handicap;effectif", "Q", 7, Confidence.POSSIBLE),
        ("département;sexe;handicap;effectif", "9", 3, Confidence.POSSIBLE),
        ("commune;sexe;catégorie;effectif", "Commune ", 3, Confidence.POSSIBLE),
    ],
)
def test_small_counts_hold_back_where_a_neighbour_could_tell(
    tmp_path: Path, header: str, place: str, least: int, sure: Confidence
) -> None:
    assert [finding.confidence for finding in counted(tmp_path, header, *crossed(place, least=least))] == [sure]


def test_counts_by_sex_do_not_cross_one_another(tmp_path: Path) -> None:
    rows = [f"{2012 + n % 6};École {n // 6};{n % 40 + 200};{n * 3 + 90};{n * 2 + 100};{n % 30 + 1}" for n in range(300)]
    header = "RENTREE;Établissement;Nombre d’étudiants;Sexe : Femmes;Sexe : Hommes;Étudiants de nationalité étrangère en mobilité"
    findings = counted(
        tmp_path, f"{header};nb nouveaux étudiants", *(f"{row};{n % 9 + 1}" for n, row in enumerate(rows))
    )
    assert not any(
        finding.blocks and "nb_nouveaux_etudiants" in (finding.column, *finding.columns) for finding in findings
    )


def test_counts_of_patients_are_held_back_under_eleven(tmp_path: Path) -> None:
    (finding,) = counted(tmp_path, "quartier;nb_patients_diabete_malades", *(f"Q{n};{n + 7}" for n in range(30)))
    assert finding.blocks
    assert finding.reasons[0].values["threshold"] == 11


def test_several_columns_of_small_counts_are_one_finding(tmp_path: Path) -> None:
    rows = [f"Q{n};{n % 9 + 1};{n % 7 + 1}" for n in range(30)]
    (finding,) = counted(tmp_path, "quartier;nb_allocataires_rsa;nb_allocataires_aah", *rows)
    assert (finding.column, finding.columns) == ("*", ("nb_allocataires_rsa", "nb_allocataires_aah"))
