"""Lines that a cell swallows are lost: the file is stopped; texts of several lines are read as they are."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.formats.refusals import LostLines

Stage = Callable[..., Any]

WORDS = st.text("abcdéèàœ'-", min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "rows",
    [
        ["id;ville", '1;"Lisses', "2;Évry", "3;Ris"],
        ["ville;id", '"Lisses;1', "Évry;2", "Ris;3"],
        ["id;ville;n", "1;Lisses;4", '2;"Évry;5', "3;Ris;6"],
        ['"id";"ville"', '"1";"Lisses', '"2";"Évry"', '"3";"Ris"'],
        ["id;ville", "1;Lisses", "2;Évry", '3;"Ris'],
    ],
)
def test_a_quote_that_never_closes_stops_with_its_line(stage: Stage, rows: list[str], end: str, delimiter: str) -> None:
    opened = next(rank for rank, row in enumerate(rows, start=1) if row.count('"') % 2)
    with pytest.raises(LostLines, match=f"à la ligne {opened} ") as error:
        stage(end.join(rows).replace(";", delimiter))
    assert error.value.details["line"] == opened


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id;ville;note\n1;"Lisses;a\n2;Évry;"bien"\n3;Ris;x\n', 2),
        ('id;ville;note\n1;"Lisses;a\n2;Évry";b\n3;Ris;c\n4;Corbeil;d\n', 2),
        ('id;ville;note\n1;Lisses;a\n2;"Évry;b\n3;Ris;c\n4;Écran 15";d\n5;x;y\n', 3),
        ('id;ville;note\n1;"Lisses;a\n2;Évry;b"\n3;Ris;c\n', 2),
        ('nom;ville\nA;"Lisses\nB;Évry"\nC;Ris\nD;Corbeil\n', 2),
        ('a;b;c;d\nu;"v;w;x\ny;z";k;l\nm;n;o;p\n', 2),
        ('id;ville;note\n1;"Lisses\n(sud)";x\n2;"Évry;b\n3;Ris";c\n4;Corbeil;d\n', 4),
        ("id;t\n" + "".join(f'{n};"para {n}\nsuite"\n' for n in range(30)) + '30;"Lisses\n31;Évry"\n', 62),
        ('id;"ville\n1;Lisses\n2;Évry"\n3;Ris\n4;Corbeil\n', 1),
    ],
)
def test_rows_inside_a_cell_stop_with_the_line_where_it_begins(stage: Stage, text: str, line: int) -> None:
    with pytest.raises(LostLines) as error:
        stage(text)
    assert error.value.details["line"] == line


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('id;adresse;ville\n1;"12 rue X\n91000 Évry";Évry\n2;3 rue Y;Ris\n3;4 rue Z;Lisses\n', 3),
        ('id;desc\n1;"Ouvert :\nlundi; mardi\nmercredi; jeudi"\n2;Fermé\n3;Fermé\n', 3),
        ('nom;desc\nMairie;"Ouvert :\nlundi; mardi\nmercredi; jeudi"\nÉcole;Fermé\nGymnase;Fermé\n', 3),
        ('id,desc,n\n1,"Un texte, long\net, encore, suivi\nfin, oui",4\n2,court,5\n3,court,6\n', 3),
        ('id,lieu\n1,"Mairie\n12, rue de la Paix"\n2,Gymnase\n3,École\n', 3),
        ('id,trace,n\n1,"48.1,2.3\n48.2,2.4",4\n2,"48.1,2.3\n48.2,2.4",5\n3,"48.1,2.3",5\n', 3),
        ('texte\n"a\nb"\nc\n"d\ne\nf"\n', 3),
        ('"Code\ncommune";"Nombre de\nlogements"\n01001;5\n01002;6\n', 2),
        ("id;lieu\n" + "".join(f'{n};"{n} rue X\nBâtiment B;escalier C"\n' for n in range(30)), 30),
        ("nom;lieu\n" + "".join(f'a{n};"rue X\nBâtiment B;escalier C"\n' for n in range(30)), 30),
    ],
)
def test_texts_of_several_lines_are_read_as_they_are(stage: Stage, text: str, rows: int) -> None:
    assert stage(text).staged.rows == rows


def test_a_person_may_say_that_cells_have_several_lines(stage: Stage) -> None:
    text = 'nom;lieu\nA;"Lisses\nB;Évry"\nC;"Ris\nD;Corbeil\n'
    table = stage(text, multiline=True)
    assert table.rows == [("A", "Lisses\nB;Évry"), ("D", "Corbeil")]
    assert [(line, reason) for line, reason, _ in table.rejects] == [(4, "broken-quotes")]


def test_a_person_may_say_that_each_line_is_a_row(stage: Stage) -> None:
    text = 'nom;lieu\nA;"Lisses\nB;Évry"\nC;"Ris;"\nD;Corbeil\n'
    table = stage(text, multiline=False)
    assert table.rows == [("A", '"Lisses'), ("B", 'Évry"'), ("C", "Ris;"), ("D", "Corbeil")]
    assert table.lines == [2, 3, 4, 5]
    assert table.notes["quotes-mended"]["lines"] == [2]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(WORDS, SENTENCES), min_size=4, max_size=12), chosen=st.integers(0, 11))
def test_no_row_is_ever_lost_to_a_quote_left_open(stage: Stage, cells: list[tuple[str, str]], chosen: int) -> None:
    rows = [f'{rank};"{name}";"{text}"' for rank, (name, text) in enumerate(cells)]
    place = chosen % len(rows)
    rows[place] = rows[place].replace('"', "#", 1).replace('"', "", 1).replace("#", '"', 1)
    with pytest.raises(LostLines) as error:
        stage("\n".join(["id;nom;texte", *rows]))
    assert error.value.details["line"] == place + 2


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map("\n".join), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_sentences_of_several_lines_never_stop_a_file(stage: Stage, texts: list[str], end: str) -> None:
    rows = [f'{rank};"{text}";{rank * 2}' for rank, text in enumerate(texts)]
    lines = itertools.accumulate((text.count("\n") + 1 for text in texts), initial=2)
    table = stage(end.join(["id;texte;n", *rows]))
    assert [row[1] for row in table.rows] == texts
    assert table.lines == list(lines)[:-1]
