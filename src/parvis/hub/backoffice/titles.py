"""Titles of Wagtail's screens in the language of the page: « Historique : Arbres », where it writes « Historique: Arbres »."""

from __future__ import annotations

from django.utils.translation import gettext as _
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


def _header_title(view: WagtailAdminTemplateMixin) -> str:
    """The title, and what it is about."""
    title, subtitle = view.get_page_title(), view.get_page_subtitle()
    return _("%(title)s : %(subtitle)s") % {"title": title, "subtitle": subtitle} if subtitle else str(title)


def punctuate_titles() -> None:
    """Replace how Wagtail joins the two, once for all its screens and ours."""
    WagtailAdminTemplateMixin.get_header_title = _header_title
