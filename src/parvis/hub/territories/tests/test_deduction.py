"""The smallest territory that holds codes."""

from __future__ import annotations

import pytest

from parvis.hub.territories.deduction import (
    territory_of_communes,
    territory_of_departments,
    territory_of_names,
    territory_of_postcodes,
)
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def territories():
    """Two intercommunalities of two departments, in one region."""
    rows = [
        ("region", "11", {}),
        ("departement", "91", {"region": "11"}),
        ("departement", "77", {"region": "11"}),
        ("departement", "01", {"region": "84"}),
        ("epci", "200059228", {}),
        *[
            ("commune", f"9100{rank}", {"epci": "200059228", "department": "91", "region": "11"})
            for rank in range(1, 6)
        ],
        ("commune", "77001", {"epci": "200059228", "department": "77", "region": "11"}),
        ("commune", "91100", {"epci": "999", "department": "91", "region": "11"}),
        ("commune", "77100", {"department": "77", "region": "11"}),
        ("commune", "01004", {"department": "01", "region": "84"}),
    ]
    for kind, code, facts in rows:
        Territory.objects.create(kind=kind, code=code, name=code, folded=code, **facts)


@pytest.mark.parametrize(
    ("codes", "territory"),
    [
        (["91001"], "commune:91001"),
        (["1004"], "commune:01004"),  # a spreadsheet lost its zero
        (["91001", "91002", "77001"], "epci:200059228"),  # of two departments
        (["91001", "91100"], "departement:91"),
        (["91001", "91100", "77100"], "region:11"),
        (["91001", "77100", "01004"], None),
        (["91001", "99999", "88888", "77777"], None),  # these are no communes
        ([], None),
    ],
)
def test_communes_are_held_by_the_smallest_territory(codes, territory):
    deduced = territory_of_communes(codes)
    assert (deduced and f"{deduced.kind}:{deduced.code}") == territory


def test_one_row_elsewhere_does_not_make_a_file_regional():
    codes = [f"9100{rank}" for rank in range(1, 6)]
    for rank in range(6, 10):
        Territory.objects.create(
            kind="commune", code=f"9100{rank}", name="x", folded="x", epci="200059228", region="11"
        )
    assert territory_of_communes([*codes, "91006", "91007", "91008", "91009", "77100"]).code == "200059228"


@pytest.mark.parametrize(("codes", "code"), [(["91"], "91"), (["91", "77"], "11"), (["91", "1"], None)])
def test_departments_are_held_by_their_region(codes, code):
    deduced = territory_of_departments(codes)
    assert (deduced and deduced.code) == code


@pytest.fixture
def postcodes():
    """Postcodes of one commune, of two of an intercommunality, and of communes of two of them."""
    rows = {
        "91001": ["91000", "91080"],
        "91002": ["91250"],
        "91003": ["91250"],
        "91004": ["91300"],
        "91100": ["91300"],
        "77100": ["77000"],
    }
    for code, values in rows.items():
        Territory.objects.filter(code=code).update(postcodes=values)


@pytest.mark.parametrize(
    ("codes", "territory"),
    [
        (["91000", "91080"], "commune:91001"),
        (["91250"], "epci:200059228"),
        (["91000", "91250"], "epci:200059228"),
        (["91300"], "departement:91"),  # of communes of two intercommunalities
        (["91000", "77000"], "region:11"),
        (["91025", "91035"], "departement:91"),  # CEDEX
        (["91000", "31000", "1000"], None),
        ([], None),
    ],
)
def test_postcodes_are_held_by_the_smallest_territory(postcodes, codes, territory):
    deduced = territory_of_postcodes(codes)
    assert (deduced and f"{deduced.kind}:{deduced.code}") == territory


@pytest.mark.parametrize(
    ("names", "departments", "territory"),
    [
        (["ST PIERRE DU PERRAY", "Le Coudray-Montceaux"], (), "epci:200059228"),
        (["LE COUDRAY MONTCEAUX"], (), "commune:91002"),
        (["Saint-Denis"], (), None),  # there are two
        (["Saint-Denis"], ("91",), "commune:91100"),
        (["Saint-Denis", "L’Haÿ"], (), "departement:91"),  # the one beside the other
        (["Saint-Denis", "Gare", "Agora"], (), None),
    ],
)
def test_names_of_communes_are_held_by_the_smallest_territory(names, departments, territory):
    rows = {
        "91001": "saint-pierre-du-perray",
        "91002": "le coudray-montceaux",
        "91003": "l'hay",
        "91100": "saint-denis",
        "01004": "saint-denis",
    }
    for code, folded in rows.items():
        Territory.objects.filter(code=code).update(folded=folded)
    deduced = territory_of_names(names, departments)
    assert (deduced and f"{deduced.kind}:{deduced.code}") == territory
