"""The kinds of jobs of this room."""

from __future__ import annotations

from parvis.hub.jobs.rules import Kind

DATASET = "thumbnails.dataset"
DRAWING = "thumbnails.drawing"

KINDS = (
    # Behind imports and files made ahead: a card waits for its picture, nobody else does.
    Kind(DATASET, "parvis.hub.thumbnails.tasks.draw_dataset", queue="heavy", priority=-20),
    Kind(DRAWING, "parvis.hub.thumbnails.tasks.draw_drawing", queue="heavy", priority=-20),
)
