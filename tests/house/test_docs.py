"""What the documentation says is what the code does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_reference_pages_are_those_the_code_makes(tmp_path):
    environment = {**os.environ, "PARVIS_HOME": str(tmp_path), "COLUMNS": "100"}
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_reference.py", "--check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"stale, run scripts/make_reference.py:\n{run.stdout}{run.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_every_decision_is_one_paragraph_and_numbered():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for page in pages:
        title, _blank, body = page.read_text(encoding="utf-8").partition("\n\n")
        assert title.startswith(f"# {int(page.name[:4])}. ")
        assert "\n\n" not in body.strip(), page.name


def test_the_readme_shows_what_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert pictures
    assert all((ROOT / picture).exists() for picture in pictures)
