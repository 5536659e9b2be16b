"""Spreadsheets: the right sheet, the right header, canonical text."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import ArchiveBomb, BrokenFile, EncryptedFile, NoSuchPart, NoTable, XmlEntities
from parvis.core.formats.sheet_reader import cell_text

Stage = Callable[..., Any]


def workbook(fill: Callable[[Any], None]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    fill(book)
    book.close()
    return stream.getvalue()


def simple(*rows: list[Any]) -> bytes:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Données")
        for rank, row in enumerate(rows):
            sheet.write_row(rank, 0, row)

    return workbook(fill)


def ods(body: str) -> bytes:
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def test_values_become_canonical_text(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        day, moment, hour = (
            book.add_format({"num_format": f}) for f in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss", "hh:mm:ss")
        )
        sheet.write_row(0, 0, ["code", "n", "d", "jour", "instant", "heure", "oui", "part", "vide"])
        sheet.write_row(1, 0, ["01004", 12, 0.1])
        sheet.write_datetime(1, 3, dt.datetime(2024, 3, 5), day)  # noqa: DTZ001
        sheet.write_datetime(1, 4, dt.datetime(2024, 3, 5, 10, 0, 0), moment)  # noqa: DTZ001
        sheet.write_datetime(1, 5, dt.time(10, 30), hour)
        sheet.write_boolean(1, 6, True)
        sheet.write_number(1, 7, 0.25, book.add_format({"num_format": "0 %"}))

    table = stage(workbook(fill), name="x.csv")
    assert table.format == "xlsx"
    assert table.rows == [("01004", "12", "0.1", "2024-03-05", "2024-03-05T10:00:00", "10:30:00", "true", "0.25", None)]
    assert table.hints == ["text", "int", "double", "date", "datetime", None, "boolean", "double", None]
    assert table.lines == [2]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (21860194600000.0, "21860194600000"),
        (1e21, "1e+21"),
        (1234567890123456.0, "1234567890123456"),
        (-0.5, "-0.5"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        (dt.datetime(2024, 3, 5, 9, 59, 59, 999900), "2024-03-05T10:00:00"),  # noqa: DTZ001
        ("  x ", "  x "),
        ("", ""),
    ],
)
def test_each_kind_of_cell_has_one_text(cell: Any, text: str) -> None:
    assert cell_text(cell) == text


def test_titles_empty_rows_and_columns_are_not_data(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("B2:D2", "Subventions 2023")
        sheet.write_row("B4", ["Nom", "Montant", "", "Objet"])
        sheet.write_row("B5", ["A", 1, "", "x"])
        sheet.write_row("B7", ["B", 2, "", "y"])
        sheet.write_row("B8", ["Source : mairie"])

    table = stage(workbook(fill))
    assert table.headers == ["Nom", "Montant", "Objet"]
    assert table.rows == [("A", "1", "x"), ("B", "2", "y")]
    assert table.lines == [5, 7]
    assert [(line, reason) for line, reason, _ in table.rejects] == [(2, "preamble"), (8, "footer")]
    assert table.notes["empty-lines"]["lines"] == [1, 3, 6]


def test_the_first_sheet_with_a_table_is_read_and_others_are_named(stage: Stage) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("Lisez-moi").write(0, 0, "Bonjour")
        hidden = book.add_worksheet("Cachée")
        hidden.write_row(0, 0, ["h", "i"])
        hidden.write_row(1, 0, [1, 2])
        hidden.hide()
        for name in ("Lieux", "Autres"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["nom", name])
            sheet.write_row(1, 0, ["x", 1])
        book.add_worksheet("Vide")

    content = workbook(fill)
    table = stage(content)
    assert table.headers == ["nom", "Lieux"]
    assert table.notes["other-sheets"] == {"read": "Lieux", "others": ["Lisez-moi", "Cachée", "Autres"]}
    chosen = stage(content, sheet="Autres")
    assert chosen.headers == ["nom", "Autres"]
    assert chosen.reading["sheets"] == ["Lisez-moi", "Cachée", "Lieux", "Autres", "Vide"]
    with pytest.raises(NoSuchPart):
        stage(content, sheet="Absente")


def test_cells_in_error_are_listed(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["x", 1])
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, "y")

    table = stage(workbook(fill))
    assert table.rows == [("x", "1"), ("y", None)]
    assert table.notes["error-cells"] == {"count": 1, "cells": ["B3 #DIV/0!"]}


def test_cells_merged_among_data_are_noted(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.merge_range("A2:A3", "x")
        sheet.write("B2", 1)
        sheet.write("B3", 2)

    assert stage(workbook(fill)).notes["merged-cells"] == {"count": 1, "lines": [2]}


def test_groups_of_columns_complete_their_labels(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.merge_range("B1:G1", "Population des communes")
        sheet.merge_range("B2:B3", "Commune")
        sheet.merge_range("C2:D2", "2020")
        sheet.merge_range("E2:F2", "2021")
        sheet.write("G2", "Note")
        sheet.write_row("C3", ["Femmes", "Hommes", "Femmes", "Hommes"])
        sheet.write_row("B4", ["Évry", 1, 2, 3, 4, "x"])
        sheet.write_row("B5", ["Ris", 5, 6, 7, 8, "y"])

    table = stage(workbook(fill))
    assert table.headers == ["Commune", "2020 Femmes", "2020 Hommes", "2021 Femmes", "2021 Hommes", "Note"]
    assert table.lines == [4, 5]
    assert [reason for _, reason, _ in table.rejects] == ["preamble"]


def test_phrases_over_labels_that_say_enough_are_left_out(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.merge_range("A1:B1", "Informations relatives à l’autorité administrative")
        sheet.merge_range("C1:D1", "Informations relatives au bénéficiaire de la subvention")
        sheet.merge_range("E1:F1", "Montant de la subvention")
        sheet.write_row("A2", ["Nom de l’attributaire", "SIRET de l’attributaire", "Nom du bénéficiaire"])
        sheet.write_row("D2", ["SIRET du bénéficiaire", "Voté", "Versé"])
        sheet.write_row("A3", ["Département", "22100005200011", "ADILE", "39172087700029", 50, 40])
        sheet.write_row("A4", ["Département", "22100005200011", "CAUE", "31994918600021", 70, 70])

    amounts = ["Montant de la subvention Voté", "Montant de la subvention Versé"]
    table = stage(workbook(fill))
    whose = ["Nom de l’attributaire", "SIRET de l’attributaire", "Nom du bénéficiaire", "SIRET du bénéficiaire"]
    assert table.headers == [*whose, *amounts]
    assert table.lines == [3, 4]
    phrase = "Informations relatives à l’autorité administrative Nom de l’attributaire"
    assert table.reading["header_groups"] == {"reading": "some", "joined": phrase, "label": "Nom de l’attributaire"}
    assert stage(workbook(fill), header_groups="drop").headers == [*whose, "Voté", "Versé"]
    joined = stage(workbook(fill), header_groups="join")
    assert joined.headers[0] == phrase
    assert joined.headers[4:] == amounts
    assert (joined.lines, joined.reading["header_groups"]["reading"]) == ([3, 4], "join")


def test_groups_of_groups_complete_their_labels(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.merge_range("A1:A3", "Code")
        sheet.merge_range("B1:E1", "Population")
        sheet.merge_range("B2:C2", "2020")
        sheet.merge_range("D2:E2", "2021")
        sheet.write_row("B3", ["Femmes", "Hommes", "Femmes", "Hommes"])
        sheet.write_row("A4", ["91228", 1, 2, 3, 4])
        sheet.write_row("A5", ["91340", 5, 6, 7, 8])

    table = stage(workbook(fill))
    names = [f"Population {year} {sex}" for year in (2020, 2021) for sex in ("Femmes", "Hommes")]
    assert table.headers == ["Code", *names]
    assert (table.lines, table.rejects) == ([4, 5], [])


def test_a_label_over_two_columns_stands_on_the_first(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.merge_range("A1:B1", "Départements")
        sheet.merge_range("C1:D1", "Ensemble")
        sheet.merge_range("E1:F1", "Femmes")
        sheet.write_row("C2", ["0 à 19 ans", "Total", "0 à 19 ans", "Total"])
        sheet.write_row("A3", ["01", "Ain", 1, 2, 3, 4])
        sheet.write_row("A4", ["02", "Aisne", 5, 6, 7, 8])

    table = stage(workbook(fill))
    groups = ["Ensemble 0 à 19 ans", "Ensemble Total", "Femmes 0 à 19 ans", "Femmes Total"]
    assert table.headers == ["Départements", "", *groups]
    assert table.lines == [3, 4]


def test_technical_names_under_an_empty_row_are_a_second_header(stage: Stage) -> None:
    labels = [f"Part de la population {n}" for n in range(11)]
    names = ["Nom de la zone", *(f"pop_légal_{n}" for n in range(11))]
    table = stage(simple(["Zone", *labels], [], names, ["Nord", *range(11)], ["Sud", *range(11)]))
    assert table.headers == ["Zone", *labels]
    assert table.lines == [4, 5]
    assert [(line, reason) for line, reason, _ in table.rejects] == [(3, "second-header")]
    assert table.notes["empty-lines"] == {"count": 1, "lines": [2]}


GROUPED = ["Code", "Commune", "2020 F", "2020 H", "2021 F", "2021 H"]


@pytest.mark.parametrize(
    "top",
    [
        [["", "", "2020", "", "2021", ""], ["Code", "Commune", "F", "H", "F", "H"]],
        [["Code", "Commune", "2020", "", "2021", ""], ["", "", "F", "H", "F", "H"]],
    ],
)
def test_groups_that_are_not_merged_tell_labels_apart(stage: Stage, top: list[list[str]]) -> None:
    rows = [*top, ["91228", "Évry", "1", "2", "3", "4"], ["91340", "Lisses", "5", "6", "7", "8"]]
    as_text = stage("\n".join(";".join(row) for row in rows))
    as_sheet = stage(simple(*rows[:2], *([*row[:2], *map(int, row[2:])] for row in rows[2:])))
    for table in (as_text, as_sheet):
        assert table.headers == GROUPED
        assert (table.lines, table.rejects) == ([3, 4], [])
        assert table.reading["header_groups"]["reading"] == "join"
    dropped = stage("\n".join(";".join(row) for row in rows), header_groups="drop")
    assert dropped.headers == ["Code", "Commune", "F", "H", "F", "H"]
    assert dropped.lines == [3, 4]


def test_labels_that_are_all_different_need_no_group(stage: Stage) -> None:
    labels = ["Code", "Femmes", "Hommes", "Filles", "Garçons", "Note"]
    rows = [["", "Bilan", "", "", "2020", ""], labels, ["a", 1, 2, 3, 4, "x"], ["b", 3, 4, 5, 6, "y"]]
    assert stage(simple(*rows)).headers == labels
    assert stage(simple(*rows)).reading["header_groups"] == {
        "reading": "drop",
        "joined": "Bilan Femmes",
        "label": "Femmes",
    }
    joined = stage(simple(*rows), header_groups="join")
    years = ["Bilan Femmes", "Bilan Hommes", "Bilan Filles", "2020 Garçons", "2020 Note"]
    assert joined.headers == ["Code", *years]
    assert (joined.lines, joined.rejects) == ([3, 4], [])


def test_what_is_said_of_the_table_is_no_group(stage: Stage) -> None:
    labels = ["Code", "Voix", "Part", "Voix", "Part", "Note"]
    rows = [["Source : Insee", "", "", "Date : 2020", "", ""], labels, ["a", 1, 2, 3, 4, "x"], ["b", 3, 4, 5, 6, "y"]]
    table = stage(simple(*rows))
    assert table.headers == labels
    assert [reason for _, reason, _ in table.rejects] == ["preamble"]


def test_facts_above_an_empty_row_are_no_header(stage: Stage) -> None:
    table = stage(
        simple(
            ["Mise à jour", "mars 2024"], ["Service", "sports"], [], ["Nom", "Nb", "Part"], ["A", 1, 0.2], ["B", 4, 0.5]
        )
    )
    assert table.headers == ["Nom", "Nb", "Part"]
    assert [(line, reason) for line, reason, _ in table.rejects] == [(1, "preamble"), (2, "preamble")]


def test_a_header_above_empty_rows_stays_one(stage: Stage) -> None:
    table = stage(
        simple(["Crime", "Sexe", "", "Total"], [], [], ["vol", "H", 1, 2], ["vol", "F", 3, 4], ["rixe", "F", 3, 4])
    )
    assert table.reading["header_line"] == 1
    assert table.lines == [4, 5, 6]


def test_remarks_in_sentences_under_an_empty_row_are_set_aside(stage: Stage) -> None:
    rows = [
        ["Nom", "H", "F"],
        ["A", 1, 2],
        ["B", 3, 4],
        [],
        ["Données du service des sports."],
        ["nd : non disponible"],
    ]
    table = stage(simple(*rows))
    assert [(line, reason) for line, reason, _ in table.rejects] == [(5, "footer"), (6, "footer")]
    assert table.notes["footer"]["content"] == ["Données du service des sports.", "nd : non disponible"]


@pytest.mark.parametrize("alone", [["Section du nord"], ["57"]])
def test_what_stands_alone_among_rows_is_a_row(stage: Stage, alone: list[str]) -> None:
    rows = [["Nom", "H", "F"], ["Section du sud"], ["A", 1, 2], ["B", 3, 4], [], alone]
    assert stage(simple(*rows)).rejects == []
    assert stage(simple(*rows, ["C", 5, 6])).rejects == []


def test_a_code_alone_under_an_empty_row_is_a_row(stage: Stage) -> None:
    assert stage(simple(["Code", "H", "F"], [56, 1, 2], [59, 3, 4], [], [57])).staged.rows == 3


def test_a_total_under_a_sheet_is_set_aside(stage: Stage) -> None:
    table = stage(simple(["Nom", "H", "F"], ["A", 1, 2], ["B", 3, 4], ["TOTAL", 4, 6], [], ["Source : mairie"]))
    assert [(line, reason) for line, reason, _ in table.rejects] == [(4, "total-line"), (6, "footer")]
    assert [row[0] for row in table.rows] == ["A", "B"]


def test_a_merged_header_alone_takes_no_row_of_data(stage: Stage) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.merge_range("A1:B1", "Nom")
        sheet.write("C1", "Ville")
        sheet.write_row("A2", ["Dupont", "Jean", "Évry"])
        sheet.write_row("A3", ["Durand", "Anne", "Ris"])

    table = stage(workbook(fill))
    assert table.headers == ["Nom", "", "Ville"]
    assert table.staged.rows == 2


@pytest.mark.parametrize(
    ("headers", "read"), [(["Numéro", "Montant (en €)", "Prêteur"], "Saisie"), (["Saisie 2024"], "Data")]
)
def test_headers_alone_are_the_table_and_not_the_lists_of_choices_after_them(
    stage: Stage, headers: list[str], read: str
) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("Saisie").write_row(0, 0, headers)
        lists = book.add_worksheet("Data")
        for rank, row in enumerate([["Prêteurs", "Durée"], ["État", 3], ["Région", 4]]):
            lists.write_row(rank, 0, row)

    table = stage(workbook(fill))
    assert table.reading["sheet"] == read
    assert len(table.rows) == (0 if read == "Saisie" else 2)


@pytest.mark.parametrize("notice", ["Notice", "À savoir", "Résumé de l’exportation", "Variables", "About"])
def test_a_notice_before_the_data_is_passed(stage: Stage, notice: str) -> None:
    def fill(book: Any) -> None:
        for name in (notice, "Données"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["nom", name])
            sheet.write_row(1, 0, ["x", 1])

    assert stage(workbook(fill)).reading["sheet"] == "Données"


def test_a_header_line_can_be_imposed(stage: Stage) -> None:
    content = simple(["a", "b"], ["c", "d"], ["1", "2"])
    assert stage(content, header_line=2).rows == [("1", "2")]
    assert stage(content, header_line=0).staged.rows == 3


def test_opendocument_is_read(stage: Stage) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    date = '<table:table-cell office:value-type="date" office:date-value="2024-03-05"><text:p>5</text:p></table:table-cell>'
    rows = [
        cell.format("nom") + cell.format("n") + cell.format("jour"),
        cell.format("Évry") + number.format(3, 3) + date,
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    imported = stage(ods(f'<table:table table:name="T">{table}</table:table>'), name="x.xls")
    assert imported.format == "ods"
    assert imported.rows == [("Évry", "3", "2024-03-05")]


def test_entities_in_a_workbook_are_refused(stage: Stage) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(simple(["a", "b"], [1, 2]))) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = content.replace(b"<worksheet", b'<!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet', 1)
            target.writestr(info.filename, content)
    with pytest.raises(XmlEntities):
        stage(stream.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused(stage: Stage) -> None:
    content = simple(*[["x" * 50, n] for n in range(2000)])
    with pytest.raises(ArchiveBomb):
        stage(content, limits=Limits(max_sheet_bytes=20_000))


def test_damaged_encrypted_and_empty_workbooks_are_refused(stage: Stage) -> None:
    content = simple(["a", "b"], [1, 2])
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            for info in source.infolist():
                target.writestr(info.filename, b"<oops" if "sheet1" in info.filename else source.read(info))
    with pytest.raises(BrokenFile):
        stage(stream.getvalue())
    with pytest.raises(NoTable):
        stage(workbook(lambda book: book.add_worksheet()))
    encrypted = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096
    )
    with pytest.raises((EncryptedFile, BrokenFile)):
        stage(encrypted)


def test_a_pattern_makes_one_table_of_the_sheets_of_each_year(stage: Stage) -> None:
    def fill(book: Any) -> None:
        for name, rows in (
            ("Notice", [["À lire"]]),
            ("2023", [["code", "n"], ["01", 1]]),
            ("2024", [["n", "nouveau"], [2, "x"]]),
            ("Vide", []),
        ):
            sheet = book.add_worksheet(name)
            for rank, row in enumerate(rows):
                sheet.write_row(rank, 0, row)

    table = stage(workbook(fill), sheet="20*")
    assert (table.headers, table.rows) == (
        ["code", "n", "nouveau", "feuille"],
        [("01", "1", None, "2023"), (None, "2", "x", "2024")],
    )
    assert table.notes["parts-joined"]["files"] == ["2023", "2024"]
    assert table.reading["sheet"] == "20*"
    assert len(stage(workbook(fill), sheet="*", file_column=False).rows) == 2
    with pytest.raises(NoSuchPart):
        stage(workbook(fill), sheet="19*")
