"""What a room says of its tables when the whole instance leaves as open files (``parvis export-all``): pure.

Each table is either a ``Carried`` of its room's module or among its ``left``, with the reason: a test holds every room to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parvis.core.translation import gettext_noop

if TYPE_CHECKING:
    from django.db.models import QuerySet

NEVER = gettext_noop("secret, ou protège un accès : ne sort jamais")
OF_THE_MACHINE = gettext_noop("travail en cours, marques et réserves de ce serveur, qui se refont d’elles-mêmes")
MADE_AGAIN = gettext_noop("se refait à partir de ce qui est exporté")
TOLD_ELSEWHERE = gettext_noop("dit ailleurs dans l’export")
"""Why tables stay, in the words of the report of an export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A table whose rows leave as CSV and JSON.

    Columns that lead to people leave with ``--with-people`` alone, without being named; files go with the rows that name them.
    """

    model: str
    """``app_label.Model``."""
    name: str
    """The path of its files in the export, without ending: ``discussions/messages``."""
    without: tuple[str, ...] = ()
    """Columns that never leave: secrets, and what only this server understands."""
    persons: tuple[str, ...] = ()
    """Columns that tell who people are."""
    addresses: tuple[str, ...] = ()
    """Columns of addresses that may hold a key: they leave without what follows « ? » and without who signs in there."""
    is_of_people: bool = False
    """Whether the whole table tells who people are."""
    unless_people: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    """Rows that name nobody, where some do: the others leave with ``--with-people`` alone."""
    dataset: str = ""
    """The way from a row to its dataset (``thread__dataset``): the rows of each are in its folder too."""
    public: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    """Rows that anybody may see, of public datasets where ``dataset`` is told; without it none is in a public export."""
    public_columns: tuple[str, ...] = ()
    """Those of them that anybody may see."""
