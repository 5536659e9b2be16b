"""Coordinates: longitude and latitude exchanged, pairs in metres brought to degrees."""

from __future__ import annotations

from parvis.core.profiling.detectors.geography import number, of_pair
from parvis.core.profiling.parsers import once
from parvis.core.profiling.territory import PROJECTIONS, Projection, in_france
from parvis.core.staging import StagedTable, quote_identifier
from parvis.core.transforms.cells import parameter, text_column
from parvis.core.transforms.columns import POINTS
from parvis.core.transforms.model import BadStep, Material, Outcome, Step
from parvis.core.transforms.rows import replace_cells

_DEGREES = "%.7f"


def swapped(x: str, y: str) -> str:
    """SQL: true when a longitude and a latitude fall in France only once exchanged."""
    return f"coalesce({in_france(y, x)} AND NOT {in_france(x, y)}, false)"


def swap_columns(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Exchange ``x`` (longitude) and ``y`` (latitude) in the rows that fall in France only so; the others are left."""
    x, y = (quote_identifier(text_column(material, step, parameter(step, axis, str)).name) for axis in ("x", "y"))
    test = swapped(number(x), number(y))
    expressions = {
        x.strip('"'): f"CASE WHEN {test} THEN {y} ELSE {x} END",
        y.strip('"'): f"CASE WHEN {test} THEN {x} ELSE {y} END",
    }
    rows, cells = replace_cells(material.workspace, material.staged, expressions)
    return material.staged, Outcome(step, rows, cells)


def projection_named(step: Step) -> Projection:
    """The projected system of the parameter ``epsg``; BadStep when it is none of ours."""
    epsg = parameter(step, "epsg", int)
    system = next((projection for projection in PROJECTIONS if projection.epsg == epsg), None)
    if system is None:
        raise BadStep(step=step.name, reason=f"le système EPSG:{epsg} n’est pas connu")
    return system


def moved(projection: Projection, x: str, y: str) -> str:
    """SQL: the point in degrees, longitude first, of a pair in metres; NULL outside the system's own area."""
    point = f"ST_Transform(ST_Point({x}, {y}), 'EPSG:{projection.epsg}', 'EPSG:4326', always_xy := true)"
    return f"CASE WHEN {projection.box.contains(x, y)} THEN {point} END"


def degrees(value: str) -> str:
    """SQL: a coordinate as text, to a centimetre, without needless zeros."""
    return f"rtrim(rtrim(printf('{_DEGREES}', {value}), '0'), '.')"


def project_columns(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Bring ``x`` and ``y`` from metres (system ``epsg``) to degrees, longitude and latitude, where they lie in its area."""
    projection = projection_named(step)
    x, y = (quote_identifier(text_column(material, step, parameter(step, axis, str)).name) for axis in ("x", "y"))
    point = moved(projection, number(x), number(y))
    expressions = {
        x.strip('"'): f"coalesce({degrees(f'ST_X({point})')}, {x})",
        y.strip('"'): f"coalesce({degrees(f'ST_Y({point})')}, {y})",
    }
    rows, cells = replace_cells(material.workspace, material.staged, expressions)
    return material.staged, Outcome(step, rows, cells, {"system": projection.label})


def point_form(step: Step) -> str:
    """The template of the parameter ``format``; BadStep when it is none."""
    form = step.parameters.get("format", "default")
    if form not in POINTS:
        raise BadStep(step=step.name, reason="« format » est « default », « array » ou « object »")
    return POINTS[form]


def project_points(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Bring the pairs in the cells of ``column`` from metres (``epsg``) to degrees, written in the ``format`` of Table Schema."""
    projection, form = projection_named(step), point_form(step)
    column = text_column(material, step, parameter(step, "column", str))
    cell = quote_identifier(column.name)
    point = of_pair(cell, lambda x, y: moved(projection, x, y))
    made = once(point, "g", form.format(x=degrees("ST_X(g)"), y=degrees("ST_Y(g)")))
    rows, cells = replace_cells(material.workspace, material.staged, {column.name: f"coalesce({made}, {cell})"})
    return material.staged, Outcome(step, rows, cells, {"system": projection.label})
