"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

DATASET = "thumbnails.dataset"
DRAWING = "thumbnails.drawing"

KINDS = (
    # Half a second each, before the files made ahead that take minutes: a card without its picture is what everybody sees.
    Kind(DATASET, "parvis.hub.thumbnails.tasks.draw_dataset", queue="heavy", priority=5),
    Kind(DRAWING, "parvis.hub.thumbnails.tasks.draw_drawing", queue="heavy", priority=5),
)
