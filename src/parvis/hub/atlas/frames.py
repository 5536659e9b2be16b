"""The frame of a map on a page: title, sentence, picture, what the browser needs, lists, sources, what can be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from parvis.core.atlas.description import MapDescription
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas.answers import Answered, LayerAnswer, answer
from parvis.hub.atlas.browser import spec_of
from parvis.hub.atlas.layer_tables import Listing, listings
from parvis.hub.atlas.models import Map
from parvis.hub.atlas.pictures import NARROW, WIDE
from parvis.hub.atlas.places import Place, centre_of, find_places
from parvis.hub.atlas.presentation import sentence
from parvis.hub.drawings.frames import Addresses, Credit, Frame, citation_of, credit_of, pictures_of
from parvis.hub.drawings.places import reference_of
from parvis.hub.drawings.trails import origin_of
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.trail import Trail

DOOR = "/cartes/-/"
"""Where the pictures and layers of a map that was not saved are: its description is in the address."""


@dataclass(frozen=True, slots=True)
class LegendBlock:
    """The legend of a layer as the page shows it."""

    rank: int
    label: str
    title: str
    steps: tuple[tuple[str, str, str, int], ...]
    """Words, light colour, dark colour, mark."""
    is_hidden: bool
    trail: Trail | None
    """Where the values of its steps come from."""
    geometry: str = "point"
    """What its steps are drawn as: ``point``, ``line`` or ``area``."""

    @property
    def is_one(self) -> bool:
        """Whether it has one step, that says the layer's own name."""
        return len(self.steps) == 1 and self.steps[0][0] == self.label


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the slider."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MapFrame(Frame):
    """What the template of a map shows."""

    embed_height: ClassVar[int] = 720

    legends: list[LegendBlock] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    shows_all: bool = True
    listings: list[Listing] = field(default_factory=list)
    origins: list[tuple[str, Trail]] = field(default_factory=list)
    """The label of each layer, and where its values come from."""
    spec: dict[str, Any] = field(default_factory=dict)
    """What the browser draws."""
    searched: str = ""
    found: list[tuple[Place, str]] = field(default_factory=list)
    """Places that answer to what was searched, each with the address that chooses it."""
    centre_text: str = ""
    """The place that was chosen."""
    kept: list[tuple[str, str]] = field(default_factory=list)
    """Fields of the page's address that the forms of the frame carry on."""
    geojson: list[tuple[str, str]] = field(default_factory=list)
    """Label and address of each layer."""

    @property
    def spec_id(self) -> str:
        """The id of the element that holds ``spec``."""
        return f"{self.id}-reglages"


def frame_of(
    actor: Actor,
    description: MapDescription,
    *,
    request: HttpRequest | None = None,
    map: Map | None = None,
    embed: str = "",
    level: int = 2,
    name: str = "carte",
) -> MapFrame:
    """The frame of a description for a reader; never raises an error of the house: the frame says it.

    ``map`` gives the permanent addresses of a saved one. ``request`` tells the moment (``periode``), the place (``centre``,
    ``lieu``) and whose budget is used. A dataset the reader may not read gives an empty frame, that tells nothing of it.
    """
    query = request.GET if request is not None else QueryDict()
    try:
        territory = face_of(request).territory if request is not None else None
        moment = query.get("periode", "")
        answered = answer(actor, description, get_language() or "fr", moment=moment, territory=territory)
        return framed(actor, answered, request=request, map=map, embed=embed, level=level, name=name)
    except ParvisError as error:
        title = description.title if error.code.startswith("map") else ""
        return MapFrame.refused(name, error, title=title, level=level)


def framed(
    actor: Actor,
    answered: Answered,
    *,
    request: HttpRequest | None = None,
    map: Map | None = None,
    embed: str = "",
    level: int = 2,
    name: str = "carte",
) -> MapFrame:
    """The frame of a map that was answered."""
    query = request.GET if request is not None else QueryDict()
    description, moment = answered.description, answered.moment
    addresses = Addresses(DOOR, description, answered.key, map, {"periode": moment} if moment else {})
    searched, centre = query.get("lieu", "").strip()[:120], centre_of(query.get("centre", ""))
    matches = find_places(actor, answered, searched) if searched and centre is None else []
    taken = addresses.taken(embed)
    pairs = [(one, origin_of(one.asked)) for one in answered.layers]
    geojson = [(one.layer.label, addresses.of(f"couche-{one.rank + 1}.geojson")) for one in answered.layers]
    return MapFrame(
        name,
        title=description.title,
        subtitle=description.subtitle,
        sentence=sentence(answered),
        pictures=pictures_of(addresses.of, {size.name: (size.width, size.height) for size in (WIDE, NARROW)}, request),
        legends=[_legend(one, origin) for one, origin in pairs],
        moments=[Moment(value, text, value == answered.moment) for value, text in answered.moments],
        shows_all=answered.shows_all,
        listings=listings(actor, answered, centre),
        credits=_credits(answered.layers),
        origins=[(one.layer.label, origin) for one, origin in pairs if origin is not None],
        reference=reference_of(
            (one.layer.per for one in answered.layers), contours=any(one.is_shaded for one in answered.layers)
        ),
        spec=spec_of(answered, addresses.of, name=name, centre=centre, beside=query.get("lieu", "")[:120]),
        searched=searched,
        found=[(one, _choosing(query, one)) for one in matches],
        centre_text=(searched or query.get("centre", "")) if centre else "",
        kept=[(key, value) for key, values in query.lists() for value in values if key not in _OWN],
        geojson=geojson,
        citation=citation_of(description.title, [one.asked for one in answered.layers], taken["page"]),
        level=level,
        **taken,
    )


_OWN = ("lieu", "centre", "periode")
"""What the forms of a frame ask by themselves."""


def _choosing(query: QueryDict, place: Place) -> str:
    """The address that chooses a place."""
    chosen = query.copy()
    chosen["lieu"], chosen["centre"] = place.text, place.centre
    return f"?{chosen.urlencode()}"


def _legend(layer_answer: LayerAnswer, origin: Trail | None) -> LegendBlock:
    layer, legend = layer_answer.layer, layer_answer.legend
    is_missing = bool(layer.colour) and any(row.get(layer.colour) in (None, "") for row in layer_answer.rows)
    whole = [*legend.steps, *([legend.missing] if is_missing else [])]
    steps = tuple((step.text, step.light, step.dark, step.mark) for step in whole)
    title = "" if layer_answer.is_shaded and layer_answer.is_named else legend.title
    geometry = "area" if layer_answer.is_shaded else layer.drawn.geometry
    return LegendBlock(layer_answer.rank, layer.label, title, steps, layer.hidden, origin, geometry)


def _credits(layers: Sequence[LayerAnswer]) -> list[Credit]:
    credits: dict[str, Credit] = {}
    for layer_answer in layers:
        credits.setdefault(layer_answer.asked.dataset.dataset_id, credit_of(layer_answer.asked, with_csv=False))
    return list(credits.values())
