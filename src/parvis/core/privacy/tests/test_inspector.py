"""What a received file holds beside the table that is published is searched too: whoever may read the original would read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.ingest import ingest
from parvis.core.privacy import PrivacyInspector

HEADER = "nom;places\n"
ROWS = "".join(f"Lieu {rank};{rank}\n" for rank in range(30))
PERSON = "Jeanne Martin, 06 12 34 56 78, jeanne.martin@exemple.fr"


def aside(folder: Path, text: str) -> list[str]:
    """The kinds of personal data found in what of a file is not published."""
    path = folder / "lieux.csv"
    path.write_text(text, encoding="utf-8")
    manifest = ingest(
        path, name=path.name, destination=folder / "versions", work=folder / "work", inspectors=[PrivacyInspector()]
    )
    assert manifest.rows in (30, 60)
    return manifest.checks["privacy"]["aside"]


@pytest.mark.parametrize(
    "text",
    [HEADER + ROWS + f"Nord;3;{PERSON};de trop\n" + ROWS, f"Liste tenue par {PERSON}\n\n{HEADER}{ROWS}"],
    ids=["a refused line", "what stands above the header"],
)
def test_persons_in_what_becomes_no_row_are_seen(tmp_path, text):
    assert {"phone", "email"} <= set(aside(tmp_path, text))


def test_what_becomes_no_row_and_names_nobody_is_left_in_peace(tmp_path):
    assert aside(tmp_path, HEADER + ROWS + "Nord;3;de trop;encore\n" + ROWS) == []
    assert aside(tmp_path, f"Liste des lieux\n\n{HEADER}{ROWS}") == []
