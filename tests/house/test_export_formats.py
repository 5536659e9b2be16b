"""A new format of exports is one writer and one row of ``core.explore.formats``: whatever shows formats shows it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from parvis.core.explore import EXPORT_FORMATS

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "parvis"
NAMES = {row.name for row in EXPORT_FORMATS}
TABLE = {"EXPORT_FORMATS", "ExportFormat", "export_format", "formats_for", "formats_of"}

NEW_FORMAT = """
import os
from dataclasses import replace
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
from parvis.core import explore
from parvis.core.explore import formats
from parvis.core.explore.formats import Ahead, Listed
new = replace(
    formats.export_format("parquet"), name="orc", extension="orc", media_type="application/x-orc", label="ORC",
    options=("list_separator",), ahead=Ahead(7), listed=Listed("ORC", "application/orc"),
)
explore.EXPORT_FORMATS = formats.EXPORT_FORMATS = (*formats.EXPORT_FORMATS, new)
formats.FORMAT_BY_NAME["orc"] = new

import django
django.setup()
"""
SHOWN = {
    "the help of the command": """
import contextlib, io
from parvis.config.cli.arguments import build_parser
written = io.StringIO()
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(written):
    build_parser().parse_args(["export", "--help"])
assert "ical, orc ;" in " ".join(written.getvalue().split())
""",
    "the choices of the benchmark": """
from parvis.config.cli.arguments import build_parser
assert build_parser().parse_args(["bench", "--format", "orc"]).format == ["orc"]
""",
    "the description of the API": """
from parvis.web.api.description.operations import document
operation = document("", "fr")["paths"]["/catalog/datasets/{dataset_id}/exports/orc"]["get"]
assert operation["operationId"] == "exportRecordsOrc"
assert {"$ref": "#/components/parameters/list_separator"} in operation["parameters"]
assert "application/x-orc" in operation["responses"]["200"]["content"]
""",
    "the files made ahead": """
from parvis.hub.datastore.prepared import PLAIN, PREPARED
assert [(row.request, row.most_rows) for row in PREPARED if row.export is new] == [(PLAIN, 7)]
""",
    "the catalogues of other portals": """
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.dcat_access import listed_exports, media_type
card = CatalogueCard(origin="", name="", sentence="", contact_email="", exports=("orc",))
assert listed_exports(card, {"data_visible": True, "fields": []}) == [new]
assert media_type(new) == "application/orc"
""",
}


def test_a_format_added_to_the_table_is_shown_everywhere():
    script = NEW_FORMAT + "".join(f"# {place}{code}" for place, code in SHOWN.items())
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_whoever_reads_the_table_of_formats_lists_no_names_of_its_own():
    lists = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if "tests" in path.parts or path.name == "formats.py" or not _reads_the_table(tree):
            continue
        lists += [f"{path.relative_to(PACKAGE)}:{line}" for line in _lists_of_formats(tree)]
    assert lists == []


def _reads_the_table(tree: ast.AST) -> bool:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any(
        (node.module or "").startswith("parvis.core.explore") and TABLE & {alias.name for alias in node.names}
        for node in imports
    )


def _lists_of_formats(tree: ast.AST) -> list[int]:
    """Lines where formats, two or more, and nothing else are written side by side."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict | ast.Tuple | ast.List | ast.Set):
            items = node.keys if isinstance(node, ast.Dict) else node.elts
            texts = [item.value if isinstance(item, ast.Constant) else None for item in items]
            if len(texts) > 1 and all(text in NAMES for text in texts):
                lines.append(node.lineno)
    return lines
