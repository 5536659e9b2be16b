"""Where the data of Tesseract is on this machine: without that of French, scans are kept and not read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LANGUAGE: Final = "fra"
INSTALLATION: Final = "apt install tesseract-ocr-fra"
"""What gives it, on Debian and its children."""
_PLACES: Final = (
    "usr/share/tesseract-ocr/*/tessdata",
    "usr/share/tessdata",
    "usr/local/share/tessdata",
    "opt/homebrew/share/tessdata",
)


def find_tessdata(chosen: str = "", *, root: Path = Path("/")) -> Path | None:
    """The folder that holds the data of French: ``chosen`` if it does, else where systems put it; None when there is none.

    A folder that was chosen and lacks it is not replaced by another: what is set must be seen to be wrong.
    """
    places = (
        [Path(chosen)] if chosen else [path for place in _PLACES for path in sorted(root.glob(place), reverse=True)]
    )
    return next((path for path in places if (path / f"{LANGUAGE}.traineddata").is_file()), None)
