"""The names a query may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parvis.core.columns import Column, TableShape
from parvis.core.odsql.bound import Bound
from parvis.core.odsql.errors import NotAllowedHere, UnknownField, excerpt, suggestion


@dataclass(frozen=True, slots=True)
class Names:
    """Columns by name, with other spellings (``aliases``), names that may not be asked (``forbidden``), and what is known of
    a row besides its columns (``made``): asked by its name where no column has it, and no part of ``*``."""

    shape: TableShape
    aliases: Mapping[str, str] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    made: Mapping[str, Bound] = field(default_factory=dict)

    def besides(self, name: str) -> Bound | None:
        """What ``made`` holds under a name that no column has."""
        return None if self.shape.get(self.aliases.get(name, name)) is not None else self.made.get(name)

    def column(self, name: str, clause: str) -> Column:
        """The column of that name; UnknownField, naming the nearest, when there is none."""
        if name in self.forbidden:
            raise NotAllowedHere(name=name, clause=clause)
        column = self.shape.get(self.aliases.get(name, name))
        if column is None:
            raise UnknownField(name=excerpt(name, 0), clause=clause, **suggestion(name, self.shape.names))
        return column
