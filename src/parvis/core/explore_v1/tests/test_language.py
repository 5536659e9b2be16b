"""The query language of version 1, asked of real rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from parvis.core.errors import RequestError
from parvis.core.explore.query import names_of
from parvis.core.explore_v1 import where_of_q
from parvis.core.explore_v1.parser import MAX_DEPTH, MAX_TERMS
from parvis.core.odsql.errors import ODSQLError, ODSQLSyntaxError, UnknownField

EVERYTHING = "A1 A2 A3 A4 A5 A6 A7"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", EVERYTHING),
        ("  ", EVERYTHING),
        ("*", EVERYTHING),
        ("erable", "A1 A3 A6"),
        ("ÉRABLE", "A1 A3 A6"),
        ("till", "A2 A5"),
        ("petites feuilles", "A2"),
        ("feuilles petites", "A2"),
        ('"petites feuilles"', "A2"),
        ('"feuilles petites"', ""),
        ('"till"', ""),
        ("“petites feuilles”", "A2"),
        ("érable OR platane", "A1 A3 A4 A6"),
        ("érable AND plane", "A1"),
        ("NOT érable", "A2 A4 A5 A7"),
        ("NOT NOT érable", "A1 A3 A6"),
        ("NOT érable NOT tilleul", "A4 A7"),
        ("érable plane OR tilleul", "A1 A2 A5"),
        ("érable AND plane OR tilleul AND petites", "A1 A2"),
        ("érable AND (plane OR champêtre)", "A1 A3"),
        ("(érable) AND (hauteur>13)", "A6"),
        ("(érable OR tilleul) AND hauteur >= 9", "A1 A2 A6"),
    ],
)
def test_words_and_operators(references_of, q, expected):
    assert references_of(q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("essence:erable", "A1 A3 A6"),
        ("essence=Érable", "A1 A3 A6"),
        ("essence==Érable", "A1 A3 A6"),
        ('essence:"petites feuilles"', "A2"),
        ("essence:till", ""),
        ("essence:till*", "A2 A5"),
        ("essence:(érable OR platane)", "A1 A3 A4 A6"),
        ("essence:(NOT érable)", "A2 A4 A5 A7"),
        ("`essence`:platane", "A4"),
        ("essence!=Érable", "A2 A4 A5 A7"),
        ("usages:ombre", "A1 A2 A4 A6"),
        ("usages:ombre AND usages:abri", "A1"),
        ("hauteur:9", "A2"),
        ("hauteur = 12.5", "A1"),
        ("hauteur > 12.5", "A4 A6"),
        ("hauteur>=12.5", "A1 A4 A6"),
        ("hauteur<9", "A5"),
        ("hauteur <= 9", "A2 A5"),
        ("NOT hauteur <= 9", "A1 A3 A4 A6 A7"),
        ("hauteur:[9 TO 15]", "A1 A2 A6"),
        ("hauteur:]9 TO 15[", "A1"),
        ("hauteur:{9 TO 15}", "A1"),
        ("hauteur:[15 TO *]", "A4 A6"),
        ("hauteur:[* TO *]", "A1 A2 A4 A5 A6"),
        ("remarquable:true", "A1 A4"),
        ("remarquable:False", "A2 A3 A5"),
        ("essence < Q", "A4"),
    ],
)
def test_fields(references_of, q, expected):
    assert references_of(q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("plantation:2012", "A3 A7"),
        ("plantation:2012/02", "A3"),
        ("plantation=2012-02-14", "A3"),
        ("plantation >= 2012", "A3 A5 A7"),
        ("plantation > 2012", "A5"),
        ("plantation <= 2012", "A1 A2 A3 A4 A7"),
        ("plantation < 2012", "A1 A2 A4"),
        ("plantation >= 2012/02/14", "A3 A5 A7"),
        ("plantation:[1998 TO 2012]", "A1 A2 A3 A7"),
        ("plantation:[2005/11/20 TO 2012-02-14]", "A2 A3"),
        ("plantation:]2005/11/20 TO 2012-02-14[", ""),
        ("releve >= 2021-06-23T07:50:20", "A1 A2 A4"),
        ("releve > 2021-06-23T07:50:20Z", "A2 A4"),
        ("releve:2021", "A1 A2"),
        ("releve:[2021-12-31T00:00:00Z TO 2022-01-01T00:00:00Z]", "A2"),
    ],
)
def test_dates_stand_for_their_whole_period(references_of, q, expected):
    assert references_of(q) == expected


def test_dates_are_read_in_the_time_zone_of_the_request(references_of):
    assert references_of("releve:2022", timezone="Europe/Paris") == "A2 A4"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("plantation <= #now()", "A1 A2 A3 A4 A7"),
        ("plantation >= #now(years=-1)", "A3 A5 A7"),
        ("plantation:[#now(years=-8) TO #now(years=-7, months=-1)]", "A2"),
        ("releve > #now(year=2021, month=12, day=31, hour=0)", "A2 A4"),
    ],
)
def test_now(references_of, q, expected):
    assert references_of(q, now=datetime(2013, 1, 15, 10, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("#null(hauteur)", "A3 A7"),
        ("NOT #null(hauteur)", "A1 A2 A4 A5 A6"),
        ('#exact(essence, "Érable")', "A6"),
        ("#exact(essence, 'Érable')", "A6"),
        ('#exact(usages, "abri")', "A1 A5"),
        ("#exact(hauteur, 9)", "A2"),
        ('#search(essence, "petites feu")', "A2"),
        ('#search(ref, essence, "tilleul")', "A2 A5"),
        ('#search(*, "abr")', "A1 A5"),
        ('#search("abr")', "A1 A5"),
        ('#startswith(essence, "Tilleul à")', "A2"),
        ('#startswith(essence, "tilleul")', ""),
        ('#distance(position, "48.45,1.48", 700)', "A1 A6"),
        ('#distance(position, "48.45, 1.48", 1km)', "A1 A6"),
        ('#distance(emprise, "48.41,1.43", 1000)', "A2"),
        ('#polygon(position, "(48.445,1.475),(48.455,1.475),(48.455,1.485),(48.445,1.485)")', "A1"),
        ("#polygon(position, “(48.445,1.475),(48.455,1.475),(48.455,1.485),(48.445,1.485),(48.445,1.475)“)", "A1"),
        ('#geometry(emprise, "polygon")', "A2"),
        ('#geometry(emprise, "point")', ""),
    ],
)
def test_functions(references_of, q, expected):
    assert references_of(q) == expected


@pytest.mark.parametrize(
    ("q", "kind", "text"),
    [
        ('"érable', ODSQLSyntaxError, "unexpected end of line"),
        ("(érable", ODSQLSyntaxError, "unexpected end of line"),
        ("érable)", ODSQLSyntaxError, "unexpected ) at position 6"),
        ("érable AND", ODSQLSyntaxError, "unexpected end of line"),
        ("OR érable", ODSQLSyntaxError, "unexpected O at position 0"),
        ("hauteur:", ODSQLSyntaxError, "unexpected end of line"),
        ("hauteur:[1 TO", ODSQLSyntaxError, "unexpected end of line"),
        ("#bogus(hauteur)", ODSQLSyntaxError, "unknown function #bogus"),
        ("#serch(essence, x)", ODSQLSyntaxError, "Did you mean search?"),
        ("#now()", ODSQLSyntaxError, "#now"),
        ("hautuer > 3", UnknownField, "Did you mean hauteur?"),
        ("hauteur > grand", ODSQLError, "grand"),
        ("plantation > hier", ODSQLError, "hier"),
        ("position:48", ODSQLError, "="),
        ("usages < a", ODSQLError, "<"),
        ("plantation > #now(siecles=-1)", ODSQLError, "siecles"),
        ("plantation > #now(years=-9999)", ODSQLError, "years=-9999"),
        ("#null()", ODSQLError, "#null"),
        ('#distance(essence, "48,1", 3)', ODSQLError, "essence"),
        ('#distance(position, "ici", 3)', ODSQLError, "ici"),
        ('#distance(position, "948,1", 3)', ODSQLError, "-90"),
        ('#polygon(position, "(1,2),(3,4)")', ODSQLError, "#polygon"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), ODSQLSyntaxError, "too deeply nested"),
        ("a " * (MAX_TERMS + 1), ODSQLSyntaxError, "too long"),
        ("a" * 100_001, ODSQLSyntaxError, "too long"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_parameter(source, q, kind, text):
    with pytest.raises(kind) as caught:
        where_of_q(q, names_of(source), clause="qv1")
    assert text in caught.value.message("en")
    assert "qv1" in caught.value.message("en")
    assert caught.value.message("fr")


PIECES = [
    *"()[]{}\"'“”:=<>!*\\#,.-`\0\u202e\U0001f333é ",
    *(
        [
            "AND",
            "OR",
            "NOT",
            "TO",
            "..",
            "#now(",
            "#null(",
            "#exact(",
            "#search(",
            "#distance(",
            "#polygon(",
            "#geometry(",
            "==",
            "<=",
            ">=",
            "://",
            "(",
            ")",
            "[",
            "]",
        ]
    ),
    *(
        [
            "essence",
            "hauteur",
            "plantation",
            "releve",
            "remarquable",
            "usages",
            "position",
            "emprise",
            "ref",
            "nope",
            "érable",
            "12",
            "9.5",
            "1e400",
        ]
    ),
    *(
        [
            "2012",
            "2012/02",
            "9999-12-31",
            "0001-01-01",
            "true",
            "null",
            "years=-1",
            "day=31",
            "weekday=MO(2)",
            "weekday=9",
            "(48,1)",
            "48.4,1.4",
        ]
    ),
]


def test_any_text_is_answered_or_refused_cleanly(references_of):
    dice = random.Random(20260119)
    answered = 0
    for _round in range(600):
        q = "".join(dice.choice(PIECES) + dice.choice(["", " "]) for _piece in range(dice.randint(1, 9)))
        try:
            references_of(q)
            answered += 1
        except RequestError as refused:
            assert refused.message("en"), q
    assert answered > 50
