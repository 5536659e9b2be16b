"""Whatever an instance has leaves with ``parvis export-all``, or its room says why it stays."""

from __future__ import annotations

import re

from django.apps import apps
from django.db.models import BinaryField

from parvis.hub.departure.tables import carried_tables, left_tables, model_of

SECRET = re.compile(r"secret(?!ary)|password|token|api_?key|private")
KEYS = {
    # Names of rows, not what opens a door: the columns that tell rows apart.
    "rowlog.RowStream.key",
    "harvesting.ItemKey.key",
    "contributions.Opening.key",
    "contributions.Proposal.key",
    "contributions.Correction.key",
}


def test_every_table_leaves_or_says_why_it_stays():
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    carried, left = [table.model for table in carried_tables()], left_tables()
    assert len(carried) == len(set(carried))
    assert set(carried) & set(left) == set()
    assert set(carried) | set(left) == every
    assert all(left.values())


def test_every_room_with_tables_speaks_for_them():
    rooms = {
        row.label: row.name
        for row in apps.get_app_configs()
        if row.name.startswith("parvis.") and list(row.get_models())
    }
    spoken = {name.partition(".")[0] for name in [*left_tables(), *(table.model for table in carried_tables())]}
    assert set(rooms) <= spoken


def test_two_tables_never_have_one_place():
    names = [table.name.casefold() for table in carried_tables()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)?", name) for name in names)


def test_what_a_room_says_of_columns_is_of_columns_that_there_are():
    for table in carried_tables():
        names = {field.name for field in model_of(table)._meta.concrete_fields}
        columns = {*table.without, *table.persons, *table.addresses, *table.public_columns}
        assert columns <= names, table.model
        assert table.public is None or table.public_columns, table.model
        assert not set(table.public_columns) & {*table.without, *table.persons}, table.model


def test_no_secret_leaves():
    shown = {
        f"{table.model}.{field.name}"
        for table in carried_tables()
        for field in model_of(table)._meta.concrete_fields
        if field.name not in table.without and not isinstance(field, BinaryField)
    }
    opening = {name for name in shown if SECRET.search(name.rpartition(".")[2]) or name.endswith(".key")}
    assert opening == KEYS
