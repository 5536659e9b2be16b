"""Measure the accessibility of this version on its demonstration, and write what the statements of sites tell.

``python scripts/measure_accessibility.py http://127.0.0.1:8000`` visits a served demonstration with axe-core at 320 and 1,280
pixels, light and dark, and writes ``src/parvis/hub/legal/accessibility.json``: the rules passed and broken on each page, and the
criteria checked by hand as ``docs/explanation/accessibility.md`` lists them. ``--docs`` renews that last part alone.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "src" / "parvis" / "hub" / "legal" / "accessibility.json"
DOCS = ROOT / "docs" / "explanation" / "accessibility.md"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
VERSION = re.search(
    r'^__version__ = "(.+)"', (ROOT / "src" / "parvis" / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE
)
DATASET = "/explore/dataset/population-grand-paris-sud-1968-2015"
PLACES = "/explore/dataset/gares-arrets-transilien"
ADDRESSES = (
    "/",
    "/lieusaint/",
    "/explore/",
    "/explore/?q=velo",
    f"{DATASET}/information/",
    f"{DATASET}/table/",
    f"{DATASET}/analyze/",
    f"{DATASET}/profile/",
    f"{DATASET}/quality/",
    f"{DATASET}/export/",
    f"{DATASET}/api/",
    f"{PLACES}/map/",
    "/lieusaint" + f"{DATASET}/table/",
    "/pages/",
    "/pages/population/",
    "/pages/fibre/",
    "/pages/arbres/",
    "/pages/energie/",
    "/indicateurs/",
    "/agenda/",
    "/graphiques/",
    "/cartes/",
    "/organisations/",
    "/territoires/",
    "/territoires/77251/",
    "/qualite/",
    "/inventaire/",
    "/valider/",
    "/schemas/",
    "/mentions-legales/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/licences/",
    "/compte/login/",
)
"""One page of each kind, on the main site and on a commune's."""

LOOKS = ((320, "light"), (1280, "light"), (1280, "dark"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def main() -> int:
    """Visit and write; 1 when axe found something, so that a release stops there."""
    if "--docs" in sys.argv:
        _write({**json.loads(FILE.read_text(encoding="utf-8")), **by_hand()})
        return 0
    portal = sys.argv[1].rstrip("/")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        pages, tool = _visited(browser, portal)
        name = f"Chromium {browser.version}"
        browser.close()
    facts = {
        "version": VERSION[1] if VERSION else "",
        "day": datetime.now(UTC).date().isoformat(),
        "tool": tool,
        "browser": name,
        "pages": pages,
    }
    _write({**facts, **by_hand()})
    broken = [f"{page['address']}: {', '.join(page['broken'])}" for page in pages if page["broken"]]
    sys.stdout.write("".join(f"{line}\n" for line in broken) or f"{len(pages)} pages, nothing found\n")
    return 1 if broken else 0


def _visited(browser: Browser, portal: str) -> tuple[list[dict[str, Any]], str]:
    """What axe says of each page at each look, and axe's own name and version."""
    axe, rows_by_address, tool = AXE.read_text(encoding="utf-8"), {}, ""
    for width, scheme in LOOKS:
        size = {"width": width, "height": 900}
        context = browser.new_context(
            viewport=size, color_scheme=scheme, locale="fr-FR", reduced_motion="reduce", bypass_csp=True
        )
        page = context.new_page()
        for address in ADDRESSES:
            answer = page.goto(portal + address, wait_until="load")
            if answer is None or answer.status != 200:
                raise SystemExit(f"{address}: {answer and answer.status}")
            page.evaluate(axe)
            axe_report = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            tool = f"axe-core {axe_report['testEngine']['version']}"
            row = rows_by_address.setdefault(
                address, {"title": page.title().partition(" · ")[0], "passed": set(), "broken": set()}
            )
            row["passed"] |= {rule["id"] for rule in axe_report["passes"]}
            row["broken"] |= {rule["id"] for rule in axe_report["violations"]}
        context.close()
    return [_row(address, row) for address, row in rows_by_address.items()], tool


def _row(address: str, row: dict[str, Any]) -> dict[str, Any]:
    passed = len(row["passed"] - row["broken"])
    return {"address": address, "title": row["title"], "passed": passed, "broken": sorted(row["broken"])}


def by_hand() -> dict[str, list[str]]:
    """The criteria that the docs say were checked by hand, and those of them with a defect."""
    checked, defects = [], []
    section = DOCS.read_text(encoding="utf-8").partition("## What was checked by hand")[2].partition("\n## ")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        criteria = list(_criteria(cells[0])) if line.startswith("| ") else []
        checked += criteria
        if criteria and re.search(r"\bdefect\b", cells[-1], re.IGNORECASE):
            defects.append(criteria[0])
    return {"by_hand": checked, "defects": defects}


def _criteria(text: str) -> Iterator[str]:
    """« 5.1 to 5.7 … » is seven criteria, « 7.1 and 7.3 … » two."""
    numbers = [(int(topic), int(rank)) for topic, rank in re.findall(r"\b(\d{1,2})\.(\d{1,2})\b", text)]
    if " to " in text and len(numbers) == 2:
        (topic, first), (_same, last) = numbers
        numbers = [(topic, rank) for rank in range(first, last + 1)]
    yield from (f"{topic}.{rank}" for topic, rank in numbers)


def _write(facts: dict[str, Any]) -> None:
    FILE.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
