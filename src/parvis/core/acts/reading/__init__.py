"""Received acts read into pages of text: PDF, scans, office files. ``read_pages`` asks confined children for it."""

from parvis.core.acts.reading.confined import read_pages
from parvis.core.acts.reading.conversion import INSTALLATION as OFFICE_INSTALLATION
from parvis.core.acts.reading.conversion import find_office
from parvis.core.acts.reading.kinds import ACT_KINDS, ActKind, act_kind
from parvis.core.acts.reading.model import DocumentText
from parvis.core.acts.reading.tessdata import INSTALLATION as TESSERACT_INSTALLATION
from parvis.core.acts.reading.tessdata import find_tessdata

__all__ = [
    "ACT_KINDS",
    "OFFICE_INSTALLATION",
    "TESSERACT_INSTALLATION",
    "ActKind",
    "DocumentText",
    "act_kind",
    "find_office",
    "find_tessdata",
    "read_pages",
]
