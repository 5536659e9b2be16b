"""``parvis privacy``: alone, without an instance."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

PEOPLE = "nom;prénom;téléphone\nDUPONT;Jean;06 12 34 56 78\nMARTIN;Marie;06 98 76 54 32\nPETIT;Luc;07 11 22 33 44\n"
HALLS = "salle;capacité\nGymnase Jean Moulin;300\nSalle Victor Hugo;120\n"


def parvis(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parvis.config.cli.main", "privacy", *arguments]
    environment = {"PARVIS_HOME": str(home / "nowhere"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_a_file_of_people_exits_with_1_and_shows_masked_samples_only(tmp_path: Path) -> None:
    (tmp_path / "gens.csv").write_text(PEOPLE, encoding="utf-8")
    done = parvis(str(tmp_path / "gens.csv"), home=tmp_path)
    assert done.returncode == 1
    assert "nom de personne (certain)" in done.stdout
    assert "DUPONT" not in done.stdout
    assert not (tmp_path / "nowhere").exists()


def test_a_file_of_halls_exits_with_0_and_json_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "salles.csv").write_text(HALLS, encoding="utf-8")
    done = parvis(str(tmp_path / "salles.csv"), "--json", home=tmp_path)
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["blocking"], facts["rows"]) == (0, 0, 2)


def test_a_file_that_cannot_be_read_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x00\x01\x02" * 50)
    assert parvis(str(tmp_path / "x.csv"), home=tmp_path).returncode == 2
    assert parvis(str(tmp_path / "absent.csv"), home=tmp_path).returncode == 2


def test_an_office_document_is_read_and_a_broken_one_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "note.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w:p><w:t>Mme Lefebvre se plaint, 06 12 34 </w:t><w:t>56 78</w:t></w:p>")
    (tmp_path / "casse.pdf").write_bytes(b"%PDF-1.7 rien")
    done = parvis(str(tmp_path / "note.docx"), str(tmp_path / "casse.pdf"), "--json", home=tmp_path)
    note, broken = json.loads(done.stdout)["files"]
    assert {row["kind"] for row in note["findings"]} == {"phone", "text"}
    assert [row["kind"] for row in broken["findings"]] == ["unread"]
    assert done.returncode == 1
