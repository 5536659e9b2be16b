"""Changing who writes a site: right, act, journal, in that order."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor
from parvis.hub.audit.services import record
from parvis.hub.sites.models import SiteFace
from parvis.hub.teams.models import Team
from parvis.hub.teams.rules import FILES, PAGES, Duty
from parvis.hub.teams.selectors import may_run

LONGEST_NAME = 100
LONGEST_LIBRARY = 255
REVIEW = "Relecture"
"""What Wagtail's screens call the one step of what is submitted."""


def team_of(site: Site) -> Team:
    """The team of a site, made with its rights when there is none."""
    team = Team.objects.filter(site=site).first()
    if team is not None:
        return team
    with transaction.atomic():
        name = site.site_name or site.hostname
        library = SiteFace.for_site(site).name or name
        collection = Collection.get_first_root_node().add_child(instance=Collection(name=library[:LONGEST_LIBRARY]))
        groups = {duty: Group.objects.create(name=_group_name(name, site, duty)) for duty in Duty}
        for duty, group in groups.items():
            _grant(group, duty, site, collection)
        _have_reviewed(site, name, groups[Duty.PUBLISH])
        return Team.objects.create(
            site=site, writers=groups[Duty.WRITE], publishers=groups[Duty.PUBLISH], collection=collection
        )


def name_library(face: SiteFace) -> None:
    """Call the images and documents of a site by the name of its portal, where a machine has one that nobody knows."""
    if face.name:
        teams = Team.objects.filter(site=face.site_id).values("collection")
        Collection.objects.filter(pk__in=teams).update(name=face.name[:LONGEST_LIBRARY])


def join(actor: Actor, person: Person, site: Site, duty: Duty) -> None:
    """Put a person in the team of a site, in place of what they did there."""
    _require(actor, site)
    team = team_of(site)
    with transaction.atomic():
        person.groups.remove(team.writers, team.publishers)
        person.groups.add(team.group(duty))
        record(actor.name, actor.person_id, "team.join", "person", person.email, site=site.hostname, duty=str(duty))


def leave(actor: Actor, person: Person, site: Site) -> None:
    """Take a person out of the team of a site; nothing when they are not in it."""
    _require(actor, site)
    team = team_of(site)
    if not person.groups.filter(pk__in=[team.writers_id, team.publishers_id]).exists():
        return
    with transaction.atomic():
        person.groups.remove(team.writers, team.publishers)
        record(actor.name, actor.person_id, "team.leave", "person", person.email, site=site.hostname)


def team_deleted(instance: Team, **kwargs: Any) -> None:
    """Receiver: a site is gone, and the groups that wrote it with it; images and documents stay where they are."""
    reviews = GroupApprovalTask.objects.filter(groups=instance.publishers_id)
    Workflow.objects.filter(workflow_tasks__task__in=reviews).delete()
    reviews.delete()
    Group.objects.filter(pk__in=[instance.writers_id, instance.publishers_id]).delete()


def _require(actor: Actor, site: Site) -> None:
    if actor.read_only or not may_run(actor, site):
        raise Forbidden(action=_("choisir qui écrit ce site"))


def _group_name(name: str, site: Site, duty: Duty) -> str:
    word = {Duty.WRITE: "Rédaction", Duty.PUBLISH: "Publication"}[duty]
    return f"{word} · {name[:LONGEST_NAME]} · {site.pk}"


def _grant(group: Group, duty: Duty, site: Site, collection: Collection) -> None:
    """What Wagtail lets the group do: this site's pages, this collection's files, and nothing anywhere else."""
    group.permissions.add(_permission("access_admin", "wagtailadmin"))
    for codename in PAGES[duty]:
        GroupPagePermission.objects.create(
            group=group, page=site.root_page, permission=_permission(codename, "wagtailcore")
        )
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for act in FILES:
            GroupCollectionPermission.objects.create(
                group=group, collection=collection, permission=_permission(f"{act}_{model}", app)
            )
    if duty is Duty.PUBLISH:
        GroupSitePermission.objects.create(
            group=group, site=site, permission=_permission("change_legalnotice", "parvis_legal")
        )


def _have_reviewed(site: Site, name: str, publishers: Group) -> None:
    """What is submitted on this site waits for those who publish it, and for nobody else's word."""
    task = GroupApprovalTask.objects.create(name=REVIEW)
    task.groups.add(publishers)
    workflow = Workflow.objects.create(name=f"{REVIEW} · {name[:LONGEST_NAME]}")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=site.root_page, defaults={"workflow": workflow})


def _permission(codename: str, app: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label=app)
