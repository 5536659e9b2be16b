"""What the team of a site does not see of other sites in Wagtail's admin, and what nobody takes away by mistake."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page, PageQuerySet, Site
from wagtail.permissions import policy_registry

from parvis.hub.accounts.selectors import actor_of


def seen_by(request: HttpRequest, pages: PageQuerySet) -> QuerySet[Page]:
    """Of these pages, those whose title the person may read: of their own sites, and what is published on others."""
    if actor_of(request.user).everything:
        return pages
    own = policy_registry.get_by_type(Page).explorable_instances(request.user).values("pk")
    published = Page.objects.live().public().values("pk")
    return pages.filter(Q(pk__in=own) | Q(pk__in=published))


@hooks.register("construct_page_chooser_queryset")
def choose_among_what_is_seen(pages: PageQuerySet, request: HttpRequest) -> QuerySet[Page]:
    """Links lead to pages that one may read; drafts of other sites do not exist."""
    match = request.resolver_match
    parent = match.kwargs.get("parent_page_id") if match else None
    if parent is not None and not seen_by(request, Page.objects.filter(pk=parent)).exists():
        raise Http404
    return seen_by(request, pages)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
@hooks.register("before_move_page")
@hooks.register("before_copy_page")
def keep_the_frame(request: HttpRequest, page: Page, *_more: Any) -> HttpResponseBase | None:
    """The root of a site and its folder of pages are the frame of the site: only who runs the instance takes them away."""
    if actor_of(request.user).everything or not is_frame(page):
        return None
    messages.error(
        request,
        _("« %s » porte toutes les pages du site : elle ne se retire, ne se déplace et ne se copie pas.") % page.title,
    )
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("before_bulk_action")
def keep_the_frame_from_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action_class: Any
) -> HttpResponseBase | None:
    """The same for several pages at once."""
    for page in objects:
        if isinstance(page, Page) and action_type != "publish":
            answer = keep_the_frame(request, page)
            if answer is not None:
                return answer
    return None


def is_frame(page: Page) -> bool:
    """Whether a page is the root of a site, or of a kind that nobody makes by hand (the folder of pages)."""
    return Site.objects.filter(root_page=page.pk).exists() or not page.specific_class.allowed_parent_page_models()
