"""What a person may impose on the reader instead of letting it find out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


def is_pattern(text: str) -> bool:
    """Whether the name of a member or of a sheet stands for several."""
    return "*" in text or "?" in text


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Choices for one reading; None lets the reader find out.

    ``header_line`` is the physical line of the header, from 1; 0 says there is none. ``delimiter`` may be empty: one column.
    ``member`` is a path inside an archive, ``json_path`` the dotted keys that lead to the list of records. ``multiline`` says
    whether quoted cells may go over several lines: True takes them as they are, False makes a row of each line.
    ``keep_total`` keeps a last line of totals among the rows. ``header_groups`` is ``join`` or ``drop``: whether what is written
    above several columns begins their names.

    ``member`` and ``sheet`` may be patterns (``*``, ``2024-*.csv``): all that they meet is then one table, columns matched by name.
    ``file_column`` says whether a column tells of which file, or sheet, each row is; it does unless it is False.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    sheet: str | None = None
    member: str | None = None
    json_path: str | None = None
    multiline: bool | None = None
    keep_total: bool | None = None
    header_groups: str | None = None
    file_column: bool | None = None

    def parts_pattern(self) -> str | None:
        """The pattern that ``member`` or ``sheet`` is, when one of them is."""
        return next((text for text in (self.member, self.sheet) if text and is_pattern(text)), None)

    def to_dict(self) -> dict[str, Any]:
        """The choices made, ready for JSON; what is left to the reader is absent."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, choices: Mapping[str, Any]) -> ReadOptions:
        """The options that ``to_dict`` described; unknown keys raise TypeError."""
        return cls(**choices)
