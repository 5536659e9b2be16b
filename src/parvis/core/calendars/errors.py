"""What is refused of events and of the files that carry them."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, UnreadableFile


class BadEvent(DataError):
    """An event that cannot be: an end before its start, a zone that does not exist, a field of another kind."""

    code: ClassVar[str] = "agenda-event"
    fr: ClassVar[str] = "Cet évènement ne peut pas être lu : {reason}."
    en: ClassVar[str] = "This event cannot be read: {reason_en}."


class BadRecurrence(BadEvent):
    """A rule of repetition that no event of a territory follows, or that would take the machine to follow."""

    code: ClassVar[str] = "agenda-recurrence"
    fr: ClassVar[str] = "La règle de répétition « {rule} » ne peut pas être suivie."
    en: ClassVar[str] = "The recurrence rule “{rule}” cannot be followed."
    hint_fr: ClassVar[str] = (
        "Choisissez une répétition par jour, semaine, mois ou année, ou écrivez les dates une par une."
    )
    hint_en: ClassVar[str] = "Choose a repetition by day, week, month or year, or write the dates one by one."


class UnreadableAgenda(UnreadableFile):
    """A file without any event that can be read in it."""

    code: ClassVar[str] = "agenda-unreadable"
    fr: ClassVar[str] = "« {file} » ne se lit pas comme un agenda."
    en: ClassVar[str] = "“{file}” cannot be read as an agenda."
    hint_fr: ClassVar[str] = (
        "Formats lus : iCalendar (.ics), JSON et CSV d’OpenAgenda, JSON-LD schema.org, tableau CSV."
    )
    hint_en: ClassVar[str] = (
        "Formats that are read: iCalendar (.ics), OpenAgenda’s JSON and CSV, schema.org JSON-LD, CSV tables."
    )
