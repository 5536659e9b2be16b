"""What this room gives the house: pages published at the moments chosen, and told to search engines."""

from django.core.signals import request_started
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished

from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.pages import thumbnails
from parvis.hub.pages.carried import LEFT
from parvis.hub.pages.form_actor import forget_actor
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.scheduling import AWAITED, KINDS
from parvis.hub.pages.search_kind import PAGES
from parvis.hub.pages.selectors import has_no_page_here, pages_for_search_engines
from parvis.hub.registry import Listener, Module
from parvis.hub.sites.menu_targets import Room

MODULE = Module(
    slug="pages",
    jobs=(*KINDS, *thumbnails.KINDS),
    awaited=(AWAITED,),
    search=(PAGES,),
    menu=(Room("pages", _("Consulter"), order=20, in_header=True, in_footer=False, is_empty=has_no_page_here),),
    site_map=pages_for_search_engines,
    listeners=(
        Listener(request_started, forget_actor),
        Listener(page_published, thumbnails.page_published, ThemePage),
        Listener(page_unpublished, thumbnails.page_unpublished, ThemePage),
        Listener(dataset_published, thumbnails.version_published),
    ),
    journal_actions={
        "page.make": _("a commencé la page"),
        "page.publish": _("a publié la page"),
        "page.withdraw": _("a retiré la page"),
    },
    journal_targets={
        "page": _("page"),
    },
    left=LEFT,
)
