"""Identifiers are recognised by header and by values, and never become numbers."""

from __future__ import annotations

import pytest

from parvis.core.profiling.kinds import KINDS, Kind, names_a_code, recognise, rounded_share, wrong_values


@pytest.mark.parametrize(("kind", "value"), [pytest.param(k, v, id=f"{k.name}-{v}") for k in KINDS for v in k.good])
def test_a_good_value_has_the_shape(kind: Kind, value: str) -> None:
    assert kind.shape(value)


@pytest.mark.parametrize(("kind", "value"), [pytest.param(k, v, id=f"{k.name}-{v}") for k in KINDS for v in k.bad])
def test_a_bad_value_is_not_exact_and_without_rule_has_not_the_shape(kind: Kind, value: str) -> None:
    assert not kind.exact(value)
    assert wrong_values(kind, [value]) == [value] or not kind.shape(value)


@pytest.mark.parametrize(
    ("slug", "values", "name"),
    [
        ("siret", ["21560046100010"], "siret"),
        ("idbeneficiaire_siret", ["21560046100010"], "siret"),
        ("code_insee", ["91228", "1001"], "insee_commune"),
        ("codgeo", ["2A004"], "insee_commune"),
        ("code_postal", ["91000"], "postcode"),
        ("dep", ["1", "2A"], "department"),
        ("code_du_departement", ["29"], "department"),
        ("siren_epci", ["200059228"], "epci"),
        ("code_du_bureau_de_vote", ["1", "12"], "polling_station"),
        ("tel", ["01 60 91 00 00"], "phone"),
        ("colonne_3", ["21560046100010", "21910228600011", "20005922800017", "35600000000048", "26910013500018"], None),
        ("annee", ["2019", "2020"], "year"),
        ("region", ["Bretagne"], None),
        ("commune", ["Évry"], None),
        ("valeur", ["12", "13", "14", "15", "16"], None),
    ],
)
def test_a_column_is_recognised(slug: str, values: list[str], name: str | None) -> None:
    kind = recognise(slug, values)
    if slug == "colonne_3":
        assert kind is None or kind.name == "siret"
    else:
        assert (kind.name if kind else None) == name


def test_a_siret_without_header_is_recognised_by_its_check_digit() -> None:
    values = ["21560046100010", "35600000000048", "356 000 000 49837", "73282932000074", "55208131766522"]
    kind = recognise("beneficiaire", values)
    assert kind is not None
    assert kind.name == "siret"


@pytest.mark.parametrize(
    ("slug", "answer"), [("code_nature", True), ("nature_code", True), ("nb_places", False), ("decode", False)]
)
def test_a_header_that_names_a_code(slug: str, answer: bool) -> None:
    assert names_a_code(slug) is answer


def test_a_siret_rounded_by_a_spreadsheet_is_noticed() -> None:
    assert rounded_share(["21860194600000.0", "2,18E+13", "21560046100010"]) == pytest.approx(2 / 3)
