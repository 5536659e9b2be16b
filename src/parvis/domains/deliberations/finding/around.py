"""Acts around an address: those whose place is near it, and those whose text names its street."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from parvis.core.text import fold
from parvis.domains.deliberations.finding.library import COMMUNE, LIBRARY, acts_online
from parvis.domains.deliberations.money.blocks import near
from parvis.hub.fulltext.rules import LibraryRequest
from parvis.hub.fulltext.selectors import search_library
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.selectors import territories
from parvis.hub.ui.formatting import number, with_unit
from parvis.hub.visitors.places import places_called

if TYPE_CHECKING:
    from parvis.domains.deliberations.models import Act
    from parvis.hub.accounts.rules import Actor

MOST_AROUND: Final = 5_000
"""Acts around one address that are looked among, the latest."""
METRES: Final = 111_320
"""Of a degree of latitude."""
_POINT: Final = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,9})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,9})?)\s*", re.ASCII)
_KINDS: Final = (
    "allee|avenue|boulevard|chemin|cite|clos|cours|cour|esplanade|faubourg|hameau|impasse|lotissement|mail|montee|parvis|passage|place"
    "|promenade|quai|residence|rond-point|route|rue|ruelle|sente|sentier|square|traverse|venelle|villa|voie"
)
_STREET: Final = re.compile(rf"\b(?:{_KINDS})\b\s+\S.*")
_TOWN_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Around:
    """An address: where it is when that is known, how far from it to look, its street and its commune as far as they are told."""

    title: str
    metres: int
    latitude: float | None = None
    longitude: float | None = None
    street: str = ""
    commune: str = ""
    """Its code."""
    commune_name: str = ""

    def metres_to(self, act: Act) -> int | None:
        """From it to the place of an act, on a map that is flat so far; None when either is not known."""
        if None in (self.latitude, self.longitude, act.latitude, act.longitude):
            return None
        north = act.latitude - self.latitude
        east = (act.longitude - self.longitude) * cos(radians(self.latitude or 0))
        return round(hypot(north, east) * METRES)

    def reason(self, act: Act) -> str:
        """Why an act is among those around it."""
        metres = self.metres_to(act)
        if metres is not None and metres <= self.metres:
            return _("à %(far)s de l’adresse") % {"far": with_unit(number(metres), "m")}
        return _("nomme « %(street)s »") % {"street": self.street} if self.street else ""


def around_called(actor: Actor, text: str, metres: int) -> Around | None:
    """The address that somebody typed, or a latitude and a longitude; None when nothing of it is known."""
    if point := _POINT.fullmatch(text):
        latitude, longitude = float(point[1]), float(point[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            return None
        return Around(f"{latitude:g}, {longitude:g}", metres, latitude, longitude)
    around = _with_town(Around(" ".join(text.split()), metres))
    places = places_called(actor, text)
    place: Any = next((row for row in places if _is_meant(around, row["title"])), None)
    if place is not None:
        around = replace(around, latitude=place["latitude"], longitude=place["longitude"], title=place["title"])
    return around if around.street or place is not None else None


def _is_meant(around: Around, title: str) -> bool:
    """Whether a place is the address: not the commune of a street that no reference knows."""
    return not around.street or bool(_STREET.search(fold(title)))


def _with_town(around: Around) -> Around:
    """With its street and its commune, as they are told by its words; the commune of the site when none is named."""
    words = re.sub(r",|\b\d{5}\b", " ", around.title).split()
    folded = fold(" ".join(words))
    endings = [" ".join(folded.split()[-count:]) for count in range(1, _TOWN_WORDS + 1)]
    towns = territories("commune").filter(folded__in=endings).order_by("-population")
    town = max(towns, key=lambda row: len(row.folded), default=None)
    lens = current_lens()
    if town is None and lens is not None:
        around = replace(around, commune=lens.code, commune_name=lens.name)
    elif town is not None:
        around = replace(around, commune=town.code, commune_name=town.name)
        folded = folded.removesuffix(town.folded).strip()
    street = _STREET.search(folded)
    if street is None:
        return around
    # The words as they were typed, which are as many as their folded forms.
    start = len(folded[: street.start()].split())
    count = len(street[0].split())
    return replace(around, street=" ".join(words[start : start + count]))


def keys_around(actor: Actor, around: Around) -> set[int]:
    """The acts near it, and those whose text names its street: in acts of its commune, or with the name of the commune."""
    keys: set[int] = set()
    if around.latitude is not None and around.longitude is not None:
        acts = near(acts_online(), around.latitude, around.longitude, around.metres / 1_000)
        keys |= set(acts.order_by("-date", "-id").values_list("pk", flat=True)[:MOST_AROUND])
    if not around.street:
        return keys
    phrase = f'"{around.street}"'
    if not around.commune:
        return keys | _found(actor, LibraryRequest(phrase, page_size=MOST_AROUND))
    of_commune = LibraryRequest(phrase, {COMMUNE: (around.commune,)}, page_size=MOST_AROUND)
    elsewhere = LibraryRequest(f'{phrase} "{around.commune_name}"', page_size=MOST_AROUND)
    return keys | _found(actor, of_commune) | _found(actor, elsewhere)


def _found(actor: Actor, request: LibraryRequest) -> set[int]:
    return set(search_library(actor, LIBRARY, request).keys)
