"""How the rows of a map are called."""

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.text import fold
from parvis.core.versions.manifest import ColumnProfile
from parvis.hub.maps.naming import label_of, naming_of, place_names, row_name, with_name_first
from parvis.hub.maps.rules import is_code
from parvis.hub.territories.models import Territory

ROWS = 379


def text(name: str, label: str = "", **extra) -> Column:
    return Column(name, label or name, ColumnType.TEXT, **extra)


def spread(distinct: int, *, most: int = 1, nulls: int = 0, value: str = "mot") -> ColumnProfile:
    """Values of which the most frequent is that of ``most`` rows."""
    top = [
        (value if rank == 0 else f"{value} {chr(97 + rank)}", most if rank == 0 else 1)
        for rank in range(min(distinct, 20))
    ]
    return ColumnProfile(nulls, distinct, top=top)


def called(profile: dict[str, ColumnProfile], **kinds: str) -> tuple[list[str], list[str]]:
    columns = [text(name, kind=kinds.get(name, "")) for name in profile]
    naming = naming_of(columns, profile, ROWS)
    return [column.name for column in naming.title], [column.name for column in naming.described]


def test_an_operator_that_nearly_all_rows_share_names_none_of_them():
    profile = {
        "nom_amenageur": spread(9, most=347),
        "nom_enseigne": spread(6, most=347),
        "nom_station": spread(190, most=7),
    }
    assert called(profile)[0] == ["nom_station"]


def test_a_source_or_an_identifier_is_no_name_and_rows_say_what_they_are_and_where():
    profile = {
        "id_local": spread(379, value="node/1712697982"),
        "code_com": spread(14, most=181, value="42218"),
        "mobilier": spread(4, most=148, value="ARCEAU"),
        "source": spread(5, most=200),
    }
    assert called(profile, code_com="insee_commune") == ([], ["mobilier", "code_com"])


def test_an_address_is_its_number_and_its_street():
    profile = {
        "numero": spread(100),
        "voie": spread(166, most=69, value="Avenue du Midi"),
        "commune": spread(3, most=200),
    }
    assert called(profile) == (["numero", "voie"], ["commune"])


def test_the_name_of_a_commune_is_that_of_a_row_only_when_there_is_one_a_row():
    assert called({"nom_commune": spread(379)})[0] == ["nom_commune"]
    assert called({"com_nom": spread(14, most=60), "name": spread(300, nulls=79)})[0] == ["name"]
    assert called({"nom_commune": spread(60, most=99), "objet": spread(15, most=44)}) == ([], ["objet", "nom_commune"])


def test_rows_are_called_by_a_place_that_few_of_them_share_and_not_by_a_code_written_in_one_word():
    profile = {"codebureauvote": spread(100, value="29019_0076"), "llieu": spread(60, most=5, value="GS KERINOU")}
    columns = [text("codebureauvote", "codeBureauVote"), text("llieu")]
    assert [column.name for column in naming_of(columns, profile, 110).title] == ["llieu"]
    assert is_code(columns[0])
    shared = {**profile, "llieu": spread(12, most=30, value="Brest")}
    naming = naming_of(columns, shared, 110)
    assert (naming.title, [column.name for column in naming.described]) == ((), ["codebureauvote"])


def test_rows_that_nothing_tells_apart_have_no_name():
    assert called({"type": spread(1, most=379), "etat": spread(1, most=379)}) == ([], [])


def test_a_row_is_called_by_its_name_else_by_what_describes_it_in_words():
    columns = [text("nom"), text("type"), text("code_com", "Code INSEE", kind="insee_commune")]
    profile = {"nom": spread(370), "type": spread(4), "code_com": spread(14, value="Saint")}
    naming, names = naming_of(columns, profile, ROWS), {"code_com": {"42218": "Saint-Étienne"}}
    assert row_name(naming, {"nom": "Gare", "type": "Abri", "code_com": "42218"}, names) == "Gare"
    assert row_name(naming, {"nom": None, "type": "Abri", "code_com": "42218"}, names) == "Abri · Saint-Étienne"
    assert row_name(naming, {"nom": "", "type": None, "code_com": None}, names) == ""
    assert label_of(columns[2], names) == "Commune"
    assert label_of(columns[2], {}) == "Code INSEE"


@pytest.mark.django_db
def test_codes_are_called_by_the_names_of_their_territories():
    for code, name, former in (("42218", "Saint-Étienne", []), ("91228", "Évry-Courcouronnes", ["91182"])):
        Territory.objects.create(kind="commune", code=code, name=name, folded=fold(name), former_codes=former)
    column = text("code_com", kind="insee_commune")
    assert place_names([(column, ["42218", "91182", "99999"])]) == {
        "code_com": {"42218": "Saint-Étienne", "91182": "Évry-Courcouronnes (91182)"}
    }


def test_the_column_that_names_rows_comes_before_what_tells_less_and_stays_in_sight():
    code, name = Column("id", "Id", ColumnType.TEXT), Column("nom", "Nom", ColumnType.TEXT)
    place = Column("lieu", "Lieu", ColumnType.TEXT)
    assert with_name_first([code, place, name], {}, 0) == ([name, code, place], True)
    assert with_name_first([place, code, name], {}, 0) == ([place, code, name], True)
    many, few = ColumnProfile(0, 40, top=[("a", 1), ("b", 1)]), ColumnProfile(0, 3, top=[("c", 20), ("d", 20)])
    profile = {"id": many, "nom": many, "lieu": few}
    assert with_name_first([place, code, name], profile, 40) == ([name, place, code], True)


def test_a_code_that_no_name_replaces_comes_after_what_rows_are_and_stays_in_no_sight():
    code, kind = Column("id", "Id", ColumnType.TEXT), Column("type", "Type", ColumnType.TEXT)
    varied = {"type": ColumnProfile(0, 2, top=[("Arceau", 20), ("Abri", 20)])}
    assert with_name_first([code, kind], {}, 0) == ([code, kind], False)
    assert with_name_first([code, kind], varied, 40) == ([kind, code], False)
