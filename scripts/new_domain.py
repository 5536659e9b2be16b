"""Write a subject of public life that runs: ``make new-domain NAME=associations``.

One folder under ``src/parvis/domains``, one line of settings, one page of docs, one file of demonstration; each is made from a
template of ``scripts/domain``. What to change first is in ``models.py`` and ``collection.py``. To take the subject away again, remove
those and run ``make setup``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "scripts" / "domain"
SETTINGS = ROOT / "src" / "parvis" / "config" / "settings.py"
BEFORE = '    "parvis.web.portal",\n'
"""The line of the settings that a new subject goes before."""


def places(name: str) -> dict[str, Path]:
    """Where each template goes, by its path among templates."""
    folder = ROOT / "src" / "parvis" / "domains" / name
    own = {
        "demo.json.txt": ROOT / "src" / "parvis" / "packs" / "demo" / f"{name}.json",
        "docs.md.txt": ROOT / "docs" / "howto" / f"{name}.md",
        "tests/test_subject.py.txt": folder / "tests" / f"test_{name}.py",
        "templates/page/page.html.txt": folder / "templates" / name / "page.html",
        "locale/django.po.txt": folder / "locale" / "en" / "LC_MESSAGES" / "django.po",
    }
    modules = {path.name: folder / path.name.removesuffix(".txt") for path in TEMPLATES.glob("*.py.txt")}
    return modules | own


def main() -> int:
    """Write the files, name the subject in the settings, make its first migration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="a plural in small letters: associations")
    parser.add_argument("--singular", help="what one of them is called in code: association")
    parser.add_argument("--title", help="what the list is called: Associations")
    args = parser.parse_args()
    name = args.name
    folder = ROOT / "src" / "parvis" / "domains" / name
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,30}", name) or (folder / "__init__.py").exists():
        sys.stderr.write(f"« {name} » : il faut un nom en minuscules, sans accent, qui n’est à aucun sujet.\n")
        return 1
    noun = args.singular or name.removesuffix("s")
    words = {
        "name": name,
        "noun": noun.replace("_", "-")[:12],
        "Model": "".join(part.capitalize() for part in noun.split("_")),
        "Title": args.title or name.replace("_", " ").capitalize(),
        "place": name.replace("_", "-"),
        "dataset": name.replace("_", "-"),
    }
    for template, target in places(name).items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template((TEMPLATES / template).read_text()).safe_substitute(words), encoding="utf-8")
    (folder / "migrations").mkdir(exist_ok=True)
    (folder / "migrations" / "__init__.py").touch()
    settings = SETTINGS.read_text(encoding="utf-8")
    SETTINGS.write_text(settings.replace(BEFORE, f'    "parvis.domains.{name}",\n{BEFORE}', 1), encoding="utf-8")
    python = [sys.executable, "-m"]
    here = str(folder.relative_to(ROOT))
    subprocess.run([*python, "ruff", "format", "--quiet", here], cwd=ROOT, check=True)
    environment = [*python, "django", "makemigrations", name, "--settings", "parvis.config.settings"]
    subprocess.run([*environment, "--name", "initial"], cwd=ROOT, check=True)
    subprocess.run([*python, "ruff", "format", "--quiet", here], cwd=ROOT, check=True)
    sys.stdout.write(f"« {words['Title']} » : {here}. Ensuite : make setup, pytest {here}, make reference.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
