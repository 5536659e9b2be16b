"""Good files of every format, broken in every way: what reads them must answer or refuse, never fail otherwise.

    python tests/fuzzing/hostile_files.py --files 100000 --seed 7

Reads them in child processes of little memory, and tells those that failed, ran on, or died. ``read_bytes`` is what reads: another
reader, in a cage of its own, may be given in its place.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import multiprocessing
import os
import random
import resource
import struct
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from parvis.core.errors import ParvisError
from parvis.core.formats.file_reader import read
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import Workspace, open_workspace
from parvis.core.validation.validator import validate

MEMORY = 3 * 1024**3
SECONDS = 60
"""For one file; a child that takes longer is killed, and the file told."""

type ReadBytes = Callable[[bytes, str], str]
"""Reads the bytes of a file of that name; gives the code of the refusal, or ``read``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that was neither read nor refused."""

    format: str
    number: int
    why: str
    content: bytes


@cache
def _workspace() -> Workspace:
    """That of the imports of this process: to open one takes ten times longer than to read a small file."""
    return _opened.enter_context(open_workspace(Path(tempfile.mkdtemp())))


_opened = ExitStack()


def read_bytes(content: bytes, name: str) -> str:
    """Read as an import does, then as a strict check does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        answers = []
        try:
            read(path, _workspace(), name=name)
            answers.append("read")
        except ParvisError as refusal:
            answers.append(refusal.code)
        except BaseException:
            _workspace.cache_clear()  # what it left is not for the next file
            raise
        schema = TableSchema("essai", "1", "", "", (Field("nom", "string"), Field("code", "integer")))
        try:
            validate(path, schema, Path(folder) / "report", strict=True, name=name)
            answers.append("read")
        except ParvisError as refusal:
            answers.append(refusal.code)
    return " ".join(answers)


def mutated(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The file, changed in one or a few of the ways of ``MUTATIONS``."""
    if content[:4] == b"PK\x03\x04" and chance.random() < 0.7:
        changed = _in_member(content, others, chance)
        if changed is not None:
            return changed
    for _turn in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice(MUTATIONS)(content, others, chance)
    return content


def _in_member(content: bytes, others: list[bytes], chance: random.Random) -> bytes | None:
    """The zip with one member changed: its checks and lengths stay right, so that what reads the member is reached."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    chosen = chance.choice(list(members))
    if chance.random() < 0.1:
        members[chosen] = chance.choice(list(members.values()))
    elif chance.random() < 0.05:
        del members[chosen]
    else:
        members[chosen] = mutated(members[chosen], [*members.values()], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _place(content: bytes, chance: random.Random) -> int:
    """A place, near the beginning as often as anywhere: headers are there."""
    last = max(len(content) - 1, 0)
    return chance.randint(0, min(last, 512)) if chance.random() < 0.5 else chance.randint(0, last)


def _flip(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    changed = bytearray(content or b"\0")
    for _turn in range(chance.choice((1, 1, 3, 20))):
        changed[_place(changed, chance)] ^= 1 << chance.randint(0, 7)
    return bytes(changed)


def _cut(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    return content[: _place(content, chance)]


def _length(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A number of one, two, four or eight bytes that is not what it was."""
    layout = chance.choice(("<B", "<H", "<I", "<Q", ">H", ">I"))
    size = struct.calcsize(layout)
    most = 256**size - 1
    value = chance.choice((0, 1, 2, most, most - 1, most // 2, most // 2 + 1, 0x7F, 0xFF, 1_000_000)) & most
    place = _place(content, chance)
    return content[:place] + struct.pack(layout, value) + content[place + size :]


def _splice(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    other = chance.choice(others)
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def _drop(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + content[place + chance.choice((1, 4, 16, 256)) :]


def _again(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A block said many times over."""
    place, size = _place(content, chance), chance.choice((1, 4, 16, 64, 512))
    times = chance.choice((2, 10, 1_000))
    return content[:place] + content[place : place + size] * times + content[place:]


def _digits(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A number written out that becomes another."""
    places = [place for place in range(min(len(content), 20_000)) if 48 <= content[place] <= 57]
    if not places:
        return _flip(content, others, chance)
    place = chance.choice(places)
    new = chance.choice(
        (b"99999999999999999999", b"-1", b"1e999999", b"0", b"NaN", b"9" * 5_000, b"4294967296", b"2147483648")
    )
    return content[:place] + new + content[place + 1 :]


def _text(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Something that parsers like little."""
    place = _place(content, chance)
    return content[:place] + chance.choice(TEXTS) + content[place:]


TEXTS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"[" * 2_000, b"{\"a\":" * 2_000, b"(" * 500, b"\"", b"'", b"<", b"<!DOCTYPE a [", b"&#xD800;", b"&lol;",
    b"]]>", b"<![CDATA[", b"\r", b"\n" * 200, b"," * 3_000, b"%s%n", b"../../", b"\\u0000", b"\\ud800", b"1e999999", b"-" * 100, b"\xf0\x9f\x8c\xb3", b" " * 5_000,
)  # fmt: skip
MUTATIONS = (_flip, _flip, _cut, _length, _length, _splice, _drop, _again, _digits, _text)


def hostile(
    format_: str, seeds: dict[str, list[bytes]], seed: int, first: int, count: int
) -> Iterator[tuple[int, bytes]]:
    """Changed files of a format, each told by its number: the same number gives the same file."""
    everything = [content for contents in seeds.values() for content in contents]
    for number in range(first, first + count):
        chance = random.Random(f"{seed}-{format_}-{number}")
        others = seeds[format_] if chance.random() < 0.7 else everything
        yield number, mutated(chance.choice(seeds[format_]), others, chance)


def try_files(
    format_: str, seeds: dict[str, list[bytes]], seed: int, first: int, count: int, reader: Reader
) -> tuple[Counter[str], list[Fault]]:
    """What became of these files, read one after the other."""
    answers: Counter[str] = Counter()
    faults: list[Fault] = []
    for number, content in hostile(format_, seeds, seed, first, count):
        answer = reader.ask(content, f"f.{SUFFIXES.get(format_, format_)}")
        if answer.startswith("!"):
            faults.append(Fault(format_, number, answer, content))
        answers[answer[:80]] += 1
    return answers, faults


class Reader:
    """Reads files in a child process that is replaced when it dies; used in a ``with``."""

    def __init__(self, how: ReadBytes = read_bytes) -> None:
        self._how = how
        self._child: _Child | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._child is not None:
            self._child.leave()

    def ask(self, content: bytes, name: str) -> str:
        """What the child says of a file; what begins with ``!`` is a fault."""
        if self._child is None or not self._child.is_alive():
            self._child = _Child(self._how)
        return self._child.ask(content, name)


class _Child:
    """A process that reads files, with little memory; it ends with its parent."""

    def __init__(self, how: ReadBytes) -> None:
        context = multiprocessing.get_context("spawn")  # what GDAL and Arrow started does not outlive a fork
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, how), daemon=True)
        self._process.start()
        other.close()

    def is_alive(self) -> bool:
        """Whether it can read one more."""
        return self._process.is_alive()

    def ask(self, content: bytes, name: str) -> str:
        """What it says of a file; what begins with ``!`` is a fault."""
        start = time.monotonic()
        self._pipe.send((content, name))
        if not self._pipe.poll(SECONDS):
            self.end()
            return f"! longer than {SECONDS} s"
        try:
            answer: str = self._pipe.recv()
        except EOFError:
            self._process.join()
            return f"! ended with {self._process.exitcode}"
        spent = time.monotonic() - start
        return answer if spent < SECONDS / 2 or answer.startswith("!") else f"! {answer} after {spent:.0f} s"

    def leave(self) -> None:
        """Let it end by itself, its folders with it."""
        self._pipe.close()
        self._process.join(SECONDS)
        self.end()

    def end(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, how: ReadBytes) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with tempfile.TemporaryDirectory() as tempfile.tempdir, _opened:
        while True:
            try:
                content, name = pipe.recv()
            except EOFError:
                return
            try:
                answer = how(content, name)
            except BaseException as error:  # a panic of a library is no Exception; told, whatever it is
                answer = f"! {type(error).__name__}: {error} ({_where(error)})"[:500]
            pipe.send(answer)


def _where(error: BaseException) -> str:
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(places[-4:])


SUFFIXES = {"shapefile": "zip", "mapinfo-mif": "zip", "mapinfo-tab": "zip", "gzip": "csv.gz"}


def main() -> int:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000, help="of each format")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--formats", nargs="*", default=[])
    parser.add_argument("--keep", type=Path, help="folder for the files that failed")
    options = parser.parse_args()
    seeds = good_files()
    formats = options.formats or sorted(seeds)
    print(f"seed {options.seed}, {options.files} files a format", flush=True)
    failed = 0
    for format_ in formats:
        start = time.monotonic()
        with Reader() as reader:
            answers, faults = try_files(format_, seeds, options.seed, options.first, options.files, reader)
        failed += len(faults)
        summary = json.dumps({answer: count for answer, count in answers.most_common(8) if answer[:1] != "!"})
        print(f"{format_}: {len(faults)} faults, {time.monotonic() - start:.0f} s, {summary}", flush=True)
        for why, count in Counter(fault.why for fault in faults).most_common(12):
            number = next(fault.number for fault in faults if fault.why == why)
            print(f"   {count} × {why} (first: {number})", flush=True)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            for fault in faults[:50]:
                (options.keep / f"{format_}-{options.seed}-{fault.number}").write_bytes(fault.content)
    return 1 if failed else 0


def good_files() -> dict[str, list[bytes]]:
    """Small good files of every format, made anew."""
    return {**texts(), **tables(), **maps()}


def texts() -> dict[str, list[bytes]]:
    """CSV, JSON, GeoJSON, XML, gzip."""
    lines = 'nom;code;date\nÉté;1;2021-01-01\n"Cœur; à";2;02/03/2021\nfin;;\n'
    csv = [
        lines.encode(),
        lines.encode("cp1252"),
        lines.replace(";", ",").encode("utf-16"),
        b"nom,code\na,1\nb,2\n",
        b"nom\tcode\na\t1\n",
    ]
    point = {
        "type": "Feature",
        "properties": {"nom": "Été", "code": 1},
        "geometry": {"type": "Point", "coordinates": [2.35, 48.85]},
    }
    shape = {**point, "geometry": {"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [3, 49], [2, 48]]]}}
    contract = (
        '<marche><id>{0}</id><acheteur><nom>Évry &amp; Cœur</nom></acheteur><titulaires><titulaire type="SIRET">1</titulaire>'
        "<titulaire/></titulaires><objet><![CDATA[a < b]]></objet></marche>"
    )
    contracts = f"<marches xmlns='urn:x'>{''.join(map(contract.format, range(3)))}<!-- fin --></marches>"
    stops = b"<export a='1'>" + b'<arret id="1" nom="Gare"/>' * 3 + b"<mot>x</mot></export>"
    return {
        "xml": [
            f'<?xml version="1.0" encoding="UTF-8"?>{contracts}'.encode(),
            f'<?xml version="1.0" encoding="ISO-8859-1"?>{contracts.replace("œ", "oe")}'.encode("latin-1"),
            stops,
        ],
        "csv": csv,
        "gzip": [gzip.compress(csv[0]), gzip.compress(csv[3])],
        "zip": [_zip({"a.csv": csv[0], "lisezmoi.txt": b"rien"}), _zip({"d/b.json": b'[{"a": 1}]'})],
        "json": [
            json.dumps([{"nom": "a", "code": 1, "liste": [1, {"b": None}]}, {"nom": "b", "code": 2.5e3}]).encode(),
            b'{"results": [{"nom": "a", "code": 1}], "total": 1}',
            b'{"nom": "a"}\n{"nom": "b", "code": [1, 2]}\n',
        ],
        "geojson": [json.dumps({"type": "FeatureCollection", "features": [point, shape, {**point, "geometry": None}]}).encode()],
    }  # fmt: skip


def tables() -> dict[str, list[bytes]]:
    """Workbooks and Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - only what makes seeds asks for these
    import pyarrow.parquet as parquet  # noqa: PLC0415
    import xlsxwriter  # noqa: PLC0415
    import xlwt  # noqa: PLC0415

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        for title in ("Données", "Notice"):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, ["nom", "code", "date", "formule"])
            sheet.write_row(1, 0, ["Été", 1])
            sheet.write_number(1, 2, 44_000, date)
            sheet.write_formula(1, 3, "=A2&1", value="Été1")
            sheet.merge_range(3, 0, 3, 2, "fusion")
    old = io.BytesIO()
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Données")
    for row, cells in enumerate((["nom", "code"], ["Été", 1.5], ["b", True], [None, 3])):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    workbook.save(old)
    table = pa.table({"nom": ["a", "b", None], "code": [1, 2, 3], "liste": [[1], [], None]})
    packed, plain = io.BytesIO(), io.BytesIO()
    parquet.write_table(table, packed, compression="zstd")
    parquet.write_table(table, plain, compression="none", use_dictionary=False)
    return {
        "xlsx": [stream.getvalue()],
        "xls": [old.getvalue()],
        "ods": [_ods()],
        "parquet": [packed.getvalue(), plain.getvalue()],
    }


def _ods() -> bytes:
    name = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>'
        f'{text}</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="{rank}"/></table:table-row>'
        for rank, text in enumerate(("nom", "Été", "b"))
    )
    content = (
        f'<office:document-content xmlns:office="{name}:office:1.0" xmlns:table="{name}:table:1.0" xmlns:text="{name}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="f">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return _zip({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def maps() -> dict[str, list[bytes]]:
    """What GDAL reads."""
    import warnings  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    from parvis.core import gdal  # noqa: PLC0415

    made: dict[str, list[bytes]] = {}
    shapes = {
        "Point": [shapely.Point(2, 48), shapely.Point(3, 49)],
        "Polygon": [shapely.box(2, 48, 3, 49), shapely.box(0, 45, 1, 46)],
    }
    drivers = {
        "geopackage": (gdal.GEOPACKAGE, ".gpkg", {}), "flatgeobuf": (gdal.FLATGEOBUF, ".fgb", {}), "shapefile": (gdal.SHAPEFILE, ".shp", {}),
        "mapinfo-mif": (gdal.MAPINFO, ".mif", {"FORMAT": "MIF"}), "mapinfo-tab": (gdal.MAPINFO, ".tab", {}), "kml": (gdal.KML, ".kml", {}),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for format_, (driver, suffix, more) in drivers.items():
            for kind, drawn in shapes.items():
                place = Path(folder) / f"{format_}-{kind}"
                place.mkdir()
                gdal.pyogrio().raw.write(
                    place / f"x{suffix}", geometry=np.array([shapely.to_wkb(shape) for shape in drawn], dtype=object),
                    field_data=[np.array(["Été", "b"], dtype=object), np.array([1, 2], dtype=np.int32)], fields=["nom", "code"],
                    geometry_type=kind, crs="EPSG:4326", driver=driver, layer="x", **more,
                )  # fmt: skip
                files = {path.name: path.read_bytes() for path in sorted(place.iterdir())}
                made.setdefault(format_, []).append(_zip(files) if len(files) > 1 else next(iter(files.values())))
                if format_ == "shapefile":
                    made.setdefault("dbf", []).append(files["x.dbf"])
    made["gpx"] = [
        b'<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="48.63" lon="2.43">'
        b'<ele>80</ele><name>Fontaine</name></wpt><trk><name>Boucle</name><trkseg><trkpt lat="48.6" lon="2.4"/>'
        b'<trkpt lat="48.7" lon="2.5"/></trkseg></trk></gpx>'
    ]
    return made


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
