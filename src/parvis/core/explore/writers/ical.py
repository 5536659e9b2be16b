"""iCalendar: an event a row that has a start; the columns that say when, what and where are recognised by their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from parvis.core.columns import ColumnType
from parvis.core.explore.errors import NoDate
from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.rows import Answer
from parvis.core.odsql.bound import Output

_TIMED = (ColumnType.DATE, ColumnType.DATETIME)


@dataclass(frozen=True, slots=True)
class Role:
    """One property of an event, the names of columns that fill it, the best first, and whether it must be a date."""

    property: str
    names: tuple[str, ...]
    is_time: bool = False


ROLES = (
    Role(
        "dtstart",
        (
            "dtstart",
            "debut",
            "date_debut",
            "date_de_debut",
            "date_heure_debut",
            "start",
            "start_date",
            "firstdate_begin",
        ),
        is_time=True,
    ),
    Role(
        "dtend",
        ("dtend", "fin", "date_fin", "date_de_fin", "date_heure_fin", "end", "end_date", "lastdate_end"),
        is_time=True,
    ),
    Role("summary", ("summary", "titre", "title", "nom", "name", "libelle", "intitule", "evenement", "objet")),
    Role("description", ("description", "descriptif", "resume", "details", "texte")),
    Role("location", ("location", "lieu", "adresse", "address", "nom_lieu", "salle", "commune")),
    Role("url", ("url", "lien", "site", "site_web", "link")),
    Role("uid", ("uid", "identifiant", "id")),
)
"""What is recognised. Without a column named as a start, the first date of the selection is the start; without one named as
a title, the first text is the title."""


def roles_of(outputs: tuple[Output, ...]) -> dict[str, int]:
    """The place of the column that fills each property; NoDate when nothing can be the start."""
    keys = [output.key for output in outputs]
    ranks: dict[str, int] = {}
    for role in ROLES:
        for name in role.names:
            if name in keys and (not role.is_time or _is_timed(outputs[keys.index(name)])):
                ranks[role.property] = keys.index(name)
                break
    timed = [rank for rank, output in enumerate(outputs) if _is_timed(output)]
    if "dtstart" not in ranks:
        if not timed:
            raise NoDate(name="ical")
        ranks["dtstart"] = timed[0]
    texts = [r for r, o in enumerate(outputs) if o.column and o.column.type is ColumnType.TEXT]
    if "summary" not in ranks and texts:
        ranks["summary"] = texts[0]
    return ranks


def write_ical(answer: Answer) -> Iterator[bytes]:
    """The calendar's head at once, then the events; rows without a start are no events."""
    roles = roles_of(answer.outputs)
    return _written(answer, roles)


def _written(answer: Answer, roles: dict[str, int]) -> Iterator[bytes]:
    # Only this format needs the library.
    from icalendar import Calendar, Event  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", "-//Parvis//Parvis//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", answer.setting.name)
    head, end, tail = calendar.to_ical().partition(b"END:VCALENDAR")
    yield head
    stamp, number = datetime.now(UTC).replace(microsecond=0), 0
    for piece in answer.pieces():
        columns = {name: _values(piece, rank, answer) for name, rank in roles.items()}
        events = []
        for place in range(piece.num_rows):
            number += 1
            cells = {name: values[place] for name, values in columns.items()}
            if cells["dtstart"] is not None:
                events.append(_event(Event(), cells, f"{number}@{answer.setting.name}", stamp))
        yield b"".join(events)
    yield end + tail


def _values(piece: pa.RecordBatch, rank: int, answer: Answer) -> list[Any]:
    array, output = piece.column(rank), answer.outputs[rank]
    if pa.types.is_timestamp(array.type):
        return list(array.cast(pa.timestamp("us", "UTC")).to_pylist())
    if pa.types.is_date(array.type):
        return list(array.to_pylist())
    texts = list(csv_column(array, output, answer.rendering).to_pylist())
    # Dates that are the keys of groups come as text.
    return [_read(text) for text in texts] if _is_timed(output) else texts


def _read(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _event(event: Any, cells: dict[str, Any], uid: str, stamp: datetime) -> bytes:
    event.add("uid", cells.get("uid") or uid)
    event.add("dtstamp", stamp)
    start = cells["dtstart"]
    event.add("dtstart", _moment(start))
    end = _end(start, cells.get("dtend"))
    if end is not None:
        event.add("dtend", end)
    for name in ("summary", "description", "location", "url"):
        if cells.get(name):
            event.add(name, str(cells[name]).replace("\x00", "\ufffd"))
    return bytes(event.to_ical())


def _end(start: Any, end: Any) -> Any:
    """The end as the format wants it: of the start's kind, not before it, and the day after the last for whole days."""
    if end is None or isinstance(end, datetime) != isinstance(start, datetime) or end < start:
        return None
    return _moment(end) if isinstance(end, datetime) else end + timedelta(days=1)


def _moment(value: date | datetime) -> date | datetime:
    return value.replace(microsecond=0).astimezone(UTC) if isinstance(value, datetime) else value


def _is_timed(output: Output) -> bool:
    return output.column is not None and output.column.type in _TIMED
