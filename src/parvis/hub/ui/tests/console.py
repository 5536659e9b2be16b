"""What is written to the console of a page and says nothing of the page."""

from __future__ import annotations


def is_of_the_driver(text: str) -> bool:
    """Whether the graphics driver tells that it waits when a map is copied into the page, as it is without a card."""
    return text.startswith("[.WebGL-") and "GPU stall due to ReadPixels" in text
