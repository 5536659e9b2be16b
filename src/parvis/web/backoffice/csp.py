"""The content security policy of the back office.

Wagtail's admin lays out its sidebar, drop-downs and pop-overs with style attributes and elements that its scripts write;
everything else holds under the policy of the public pages. Scripts stay ours and in files.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from wagtail.utils.urlpatterns import decorate_urlpatterns

ADMIN_POLICY = {
    **settings.SECURE_CSP,
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "frame-src": [CSP.SELF],  # the preview of a page, beside its form
}


def under_admin_policy(patterns: list[Any]) -> list[Any]:
    """The same addresses, answered under ADMIN_POLICY."""
    return decorate_urlpatterns(patterns, csp_override(ADMIN_POLICY))
