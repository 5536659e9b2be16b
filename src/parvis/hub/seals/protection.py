"""The database's own refusal to change or remove rows of a table, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

TABLES = ("seals_sealentry", "seals_sealedfile", "seals_dailyroot")
"""Tables to which rows are only added."""
_ACTS = ("UPDATE", "DELETE")


def trigger_names(table: str) -> list[str]:
    """The triggers of a table, in the order of what they refuse."""
    return [f"{table}_no_{act.lower()}" for act in _ACTS]


def statements(vendor: str, table: str) -> Iterator[str]:
    """SQL that has the database refuse changes of ``table``. On SQLite, a migration that makes the table again must run it again."""
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION seals_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'seals: rows of % are only added', TG_TABLE_NAME; END $$"
        )
    for act, name in zip(_ACTS, trigger_names(table), strict=True):
        if vendor == "postgresql":
            yield f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION seals_refuse()"
        else:
            yield (
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'seals: rows of {table} are only added'); END"
            )


def reversal(vendor: str, table: str) -> Iterator[str]:
    """SQL that takes it away."""
    for name in trigger_names(table):
        yield f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if vendor == "postgresql" else "")
