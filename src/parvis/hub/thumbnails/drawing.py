"""Thumbnails drawn: the map of what has places, else the chart that suits the columns best."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from parvis.core.atlas.completion import is_code
from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.atlas.png import png_of
from parvis.core.charts import thumbnails
from parvis.core.charts.drawing import NARROW
from parvis.core.charts.errors import DrawingFailed
from parvis.core.charts.suggestions import columns_by_part, suggest
from parvis.core.charts.themes import THEMES
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.atlas import answers as maps
from parvis.hub.atlas.maker import kind_of_source
from parvis.hub.atlas.pictures import small_picture
from parvis.hub.charts import answers as charts
from parvis.hub.charts.pictures import picture, size_of
from parvis.hub.datastore.selectors import described_source
from parvis.hub.drawings.questions import table_of
from parvis.hub.maps.selectors import telling_columns
from parvis.hub.thumbnails.rules import LIGHT, MOST_BYTES, MOST_SVG, QUALITIES, About, Drawn, key_of_chart
from parvis.hub.uploads.services import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parvis.core.charts.description import ChartDescription
    from parvis.core.charts.questions import Table
    from parvis.core.engine import Source
    from parvis.hub.catalogue.models import Dataset

LEAST_SHADES = 5
"""Territories under which a shaded map is a few large flat areas, less telling than a chart."""
LEAST_STEPS = 2
"""Classes under which a shaded map tells nothing."""
ONE_PLACE = 0.0005
"""Degrees, some fifty metres: the places of one street corner."""
LEAST_POINTS = 4
"""Bars or moments under which a chart has no shape."""


def of_dataset(dataset: Dataset) -> Drawn | None:
    """The thumbnail of a dataset's current version, whole; None when nothing of it can be drawn."""
    source = None if dataset.current.is_federated else described_source(dataset, dataset.current)
    if source is None:
        return None
    table = table_of(source)
    proposed = list(_drawn_of(suggest(dataset.dataset_id, table)))
    chart_first = _is_one_place(source)
    drawn = (chart_first and _best_chart(proposed)) or _first_map(dataset, source, table) or _best_chart(proposed)
    if drawn is None:
        return None
    named = {key_of_chart(description.to_json()): small.name for description, small, _answered in proposed}
    about = replace(drawn.about, suggested=named)
    return replace(drawn, about=about, suggested=tuple(small for _description, small, _answered in proposed))


def _drawn_of(
    suggestions: Sequence[ChartDescription],
) -> Iterator[tuple[ChartDescription, Drawn, charts.Answered]]:
    """The charts proposed that can be drawn."""
    for description in suggestions:
        with suppress(ParvisError):
            answered = charts.answer(OPERATOR, description)
            small = _of_answer(answered)
            if small:
                yield description, small, answered


def _is_one_place(source: Source) -> bool:
    """Whether all that is measured is at one place, as a counter is: its map would be a dot."""
    west, south, east, north = source.manifest.bbox or (0.0, 0.0, 1.0, 1.0)
    return max(east - west, north - south) <= ONE_PLACE


def _first_map(dataset: Dataset, source: Source, table: Table) -> Drawn | None:
    for description in _maps_of(dataset, source, table):
        with suppress(ParvisError):
            return of_map(OPERATOR, description, least=LEAST_SHADES)
    return None


def _best_chart(proposed: Sequence[tuple[ChartDescription, Drawn, charts.Answered]]) -> Drawn | None:
    """The first chart with something to compare; else the first that can be drawn."""
    telling = [row for row in proposed if len(row[2].reading.points) >= LEAST_POINTS] or proposed
    return _with_chart(telling[0][1], telling[0][2]) if telling else None


def _with_chart(drawn: Drawn, answered: charts.Answered) -> Drawn:
    """The thumbnail with the whole chart told; that one is drawn too, so that no visitor waits for it."""
    try:
        pictures = [picture(answered, "svg", theme=theme, size=NARROW) for theme in THEMES.values()]
    except DrawingFailed:
        return drawn
    width, height = size_of(pictures[0])
    return replace(drawn, about=About(answered.description.to_json(), answered.title, width, height))


def of_chart(actor: Actor, description: ChartDescription) -> Drawn | None:
    """The thumbnail of a chart; the errors of ``charts.answer``."""
    return _of_answer(charts.answer(actor, description))


def _of_answer(answered: charts.Answered) -> Drawn | None:
    bodies = {
        name: thumbnails.thumbnail(answered.description.mark, answered.reading, theme).encode()
        for name, theme in THEMES.items()
    }
    return Drawn("svg", bodies) if all(0 < len(body) <= MOST_BYTES for body in bodies.values()) else None


def of_map(actor: Actor, description: MapDescription, *, least: int = 0) -> Drawn | None:
    """The thumbnail of a map; the errors of ``maps.answer``; None for fewer than ``least`` shaded territories, or all alike."""
    answered = maps.answer(actor, description)
    if least and any(layer.is_shaded and _is_flat(layer, least) for layer in answered.layers):
        return None
    return _lightest(
        {
            name: small_picture(actor, answered, theme, thumbnails.WIDTH, thumbnails.HEIGHT)
            for name, theme in THEMES.items()
        }
    )


def _is_flat(layer: maps.LayerAnswer, least: int) -> bool:
    steps = {id(layer.legend.step_of(shade.value)) for shade in layer.shades}
    return len(layer.shades) < least or len(steps) < LEAST_STEPS


def _maps_of(dataset: Dataset, source: Source, table: Table) -> Iterator[MapDescription]:
    """The map of the dataset's places; without places, its territories shaded by what is measured of them, once for each."""
    columns = columns_by_part(table)
    if table.shape.geometry is not None:
        kind = kind_of_source(source, table)
        plain = [column for column in source.shape if not column.type.is_geographic]
        colour = next((column.name for column in telling_columns(source, plain)), "")
        yield MapDescription((MapLayer(dataset.dataset_id, kind=kind, colour=colour),))
        yield MapDescription((MapLayer(dataset.dataset_id, kind=kind),))
    elif columns.measures and not columns.years and not columns.moments and any(map(is_code, table.shape)):
        layer = MapLayer(dataset.dataset_id, kind="choropleth", calculation="avg", measure=columns.measures[0].name)
        yield MapDescription((layer,))


def _lightest(drawings: dict[str, str]) -> Drawn | None:
    """The drawings as they are when they are light, else as WebP."""
    bodies = {name: drawing.encode() for name, drawing in drawings.items()}
    if max(map(len, bodies.values())) <= MOST_SVG:
        return Drawn("svg", bodies)
    # Drawn by ourselves, and decoded in the child all the same: no decoder runs in this process.
    pixels = {name: png_of(drawing) for name, drawing in drawings.items()}
    packed: dict[str, bytes] = {}
    for quality in QUALITIES:
        packed = {name: rendered("vignette.png", body, [], "webp", quality).body for name, body in pixels.items()}
        if max(map(len, packed.values())) <= LIGHT:
            break
    return Drawn("webp", packed) if max(map(len, packed.values())) <= MOST_BYTES else None
