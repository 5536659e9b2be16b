"""What the pages on security say: evidence that is there, every line of the standard, the version that is supported."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "parvis"
THREATS = ROOT / "docs" / "explanation" / "threats.md"
STANDARD = ROOT / "docs" / "explanation" / "asvs.md"
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]*)+|[\w-]+\.(?:md|py|toml|lock))`")
"""A path in backticks; an address of the portal begins with a slash, and is none."""
STATES = {"met", "partly", "not met", "n/a"}
REQUIREMENTS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}
"""How many of levels 1 and 2 each chapter of version 5.0.0 has; two chapters do not apply and are lines of their own."""


def lines_of_the_standard() -> list[list[str]]:
    """The cells of each line: number, requirement, state, evidence."""
    rows = [line.strip("| ").split(" | ") for line in STANDARD.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if len(row) == 4 and re.match(r"\d+\.\d+\.\d+", row[0])]


@pytest.mark.parametrize("page", [THREATS, STANDARD], ids=lambda page: page.stem)
def test_every_path_that_is_evidence_is_in_the_tree(page):
    paths = set(PATH.findall(page.read_text(encoding="utf-8")))
    assert len(paths) > 60
    assert sorted(path for path in paths if not ((ROOT / path).exists() or (PACKAGE / path).exists())) == []


def test_every_function_that_is_evidence_is_in_its_file():
    """``CARD_FIELDS`` after a path: a word of code in brackets stands in the file named just before."""
    for path, word in re.findall(r"`([\w./-]+\.py)` \(`(\w+)`\)", STANDARD.read_text(encoding="utf-8")):
        assert word in (PACKAGE / path).read_text(encoding="utf-8"), (path, word)


def test_a_threat_is_stopped_by_a_file_and_a_test_fails_without_it():
    rows = [line for line in THREATS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        *_who, file, test = row.strip("|").split(" | ")
        assert PATH.search(file), row
        assert all("test_" in path for path in PATH.findall(test)), row
        assert PATH.search(test), row


def test_every_line_has_a_state_and_what_is_met_has_evidence():
    for number, _requirement, state, evidence in lines_of_the_standard():
        assert state in STATES, number
        assert evidence.strip(), number
    assert {row[2] for row in lines_of_the_standard()} == STATES


def test_every_requirement_of_the_standard_has_its_line():
    counted: dict[int, int] = {}
    for numbers, *_cells in lines_of_the_standard():
        for part in numbers.split(", "):
            first, _dash, last = part.partition("–")
            chapter = int(first.split(".")[0])
            counted[chapter] = counted.get(chapter, 0) + _between(first, last or first)
    assert {chapter: counted[chapter] for chapter in REQUIREMENTS} == REQUIREMENTS
    assert set(counted) - set(REQUIREMENTS) == {10, 17}


def _between(first: str, last: str) -> int:
    """How many numbers there are from one to another of one section."""
    return int(last.rsplit(".", 1)[1]) - int(first.rsplit(".", 1)[1]) + 1


def test_the_minor_version_of_this_tree_is_supported():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    minor = ".".join(version.split(".")[:2])
    rows = dict(re.findall(r"^\| (\d[^|]*?) \| ([^|]*?) \|", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.M))
    assert rows[f"{minor}.x, the latest"] == "yes"
    assert not any(answer.startswith("yes") for name, answer in rows.items() if not name.startswith(minor))
