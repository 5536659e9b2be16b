"""What the drawing of a territory by its parts is called, and what its shades say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.hub.territories.selectors import Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from parvis.hub.territories.drawing import Paving
    from parvis.hub.territories.models import Territory


@dataclass(frozen=True, slots=True)
class MapWords:
    """What a drawing of a territory by its parts is called, and what its shades say."""

    label: str
    caption: str


_MAP_WORDS: Mapping[str, tuple[StrPromise, StrPromise, StrPromise]] = {
    Kind.COMMUNE: (
        gettext_lazy("Carte des communes"),
        gettext_lazy("Nombre d’habitants par commune"),
        gettext_lazy("Nombre de jeux de données par commune"),
    ),
    Kind.EPCI: (
        gettext_lazy("Carte des intercommunalités"),
        gettext_lazy("Nombre d’habitants par intercommunalité"),
        gettext_lazy("Nombre de jeux de données par intercommunalité"),
    ),
    Kind.DEPARTMENT: (
        gettext_lazy("Carte des départements"),
        gettext_lazy("Nombre d’habitants par département"),
        gettext_lazy("Nombre de jeux de données par département"),
    ),
    Kind.REGION: (
        gettext_lazy("Carte des régions"),
        gettext_lazy("Nombre d’habitants par région"),
        gettext_lazy("Nombre de jeux de données par région"),
    ),
}


def map_words(paving: Paving | None, figure: str) -> MapWords:
    """The words of a drawing by the kind of its parts, shaded by ``population`` or ``jeux``."""
    label, people, datasets = _MAP_WORDS[paving.kind if paving else Kind.COMMUNE]
    return MapWords(str(label), str(datasets if figure == "jeux" else people))


def words_amid(commune: Territory, paving: Paving | None) -> MapWords:
    """The words of a drawing of a commune amid its neighbours; an island has none."""
    if paving is None or all(stone.name == commune.name for stone in paving.stones):
        return MapWords(commune.name, commune.name)
    words = _("%(name)s et ses communes voisines") % {"name": commune.name}
    return MapWords(words, words)
