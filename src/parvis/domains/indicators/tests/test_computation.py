"""Figures of communes that were joined since: one place of today, its former codes added up, or told apart when nothing adds up."""

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.indicators.definition import Definition
from parvis.domains.indicators.computation import figures, names_of_territories
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

COLUMNS = (Column("code", "Code", ColumnType.TEXT), Column("gens", "Gens", ColumnType.INT))
ROWS = [("91228", 53_871), ("91182", 13_344), ("91286", 28_424)]
BODY = {"slug": "gens", "title": "Gens", "question": "Combien ?", "method": "On compte.", "level": "commune"}


def by_place(select):
    definition = Definition.from_dict(
        {**BODY, "parts": {"gens": {"dataset": "gens", "select": select, "territory": "code"}}}
    )
    dataset = make_dataset(dataset_id="gens")
    make_folder(versions_folder(dataset.uid) / dataset.current.name, COLUMNS, ROWS)
    names = names_of_territories(definition)
    computed = figures(definition, {"gens": dataset.current.name}, {})
    return {names[one.key[0]]: one.value for one in computed if one.key[0]}


@pytest.fixture
def communes(home):
    Territory.objects.create(kind="commune", code="91228", name="Évry-Courcouronnes", former_codes=["91182"])
    Territory.objects.create(kind="commune", code="91286", name="Grigny")


@pytest.mark.parametrize(
    ("select", "joined"),
    [
        ("sum(gens)", {"Évry-Courcouronnes": 67_215, "Grigny": 28_424}),
        ("count(*)", {"Évry-Courcouronnes": 2, "Grigny": 1}),
        ("avg(gens)", {"Évry-Courcouronnes": 53_871, "Évry-Courcouronnes (91182)": 13_344, "Grigny": 28_424}),
    ],
)
def test_sums_and_counts_of_former_codes_are_added_and_means_stay_apart(communes, select, joined):
    assert by_place(select) == joined


def test_a_commune_that_parted_again_is_itself(communes):
    Territory.objects.create(kind="commune", code="91182", name="Courcouronnes")
    assert by_place("sum(gens)") == {"Évry-Courcouronnes": 53_871, "Courcouronnes": 13_344, "Grigny": 28_424}
