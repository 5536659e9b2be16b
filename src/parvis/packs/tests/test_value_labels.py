"""The coded values that are well known, as they ship."""

from __future__ import annotations

from parvis.core.columns import Column, ColumnType
from parvis.core.value_labels import bounded, known_labels
from parvis.packs.value_labels import families


def test_every_label_that_is_proposed_may_be_kept():
    for family in families():
        proposed = {value: label for value, label in family.values.items() if value != label}
        assert proposed.items() <= bounded(family.values).items()


def test_tags_of_openstreetmap_are_proposed_in_french():
    amenity = Column("amenity", "Équipement", ColumnType.TEXT)
    assert known_labels(amenity, ["townhall", "school", "toilets"], families()) == {
        "townhall": "mairie",
        "school": "école",
        "toilets": "toilettes",
    }
    assert known_labels(amenity, ["yes", "no"], families()) == {"yes": "oui", "no": "non"}
    access = Column("access", "Accès", ColumnType.TEXT)
    assert known_labels(access, ["yes", "private", "customers"], families())["yes"] == "ouvert à tous"
