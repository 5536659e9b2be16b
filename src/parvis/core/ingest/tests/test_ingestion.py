"""The whole way in: a file becomes a version, or a clear refusal that leaves nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.errors import DataError
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest import examine, ingest
from parvis.core.profiling import Override
from parvis.core.profiling.missing_words import MISSING_MARKS
from parvis.core.profiling.parsers import BLANKS
from parvis.core.versions import missing
from parvis.core.versions.manifest import read_manifest
from parvis.core.versions.misfits import MisfitPolicy, MisfitValues

SPREADSHEET = (
    "Code INSEE;Nom;Population;Montant;Le;Ouvert\r\n"
    '91228;"Évry;\nCourcouronnes";67 131;"1 234,50";31/12/2020;oui\r\n'
    "2A004;Ajaccio;71 361;;01/02/2021;non\r\n"
    "01004;Ambérieu;14 134;7;;oui\r\n"
)


def source(folder: Path, text: str, encoding: str = "cp1252") -> Path:
    path = folder / "depot"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_dirty_spreadsheet_export_becomes_a_version(tmp_path: Path) -> None:
    path = source(tmp_path, SPREADSHEET)
    manifest = ingest(path, name="communes.csv", destination=tmp_path / "versions", work=tmp_path / "work")
    folder = tmp_path / "versions" / manifest.version
    assert [(c.name, str(c.type), c.kind) for c in manifest.shape] == [
        ("code_insee", "text", "insee_commune"),
        ("nom", "text", ""),
        ("population", "int", ""),
        ("montant", "double", ""),
        ("le", "date", ""),
        ("ouvert", "boolean", ""),
    ]
    rows = duckdb.execute(
        f"SELECT __line, nom, population, montant, le::VARCHAR, ouvert FROM '{folder}/part-0.parquet'"
    )
    assert rows.fetchall() == [
        (2, "Évry;\nCourcouronnes", 67131, 1234.5, "2020-12-31", True),
        (4, "Ajaccio", 71361, None, "2021-02-01", False),
        (5, "Ambérieu", 14134, 7.0, None, True),
    ]
    assert (folder / manifest.original.file).read_bytes() == path.read_bytes()
    assert manifest.original.reading["encoding"] == "cp1252"
    assert read_manifest(folder) == manifest
    assert list((tmp_path / "work").iterdir()) == []


def test_a_refusal_counts_the_misfits_of_all_columns_even_those_the_sample_missed(tmp_path: Path) -> None:
    rare = [*["1"] * 999, "S", *["1"] * 29_000]  # the sample leaves out a window around the thousandth row
    often = ["S" if rank % 40 == 0 else "2" for rank in range(30_000)]
    lines = [f"{a};{b}" for a, b in zip(rare, often, strict=True)]
    path = source(tmp_path, "rare;often\n" + "\n".join(lines) + "\n")
    with pytest.raises(MisfitValues) as refusal:
        ingest(path, name="x.csv", destination=tmp_path / "versions", work=tmp_path / "work")
    assert [(count.column, count.count) for count in refusal.value.report.counts] == [("rare", 1), ("often", 750)]


def test_examining_says_what_publishing_would_do_and_publishes_nothing(tmp_path: Path) -> None:
    text = "mesure;p\n" + "".join(f"{n};{n}\n" for n in range(60)) + "fermé;61\n"
    examination = examine(source(tmp_path, text), name="a.csv", work=tmp_path / "work")
    body = examination.to_dict()
    assert (body["rows"], body["headers"], body["first_rows"][0]) == (61, ["mesure", "p"], ["0", "0"])
    assert [(c["name"], c["type"], c["parser"], c["misfits"]) for c in body["columns"]] == [
        ("mesure", "int", "int", 1),
        ("p", "int", "int", 0),
    ]
    assert body["misfits"]["examples"] == [
        {"line": 62, "column": "mesure", "value": "fermé", "expected": "un nombre entier"}
    ]
    with pytest.raises(MisfitValues):
        ingest(tmp_path / "depot", name="a.csv", destination=tmp_path / "versions", work=tmp_path / "work")
    assert not (tmp_path / "versions").exists()
    assert list((tmp_path / "work").iterdir()) == []


def test_one_value_hidden_from_the_sample_is_found_all_the_same(tmp_path: Path) -> None:
    lines = [f"{n};{n}\n" for n in range(1, 60_001)]
    lines[43_210] = "fermé;0123\n"
    path = source(tmp_path, "mesure;dossier\n" + "".join(lines))
    with pytest.raises(MisfitValues) as raised:
        ingest(path, name="a.csv", destination=tmp_path / "v", work=tmp_path / "w")
    assert [(m.line, m.column, m.value) for m in raised.value.report.examples] == [(43_212, "mesure", "fermé")]
    assert not (tmp_path / "v").exists() or list((tmp_path / "v").iterdir()) == []
    manifest = ingest(path, name="a.csv", destination=tmp_path / "v", work=tmp_path / "w", policy=MisfitPolicy.NULL)
    assert [str(c.type) for c in manifest.shape] == ["int", "text"]
    assert manifest.nulled == 1


def test_corrections_hold_for_the_next_file(tmp_path: Path) -> None:
    overrides = {"Nombre": Override.from_dict({"type": "text", "label": "Numéro"}), "absente": Override(drop=True)}
    for text in ("Nombre;x\n1;2\n", "x;Nombre\n3;4\n"):
        manifest = ingest(
            source(tmp_path, text), name="a.csv", destination=tmp_path / "v", work=tmp_path / "w", overrides=overrides
        )
        column = manifest.shape.get("nombre")
        assert column is not None
        assert (str(column.type), column.label) == ("text", "Numéro")
        assert {"code": "override-unknown", "details": {"column": "absente"}} in manifest.notes


def test_a_file_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        ingest(source(tmp_path, ""), name="vide.csv", destination=tmp_path / "v", work=tmp_path / "w")
    assert not (tmp_path / "v").exists()
    assert list((tmp_path / "w").iterdir()) == []


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=30))
def test_every_row_of_any_table_is_in_the_version_or_among_the_rejects(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = source(tmp_path, "premier;second;troisieme\n" + "\n".join(quoted) + "\n", "utf-8")
    manifest = ingest(
        path,
        name="a.csv",
        destination=tmp_path / "v",
        work=tmp_path / "w",
        options=ReadOptions(format="csv", encoding="utf-8", delimiter=";", header_line=1),
        policy=MisfitPolicy.TEXT,
    )
    emptied = sum(note["details"].get("count", 0) for note in manifest.notes if note["code"] == "empty-lines")
    assert manifest.rows + manifest.rejects + emptied >= len([row for row in rows if any(cell.strip() for cell in row)])
    texts = [
        c.name
        for c in manifest.shape
        if manifest.parsing[c.name]["parser"] == "text" and c.name in ("premier", "second")
    ]
    for name in texts:
        column = {"premier": 0, "second": 1}[name]
        values = duckdb.execute(
            f"SELECT {name} FROM '{tmp_path}/v/{manifest.version}/part-0.parquet' ORDER BY __row"
        ).fetchall()
        if manifest.rows == len(rows):
            assert [value or "" for (value,) in values] == [kept(row[column]) for row in rows]


def kept(cell: str) -> str:
    """Blank cells are empty; all others stay as they were."""
    return cell if cell.strip(BLANKS) else ""


SECRETS = "iris;revenu;prix\n" + "".join(f"a{n};{n};{n},5\n" for n in range(40)) + "b;s;NA\nc;s;\nd;ND;12\n"


def test_words_for_no_value_are_empty_cells_each_word_counted_by_its_reason_and_kept_with_its_line(
    tmp_path: Path,
) -> None:
    manifest = ingest(source(tmp_path, SECRETS), name="a.csv", destination=tmp_path / "v", work=tmp_path / "w")
    assert [str(c.type) for c in manifest.shape] == ["text", "int", "double"]
    assert (manifest.profile["revenu"].nulls, manifest.profile["revenu"].missing) == (3, {"s": 2, "ND": 1})
    assert (manifest.profile["prix"].nulls, manifest.profile["prix"].missing) == (2, {"NA": 1})
    assert [(n["code"], n["details"]) for n in manifest.notes] == [
        ("values-absent", {"column": "revenu", "count": 1, "words": {"ND": 1}}),
        ("values-secret", {"column": "revenu", "count": 2, "words": {"s": 2}}),
        ("values-absent", {"column": "prix", "count": 1, "words": {"NA": 1}}),
    ]
    assert (manifest.nulled, manifest.missing) == (4, 4)
    nulled = duckdb.execute(f"FROM '{tmp_path / 'v' / manifest.version}/nulled.parquet'").fetchall()
    assert nulled == [(42, "prix", "NA"), (42, "revenu", "s"), (43, "revenu", "s"), (44, "revenu", "ND")]
    assert read_manifest(tmp_path / "v" / manifest.version) == manifest


def test_a_person_who_refuses_keeps_every_word(tmp_path: Path) -> None:
    manifest = ingest(
        source(tmp_path, SECRETS),
        name="a.csv",
        destination=tmp_path / "v",
        work=tmp_path / "w",
        overrides={"revenu": Override(parser="text")},
    )
    assert [str(c.type) for c in manifest.shape] == ["text", "text", "double"]
    assert (manifest.profile["revenu"].nulls, manifest.profile["revenu"].missing) == (0, {})


def test_words_that_the_sample_missed_are_counted_all_the_same(tmp_path: Path) -> None:
    rows = [str(n) for n in range(60_000)]
    rows[999], rows[43_210], rows[59_000] = "s", "à venir", "NULL"
    path = source(tmp_path, "mesure\n" + "\n".join(rows) + "\n")
    with pytest.raises(MisfitValues) as raised:
        ingest(path, name="a.csv", destination=tmp_path / "v", work=tmp_path / "w")
    assert [misfit.value for misfit in raised.value.report.examples] == ["à venir"]
    rows[43_210] = "0"
    path = source(tmp_path, "mesure\n" + "\n".join(rows) + "\n")
    manifest = ingest(path, name="a.csv", destination=tmp_path / "v", work=tmp_path / "w")
    assert manifest.profile["mesure"].missing == {"NULL": 1, "s": 1}


def test_too_many_words_are_counted_and_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "LISTED_CELLS", 3)
    manifest = ingest(source(tmp_path, SECRETS), name="a.csv", destination=tmp_path / "v", work=tmp_path / "w")
    assert (manifest.nulled, manifest.missing, manifest.profile["revenu"].missing) == (0, 0, {"s": 2, "ND": 1})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.one_of(
            st.integers(-999, 999_999).map(str),
            st.sampled_from(sorted(MISSING_MARKS)).flatmap(lambda w: st.sampled_from([w, w.upper(), f" {w} "])),
            st.decimals(0, 9999, places=5).map(str),
            st.sampled_from(["", "C", "12 bis", "+33612345678", "2022.00030", "0012"]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_every_cell_is_a_value_a_word_counted_or_a_text_kept(cells: list[str], tmp_path: Path) -> None:
    path = source(tmp_path, "a;b\n" + "".join(f"{cell};x\n" for cell in cells), "utf-8")
    manifest = ingest(path, name="a.csv", destination=tmp_path / "v", work=tmp_path / "w", policy=MisfitPolicy.NULL)
    profile = manifest.profile["a"]
    misfits = manifest.nulled - manifest.missing
    empty = sum(not cell.strip(BLANKS) for cell in cells)
    assert profile.nulls == empty + misfits + sum(profile.missing.values())
    assert str(manifest.shape.get("a").type) == "text" or all(word.lower() in MISSING_MARKS for word in profile.missing)


def test_eight_hundred_columns_of_a_few_words_fit_in_the_memory_of_an_import(tmp_path: Path) -> None:
    rows = [",".join(f"colonne {n}" for n in range(800)), *[",".join(["LREM", "LR"] * 400)] * 60]
    manifest = ingest(
        source(tmp_path, "\n".join(rows)), name="groupes.csv", destination=tmp_path / "v", work=tmp_path / "w"
    )
    assert (manifest.rows, len(manifest.shape.columns)) == (60, 800)
