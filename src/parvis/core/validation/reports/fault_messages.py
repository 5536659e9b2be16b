"""Faults in words, each distinct one worked out once: large files repeat themselves."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.schemas.model import TableSchema
from parvis.core.validation.messages import Explanation, explain
from parvis.core.validation.model import Fault

_KEPT = 20_000
_OF_ONE_CELL = ("type", "constraint")
"""Rules whose sentences depend on the value alone."""


class FaultExplainer:
    """Explains the faults of one report in one language."""

    def __init__(self, schema: TableSchema, language: str, columns: Sequence[str]) -> None:
        self._schema, self._language, self._columns = schema, language, columns
        self._known: dict[tuple[str, str | None, str | None], Explanation] = {}

    def tell(self, fault: Fault) -> Explanation:
        """The fault in words."""
        if (
            fault.rule.partition(":")[0] not in _OF_ONE_CELL
            or fault.details.get("item")
            or len(fault.value or "") > 200
        ):
            return self._explain(fault)
        place = (fault.rule, fault.column, fault.value)
        if place not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[place] = self._explain(fault)
        return self._known[place]

    def _explain(self, fault: Fault) -> Explanation:
        return explain(fault, self._schema, self._language, columns=self._columns)
