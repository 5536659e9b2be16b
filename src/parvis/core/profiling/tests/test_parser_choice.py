"""What a person asks for wins, and means what it says."""

from __future__ import annotations

from parvis.core.columns import ColumnType
from parvis.core.profiling.parser_choice import first_of
from parvis.core.profiling.parser_counts import Measure


def test_text_asked_for_is_plain_text_never_a_list() -> None:
    assert first_of(ColumnType.TEXT, Measure()) == "text"
