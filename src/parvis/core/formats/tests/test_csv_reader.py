"""CSV: every line is a row, a reject, a header or a counted empty line."""

import codecs
from collections.abc import Callable
from typing import Any

import pytest

from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import (
    BadOption,
    CellTooLarge,
    NoRow,
    NoTable,
    NulBytes,
    TooManyColumns,
    UnknownEncoding,
    WrongEncoding,
)

Stage = Callable[..., Any]
TEXT = "Commune;Été;Coût\nÉvry;chaud;1 234,56 €\nCœur;l’été;2\n"
ROWS = [("Évry", "chaud", "1 234,56 €"), ("Cœur", "l’été", "2")]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("mac_roman"), "mac_roman"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_every_encoding_gives_the_same_table(stage: Stage, raw: bytes, encoding: str) -> None:
    table = stage(raw)
    assert table.headers == ["Commune", "Été", "Coût"]
    assert table.rows == ROWS
    assert table.reading == {"encoding": encoding, "delimiter": ";", "header_line": 1}


def test_old_dos_accents_are_read(stage: Stage) -> None:
    table = stage("nom;ville\nHélène;Orléans\nFrançois;Besançon\n".encode("cp850"))
    assert table.rows == [("Hélène", "Orléans"), ("François", "Besançon")]


def test_an_encoding_is_judged_on_the_whole_file(stage: Stage) -> None:
    table = stage(b"a;b\n" + b"1;2\n" * 400_000 + "fin;é\n".encode("cp1252"))
    assert table.reading["encoding"] == "cp1252"
    assert table.rows[-1] == ("fin", "é")


def test_a_few_stray_bytes_do_not_spoil_a_utf8_file(stage: Stage) -> None:
    table = stage(b"nom;note\n" + "é;à\n".encode() * 20 + b"caf\xe9;x\n")
    assert table.rows[-1] == ("café", "x")
    assert table.notes["encoding-mixed"] == {"count": 1, "lines": [22]}


def test_an_imposed_encoding_is_obeyed_or_refused(stage: Stage) -> None:
    assert stage("é;b\n1;2\n", encoding="cp1252").headers == ["Ã©", "b"]
    with pytest.raises(WrongEncoding):
        stage(b"\xe9t\xe9;b\n1;2\n", encoding="utf-8")
    with pytest.raises(UnknownEncoding):
        stage("a;b\n", encoding="klingon")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters_are_found(stage: Stage, delimiter: str) -> None:
    table = stage(f"a{delimiter}b\n1{delimiter}x y\n2{delimiter}z\n")
    assert table.reading["delimiter"] == delimiter
    assert table.rows == [("1", "x y"), ("2", "z")]


def test_decimal_commas_do_not_win_over_semicolons(stage: Stage) -> None:
    table = stage("nom;lat;lon\n" + "a;48,5;2,3\n" * 50)
    assert table.reading["delimiter"] == ";"
    assert table.rows[0] == ("a", "48,5", "2,3")


def test_one_column_is_never_cut(stage: Stage) -> None:
    table = stage("Titre\nUn, deux\nTrois\n\nQuatre; cinq\n")
    assert table.rows == [("Un, deux",), ("Trois",), ("Quatre; cinq",)]
    assert table.lines == [2, 3, 5]
    assert table.notes["empty-lines"] == {"count": 1, "lines": [4]}


def test_text_is_kept_as_written(stage: Stage) -> None:
    table = stage('a;b;c\n 01 ;NA;\u00a012\u202f000\n"";  ;\\N\n')
    assert table.rows == [(" 01 ", "NA", "\u00a012\u202f000"), (None, "  ", "\\N")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(stage: Stage, end: str) -> None:
    table = stage(end.join(["a;b", "1;2", "3;4"]))
    assert (table.rows, table.lines) == ([("1", "2"), ("3", "4")], [2, 3])


def test_line_ends_may_be_mixed(stage: Stage) -> None:
    table = stage("a;b\r\n1;2\n3;4\r5;6")
    assert (table.rows, table.lines) == ([("1", "2"), ("3", "4"), ("5", "6")], [2, 3, 4])


def test_line_breaks_inside_quotes_keep_the_true_lines(stage: Stage) -> None:
    table = stage('a;b\r\n1;"x\ny\n"\r\n2;"say ""hi"";"\r\n3;z\r\n')
    assert table.rows == [("1", "x\ny\n"), ("2", 'say "hi";'), ("3", "z")]
    assert table.lines == [2, 5, 6]


def test_bare_returns_inside_quotes_count_as_lines(stage: Stage) -> None:
    table = stage('a;b\n1;"x\ry"\n2;z\n')
    assert (table.rows, table.lines) == ([("1", "x\ry"), ("2", "z")], [2, 4])


def test_marks_in_odd_places_are_no_data(stage: Stage) -> None:
    table = stage('"\ufeffnom",places\r\n"Salle",10\r\n\ufeff')
    assert table.headers == ["nom", "places"]
    assert table.rows == [("Salle", "10")]
    assert table.notes["empty-lines"]["lines"] == [3]


def test_titles_above_the_header_are_set_aside(stage: Stage) -> None:
    table = stage("Réseaux,,\nÀ la commune,,\n,,\n,,\nCode,Nom,Logements\n64001,Aast, 81 \n55001,Abainville, 152 \n")
    assert table.headers == ["Code", "Nom", "Logements"]
    assert table.lines == [6, 7]
    assert table.rejects == [(1, "preamble", "Réseaux,,"), (2, "preamble", "À la commune,,")]
    assert table.notes["empty-lines"] == {"count": 2, "lines": [3, 4]}
    assert table.reading["header_line"] == 5


def test_a_title_without_delimiters_is_set_aside(stage: Stage) -> None:
    table = stage("Subventions 2023\n\nNom;Montant;Objet\nA;1;x\nB;2;y\nC;3;z\n")
    assert table.headers == ["Nom", "Montant", "Objet"]
    assert [reason for _, reason, _ in table.rejects] == ["preamble"]
    assert table.rows[0] == ("A", "1", "x")


def test_a_table_without_header_keeps_its_first_line(stage: Stage) -> None:
    table = stage(
        "190050001T-10,10,Place,45.25,1.47\n190050001T-12,12,Rue,45.26,1.48\n190050001T-14,14,Quai,45.27,1.49\n"
    )
    assert table.headers == [f"Colonne {n}" for n in range(1, 6)]
    assert table.lines == [1, 2, 3]
    assert table.notes["no-header"] == {"columns": 5}


def test_years_are_good_headers(stage: Stage) -> None:
    assert stage("Commune;2022;2023\nÉvry;10;12\nRis;3;4\n").headers == ["Commune", "2022", "2023"]


def test_dates_are_good_headers(stage: Stage) -> None:
    table = stage("Commune;01/01/2020;2021-02;T1 2022\nÉvry;10;12;1\nRis;3;4;2\n")
    assert table.headers == ["Commune", "01/01/2020", "2021-02", "T1 2022"]
    assert stage("2020-01-01;12\n2020-01-02;13\n2020-01-03;14\n").staged.rows == 3


def test_the_first_line_that_spreadsheets_understand_is_set_aside(stage: Stage) -> None:
    table = stage("sep=;\na;b\n1;2\n3;4\n")
    assert (table.headers, table.lines) == (["a", "b"], [3, 4])


def test_a_second_line_of_technical_names_is_no_data(stage: Stage) -> None:
    table = stage(
        "Libellé de la zone;Année;Consommation\nLIB;ANNEE;CONSO\nVille;2021;6249\nSud;2021;11254\nEst;2021;81\n"
    )
    assert table.headers == ["Libellé de la zone", "Année", "Consommation"]
    assert table.lines == [3, 4, 5]
    assert table.rejects == [(2, "second-header", "LIB;ANNEE;CONSO")]
    assert table.notes["second-header"]["names"] == ["LIB", "ANNEE", "CONSO"]


def test_a_first_row_of_words_stays_data(stage: Stage) -> None:
    table = stage("Nom;Ville;Note\nDupont;Paris;inconnue\nDurand;Lyon;bonne\nMartin;Evry;moyenne\n")
    assert table.staged.rows == 3


def test_a_header_line_can_be_imposed(stage: Stage) -> None:
    text = "a;b\nc;d\n1;2\n"
    assert stage(text, header_line=2).headers == ["c", "d"]
    assert stage(text, header_line=0).rows == [("a", "b"), ("c", "d"), ("1", "2")]
    with pytest.raises(BadOption):
        stage(text, header_line=50)


def test_headers_are_kept_as_written_even_twice_or_empty(stage: Stage) -> None:
    assert stage("Nom ;Nom ;;x\n1;2;3;4\n").headers == ["Nom ", "Nom ", "", "x"]


def test_trailing_columns_with_nothing_at_all_are_left_out(stage: Stage) -> None:
    table = stage("a;b;;\n1;2;;\n3;4;;\n")
    assert (table.headers, table.rows) == (["a", "b"], [("1", "2"), ("3", "4")])
    assert table.notes["empty-columns-dropped"] == {"count": 2}


def test_a_trailing_column_without_header_but_with_values_stays(stage: Stage) -> None:
    assert stage("a;b;\n1;2;\n3;4;x\n").rows == [("1", "2", None), ("3", "4", "x")]


def test_ragged_lines_are_padded_or_refused_with_their_line(stage: Stage) -> None:
    table = stage("a;b;c\n1;2;3\n4;5\n6;7;8;;\n9;10;11;12\n13;14;15\n")
    assert table.rows == [("1", "2", "3"), ("4", "5", None), ("6", "7", "8"), ("13", "14", "15")]
    assert table.lines == [2, 3, 4, 6]
    assert table.notes["short-lines"] == {"count": 1, "lines": [3], "expected": 3}
    assert table.rejects == [(5, "too-many-cells", "9;10;11;12")]


def test_lines_of_delimiters_only_are_counted_as_empty(stage: Stage) -> None:
    table = stage("a;b\n1;2\n;\n\n;\n")
    assert table.rows == [("1", "2")]
    assert table.notes["empty-lines"] == {"count": 3, "lines": [3, 4, 5]}


def test_remarks_under_the_table_are_set_aside(stage: Stage) -> None:
    table = stage("a;b;c\nNote : x\n1;2;3\n4;5;6\n\nSource : Insee, 2023\n* provisoire;;\n")
    assert [row[0] for row in table.rows] == ["Note : x", "1", "4"]
    assert table.rejects == [(6, "footer", "Source : Insee, 2023"), (7, "footer", "* provisoire;;")]


def test_a_quote_never_closed_takes_only_its_own_line(stage: Stage) -> None:
    table = stage('a;b;c\n1;2;3\n4;"oups;6\n7;8;9\n10;11;12\n', multiline=True)
    assert table.rows == [("1", "2", "3"), ("7", "8", "9"), ("10", "11", "12")]
    assert table.rejects == [(3, "broken-quotes", '4;"oups;6')]


def test_a_quote_never_closed_before_other_quotes_takes_only_its_own_line(stage: Stage) -> None:
    table = stage('a;b\n1;"oups\n2;"bien"\n3;"aussi"\n', multiline=True)
    assert table.rows == [("2", "bien"), ("3", "aussi")]
    assert table.rejects == [(2, "broken-quotes", '1;"oups')]


def test_what_follows_a_quote_never_closed_is_no_row_until_the_width_is_right(stage: Stage) -> None:
    table = stage("a;b;c\n1;2;3\n4;\"début d'un texte\nqui continue\n\nencore ; et encore\n7;8;9\n", multiline=True)
    assert table.rows == [("1", "2", "3"), ("7", "8", "9")]
    assert [line for line, reason, _ in table.rejects if reason == "broken-quotes"] == [3, 4, 6]


def test_rows_that_are_all_short_come_back_after_a_quote_never_closed(stage: Stage) -> None:
    table = stage('a;b;c;d\n1;2;3\n4;"x;6\nsuite\n7;8;9\n10;11;12\n', multiline=True)
    assert [row[0] for row in table.rows] == ["1", "7", "10"]
    assert [line for line, _, _ in table.rejects] == [3, 4]


def test_many_ragged_records_do_not_shorten_the_look_at_long_cells(stage: Stage) -> None:
    ragged = '1;"x\ny"\n' * 30
    table = stage("a;b;c\n" + ragged + '2;"' + "ligne\n" * 80 + 'fin";3\n')
    assert (len(table.rows), table.rejects) == (31, [])


@pytest.mark.parametrize("quick", [True, False])
def test_the_headers_repeated_between_two_files_put_end_to_end_are_no_row(stage: Stage, quick: bool) -> None:
    odd = "" if quick else "9;short\n"
    table = stage("nom;n;lieu\na;1;x\nnom;n;lieu\nb;2;y\n" + odd)
    assert [row[0] for row in table.rows] == ["a", "b", "9"][: 2 if quick else 3]
    assert table.rejects == [(3, "repeated-header", "nom;n;lieu")]
    assert table.lines[:2] == [2, 4]


def test_quotes_that_are_signs_like_others_stay_in_their_cell(stage: Stage) -> None:
    table = stage('n;nom;lieu\n1;"LES LILAS" DE M. X;"Évry"\n2;Le "Y" ; Z\n')
    assert table.rows == [("1", '"LES LILAS" DE M. X', "Évry"), ("2", 'Le "Y" ', " Z")]
    assert "quotes-mended" in table.notes


def test_a_table_of_which_every_line_is_refused_is_refused(stage: Stage) -> None:
    with pytest.raises(NoRow, match="3 lignes rejetées, à partir de la ligne 2"):
        stage('a;b\n1;"x\n2;"y\n3;"z\n')


def test_one_line_of_text_is_no_table_and_headers_alone_are_one(stage: Stage) -> None:
    with pytest.raises(NoRow, match="une seule ligne de texte"):
        stage("bonjour\n")
    assert stage("a;b;c\n").rows == []


def test_a_line_end_of_plain_bytes_in_utf_16_is_a_line_end(stage: Stage) -> None:
    content = b"\xff\xfe\r\n" + "nom;âge\r\nÉva;3\r\n".encode("utf-16-le")
    table = stage(content)
    assert table.headers == ["nom", "âge"]
    assert table.rows == [("Éva", "3")]


def test_blanks_after_a_quote_and_empty_texts_before_another_are_no_part_of_a_cell(stage: Stage) -> None:
    table = stage('ville,code\n"Amiens","80021"\n"Bordeaux","33063" \n"Brest" ,"29019"\n"Ris-Orangis",""91521\n')
    assert table.rows == [("Amiens", "80021"), ("Bordeaux", "33063"), ("Brest", "29019"), ("Ris-Orangis", "91521")]


def test_separators_with_a_blank_after_them_belong_to_a_text(stage: Stage) -> None:
    text = (
        "code,libelle\n"
        + "110,Chimie\n" * 9
        + "112,Chimie-biologie, biochimie\n120,Arts, lettres, langues\n130,a,b\n131,Arts,lettres, langues\n"
    )
    table = stage(text)
    assert table.rows[8:] == [
        ("110", "Chimie"),
        ("112", "Chimie-biologie, biochimie"),
        ("120", "Arts, lettres, langues"),
    ]
    assert [line for line, _, _ in table.rejects] == [13, 14]
    assert table.notes["separators-mended"] == {"count": 2, "lines": [11, 12]}
    spaced = stage("code, libelle\n" + "110, Chimie\n" * 9 + "112, Chimie-biologie, biochimie\n")
    assert [reason for _, reason, _ in spaced.rejects] == ["too-many-cells"]


def test_quotes_not_doubled_are_mended_when_the_cells_fit(stage: Stage) -> None:
    table = stage('a;b\n"Salle "Polyvalente"";12\nx;y\n')
    assert table.rows == [('Salle "Polyvalente"', "12"), ("x", "y")]
    assert table.notes["quotes-mended"] == {"count": 1, "lines": [2]}


def test_a_quote_in_the_middle_of_a_cell_is_a_sign_like_others(stage: Stage) -> None:
    assert stage("a;b\nécran 15\";x\nL' Abergement;y\n").rows == [('écran 15"', "x"), ("L' Abergement", "y")]


def test_many_quotes_never_closed_do_not_take_for_ever(stage: Stage) -> None:
    table = stage("a;b;c\n" + '1;"oups;3\n' * 3000 + "1;2;3\n", multiline=True)
    assert table.staged.rejects + table.staged.rows == 3001


def test_a_header_alone_is_an_empty_table(stage: Stage) -> None:
    table = stage("code;nom;population\n")
    assert (table.headers, table.rows) == (["code", "nom", "population"], [])


def test_nothing_but_blanks_is_no_table(stage: Stage) -> None:
    with pytest.raises(NoTable):
        stage(";;;\n;;\n")


def test_stray_nul_characters_are_taken_out_and_told(stage: Stage) -> None:
    table = stage(b"a;b\n1;2\n3;\x00\n" + b"4;5\n" * 100 + "6;Cédric\0\0\n".encode("cp1252"))
    assert (table.rows[1], table.rows[-1]) == (("3", None), ("6", "Cédric"))
    assert table.notes["nul-bytes"] == {"count": 3, "lines": [3, 104]}


def test_a_text_full_of_nul_characters_is_refused_with_the_line_of_the_first(stage: Stage) -> None:
    with pytest.raises(NulBytes) as error:
        stage(b"a;b\n1;2\n" + b"3;\x00\x00\x00\n" * 100)
    assert error.value.details["line"] == 3


def test_too_many_columns_are_refused(stage: Stage) -> None:
    with pytest.raises(TooManyColumns):
        stage(";".join(f"c{n}" for n in range(10_000)) + "\n" + ";" * 9_999 + "\n")


def test_a_giant_cell_on_one_line_is_refused(stage: Stage) -> None:
    with pytest.raises(CellTooLarge) as error:
        stage("a;b\n1;2\n3;" + "x" * (50 * 1024 * 1024) + "\n")
    assert error.value.details["line"] == 3


def test_a_giant_cell_on_many_lines_is_refused(stage: Stage) -> None:
    limits = Limits(max_cell_bytes=100_000)
    with pytest.raises(CellTooLarge):
        stage('a;b\n1;"' + "lorem ipsum\n" * 9_000 + '";x;y\n', limits=limits)


def test_a_giant_cell_within_one_line_limit_is_refused(stage: Stage) -> None:
    with pytest.raises(CellTooLarge):
        stage("a;b\n" + "x" * 6_000_000 + ";2\n", limits=Limits(max_cell_bytes=5_000_000))


def test_a_name_only_breaks_a_tie(stage: Stage) -> None:
    assert stage("a\tb;c\n1\t2;3\n", name="x.tsv").reading["delimiter"] == "\t"
    assert stage("a\tb;c\n1\t2;3\n", name="x.csv").reading["delimiter"] == ";"


def test_quotes_after_blanks_are_quotes_when_nearly_all_close(stage: Stage) -> None:
    text = '"Year", "Score", "Title"\n1968,  86, "Greetings"\n1970,  73, "Hi, Mom!" \n1971, 40, "Born ""to"" Win"\n'
    table = stage(text)
    assert table.headers == ["Year", "Score", "Title"]
    assert [row[2] for row in table.rows] == ["Greetings", "Hi, Mom!", 'Born "to" Win']
    assert stage('a\t b\n1\t "x\ty"\n2\t "z"\n').rows == [("1", "x\ty"), ("2", "z")]


def test_quotes_after_blanks_that_are_signs_of_a_text_stay(stage: Stage) -> None:
    table = stage('n;nom\n1; "Les Lilas" de M. X\n2; tuyau 12"\n3; "Y\n4; "Z\n', multiline=False)
    assert [row[1] for row in table.rows] == [' "Les Lilas" de M. X', ' tuyau 12"', ' "Y', ' "Z']


@pytest.mark.parametrize("header", ['id;"nom;ville', '"id;nom;ville', 'id;nom";ville'])
def test_a_quote_left_open_in_the_header_is_no_part_of_a_name(stage: Stage, header: str) -> None:
    table = stage(header + "\n1;Gare;Évry\n2;Agora;Évry\n")
    assert table.headers == ["id", "nom", "ville"]
    assert len(table.rows) == 2


@pytest.mark.parametrize("odd", ["", "9;short\n"], ids=["quick", "careful"])
def test_headers_repeated_with_their_mark_quotes_or_blanks_are_told(stage: Stage, odd: str) -> None:
    table = stage('nom;n;lieu\na;1;x\n\ufeffnom;n;lieu\nb;2;y\n"nom";"n";lieu \nc;3;z\n' + odd)
    assert [row[0] for row in table.rows][:3] == ["a", "b", "c"]
    assert [reason for _, reason, _ in table.rejects] == ["repeated-header"] * 2
    assert table.notes["repeated-header"] == {"count": 2, "lines": [3, 5]}
