"""Which columns are guessed to tell rows apart, for tables of the shapes that towns publish."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType
from parvis.core.versions.likely_keys import likely_keys
from parvis.core.versions.manifest import ColumnProfile

TYPES = {"t": ColumnType.TEXT, "i": ColumnType.INT, "d": ColumnType.DATE, "f": ColumnType.DOUBLE}


def first_key(rows: int, table: dict[str, tuple[str, int, int]]) -> tuple[str, ...]:
    """The likeliest key of a table whose columns are (type, distinct values, empty cells)."""
    columns = [Column(name, name, TYPES[kind]) for name, (kind, _distinct, _nulls) in table.items()]
    profile = {name: ColumnProfile(nulls, distinct) for name, (_kind, distinct, nulls) in table.items()}
    return next(likely_keys(columns, profile, rows), ())


@pytest.mark.parametrize(
    ("rows", "table", "key"),
    [
        (2001, {"identifiant": ("t", 2001, 0), "numero": ("t", 320, 0), "voie": ("t", 166, 0)}, ("identifiant",)),
        (208, {"annee": ("i", 8, 0), "population": ("i", 208, 0), "cog": ("t", 26, 0)}, ("cog", "annee")),
        (1144, {"id": ("t", 13, 0), "date": ("d", 88, 0), "taux": ("f", 561, 1)}, ("id", "date")),
        (2528, {"siren_epci": ("t", 1264, 0), "champ": ("t", 2, 0), "t3": ("i", 418, 0)}, ("siren_epci", "champ")),
        (97, {"coll_siret": ("t", 1, 0), "attrib_nom": ("t", 97, 0), "montant": ("i", 74, 7)}, ("attrib_nom",)),
        (46, {"prenom": ("t", 35, 0), "annee": ("i", 3, 0), "nombre": ("i", 7, 0)}, ("annee", "prenom")),
        (40, {"id": ("t", 40, 2), "montant": ("f", 40, 0), "habitants": ("i", 40, 0)}, ()),
        (40, {"date": ("d", 40, 0)}, ()),
    ],
    ids=["addresses", "accounts", "punctuality", "fibre", "grants", "first names", "empty identifiers", "a date alone"],
)
def test_the_likeliest_key_is_the_one_that_a_person_would_say(rows, table, key):
    assert first_key(rows, table) == key


@given(
    rows=st.integers(1, 500),
    table=st.dictionaries(
        st.sampled_from(["id", "code", "annee", "nom", "date", "type", "commune", "montant", "é_x"]),
        st.tuples(st.sampled_from("tidf"), st.integers(0, 500), st.integers(0, 2)),
        max_size=9,
    ),
)
def test_a_guess_never_has_an_empty_cell_nor_fewer_values_than_rows(rows, table):
    columns = [Column(name, name, TYPES[kind]) for name, (kind, _distinct, _nulls) in table.items()]
    profile = {name: ColumnProfile(nulls, distinct) for name, (_kind, distinct, nulls) in table.items()}
    guesses = list(islice(likely_keys(columns, profile, rows), 200))
    assert len(set(guesses)) == len(guesses)
    for names in guesses:
        product = 1
        for name in names:
            _kind, distinct, nulls = table[name]
            assert nulls == 0
            product *= distinct
        assert product >= rows * 0.98
