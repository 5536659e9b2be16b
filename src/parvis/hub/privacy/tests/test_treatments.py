"""What is offered for small counts, and what the steps make of them."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import override

from parvis.core.privacy import Finding, PrivacyReport, search_file
from parvis.core.transforms import Step
from parvis.hub.privacy.presentation import finding_view
from parvis.hub.privacy.treatments import chosen_steps, offers

HEADERS = {
    "iris": "IRIS",
    "sexe": "Sexe",
    "annee": "Année",
    "effectif": "Effectif",
    "handicap": "Handicap",
    "taux": "Taux",
}
CELLS = "IRIS;Sexe;Année;Handicap;Effectif;Taux\n" + "".join(
    f"91228{number // 4:04};{'HF'[number % 2]};2023;{('oui', 'non')[number // 2 % 2]};{3 + 7 * number % 60};1,5\n"
    for number in range(80)
)


def small(tmp_path: Path) -> Finding:
    path = tmp_path / "effectifs.csv"
    path.write_text(CELLS, encoding="utf-8")
    report: PrivacyReport = search_file(path, work=tmp_path / "work")
    (finding,) = report.blocking
    return finding


def test_small_counts_are_offered_to_be_masked_or_added_up(tmp_path: Path) -> None:
    finding = small(tmp_path)
    offered = offers(finding, HEADERS)
    assert finding.kind == "small"
    assert [offer.value for offer in offered] == ["cells|5", "cells|11", "gather|Sexe", "gather|Handicap", "drop"]
    assert offered[0].label.endswith("(moins de 5)")
    assert offered[2].label.endswith("« Sexe »")


def test_the_chosen_offer_is_a_step_with_what_crosses_the_counts_and_what_would_tell_the_same(tmp_path: Path) -> None:
    finding = small(tmp_path)
    by = ["IRIS", "Sexe", "Année", "Handicap"]
    assert chosen_steps([finding], HEADERS, {finding.key: "cells|5"}) == [
        Step("privacy.cells", {"columns": ["Effectif"], "by": by, "under": 5, "beside": ["Taux"]})
    ]


def test_nothing_is_offered_for_counts_that_the_examination_no_longer_knows(tmp_path: Path) -> None:
    assert offers(small(tmp_path), {"iris": "IRIS"}) == []


def test_small_counts_of_several_columns_are_told_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "effectifs.csv"
    rows = "".join(f"Q{number};{number % 9 + 1};{number % 7 + 1}\n" for number in range(30))
    path.write_text("quartier;nb_allocataires_rsa;nb_allocataires_aah\n" + rows, encoding="utf-8")
    (finding,) = search_file(path, work=tmp_path / "work").blocking
    assert finding.column == "*"
    with override("fr"):
        assert "cellules" in finding_view(finding).amount
