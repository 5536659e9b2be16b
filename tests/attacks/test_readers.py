"""What a file sent by a stranger must not make its reader do: open other files, ask addresses, run without end, or die."""

from __future__ import annotations

import contextlib
import http.server
import io
import json
import os
import subprocess
import sys
import threading
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from attacks import hostile_databases as databases
from attacks import hostile_workbooks as workbooks
from attacks.hostile import HEADS, HOSTILE_XML, POLYGLOTS, pairs, polyglot
from parvis.core import gdal
from parvis.core.errors import DataError, RequestError
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.mapping.portrait import Portrait
from parvis.core.mapping.proposals import propose_mapping
from parvis.core.schemas.loader import schema_from_bytes
from parvis.core.staging import REJECTS, ROWS, Workspace, open_workspace
from parvis.core.validation.messages import sentence
from parvis.core.validation.patterns import SlowPattern
from parvis.core.validation.validator import validate

SECRET = "clef-du-serveur-5f1c"
type Attempt = Callable[[bytes], str]
type Limited = Callable[[bytes, str], str]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with open_workspace(tmp_path_factory.mktemp("work")) as opened:
        yield opened


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the server that no upload speaks of."""
    path = tmp_path / "server" / "secret.csv"
    path.parent.mkdir()
    path.write_text(f"{SECRET},b\n{SECRET},2\n")
    return path


@pytest.fixture
def attempt(tmp_path: Path, workspace: Workspace) -> Attempt:
    """Read these bytes as an upload; all that a person would see of them, refusal included."""

    def attempt(content: bytes) -> str:
        path = tmp_path / "upload"
        path.write_bytes(content)
        try:
            staged, detected = read(path, workspace, ReadOptions(), name="envoi")
        except (DataError, RequestError) as refusal:
            return f"{refusal} {refusal.__cause__ or ''}"
        rows = workspace.connection.execute(f"SELECT * FROM {ROWS}").fetchall()
        rejects = workspace.connection.execute(f"SELECT * FROM {REJECTS}").fetchall()
        return f"{detected.format} {[column.header for column in staged.columns]} {rows} {rejects}"

    return attempt


@pytest.mark.parametrize("head", POLYGLOTS)
@pytest.mark.parametrize("prefix", ["", "CSV:"])
def test_a_polyglot_never_reads_another_file(attempt: Attempt, secret: Path, head: str, prefix: str) -> None:
    message = attempt(polyglot(head, f"{prefix}{secret}", "secret"))
    assert SECRET not in message


def test_no_head_before_another_reads_another_file(attempt: Attempt, secret: Path) -> None:
    for first, second, content in pairs(str(secret), "secret"):
        assert SECRET not in attempt(content).replace(str(secret), ""), (first, second)


def test_a_polyglot_never_asks_an_address(attempt: Attempt) -> None:
    requests: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what is asked is counted."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/secret"
        for system in ("vsicurl", "vsicurl_streaming", "vsis3"):
            for head in POLYGLOTS:
                attempt(polyglot(head, f"CSV:/{system}/{address}", "secret"))
        server.shutdown()
    assert requests == []


def test_a_file_of_two_of_our_own_formats_is_refused(attempt: Attempt) -> None:
    message = attempt(HEADS["kml"] + HEADS["gpx"])
    assert "KML" in message
    assert "GPX" in message


@pytest.mark.parametrize(
    "content",
    [
        b'!table\n!version 300\n!charset WindowsLatin1\n\nDefinition Table\n  Type NATIVE Charset "WindowsLatin1"\n'
        b'  Fields 1\n    Table Char (50) ;\nbegin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n',
        b'!table\n!version 100\nopen table "../../secret" hide\ncreate view x as\nselect a from secret\n',
    ],
)
def test_a_mapinfo_table_made_of_other_tables_is_refused(attempt: Attempt, content: bytes) -> None:
    assert "renvoie à d’autres fichiers" in attempt(content)


@pytest.mark.parametrize(
    "place",
    [
        *("vsizip/{}", "vsigzip/{}", "vsitar/{}", "vsisubfile/0_100,{}", "vsisparse/{}", "vsistdin/", "vsipmtiles/{}"),
        *("vsicached?file={}", "vsicrypt/key=0123456789abcdef,file={}"),
        *("vsicurl/http://127.0.0.1:9/x", "vsicurl_streaming/http://127.0.0.1:9/x", "vsiwebhdfs/http://127.0.0.1:9/x"),
        *("vsis3/a/b", "vsigs/a/b", "vsiaz/a/b", "vsiadls/a/b", "vsioss/a/b", "vsiswift/a/b", "vsihdfs/a/b"),
    ],
)
def test_gdal_has_no_file_system_but_the_plain_one(tmp_path: Path, place: str) -> None:
    path = tmp_path / "x.gpx"
    path.write_text('<gpx version="1.1"><wpt lat="1" lon="2"><name>a</name></wpt></gpx>')
    library = gdal.pyogrio()
    assert library.list_layers(path).tolist()[0][0] == "waypoints"
    with pytest.raises(library.errors.DataSourceError, match="No such file|does not exist|not recognized"):
        library.list_layers("/" + place.format(path))


@pytest.mark.parametrize(
    "source", ["CSV:{}", "GeoJSON:{}", "SQLite:{}", "VRT:{}", "MVT:{}", "<OGRVRTDataSource/>", "PG:host=127.0.0.1"]
)
def test_no_prefix_brings_a_driver_back(secret: Path, source: str) -> None:
    library = gdal.pyogrio()
    assert set(library.list_drivers()) == gdal.DRIVERS
    with pytest.raises(library.errors.DataSourceError):
        library.list_layers(source.format(secret))


IN_A_NEW_PROCESS = """
import sys
if sys.argv[1] == "late":
    import pyogrio
from parvis.core import gdal
library = gdal.pyogrio()
assert set(library.list_drivers()) == gdal.DRIVERS
assert gdal._file_systems(gdal._functions(library)) == ["/vsimem/"]
"""


@pytest.mark.parametrize("when", ["first", "late"])
@pytest.mark.parametrize("variables", [{"GDAL_SKIP": ""}, {"GDAL_CONFIG_FILE": "{folder}/gdalrc"}])
def test_neither_the_environment_nor_an_import_before_ours_leaves_gdal_open(
    tmp_path: Path, when: str, variables: dict[str, str]
) -> None:
    (tmp_path / "gdalrc").write_text("[directives]\nignore-env-vars=yes\n[configoptions]\nGDAL_SKIP=\n")
    environment = {**os.environ, **{name: value.format(folder=tmp_path) for name, value in variables.items()}}
    subprocess.run([sys.executable, "-c", IN_A_NEW_PROCESS, when], check=True, env=environment)


class ReadingProcesses:
    """Reads files as an import or as Validata does, each in a process of 3 GB."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).parent / "reading_process.py")]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, path: Path, how: str) -> str:
        """What it says of a file; its process must have ended well."""
        print(json.dumps([how, str(path)]), file=self._server.stdin, flush=True)
        status, message = json.loads(self._server.stdout.readline())
        assert status == 0, f"{status} {message[-2000:]}"
        return message.strip()

    def end(self) -> None:
        """No file comes any more."""
        self._server.communicate()


@pytest.fixture(scope="module")
def processes() -> Iterator[ReadingProcesses]:
    opened = ReadingProcesses()
    yield opened
    opened.end()


@pytest.fixture
def limited(processes: ReadingProcesses, tmp_path: Path) -> Limited:
    """What a process of 3 GB says of this upload, read as an import or as Validata does."""

    def limited(content: bytes, how: str) -> str:
        (tmp_path / "upload").write_bytes(content)
        return processes.read(tmp_path / "upload", how)

    return limited


REFUSED = ("file-too-many-cells", "archive-bomb")
HOSTILE_WORKBOOKS = {
    **{f"xlsx {name}": workbooks.xlsx(rows) for name, rows in workbooks.FAR.items()},
    **{f"xlsx {name}": workbooks.xlsx(rows, strings=strings) for name, (rows, strings) in workbooks.SHARED.items()},
    **{f"ods {name}": workbooks.ods(rows) for name, rows in workbooks.ODS_ROWS.items()},
    "merged cells": workbooks.xlsx(
        workbooks.SMALL, after="<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 600_000 + "</mergeCells>"
    ),
    "xls far cell": workbooks.far_xls(),
}


@pytest.mark.parametrize("name", HOSTILE_WORKBOOKS)
@pytest.mark.parametrize("how", ["import", "strict"])
def test_a_workbook_that_claims_gigabytes_is_refused(limited: Limited, name: str, how: str) -> None:
    assert limited(HOSTILE_WORKBOOKS[name], how) in REFUSED


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_xml_that_would_fill_the_memory_is_refused(limited: Limited, name: str) -> None:
    refused = ("xml-entities", "file-too-deep", "file-cell-too-large", "file-too-many-columns")
    assert limited(HOSTILE_XML[name](), "import") in refused


def test_sectors_that_go_round_in_circles_are_refused(limited: Limited) -> None:
    assert limited(workbooks.looped_xls(), "import") == "file-broken"


def test_sheets_that_are_all_the_same_part_are_bounded(limited: Limited) -> None:
    wide = workbooks.cell("A1") + "".join(workbooks.cell(f"IV{rank}") for rank in range(2, 20_001))
    assert limited(workbooks.xlsx(wide, aliases=200), "import") in REFUSED
    assert limited(workbooks.xlsx(workbooks.SMALL, sheets=30), "import") == "read"


def test_two_members_of_one_name_are_refused(limited: Limited) -> None:
    """Readers differ on which of them they read, so that the one checked may not be the one read."""
    content = workbooks.xlsx(workbooks.SMALL)
    stream = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("XL/worksheets/sheet1.xml", "<worksheet/>")
    assert limited(stream.getvalue(), "import") == "file-broken"


@pytest.mark.parametrize("how", ["import", "strict"])
def test_a_usual_workbook_is_read(limited: Limited, how: str) -> None:
    assert limited(workbooks.xlsx(workbooks.SMALL), how) == "read"
    empty_to_the_end = '<row r="9">' + "".join(f'<c r="{c}9" s="0"/>' for c in ("A", "XFD")) + "</row>"
    assert limited(workbooks.xlsx(workbooks.SMALL + empty_to_the_end), "import") == "read"
    filler = (
        f'<table:table-row>{workbooks.ods_cell("a")}<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
        f"<table:table-row>{workbooks.ods_cell('b')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    assert limited(workbooks.ods(filler), how) == "read"


@pytest.mark.parametrize("name", databases.HOSTILE)
def test_a_geopackage_that_computes_is_refused(limited: Limited, tmp_path: Path, name: str) -> None:
    path = databases.geopackage(tmp_path / "x.gpkg", databases.HOSTILE[name])
    assert limited(path.read_bytes(), "import") in {"file-computed-layer", "file-broken"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        'CREATE TABLE "as (x)" (fid INTEGER PRIMARY KEY, a TEXT CHECK (CAST(a AS TEXT) <> \' AS (\'), "b as (c)" TEXT)',
        "CREATE VIRTUAL TABLE IF NOT EXISTS places USING rtree(id, a, b)",
        "CREATE UNIQUE INDEX i ON lieux (nom) WHERE nom IS NOT NULL",
    ],
)
def test_a_geopackage_of_tables_and_indexes_is_read(limited: Limited, tmp_path: Path, statement: str) -> None:
    path = databases.geopackage(tmp_path / "x.gpkg", [statement])
    assert limited(path.read_bytes(), "import") == "read"


HOSTILE_HEADERS = {
    "one label of four megabytes": (11, lambda rank: f"champ{rank}", 2, lambda rank: "a" * 4_000_000 if not rank else "b"),
    "thousands of labels near thousands of fields": (
        3_000, lambda rank: f"colonne_abcdefghij_{rank:05d}", 2_000, lambda rank: f"colonne_abcdefgihj_{rank:05d}",
    ),
    "thousands of words in common": (3_000, lambda rank: f"latitude_{rank}", 1_500, lambda rank: f"lat_{rank}"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_HEADERS)
def test_a_hostile_header_is_compared_within_bounds(tmp_path: Path, name: str) -> None:
    """The time is generous: without bounds these took hours."""
    count, named, width, labelled = HOSTILE_HEADERS[name]
    required = {"type": "string", "constraints": {"required": True}}
    fields = [{"name": named(rank), **required} for rank in range(count)]
    schema = schema_from_bytes(json.dumps({"name": "s", "fields": fields}).encode(), "s.json")
    path = tmp_path / "f.csv"
    path.write_text(",".join(labelled(rank) for rank in range(width)) + "\n" + ",".join("x" * width) + "\n")
    start = time.monotonic()
    report = validate(path, schema, tmp_path / "report", name="f.csv")
    for fault in islice(report.faults, 500):
        assert len(sentence(fault, schema, columns=report.columns)) < 2_000
    propose_mapping(Portrait(report.columns, tuple(("x",) for _ in report.columns)), schema)
    assert max(map(len, report.columns)) <= 500
    assert time.monotonic() - start < 240


def test_labels_that_differ_only_far_beyond_the_bound_stay_two(tmp_path: Path) -> None:
    schema = schema_from_bytes(b'{"name": "s", "fields": [{"name": "a", "type": "string"}]}', "s.json")
    path = tmp_path / "f.csv"
    path.write_text(f"{'a' * 600}b,{'a' * 600}c\n1,2\n")
    report = validate(path, schema, tmp_path / "report", name="f.csv")
    assert len(set(report.columns)) == 2
    assert "header:duplicate-label" not in {count.rule for count in report.counts}


HOSTILE_PATTERNS = [r"(\w+\s?)+Z", r"(\w+)+!", r"(a+)+b", r"(?:(?:\w|a)+ ?)*;"]


@pytest.mark.parametrize("pattern", HOSTILE_PATTERNS)
@pytest.mark.parametrize("strict", [True, False])
def test_a_pattern_and_a_cell_never_freeze_their_process(tmp_path: Path, pattern: str, strict: bool) -> None:
    fields = [{"name": name, "type": "string", "constraints": {"pattern": pattern}} for name in ("a", "b")]
    schema = schema_from_bytes(json.dumps({"name": "s", "fields": fields}).encode(), "s.json")
    path = tmp_path / "re.csv"
    path.write_text(f"a,b\né{'a' * 60},é{'a' * 60}\n")
    start = time.monotonic()
    with contextlib.suppress(SlowPattern):
        validate(path, schema, tmp_path / "report", strict=strict, name="re.csv")
    assert time.monotonic() - start < 60


HOSTILE_TEXTS = {
    "a key of its own in every record": (b"[" + b",".join(b'{"k%d":1}' % rank for rank in range(50_000)) + b"]", "file-too-many-columns"),
    "a number of a million digits": (b'[{"a": ' + b"9" * 1_000_000 + b"}]", "file-json"),
    "a number beyond all others": (b'[{"a": 1e999999}, {"a": -1e999999}]', "read"),
    "lists inside lists": (b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "file-too-deep"),
    "nothing but brackets": (b"[" * 3_000_000, "file-too-deep"),
    "nothing but delimiters": (b"," * 5_000_000, "file-no-table"),
    "a header of delimiters": (b"a;b\n" + b",;\t|" * 500_000, "file-too-many-columns"),
    "comments that never end": (b"<!--" * 16_000 + b"<kml>", "file-no-row"),
    "rings without end": (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Polygon","coordinates":['
        + b",".join([b"[[0,0],[1,0],[1,1],[0,0]]"] * 50_000) + b"]}}]}",
        "read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_TEXTS)
def test_a_hostile_text_is_read_or_refused_in_little_memory(limited: Limited, name: str) -> None:
    content, answer = HOSTILE_TEXTS[name]
    assert limited(content, "import") == answer


def test_a_parquet_of_a_few_bytes_a_billion_cells_is_refused(limited: Limited, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    column = pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()).take(pa.array([0] * 10_000_000)), ["a"])
    parquet.write_table(pa.table({f"c{rank}": column for rank in range(12)}), path, row_group_size=10_000_000)
    assert limited(path.read_bytes(), "import") == "archive-bomb"
