"""The house rules that a machine can hold: sizes, names, imports, docstrings, arrows, words."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "parvis"
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "migrations" not in path.parts and "tests" not in path.parts and "dist" not in path.parts
]
DRAWERS = {"utils", "helpers", "common", "misc", "util", "helper", "tools", "base"}
LONGEST_MODULE, LONGEST_FUNCTION = 500, 60
LONG_FUNCTIONS: set[str] = set()
"""Functions allowed to be longer than the rule, ``path:name``; this list only shrinks."""


@cache
def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(tree: ast.AST):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_module_is_longer_than_the_bound():
    long = {_name(path): lines for path in MODULES if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE}
    assert long == {}


def test_no_function_is_longer_than_the_bound():
    long = {
        f"{_name(path)}:{function.name}"
        for path, tree in _trees().items()
        for function in _functions(tree)
        if function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == LONG_FUNCTIONS


def test_no_room_names_a_subject_of_public_life():
    """A subject is one line of the settings: whoever needs what it gives asks ``hub.registry``."""
    subjects = [path for path in (PACKAGE / "domains").iterdir() if (path / "module.py").is_file()]
    addresses = {
        name
        for path in subjects
        for file in ("urls.py", "wagtail_hooks.py", "backoffice.py")
        if (path / file).is_file()
        for name in re.findall(r'name="([\w-]+)"', (path / file).read_text())
    }
    assert subjects and addresses
    outside = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html"} and "tests" not in path.parts]
    outside = [path for path in outside if not {"domains", "static"} & set(path.relative_to(PACKAGE).parts)]
    named = {
        f"{_name(path)}: {mention}"
        for path in outside
        for mention in re.findall(
            r'parvis\.domains\.\w+|(?<=url ")[\w-]+(?=")|(?<=reverse\(")[\w-]+(?=")', path.read_text()
        )
        if mention.startswith("parvis.domains") or mention in addresses
    }
    settings = {f"src/parvis/config/settings.py: parvis.domains.{path.name}" for path in subjects}
    assert named == settings


def test_no_module_is_a_drawer():
    assert [_name(path) for path in MODULES if path.stem in DRAWERS] == []


def test_every_module_has_a_docstring():
    bare = [_name(path) for path, tree in _trees().items() if tree.body and not ast.get_docstring(tree)]
    assert bare == []


def test_every_public_class_and_function_has_a_docstring():
    bare = []
    for path, tree in _trees().items():
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                bare.append(f"{_name(path)}:{node.name}")
    assert bare == []


def test_the_projects_own_code_is_never_imported_inside_a_function():
    hidden = []
    for path, tree in _trees().items():
        for function in _functions(tree):
            if function.name == "ready":
                continue
            for node in ast.walk(function):
                module = getattr(node, "module", None) if isinstance(node, ast.ImportFrom) else None
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [module or ""]
                if any(name == "parvis" or name.startswith("parvis.") for name in names):
                    hidden.append(f"{_name(path)}:{function.name}")
    # The command line imports a command, and Django with it, only when that command runs: --help must be instant.
    assert [place for place in hidden if not place.startswith("src/parvis/config/cli/")] == []


def test_import_contracts_hold():
    script = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_error_codes_are_unique_and_every_error_has_a_sentence():
    codes: dict[str, str] = {}
    for path, tree in _trees().items():
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            values = _class_rows(node)
            if "code" not in values or "sentence" not in values:
                continue
            if not (code := getattr(values["code"], "value", "")):
                continue  # a dataclass that has such fields
            assert code not in codes, f"{code}: {codes[code]} and {_name(path)}"
            codes[code] = _name(path)
            # Whether English has it is the business of the test of catalogues: here, that they are asked.
            for row in ("sentence", "advice"):
                assert _is_marked(values.get(row)), f"{_name(path)}:{node.name}: {row} is no gettext_noop"
    assert len(codes) > 10


def test_gdal_is_imported_by_core_gdal_alone():
    """Whoever imports pyogrio first decides which drivers read strangers' files; a client in its own process may."""
    own_process = {"src/parvis/core/gdal.py", "tests/conformance/clients/gdal_arrow.py"}
    texts = {
        path: path.read_text(encoding="utf-8")
        for folder in ("src", "tests", "scripts")
        for path in (ROOT / folder).rglob("*.py")
    }
    importers = {
        _name(path)
        for path, text in texts.items()
        if re.search("pyogrio|osgeo|fiona", text)  # to parse them all takes seconds
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            name.split(".")[0] in {"pyogrio", "osgeo", "fiona"}
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        )
    }
    assert importers <= own_process


def _class_rows(node: ast.ClassDef) -> dict[str, ast.expr]:
    rows = {}
    for statement in node.body:
        target = statement.target if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        value = getattr(statement, "value", None)
        if isinstance(target, ast.Name) and value is not None:
            rows[target.id] = value
    return rows


def _is_marked(value: ast.expr | None) -> bool:
    """Whether a sentence is one for the catalogues, or none."""
    is_call = isinstance(value, ast.Call) and ast.unparse(value.func) == "gettext_noop"
    return value is None or is_call or (isinstance(value, ast.Constant) and value.value == "")


@pytest.mark.parametrize("folder", ["src", "frontend/src", "frontend/styles", "docs"])
def test_nothing_names_a_path_of_one_machine(folder):
    place = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    offenders = [
        _name(path)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".ts", ".css", ".html", ".md", ".json", ".toml"}
        and "dist" not in path.parts
        and place.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert offenders == []


def test_public_templates_load_nothing_from_elsewhere_and_hold_no_inline_script():
    faults = []
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"""<(script|link|img|iframe)[^>]+(src|href)=["']https?://""", text):
            faults.append(f"{_name(path)}: third party")
        if re.search(r"<script(?![^>]*(src=|application/(ld\+)?json))", text):
            faults.append(f"{_name(path)}: inline script")
        if re.search(r"""\s(style|on[a-z]+)=["']""", text):
            faults.append(f"{_name(path)}: inline style or handler")
    assert faults == []


def test_locked_dependencies_carry_hashes_and_name_no_host():
    text = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "://" not in re.sub(
        r'"(url|homepage|funding)":[^,}]*', "", (ROOT / "frontend/package-lock.json").read_text()
    )


WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}


def test_web_and_command_line_never_write_a_table_themselves():
    """Writes go through the services of the hub, which check the right and keep the journal."""
    offenders = []
    for path, tree in _trees().items():
        if not {"web", "config"} & set(path.relative_to(PACKAGE).parts[:1]):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
                continue
            target = ast.unparse(node.func.value)
            if target.endswith(".objects") or target in {"dataset", "person", "organisation", "version", "attachment"}:
                offenders.append(f"{_name(path)}:{node.lineno} {target}.{node.func.attr}")
    assert offenders == []


_WRITTEN_BY_HAND = re.compile(
    r"""\b(?:href|src|action|formaction|srcset|poster)=["']/(?!/)|(?:address|canonical)[ =]"/[^"]*"(?!\|absolute_path)"""
)
_IN_PYTHON = re.compile(
    r"""(?:return|redirect\(|RedirectResponse\(|build_absolute_uri\(|canonical\()\s*f?["']/(?!["'])"""
)
_OF_ONE_SITE = {"config/bench", "hub/validation/publication_check.py", "hub/privacy/publication_check.py"}
"""Addresses of the back office, which has no prefix, and of the bench, which asks the main site."""


def test_addresses_are_never_written_by_hand_so_that_a_site_behind_a_prefix_is_never_left():
    """``{% url %}``, ``reverse`` and ``absolute_path`` know the prefix of the site that answers; ``href="/explore/"`` does not."""
    templates = [path for path in PACKAGE.rglob("templates/**/*.html") if path.name != "failed.html"]
    faults = [f"{path}: {found[0]}" for path in templates for found in _WRITTEN_BY_HAND.finditer(path.read_text())]
    for path in MODULES:
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith((*_OF_ONE_SITE, "core/", "packs/")):
            faults += [f"{path}: {found[0]}" for found in _IN_PYTHON.finditer(path.read_text())]
    assert not faults, "\n".join(faults)


def test_a_process_that_serves_pages_loads_no_reader_of_received_files(tmp_path):
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'parvis.config.settings'\n"
        "import parvis.config.wsgi; from django.urls import get_resolver; assert get_resolver().url_patterns\n"
        "print(*sorted(name for name in sys.modules if '.' not in name))"
    )
    environment = {**os.environ, "PARVIS_HOME": str(tmp_path), "PARVIS_DATABASE_URL": ""}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "parvis" in loaded
    assert loaded & {"python_calamine", "openpyxl", "xlrd", "pyogrio", "pypdfium2", "docx", "lxml"} == set()


STATES = frozenset({"is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked"})
WORDS = frozenset({"inner_text", "text_content", "input_value"})


def _hasty_calls(test: ast.expr) -> list[ast.expr]:
    """Calls of an assertion that ask a browser for what it shows at this moment, where ``expect`` would wait."""
    states = [node for node in ast.walk(test) if _is_call(node, STATES)]
    sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else [test]
    return [*states, *(side for side in sides if _is_call(side, WORDS))]


def _is_call(node: ast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


def test_browser_tests_wait_for_what_they_look_for():
    """A page is seen as it is built: an assertion of the moment fails on a busy machine, ``expect`` waits."""
    hasty = [
        f"{_name(path)}:{node.lineno}"
        for path in sorted([*PACKAGE.rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")])
        if "browser" in path.name or "playwright" in path.read_text(encoding="utf-8")
        for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(statement, ast.Assert)
        for node in _hasty_calls(statement.test)
    ]
    assert hasty == []
