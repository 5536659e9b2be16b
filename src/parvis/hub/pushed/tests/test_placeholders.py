"""Words in braces become those of the commune, in texts, marked-up texts and questions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parvis.core.odsql import parse_where
from parvis.hub.pushed.placeholders import PLACEHOLDERS, Place, filled, unknown_in, values_of

COUDRAY = Place("Le Coudray-Montceaux", "91179", 5051, 2023, "91830", site="Ici & là")
VALUES = values_of(COUDRAY)


def test_words_in_braces_are_replaced_wherever_they_are_text():
    raw = [{"type": "callout", "id": "{code}", "value": {"title": "Les arceaux {de_commune}", "text": "<p>{site}</p>"}}]
    assert filled(raw, VALUES) == [
        {
            "type": "callout",
            "id": "{code}",
            "value": {"title": "Les arceaux du Coudray-Montceaux", "text": "<p>Ici &amp; là</p>"},
        }
    ]


def test_numbers_are_written_the_french_way():
    assert filled("{population} habitants en {annee_population}", VALUES) == "5\u202f051 habitants en 2023"


def test_unknown_words_and_doubled_braces_are_left():
    assert filled("{Commune} {commun} {{commune}} {", VALUES) == "{Commune} {commun} {{commune}} {"
    assert sorted(unknown_in([{"value": {"title": "{commun} {commune}", "popup": "{nom}"}}])) == ["commun"]


@given(st.text(alphabet="abc'\"\\’ ", max_size=12))
def test_in_a_question_a_name_never_ends_the_text_it_stands_in(name):
    values = values_of(Place(name, "91179", None, 2023))
    where = filled({"where": "commune = \"{commune}\" and code = '{commune}'"}, values)["where"]
    assert [piece.value for piece in _literals(where)] == [name, name]


def _literals(where):
    return [node for node in _walk(parse_where(where)) if isinstance(getattr(node, "value", None), str)]


def _walk(node):
    yield node
    for name in getattr(node, "__dataclass_fields__", {}):
        inner = getattr(node, name)
        for child in inner if isinstance(inner, tuple | list) else (inner,):
            if hasattr(child, "__dataclass_fields__"):
                yield from _walk(child)


def test_every_word_has_a_value_and_a_meaning():
    assert all(VALUES[row.word] is not None and str(row.meaning) for row in PLACEHOLDERS)
