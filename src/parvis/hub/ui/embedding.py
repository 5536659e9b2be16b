"""What other sites may show of this one: pages in their frames, pictures alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

type View = Callable[..., HttpResponseBase]

_EMBED_POLICY = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF, "*"]}
_PICTURE_POLICY = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "font-src": ["data:"]}
"""A picture has its font inside it."""


def embeddable(view: View) -> View:
    """The view may be shown inside pages of any site."""
    framed: Any = csp_override(_EMBED_POLICY)(xframe_options_exempt(view))
    return framed


def picture_alone(view: View) -> View:
    """A picture opened alone runs nothing and fetches nothing."""
    alone: Any = csp_override(_PICTURE_POLICY)(view)
    return alone
