"""The labelled set: what is planted is found, what looks alike is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.privacy import PrivacyReport, search_file
from parvis.core.privacy.tests import planted, producers, town_hall

EXPOSED = {f"{kind} : {name}": case for kind, cases in producers.EXPOSED.items() for name, case in cases.items()}
ORDINARY = {f"{kind} : {name}": text for kind, cases in producers.ORDINARY.items() for name, text in cases.items()}
PLANTED = {**planted.PLANTED, **town_hall.PLANTED, **EXPOSED}
ALIKE = {**planted.ALIKE, **town_hall.ALIKE, **ORDINARY}


def searched(text: str, folder: Path) -> PrivacyReport:
    path = folder / "fichier.csv"
    path.write_text(text, encoding="utf-8")
    return search_file(path, work=folder / "work")


@pytest.mark.parametrize("case", PLANTED)
def test_personal_data_planted_in_a_file_holds_its_publication_back(case: str, tmp_path: Path) -> None:
    text, kinds = PLANTED[case]
    report = searched(text, tmp_path)
    assert kinds <= {finding.kind for finding in report.blocking}


@pytest.mark.parametrize("case", ALIKE)
def test_a_file_that_only_looks_personal_is_left_alone(case: str, tmp_path: Path) -> None:
    assert searched(ALIKE[case], tmp_path).blocking == ()
