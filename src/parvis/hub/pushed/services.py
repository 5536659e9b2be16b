"""Pushing pages: right, act, journal, in that order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction, Site

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.audit.services import record
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue
from parvis.hub.pages.models import ThemePage
from parvis.hub.pages.selectors import site_folder
from parvis.hub.pages.services import make_page
from parvis.hub.pushed.block_merge import Content, differences, merge, taken
from parvis.hub.pushed.contents import FACTS, content_of, place_at, plain
from parvis.hub.pushed.kinds import PUSH
from parvis.hub.pushed.models import PushedCopy, PushedPage
from parvis.hub.pushed.placeholders import filled, unknown_in, values_of
from parvis.hub.pushed.rules import AddressTaken, NotOfTheMainSite, UnknownPlaceholders
from parvis.hub.pushed.selectors import changed_parts, communes_sites, latest, may_edit
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.services import main_site


def push(
    actor: Actor, page: ThemePage, sites: Iterable[Site], *, everywhere: bool = False, hidden: bool | None = None
) -> Job:
    """Push a published page of the main site to these communes' sites, in the background; to those made later too with ``everywhere``.

    With ``hidden`` the page itself is a model, that readers of the main site do not see; False shows it again, None leaves it.
    Sites that already have it stay linked, whether named here or not; a copy that its site deleted is made again when named.
    UnknownPlaceholders for words in braces that nothing replaces; NotOfTheMainSite for any other page.
    """
    require(actor, "administer", None, _("pousser une page vers les communes"))
    folder = site_folder(main_site())
    if not page.live or folder is None or not page.is_child_of(folder):
        raise NotOfTheMainSite(title=page.title)
    unknown = sorted(set(unknown_in(content_of(page))))
    if unknown:
        raise UnknownPlaceholders(names=", ".join(f"{{{name}}}" for name in unknown))
    site_keys = set(communes_sites().values_list("pk", flat=True)) & {site.pk for site in sites}
    with transaction.atomic():
        pushed, _made = PushedPage.objects.get_or_create(source=page)
        PushedPage.objects.filter(pk=pushed.pk).update(everywhere=everywhere)
        for key in sorted(site_keys):
            PushedCopy.objects.get_or_create(pushed=pushed, site_id=key)
        pushed.copies.filter(site__in=site_keys, page=None).update(made=None, linked=True, fault=None)
        if hidden is not None:
            _set_hidden(page, hidden)
        facts = {"sites": len(site_keys), "everywhere": everywhere, "hidden": hidden}
        record(actor.name, actor.person_id, "page.push", "page", page.slug, **facts)
        return _ask(actor, page=page.pk)


def _set_hidden(page: ThemePage, hidden: bool) -> None:
    """Whether only people signed in read a page, as Wagtail keeps it: lists, blocks and addresses follow it."""
    own = PageViewRestriction.objects.filter(page=page)
    if not hidden:
        own.filter(restriction_type=PageViewRestriction.LOGIN).delete()
    elif not own.exists():
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def source_published(instance: Any, **kwargs: Any) -> None:
    """A page was published: if it is pushed, its correction flows down."""
    if PushedPage.objects.filter(source=instance.pk).exists():
        _ask(OPERATOR, page=instance.pk)


def face_saved(instance: SiteFace, **kwargs: Any) -> None:
    """A site was made or became part of a larger one: it receives the pages that are pushed everywhere."""
    if instance.parent_id is None or instance.territory_id is None:
        return
    missing = PushedPage.objects.filter(everywhere=True).exclude(copies__site=instance.site_id)
    if missing.exists():
        _ask(OPERATOR, site=instance.site_id)


def _ask(actor: Actor, **arguments: int) -> Job:
    """A job, or the one that already waits for the same."""
    waiting = Job.objects.filter(kind=PUSH, state=Job.State.QUEUED, arguments=arguments).first()
    return waiting or enqueue(actor, PUSH, **arguments)


def bring_together(actor: Actor, key: int) -> bool:
    """Merge what the source says now into one copy, made when it is missing; whether anything was written.

    Local changes are kept; where both sides changed a block, the local one stays and is flagged. A draft at the site is merged
    too, as a draft. One transaction for each copy: two at once follow each other, and the second finds nothing to do.
    """
    with transaction.atomic():
        copy = PushedCopy.objects.select_for_update(of=("self",)).select_related("site", "pushed__source").get(pk=key)
        if not copy.linked or (copy.page_id is None and copy.made is not None):
            return False
        source = content_for(copy)
        if copy.page_id is None:
            _make(actor, copy, source)
        elif source == plain(copy.base) and copy.fault is None:
            return False
        else:
            _merge(actor, copy, source)
        copy.base, copy.fault, copy.merged = source, None, timezone.now()
        copy.save()
        record(actor.name, actor.person_id, "page.pushed", "page", copy.page.slug, site=copy.site.hostname)
    return True


def content_for(copy: PushedCopy) -> Content:
    """What the published source says, filled for the site of a copy; NotFound when the site is of no commune any more."""
    place = place_at(copy.site)
    if place is None:
        raise NotFound(name=copy.site.hostname)
    return plain(filled(content_of(copy.pushed.source), values_of(place)))


def _make(actor: Actor, copy: PushedCopy, source: Content) -> None:
    slug, folder = copy.pushed.source.slug, site_folder(copy.site)
    if folder is not None and folder.get_children().filter(slug=slug).exists():
        raise AddressTaken(site=copy.site.site_name or copy.site.hostname, slug=slug)
    copy.page = _write(actor, copy.site, slug, source)
    copy.made, copy.conflicts = timezone.now(), []


def _merge(actor: Actor, copy: PushedCopy, source: Content) -> None:
    base, page = plain(copy.base), ThemePage.objects.get(pk=copy.page_id)
    live, draft = content_of(page), content_of(latest(page))
    conflicts: set[str] = set(copy.conflicts)
    published = False
    if page.live:
        merged = merge(base, source, live)
        conflicts |= set(merged.conflicts)
        published = merged.content != live
        if published:
            _write(actor, copy.site, page.slug, merged.content)
    if draft != live or not page.live:
        merged = merge(base, source, draft)
        conflicts |= set(merged.conflicts)
        if published or merged.content != draft:  # a draft stays above what was published just now
            _write(actor, copy.site, page.slug, merged.content, publish=False)
    copy.page = ThemePage.objects.get(pk=page.pk)
    copy.conflicts = sorted(set(differences(source, content_of(latest(copy.page)))) & conflicts)


def _write(actor: Actor, site: Site, slug: str, content: Content, *, publish: bool = True) -> ThemePage:
    facts = {name: value for name, value in content["facts"].items() if name in FACTS and name != "title"}
    return make_page(actor, site, slug, content["facts"]["title"], content["body"], publish=publish, **facts)


def settle(actor: Actor, copy: PushedCopy, key: str, *, take: bool) -> None:
    """Choose for one part: the source's (``take``) or the site's own, which then is no conflict any more.

    By who may change the copy; published at once when the page is. Nothing for a part that does not differ (any more).
    """
    _require_editor(actor, copy)
    with transaction.atomic():
        copy = PushedCopy.objects.select_for_update(of=("self",)).select_related("site", "page").get(pk=copy.pk)
        if key not in {*changed_parts(copy), *copy.conflicts}:
            return
        if take and copy.page is not None:
            local = content_of(latest(copy.page))
            content = taken(plain(copy.base), local, key)
            if content != local:
                publish = copy.page.live and not copy.page.has_unpublished_changes
                _write(actor, copy.site, copy.page.slug, content, publish=publish)
        copy.conflicts = [one for one in copy.conflicts if one != key]
        copy.save(update_fields=["conflicts"])
        record(actor.name, actor.person_id, "page.settle", "page", copy.pushed.source.slug, part=key, take=take)


def set_linked(actor: Actor, copy: PushedCopy, *, linked: bool) -> None:
    """Detach a copy, which then is a page like any other, or attach it again: it then takes up what it missed."""
    _require_editor(actor, copy)
    with transaction.atomic():
        PushedCopy.objects.filter(pk=copy.pk).update(linked=linked)
        act = "page.attach" if linked else "page.detach"
        record(actor.name, actor.person_id, act, "page", copy.pushed.source.slug, site=copy.site.hostname)
        if linked:
            _ask(OPERATOR, page=copy.pushed.source_id)


def _require_editor(actor: Actor, copy: PushedCopy) -> None:
    if not may_edit(actor, copy.page):
        raise Forbidden(action=_("changer la page « %s »") % copy.pushed.source.title)
