"""A new instance starts from a database that was migrated when Parvis was built."""

from __future__ import annotations

import sqlite3

import pytest
from django.db.migrations.loader import MigrationLoader

from parvis.config.cli import prepared


@pytest.fixture
def database(tmp_path):
    target = tmp_path / "parvis.sqlite3"
    assert prepared.put_empty_database(target), "make setup builds it"
    return target


def test_nothing_is_left_to_migrate_and_the_first_rows_are_there(database):
    with sqlite3.connect(database) as connection:
        applied = set(connection.execute("SELECT app, name FROM django_migrations"))
        roots = connection.execute("SELECT count(*) FROM wagtailcore_site WHERE is_default_site").fetchone()
        people = connection.execute("SELECT count(*) FROM accounts_person").fetchone()
    connection.close()
    assert set(MigrationLoader(None).disk_migrations) <= applied
    assert (roots, people) == ((1,), (0,))


def test_what_is_there_is_never_replaced(database):
    database.write_bytes(b"mine")
    assert not prepared.put_empty_database(database)
    assert database.read_bytes() == b"mine"
    assert [path.name for path in database.parent.iterdir()] == [database.name]


def test_another_release_has_another_and_without_one_the_migrations_do_it(tmp_path, monkeypatch):
    monkeypatch.setattr(prepared, "__version__", "99.0")
    assert not prepared.prepared_database().exists()
    assert not prepared.put_empty_database(tmp_path / "parvis.sqlite3")
    assert list(tmp_path.iterdir()) == []
