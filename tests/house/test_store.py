"""What is stored is told by name: no module knows in which folder of the home it is, but for those named here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "parvis"
ABOVE_THE_CORE = ("config", "domains", "hub", "web")

HOME = {
    "config/asgi.py": "bodies of requests being received, on the disk of the machine",
    "config/cli/backup.py": "the SQLite file, the secret key and parvis.toml, which are of the home",
    "config/cli/demo.py": "the lock of commands that may not run at once",
    "config/cli/doctor.py": "is the home writable, closed to others, and is there room on its disk",
    "config/cli/init.py": "the lock of commands that may not run at once",
    "config/cli/secret_key.py": "the file of the secret key",
    "config/cli/serve.py": "static files collected on the machine that serves them",
    "config/settings.py": "the SQLite file, static files, the cache",
    "hub/datastore/remembered.py": "a note in the cache of the machine",
    "hub/harvesting/selectors.py": "where the portal listens, noted in the home",
    "hub/jobs/process_locks.py": "locks and scratch folders of the processes of the machine",
    "hub/maps/basemap_files.py": "base maps that a command made, which tiles are read from by their place",
    "hub/maps/ign.py": "tiles of IGN in the cache of the machine",
    "hub/maps/own_ground.py": "the ground of maps, which tiles are read from by their place",
    "hub/store.py": "the store itself, a folder of the home unless told otherwise",
    "hub/validation/selectors.py": "schemas fetched by a command, which works without an instance too",
}
"""Modules that know where the home is, and what for."""

PATHS = {
    "domains/deliberations/demo.py": "the scratch folder where papers of the demonstration are set",
    "domains/deliberations/deposit/folder.py": "the folder of the server where services leave their acts",
    "domains/deliberations/deposit/reading.py: local_copy": "a copy of what was received, and the scratch folder of the child that reads it",
    "domains/deliberations/online/preparing.py": "the scratch folders of the children that make what is published",
    "domains/deliberations/papers.py: _sent": "the scratch folder where a PDF is set",
    "domains/osm/extracts.py": "a received extract, and the scratch folder of the child that reads it",
    "hub/conf.py": "settings, before there is a store",
    "hub/signing_key.py": "the secret key, before there is a store",
    "hub/datastore/confined.py": "the scratch folder of a confined child, and the local files that it may read",
    "hub/datastore/inspections.py": "reports that a child wrote in its scratch folder",
    "hub/datastore/remembered.py": "the note in the cache; what the engine tells of its loaded versions",
    "hub/datastore/services/addresses.py: load_addresses": "the file of a person who loads it by a command",
    "hub/datastore/side_tables.py: files": "the local files that a child may read",
    "hub/datastore/territory_tables.py": "the scratch folder where a table of territories is written",
    "hub/datastore/services/deposits.py: deposit_file": "the file of a person who imports it by a command",
    "hub/datastore/services/prepared_files.py: _check_room": "the scratch folder where a file is made",
    "hub/datastore/services/recovery.py: _moved_away": "the scratch folder of a dead process",
    "hub/fulltext/index.py": "a folder of the index of a library, which tantivy maps",
    "hub/file_modes.py": "the home and what is at its first level, whose modes are looked at",
    "hub/harvesting/transports.py": "the scratch folder where an answer is brought",
    "hub/harvesting/asking.py: send": "the scratch folder where an answer is brought",
    "hub/harvesting/asking.py: _sent": "the scratch folder where an answer is brought",
    "hub/harvesting/asking.py: send_twice": "the scratch folder where an answer is brought",
    "hub/harvesting/comparisons.py": "the scratch folder where what is compared is brought",
    "hub/harvesting/comparison_facts.py": "the scratch folder where what is compared is brought; the local files of a version",
    "hub/harvesting/far_comparisons.py": "the scratch folder where what is compared is brought",
    "hub/harvesting/documents.py": "the scratch folder where a document is brought, to be attached",
    "hub/harvesting/moves.py": "the scratch folder where rows are brought, to be imported",
    "hub/harvesting/copies.py": "the scratch folder where a file is brought, to be imported",
    "hub/harvesting/closed_exports.py": "the scratch folder where rows are gathered page by page, to be imported or compared",
    "hub/harvesting/openness.py: _read": "a reader of an answer, which is called in a child",
    "hub/datastore/module.py: _inspection": "the scratch folder of a child, which it has no use for",
    "hub/deliveries/folder.py": "a folder of the machine, where senders leave files",
    "hub/departure/folder.py": "the folder of a person who exports everything by a command",
    "hub/departure/services.py: export_all": "the folder of a person who exports everything by a command",
    "hub/fulltext/writing.py": "a folder of the index of a library, which tantivy writes",
    "hub/jobs/process_locks.py": "locks and scratch folders of the processes of the machine",
    "hub/maps/basemap_files.py": "base maps that a command made",
    "hub/maps/ign.py": "tiles of IGN in the cache of the machine",
    "hub/maps/own_ground.py": "the ground of maps, which tiles are read from by their place",
    "hub/pages/paper/printer.py": "the scratch folder where a PDF is set",
    "hub/privacy/module.py: _inspection": "the scratch folder of a child, which it has no use for",
    "hub/publications/services.py": "a CSV written to be imported",
    "hub/quality/sources.py: ask": "the scratch folder where an address is tried",
    "hub/registry.py: inspection": "the scratch folder of a child",
    "hub/datastore/national.py: unanswered": "the scratch folder where a child leaves the addresses that it needs",
    "hub/datastore/previews.py: slow_step": "the scratch folder where a child says at which step it is",
    "hub/geocoding/services.py: _send": "the scratch file of an answer",
    "hub/geocoding/services.py: _read": "that file",
    "hub/datastore/lenses.py: write": "the scratch folder where rows laid for a commune are written",
    "hub/rowlog/services/folding.py: _made": "the scratch folder where a table is written to be imported",
    "hub/rowlog/services/folding.py: _published": "that table",
    "hub/served_address.py": "the note in the home of where the portal listens, before there is a store",
    "hub/search/folder.py": "the scratch folder where an index is made, and the local folder that tantivy maps",
    "hub/search/index.py": "a folder of the index, which tantivy maps",
    "hub/search/shelf_writer.py": "a folder of an index, which tantivy writes",
    "hub/search/writing.py": "a folder of the index, which tantivy writes",
    "hub/store.py": "the home, of which the store is made",
    "hub/ui/assets.py: _read": "the list of scripts in the package",
    "hub/uploads/acts.py": "an act that a confined child reads, and the data of the recogniser, which the machine has",
    "hub/uploads/services.py: _workplace": "the scratch folder of a child, and a copy of what was received",
    "hub/validation/checks.py": "a file received by this request, a local file, the scratch folder of a child",
    "hub/validation/publication_check.py: inspection_for": "the scratch folder of a child",
    "hub/validation/selectors.py: schemas_folder": "schemas fetched by a command",
    "hub/validation/transient_checks.py": "a report and a file in the scratch folder of a request",
    "web/sql/query.py: _sandbox": "below which confined children read versions by path",
    "web/validation/api.py": "a file received by this request",
    "web/validation/check.py: _reported": "a file received by this request, and its scratch folder",
    "web/validation/query.py": "a file received by this request, and its scratch folder",
    "web/validation/uploads.py": "a file received by this request, and its scratch folder",
}
"""Modules of hub, web and domains, or functions of them, that take or give paths, and of what."""

LOCAL = {
    "domains/osm/extracts.py": "a confined child reads a received extract",
    "hub/harvesting/comparison_facts.py": "Arrow reads the rows of a version to be compared",
    "hub/datastore/extracts.py": "a confined child reads an extract",
    "hub/datastore/lenses.py": "DuckDB cuts a version for a commune",
    "hub/datastore/previews.py": "a confined child reads a received file",
    "hub/datastore/recipe_previews.py": "a confined child reads the source of a version",
    "hub/datastore/selectors.py": "the engine reads versions",
    "hub/datastore/side_tables.py": "a confined child reads the tables that steps name",
    "hub/datastore/services/comparisons.py": "DuckDB compares two versions",
    "hub/datastore/tasks.py": "a confined child reads a received file",
    "hub/search/folder.py": "tantivy maps the index, and the one process that writes writes into it",
    "hub/rowlog/selectors.py": "is there a folder of rows that lie over a version",
    "hub/rowlog/services/folding.py": "DuckDB lays rows over a former version",
    "hub/rowlog/services/laying.py": "DuckDB lays rows over a version",
    "hub/media.py": "Wagtail sends documents by path",
    "hub/privacy/selectors.py": "DuckDB searches a version written before there were searches",
    "hub/privacy/services.py": "a confined child reads an archive",
    "hub/quality/services.py": "DuckDB measures a version",
    "hub/validation/services/entry.py": "a confined child reads an original",
    "hub/validation/tasks.py": "a confined child reads an original",
    "web/sql/query.py": "a confined child reads versions",
}
"""Modules that ask the store for something on the local disk, and who reads it by path."""


def _modules(word: str, *rooms: str) -> dict[str, ast.Module]:
    """The modules of these rooms whose text matches ``word``: to parse them all takes seconds, and what is looked for is in no other."""
    paths = [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]
    texts = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if not {"tests", "migrations"} & set(path.parts) and path.name != "factories.py"
    }
    return {name: ast.parse(text) for name, text in texts.items() if re.search(rf"\b({word})\b", text)}


def _words(tree: ast.AST) -> set[str]:
    return {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    signature = node.args
    every = [*signature.posonlyargs, *signature.args, *signature.kwonlyargs, signature.vararg, signature.kwarg]
    types = [argument.annotation for argument in every if argument is not None]
    return [annotation for annotation in [*types, node.returns] if annotation is not None]


def _of_paths(tree: ast.Module) -> set[str]:
    """Functions and declared fields whose types tell of paths."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            types, name = _annotations(node), node.name
        elif isinstance(node, ast.AnnAssign):
            types, name = [node.annotation], ast.unparse(node.target)
        else:
            continue
        if any(re.search(r"\bPath\b", ast.unparse(annotation)) for annotation in types):
            names.add(name)
    return names


def test_only_the_modules_named_here_know_where_the_home_is():
    modules = _modules("PARVIS_HOME|MEDIA_ROOT", *ABOVE_THE_CORE)
    reading = {name for name, tree in modules.items() if _words(tree) & {"PARVIS_HOME", "MEDIA_ROOT"}}
    assert reading == set(HOME)


def test_only_the_functions_named_here_take_or_give_paths():
    unnamed, used = [], set()
    for module, tree in _modules("Path", "hub", "web", "domains").items():
        for name in _of_paths(tree):
            key = module if module in PATHS else f"{module}: {name}"
            used.add(key)
            if key not in PATHS:
                unnamed.append(key)
    assert unnamed == []
    assert used == set(PATHS)


def test_only_what_reads_by_path_asks_the_store_for_a_local_path():
    asking = {
        module
        for module, tree in _modules("local", *ABOVE_THE_CORE).items()
        if any(getattr(node, "attr", "") == "local" and ast.unparse(node) == "store().local" for node in ast.walk(tree))
    }
    assert asking == set(LOCAL)
