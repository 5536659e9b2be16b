"""The schemas that ship with Parvis are found by name and version, are sound, and are renewed from the published list."""

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.core.fetching import PrivateAddress
from parvis.core.schemas.refusals import UnknownSchema, UnknownVersion
from parvis.packs import schemas
from parvis.packs.schemas.update import BadCatalogue, update, web_getter


def test_every_schema_shipped_is_sound() -> None:
    loaded = [schemas.load(entry.name, row.version) for entry in schemas.bundled() for row in entry.versions]
    assert len(loaded) > 150
    assert [schema.name for schema in loaded if schema.problems or not schema.fields] == []


def test_a_schema_is_found_by_its_name_whole_or_short_in_its_newest_version() -> None:
    for name in ("scdl/deliberations", "deliberations", "SCDL/Délibérations"):
        entry, row = schemas.find(name)
        assert (entry.name, row.version) == ("scdl/deliberations", "2.1.5")
    assert schemas.find("deliberations", "v2.0.0")[1].version == "2.0.0"
    assert schemas.find("irve-statique")[0].name == "etalab/schema-irve-statique"
    assert schemas.find_or_load("subventions@2.0.2").version == "2.0.2"


def test_an_unknown_name_is_told_with_its_nearest() -> None:
    with pytest.raises(UnknownSchema, match="scdl/deliberations"):
        schemas.find("scdl/deliberation")
    with pytest.raises(UnknownVersion, match="2.1.5"):
        schemas.find("deliberations", "9.9")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A server of the published shape, with two of the real schemas."""
    root = tmp_path / "site"
    rows = []
    for name in ("scdl/prenoms", "scdl/budget"):
        entry, row = schemas.find(name)
        path = root / "schemas" / name / row.version / row.path.name
        path.parent.mkdir(parents=True)
        shutil.copy(row.path, path)
        versions = [{"version_name": row.version, "schema_url": row.url}]
        rows.append({"name": name, "schema_type": "tableschema", "title": entry.title, "versions": versions})
    rows.append({"name": "a/b", "schema_type": "other", "versions": []})
    (root / "schemas" / "schemas.json").write_text(json.dumps({"schemas": rows}))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(root))

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield root, f"http://127.0.0.1:{server.server_port}/schemas/schemas.json"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_update_fetches_what_is_published_and_the_rest_stays(site: tuple[Path, str], tmp_path: Path) -> None:
    root, url = site
    folder, get = tmp_path / "home" / "schemas", web_getter(lambda *_: True)
    outcome = update(folder, url, date="2026-11-25", get=get)
    assert (outcome.schemas, outcome.versions, len(outcome.new)) == (2, 2, 2)
    assert schemas.load("prenoms", folder=folder).field_names == schemas.load("prenoms").field_names
    listed = json.loads((root / "schemas" / "schemas.json").read_text())
    listed["schemas"] = [{**listed["schemas"][0]}]
    newer = {
        "version_name": "9.0.0",
        "schema_url": "https://schema.data.gouv.fr/schemas/scdl/prenoms/9.0.0/schema.json",
    }
    listed["schemas"][0]["versions"] += [newer]
    (root / "schemas" / "schemas.json").write_text(json.dumps(listed))
    target = root / "schemas/scdl/prenoms/9.0.0/schema.json"
    target.parent.mkdir()
    target.write_text(json.dumps({"fields": [{"name": "prenom"}]}))
    again = update(folder, url, date="2026-11-26", get=get)
    assert again.new == ("scdl/prenoms 9.0.0",)
    assert schemas.find("prenoms", folder=folder)[1].version == "9.0.0"
    assert [entry.name for entry in schemas.bundled(folder) if entry.name == "scdl/budget"]
    assert schemas.find("prenoms")[1].version != "9.0.0"


def test_an_update_that_fails_changes_nothing(site: tuple[Path, str], tmp_path: Path) -> None:
    root, url = site
    folder, get = tmp_path / "home" / "schemas", web_getter(lambda *_: True)
    update(folder, url, date="2026-11-25", get=get)
    before = (folder / "catalogue.json").read_bytes()
    evil = {"schemas": [{"name": "../x", "schema_type": "tableschema", "versions": []}]}
    (root / "schemas" / "schemas.json").write_text(json.dumps(evil))
    with pytest.raises(BadCatalogue):
        update(folder, url, date="2026-11-26", get=get)
    assert (folder / "catalogue.json").read_bytes() == before
    assert [path.name for path in folder.parent.iterdir()] == ["schemas"]


def test_private_addresses_are_refused(site: tuple[Path, str], tmp_path: Path) -> None:
    with pytest.raises(PrivateAddress):
        update(tmp_path / "schemas", site[1], date="2026-11-25")
    with pytest.raises(PrivateAddress):
        schemas.find_or_load(site[1])
