"""Detection: by content, through archives, never fooled by a name, never harmed by a bomb."""

import gzip
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parvis.core.formats.detection import detect
from parvis.core.formats.limits import Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.readers import READERS
from parvis.core.formats.refusals import (
    ArchiveBomb,
    ArchiveLink,
    ArchivePath,
    BadOption,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    NestedArchive,
    NoSuchPart,
    NoTable,
    NotATable,
    SeveralTables,
    UnsupportedFormat,
)

Stage = Callable[..., Any]
CSV = b"a;b\n1;2\n"


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n"])
def test_an_empty_file_is_refused_by_name(stage: Stage, content: bytes) -> None:
    with pytest.raises(EmptyFile) as error:
        stage(content, name="marchés.csv")
    assert "marchés.csv" in str(error.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\n\n%PDF-1.4", "PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "page web"),
        (b"<?xml version='1.0'?><html xmlns='x'></html>", "page web"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/><g id="b"/></svg>', "SVG"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "Excel 2003"),
        (b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>', "XSD"),
        (packed({}), "zip vide"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le"), "Word"),
        (packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "Word"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "OpenDocument"),
        (b"\x00\x00\x27\x0a" + b"\0" * 96, "Shapefile"),
    ],
)
def test_other_documents_renamed_csv_are_named_for_what_they_are(stage: Stage, content: bytes, kind: str) -> None:
    with pytest.raises(NotATable) as error:
        stage(content, name="tableau.csv")
    assert kind in error.value.message("fr")
    assert error.value.hint("fr") and error.value.hint("en")


def test_databases_and_bytes_of_no_known_kind_are_refused(stage: Stage) -> None:
    with pytest.raises(UnsupportedFormat):
        stage(b"SQLite format 3\0" + b"\0" * 100)
    with pytest.raises(UnsupportedFormat) as refusal:
        stage(bytes(range(1, 32)) * 100)
    assert "(binaire, inconnu)" in refusal.value.message("fr")


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(CSV),
        packed({"données.csv": CSV}),
        packed(
            {
                "a/b/données.txt": CSV,
                "__MACOSX/a/._x": b"x",
                "LICENCE.txt": b"Etalab",
                "lisez-moi.md": b"#",
                ".DS_Store": b"x",
            }
        ),
        packed({"a.csv.gz": gzip.compress(CSV)}),
        gzip.compress(packed({"a.csv": CSV})),
    ],
    ids=["gzip", "zip", "zip among documents", "gzip in zip", "zip in gzip"],
)
def test_archives_are_opened(stage: Stage, content: bytes) -> None:
    assert stage(content, name="x.csv").rows == [("1", "2")]


def test_an_archive_of_documents_holds_no_table_to_choose_from(stage: Stage) -> None:
    with pytest.raises(NoTable):
        stage(packed({"a/plan.pdf": b"%PDF-1.4", "note.odt": b"PK", "export.md5": b"0" * 32}))


def test_several_tables_are_listed_and_one_can_be_chosen(stage: Stage) -> None:
    content = packed({"stops.txt": CSV, "routes.txt": b"c;d\n3;4\n"})
    with pytest.raises(SeveralTables) as error:
        stage(content)
    assert error.value.details["choices"] == "routes.txt\t8 o\nstops.txt\t8 o"
    assert "stops.txt (8 o)" in error.value.message("fr")
    table = stage(content, member="routes.txt")
    assert table.headers == ["c", "d"]
    assert table.reading["member"] == "routes.txt"
    assert table.notes["archive-members"] == {"read": "routes.txt", "others": ["stops.txt"]}
    with pytest.raises(NoSuchPart):
        stage(content, member="../stops.txt")


@pytest.mark.parametrize(
    "beside",
    [
        {"LISEZ-MOI.txt": b"a;b\nc;d", "doc/notice.pdf": b"%PDF-1.4"},
        {"meta_recensement.csv": b"COD_VAR;LIB_VAR\nA;x"},
        {"Dictionnaire des données.xlsx": b"PK", "métadonnées.xml": b"<a/>", "licence.txt": b"Etalab"},
        {"carte.qpj": b"x", "style.qml": b"<x/>", "script.sql": b"select 1", "x.py": b"print()"},
    ],
)
def test_a_table_among_documents_is_read(stage: Stage, beside: dict[str, bytes]) -> None:
    table = stage(packed({"recensement.csv": CSV, **beside}))
    assert table.rows == [("1", "2")]
    assert "archive-members" not in table.notes


def test_a_table_in_several_formats_is_read_once_where_it_has_places(stage: Stage) -> None:
    place = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}'
    table = stage(packed({"bornes.csv": CSV, "bornes.geojson": place, "bornes.json": b'[{"a":1}]'}))
    assert table.format == "geojson"
    assert table.notes["archive-members"]["others"] == ["bornes.csv", "bornes.json"]


def test_files_of_the_same_columns_are_one_table_that_says_of_which_file_each_row_is(stage: Stage) -> None:
    table = stage(
        packed(
            {
                "2023.csv": b"code;n\r\n01;1\r\n02;2\r\n\r\n",
                "2024.csv": b"\xef\xbb\xbfcode;n\n03;3\n04;3\n05;3\n06;3\n07;3;x\n",
                "2025.csv": "code;n\nÉ;4".encode("cp1252"),
            }
        )
    )
    assert table.headers == ["code", "n", "fichier"]
    assert table.rows == [
        ("01", "1", "2023.csv"),
        ("02", "2", "2023.csv"),
        *((f"0{n}", "3", "2024.csv") for n in range(3, 7)),
        ("É", "4", "2025.csv"),
    ]
    assert table.lines == sorted(set(table.lines))
    assert [reason for _, reason, _ in table.rejects] == ["too-many-cells"]
    assert table.rejects[0][0] not in table.lines
    assert table.notes["archive-parts"]["files"] == ["2023.csv", "2024.csv", "2025.csv"]
    assert "member" not in table.reading


def test_parts_may_be_of_any_format_and_in_any_order_of_columns(stage: Stage) -> None:
    table = stage(packed({"a.json": b'[{"x":1,"y":2.5}]', "b.json": b'[{"y":3,"x":4}]'}))
    assert table.headers == ["x", "y", "fichier"]
    assert table.rows == [("1", "2.5", "a.json"), ("4", "3", "b.json")]
    assert table.hints == ["int", "double", "text"]
    shape = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":"%s"},"geometry":{"type":"Point","coordinates":[2,48]}}]}'
    assert len(stage(packed({f"{n}.geojson": shape % n for n in (b"a", b"b", b"c")})).rows) == 3


def test_a_column_that_only_some_parts_have_is_empty_in_the_others(stage: Stage) -> None:
    records = {"1.json": '[{"x":1,"y":2,"z":3}]', "2.json": '[{"w":9,"y":5,"x":4,"z":6}]', "3.json": '[{"x":7,"y":8}]'}
    table = stage(packed({name: text.encode() for name, text in records.items()}))
    assert table.headers == ["x", "y", "z", "w", "fichier"]
    assert table.rows[1] == ("4", "5", "6", "9", "2.json")
    assert table.notes["archive-parts-differ"] == {"columns": ["w", "z"]}


def test_texts_may_have_a_column_more_or_another_order(stage: Stage) -> None:
    table = stage(
        packed(
            {
                "2022.csv": b"code;nom;n\n01;a;1\n",
                "2023.csv": b"nom;code;n;m\nb;02;2;9\n",
                "2024.csv": b"n;nom;code\n3;c;03\n",
            }
        )
    )
    assert table.headers == ["code", "nom", "n", "m", "fichier"]
    assert [row[:4] for row in table.rows] == [("01", "a", "1", None), ("02", "b", "2", "9"), ("03", "c", "3", None)]
    assert table.notes["archive-parts-differ"] == {"columns": ["m"]}


def test_columns_whose_names_differ_by_capitals_and_accents_are_one(stage: Stage) -> None:
    files = {"1.csv": "nomAttribuant;n;Libellé\na;1;x\n".encode(), "2.csv": b"NomAttribuant;n;LIBELLE\nb;2;y\n"}
    table = stage(packed(files), member="*")
    assert table.headers == ["nomAttribuant", "n", "Libellé", "fichier"]
    assert table.rows[1][:3] == ("b", "2", "y")
    assert table.notes["parts-columns-folded"] == {"columns": ["NomAttribuant → nomAttribuant", "LIBELLE → Libellé"]}


def test_a_pattern_makes_one_table_of_files_that_differ(stage: Stage) -> None:
    files = {
        "2022/a.csv": "code;nom;montant\n01;É;1,5\n".encode("cp1252"),
        "2023/b.csv": b"code,total\n02,7\n03,8\n",
        "autre.csv": b"rien;du;tout\n1;2;3\n",
        "c.json": b'[{"code":"04","x":true}]',
    }
    with pytest.raises(SeveralTables):
        stage(packed(files))
    table = stage(packed(files), member="20*/*.csv")
    assert table.headers == ["code", "nom", "montant", "total", "fichier"]
    assert table.rows == [
        ("01", "É", "1,5", None, "a.csv"),
        ("02", None, None, "7", "b.csv"),
        ("03", None, None, "8", "b.csv"),
    ]
    assert table.notes["archive-parts-differ"] == {"columns": ["nom", "montant", "total"]}
    alone = stage(packed(files), member="20*", file_column=False)
    assert "fichier" not in alone.headers
    everything = stage(packed(files), member="*")
    assert (len(everything.rows), everything.notes["parts-joined"]["count"]) == (5, 4)
    with pytest.raises(NoSuchPart):
        stage(packed(files), member="*.xlsx")


def test_years_that_each_come_in_two_formats_are_read_in_one(stage: Stage) -> None:
    years = {
        f"{year}.{suffix}": text
        for year in (2023, 2024)
        for suffix, text in (("json", b'[{"a":1,"b":2}]'), ("csv", b"a;b\n1;2\n"))
    }
    table = stage(packed(years))
    assert table.rows == [("1", "2", "2023.csv"), ("1", "2", "2024.csv")]


def test_files_of_other_columns_remain_to_be_chosen(stage: Stage) -> None:
    for members in (
        {"a.json": b'[{"x":1,"y":2}]', "b.json": b'[{"x":1,"z":2}]'},
        {"a.csv": b"x;y\n1;2\n", "b.csv": b"x;z\n1;2\n"},
        {"a.csv": b"x;y\n1;2\n", "b.tsv": b"x;y\n1;2\n"},
    ):
        with pytest.raises(SeveralTables):
            stage(packed(members))
    assert stage(CSV).rows == [("1", "2")]


def test_an_archive_without_table_says_so(stage: Stage) -> None:
    with pytest.raises(NoTable):
        stage(packed({"__MACOSX/x": b"1"}))


@pytest.mark.parametrize("name", ["../x.csv", "/etc/x.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv"])
def test_paths_out_of_the_archive_are_refused(stage: Stage, name: str, tmp_path: Path) -> None:
    before = set(tmp_path.parent.iterdir())
    with pytest.raises(ArchivePath):
        stage(packed({"y.csv": CSV, name: CSV}))
    assert set(tmp_path.parent.iterdir()) == before


def test_links_in_archives_are_refused(stage: Stage) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("x.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(ArchiveLink):
        stage(stream.getvalue())


def test_archives_with_a_password_are_refused(stage: Stage) -> None:
    content = bytearray(packed({"x.csv": CSV}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedFile):
        stage(bytes(content))


def test_bombs_are_refused_by_ratio_size_and_members(stage: Stage) -> None:
    zeros = b"a;b\n" + b"0" * 3_000_000
    small = Limits(ratio_floor=1_000_000)
    with pytest.raises(ArchiveBomb):
        stage(packed({"x.csv": zeros}), limits=small)
    with pytest.raises(ArchiveBomb):
        stage(gzip.compress(zeros), limits=small)
    with pytest.raises(ArchiveBomb):
        stage(gzip.compress(b"a;b\n1;2\n" * 1000), limits=Limits(max_bytes=5000))
    with pytest.raises(ArchiveBomb):
        stage(packed({f"{n}.csv": CSV for n in range(12)}), limits=Limits(max_members=10))


def test_a_member_that_lies_about_its_size_is_measured(stage: Stage) -> None:
    content = packed({"x.csv": b"a;b\n" + b"0" * 3_000_000})
    true_size = (3_000_004).to_bytes(4, "little")
    assert content.count(true_size) == 2
    with pytest.raises((ArchiveBomb, BrokenFile)):
        stage(content.replace(true_size, (10).to_bytes(4, "little")), limits=Limits(ratio_floor=1_000_000))


def test_archives_in_archives_in_archives_are_refused(stage: Stage) -> None:
    content = CSV
    for _ in range(3):
        content = packed({"x.zip": content})
    with pytest.raises(NestedArchive):
        stage(content)


@pytest.mark.parametrize(
    "content",
    [gzip.compress(CSV * 1000)[:-20], packed({"x.csv": CSV * 1000})[:-30], b"PK\x03\x04junk"],
    ids=["gzip", "zip", "no zip at all"],
)
def test_cut_archives_are_refused(stage: Stage, content: bytes) -> None:
    with pytest.raises(BrokenFile):
        stage(content)


def test_a_format_can_be_imposed(stage: Stage) -> None:
    assert stage('["a","b"]\n["1","2"]\n', format="csv").format == "csv"
    with pytest.raises(BadOption):
        stage(CSV, format="lotus123")


def test_detect_reads_nothing_and_names_the_format(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(gzip.compress(CSV))
    detection = detect(path, ReadOptions(), tmp_path / "unpacked")
    assert detection.format == "csv"
    assert detection.path.read_bytes() == CSV


def test_options_survive_json() -> None:
    options = ReadOptions(delimiter=";", header_line=0, sheet="Données")
    assert options.to_dict() == {"delimiter": ";", "header_line": 0, "sheet": "Données"}
    assert ReadOptions.from_dict(options.to_dict()) == options


def test_each_format_has_one_row() -> None:
    names = [row.name for row in READERS]
    assert len(set(names)) == len(names)
    assert all(row.label for row in READERS)
