"""What is kept of an answer, and what is refused of it, question by question."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.surveys.answers import judge
from parvis.core.surveys.checking import problems_of
from parvis.core.surveys.model import Choice, Field, Form, Kind, Section, form_from_json
from parvis.core.surveys.table import columns_of, photos_of, row_of

COLOURS = (Choice("r", "Rouge"), Choice("b", "Bleu"), Choice("v", "Vert"))
EVERYTHING = Form(
    (
        Section(
            "Vous",
            fields=(
                Field("nom", "Nom", Kind.TEXT, required=True, pattern="[A-Z].*"),
                Field("avis", "L’avis", Kind.LONG_TEXT, maximum="20"),
                Field("age", "Âge", Kind.INTEGER, minimum="1", maximum="120"),
                Field("taille", "Taille", Kind.DECIMAL),
                Field("jour", "Jour", Kind.DATE, minimum="2026-01-01"),
                Field("heure", "Heure", Kind.TIME, minimum="08:00"),
                Field("majeur", "Majeur ?", Kind.YES_NO, condition="${age} > 17"),
                Field("couleur", "Couleur", Kind.ONE, choices=COLOURS),
                Field("couleurs", "Couleurs", Kind.SEVERAL, maximum="2", choices=COLOURS),
            ),
        ),
        Section(
            "Lieu",
            condition="${majeur} = 'oui'",
            fields=(
                Field("ou", "Où", Kind.POINT, required=True),
                Field("trace", "Tracé", Kind.LINE),
                Field("zone", "Zone", Kind.AREA),
                Field(
                    "arbres",
                    "Arbres",
                    Kind.REPEAT,
                    maximum="2",
                    fields=(
                        Field("espece", "Espèce", required=True),
                        Field("malade", "Malade ?", Kind.YES_NO),
                        Field("signes", "Signes", condition="${malade} = 'oui' and ${age} > 17"),
                        Field("photo", "Photo", Kind.PHOTO),
                    ),
                ),
            ),
        ),
    )
)


def faults(posted):
    return {fault.path: fault.sentence.text("fr") for fault in judge(EVERYTHING, {"nom": "Zoé", **posted}).faults}


def test_the_form_of_these_tests_has_no_problem_and_comes_back_from_json():
    assert problems_of(EVERYTHING) == []
    assert form_from_json(json.loads(json.dumps(EVERYTHING.as_json()))) == EVERYTHING


def test_values_are_read_as_people_type_them():
    posted = {
        "nom": " Zoé\u202e Martin ",
        "avis": "Bien.\r\nMerci",
        "age": "1\u202f8".replace("\u202f", ""),
        "taille": "1,65",
        "jour": "3/12/2026",
        "heure": "9h",
        "majeur": "oui",
        "couleur": "b",
        "couleurs": ["v", "r"],
        "ou": {"latitude": "48,63", "longitude": "2.55", "address": "1 rue Haute"},
        "trace": "48.1, 2.1\n48.2 2.2",
        "zone": "48.0, 2.0\n48.1, 2.0\n48.1, 2.1",
        "arbres": [{"espece": "Chêne", "malade": "oui", "signes": "taches", "photo": "clé"}, {"espece": "  "}],
    }
    judgement = judge(EVERYTHING, posted)
    assert judgement.faults == []
    assert judgement.values == {
        "nom": "Zoé Martin",
        "avis": "Bien.\nMerci",
        "age": 18,
        "taille": 1.65,
        "jour": "2026-12-03",
        "heure": "09:00",
        "majeur": True,
        "couleur": "b",
        "couleurs": ["r", "v"],
        "ou": {"longitude": 2.55, "latitude": 48.63, "address": "1 rue Haute"},
        "trace": {"type": "LineString", "coordinates": [[2.1, 48.1], [2.2, 48.2]]},
        "zone": {"type": "Polygon", "coordinates": [[[2.0, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]]},
        "arbres": [{"espece": "Chêne", "malade": True, "signes": "taches", "photo": "clé"}],
    }
    assert photos_of(EVERYTHING, judgement.values) == ["clé"]
    columns, row = columns_of(EVERYTHING), row_of(EVERYTHING, "2026-1", "2026-11-29", judgement.values)
    assert len(columns) == len(row)
    cells = dict(zip((column.name for column in columns), row, strict=True))
    assert (cells["couleurs"], cells["ou_latitude"], cells["arbres_nombre"]) == ("Rouge | Vert", 48.63, 1)
    assert json.loads(cells["arbres"]) == [{"espece": "Chêne", "malade": True, "signes": "taches"}]


def test_what_is_not_asked_is_passed_over_whatever_was_typed():
    judgement = judge(EVERYTHING, {"nom": "Zoé", "age": "12", "majeur": "oui", "ou": {"latitude": "x"}})
    assert (judgement.faults, judgement.values) == ([], {"nom": "Zoé", "age": 12})


@pytest.mark.parametrize(
    ("posted", "path", "words"),
    [
        ({"nom": ""}, "nom", "nécessaire"),
        ({"nom": "zoé"}, "nom", "forme attendue"),
        ({"nom": "Z" * 300}, "nom", "au plus 255"),
        ({"avis": "a" * 21}, "avis", "au plus 20 caractères"),
        ({"age": "douze"}, "age", "nombre"),
        ({"age": "12,5"}, "age", "entier"),
        ({"age": "121"}, "age", "au plus 120"),
        ({"age": "1e3"}, "age", "nombre"),
        ({"taille": "nan"}, "taille", "nombre"),
        ({"jour": "31/02/2026"}, "jour", "date"),
        ({"jour": "2025-12-31"}, "jour", "avant le 01/01/2026"),
        ({"heure": "25:00"}, "heure", "heure"),
        ({"heure": "07:59"}, "heure", "08:00"),
        ({"couleur": "mauve"}, "couleur", "proposées"),
        ({"couleurs": ["r", "mauve"]}, "couleurs", "proposées"),
        ({"couleurs": ["r", "b", "v"]}, "couleurs", "au plus 2"),
        ({"age": "20", "majeur": "peut-être"}, "majeur", "proposées"),
        ({"age": "20", "majeur": "oui"}, "ou", "nécessaire"),
        ({"age": "20", "majeur": "oui", "ou": {"latitude": "95", "longitude": "2"}}, "ou", "latitude"),
        ({"age": "20", "majeur": "oui", "ou": {"latitude": "48"}}, "ou", "longitude"),
        ({"age": "20", "majeur": "oui", "trace": "48.1, 2.1"}, "trace", "deux points"),
        ({"age": "20", "majeur": "oui", "zone": "48.1, 2.1\n48.1, 2.1\n48.2, 2.1"}, "zone", "trois points"),
        ({"age": "20", "majeur": "oui", "arbres": [{"malade": "oui"}]}, "arbres.0.espece", "nécessaire"),
        ({"age": "20", "majeur": "oui", "arbres": [{"espece": "a"}] * 3}, "arbres", "au plus 2"),
        ({"age": "20", "majeur": "oui", "arbres": [{"espece": "a"}] * 60}, "arbres", "trop de fois"),
    ],
)
def test_what_will_not_do_is_told_beside_its_question(posted, path, words):
    assert words in faults(posted)[path]


def test_no_two_questions_make_the_same_column():
    form = Form((Section(fields=(Field("ou", "Où", Kind.POINT), Field("ou_latitude", "Latitude"))),))
    assert {problem.field for problem in problems_of(form)} == {"ou", "ou_latitude"}


_ANYTHING = st.recursive(
    st.one_of(st.text(), st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@given(st.fixed_dictionaries({field.name: _ANYTHING for field in EVERYTHING.fields}))
def test_whatever_is_posted_is_kept_as_json_or_told(posted):
    judgement = judge(EVERYTHING, {**posted, "age": "20", "majeur": "oui"})
    json.dumps(judgement.values, allow_nan=False)
    assert len(row_of(EVERYTHING, "1", "", judgement.values)) == len(columns_of(EVERYTHING))


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (Field("Nom", "Nom"), "colonne"),
        (Field("recu", "Reçu"), "colonne"),
        (Field("nom", " "), "Écrivez la question"),
        (Field("nom", "Nom", Kind.ONE), "une par ligne"),
        (Field("nom", "Nom", Kind.REPEAT), "vide"),
        (Field("nom", "Nom", Kind.INTEGER, minimum="beaucoup"), "minimum"),
        (Field("nom", "Nom", Kind.INTEGER, minimum="3", maximum="2"), "dépasse"),
        (Field("nom", "Nom", pattern="(a+)+(?=b)"), "motif"),
        (Field("nom", "Nom", condition="${plus_tard} = 1"), "n’existe pas"),
        (Field("nom", "Nom", condition="${nom} = 1"), "vient après"),
        (Field("nom", "Nom", condition="="), "n’est pas comprise"),
    ],
)
def test_what_is_wrong_with_a_form_is_told_before_anybody_fills_it(field, words):
    form = Form((Section(fields=(field,)),))
    assert any(words in problem.sentence.text("fr") for problem in problems_of(form))
