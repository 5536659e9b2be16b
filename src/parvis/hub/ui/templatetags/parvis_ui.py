"""Template tags of the page shell and components."""

from __future__ import annotations

from django import template

register = template.Library()
