"""What is refused of events and of the files that carry them."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, UnreadableFile
from parvis.core.translation import gettext_noop


class BadEvent(DataError):
    """An event that cannot be: an end before its start, a zone that does not exist, a field of another kind."""

    code: ClassVar[str] = "agenda-event"
    sentence: ClassVar[str] = gettext_noop("Cet évènement ne peut pas être lu : {reason}.")


class BadRecurrence(BadEvent):
    """A rule of repetition that no event of a territory follows, or that would take the machine to follow."""

    code: ClassVar[str] = "agenda-recurrence"
    sentence: ClassVar[str] = gettext_noop("La règle de répétition « {rule} » ne peut pas être suivie.")
    advice: ClassVar[str] = gettext_noop(
        "Choisissez une répétition par jour, semaine, mois ou année, ou écrivez les dates une par une."
    )


class UnreadableAgenda(UnreadableFile):
    """A file without any event that can be read in it."""

    code: ClassVar[str] = "agenda-unreadable"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne se lit pas comme un agenda.")
    advice: ClassVar[str] = gettext_noop(
        "Formats lus : iCalendar (.ics), JSON et CSV d’OpenAgenda, JSON-LD schema.org, tableau CSV."
    )
