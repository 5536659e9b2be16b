"""``parvis quality`` measures, reckons and tells."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_organisation


@pytest.fixture
def dataset(parvis, tmp_path, db) -> str:
    make_organisation("Ville", slug="ville")
    path = tmp_path / "arbres.csv"
    path.write_text("id;essence\n1;chêne\n2;\n3;érable\n4;tilleul\n", encoding="utf-8")
    assert parvis("import", path, "--id", "arbres", "--organisation", "ville").status == 0
    return "arbres"


def test_it_tells_the_score_and_what_to_do(parvis, dataset):
    outcome = parvis("quality", dataset)
    assert outcome.status == 0, outcome.err
    assert "sur 100" in outcome.out
    assert "cases vides, 1 sur 4" in outcome.out


def test_json_adds_up(parvis, dataset):
    facts = parvis("quality", dataset, "--json").facts
    assert facts["score"] == pytest.approx(sum(row["points"] for row in facts["criteria"]), abs=0.1)
    assert facts["measures"]["filled"]["essence"] == 0.75
    assert facts["to_do"]


def test_an_unknown_dataset_is_refused(parvis, dataset):
    assert parvis("quality", "inconnu").status == 1
