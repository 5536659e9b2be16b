"""Received acts read into pages of text: PDF, scans, office files. ``read_pages`` asks confined children for it."""

from parvis.core.acts.reading.confined import read_pages
from parvis.core.acts.reading.kinds import ACT_KINDS, ActKind, act_kind
from parvis.core.acts.reading.model import DocumentText

__all__ = ["ACT_KINDS", "ActKind", "DocumentText", "act_kind", "read_pages"]
