"""Hostile files sent to a served portal: whatever they do to the child that reads them, the portal goes on and tells nothing."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from served import HOST, Portal

from .hostile import POLYGLOTS, polyglot
from .hostile_workbooks import xlsx

VALIDATE = "/api/parvis/v1/validate?schema=scdl/subventions"
FOREIGN_LIBRARIES = ("calamine", "gdal", "pdfium", "xlrd", "openpyxl")


@pytest.fixture(scope="module")
def portal(home):
    with Portal(home).served() as served:
        yield served


def send(
    portal: Portal, body: bytes, path: str = VALIDATE, kind: str = "application/octet-stream"
) -> tuple[int, bytes]:
    """Post a body; the status and what came back."""
    connection = http.client.HTTPConnection(HOST, portal.port, timeout=400)
    connection.request("POST", path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def form(file: bytes, schema: dict) -> tuple[bytes, str]:
    """A form with a file and a schema of one's own."""
    mark = "frontiere"
    parts = [("file", "data.csv", file), ("schema", "schema.json", json.dumps(schema).encode())]
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, called, content in parts
    )
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def endless_geopackage(path: Path) -> bytes:
    """A layer that is a view over a recursion without end."""
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            PRAGMA application_id = 1196444487;
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
                organization_coordsys_id INTEGER, definition TEXT, description TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,
                last_change TEXT, min_x, min_y, max_x, max_y, srs_id INTEGER);
            CREATE VIEW boucle AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) AS n FROM c;
            INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('boucle', 'attributes', 'boucle');
            """
        )
    return path.read_bytes()


def test_no_file_leads_to_another_file_database_or_address(portal):
    home = Path(portal.environment["PARVIS_HOME"])
    secrets = [(home / "secret-key").read_bytes().strip(), b"root:x:0:0"]
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(0.1)
        address = f"CSV:/vsicurl/http://{HOST}:{listener.getsockname()[1]}/secret"
        for source in ("CSV:/etc/passwd", f"CSV:{home}/secret-key", f"SQLITE:{home}/parvis.sqlite3", address):
            for head in POLYGLOTS:
                status, content = send(portal, polyglot(head, source, "passwd"))
                assert status in (200, 422), (
                    head,
                    source,
                    content,
                )  # 200: read as the format of its head, and found empty
                assert not any(secret in content for secret in secrets)
                assert b'"rows": 0' in content or status == 422
        with pytest.raises(TimeoutError):
            listener.accept()


def test_workbooks_that_claim_gigabytes_leave_every_process_alive(portal):
    before = portal.web_processes()
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    for _rank in range(6):
        status, content = send(portal, xlsx(cells))
        assert status == 422, content
    assert portal.web_processes() == before


def test_a_pattern_that_never_ends_holds_nobody_else(portal):
    schema = {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": r"(\w+\s?)+Z"}}]}
    body, kind = form(("a\n" + "é" + "a" * 60 + "\n").encode(), schema)
    outcomes: list[int] = []
    senders = [
        threading.Thread(target=lambda: outcomes.append(send(portal, body, "/api/parvis/v1/validate", kind)[0]))
        for _rank in range(3)
    ]
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        assert portal.get("/healthz", timeout=10).status == 200
        time.sleep(0.2)
    assert set(outcomes) <= {200, 422, 429, 503}


def test_a_layer_that_never_ends_is_refused(portal, tmp_path):
    status, content = send(portal, endless_geopackage(tmp_path / "boucle.gpkg"))
    assert status == 422, content


def test_after_all_that_nothing_is_left_and_no_reader_was_loaded_by_the_portal(portal, tmp_path):
    samples = [xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'), b"a,b\n1,2\n"]
    for sample in samples:
        status, content = send(portal, sample)
        assert status == 200, content
    for process in portal.web_processes():
        maps = Path(f"/proc/{process}/maps").read_text()
        assert [name for name in FOREIGN_LIBRARIES if name in maps] == []
    work = Path(portal.environment["PARVIS_HOME"]) / "work"
    assert [path for path in work.rglob("*") if path.is_file()] == []
