"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from parvis.hub.carried import TOLD_ELSEWHERE

LEFT = {
    "parvis_pages.PagesFolder": TOLD_ELSEWHERE,
    "parvis_pages.ThemePage": TOLD_ELSEWHERE,
}
