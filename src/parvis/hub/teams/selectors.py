"""Reading who writes which site."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Site

from parvis.core.text import slugify
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import CONTRIBUTORS, Actor
from parvis.hub.legal.selectors import organisation_of
from parvis.hub.sites.administration import sites_administered_by
from parvis.hub.sites.models import SiteFace
from parvis.hub.teams.models import Team
from parvis.hub.teams.rules import Duty, UnknownSite

MOST_NEAR = 4
UNUSED = ("Editors", "Moderators")
"""The groups that Wagtail makes for itself: offered once somebody is in them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in the team of a site; None when they have none."""

    site: Site
    name: str
    duty: Duty | None


def organisation_of_site(site: Site) -> Organisation | None:
    """Whose site it is."""
    return organisation_of(SiteFace.objects.select_related("organisation").filter(site=site).first())


def may_run(actor: Actor, site: Site) -> bool:
    """Whether the actor chooses who writes that site: those who administer it."""
    return sites_administered_by(actor).filter(pk=site.pk).exists()


def site_named(word: str) -> Site:
    """The site of that host name, prefix, commune code or commune name; UnknownSite with the nearest names."""
    faces = list(SiteFace.objects.select_related("site", "territory"))
    slug = slugify(word.strip())
    for face in faces:
        territory = face.territory
        names = {face.site.hostname, face.prefix, *((territory.code, slugify(territory.name)) if territory else ())}
        if (names - {""}) & {word.strip().lower(), slug}:
            return face.site
    near = sorted(name for face in faces if (name := face.prefix or face.site.hostname))
    alike = [name for name in near if slug and slug[:3] in name] or near
    raise UnknownSite(name=word, near=", ".join(alike[:MOST_NEAR]))


def groups_in_words() -> dict[int, str]:
    """What to call the groups of the teams, by their keys: their own names only tell them apart."""
    names = dict(SiteFace.objects.values_list("site", "name"))
    words = {Duty.WRITE: _("Rédaction du site %s"), Duty.PUBLISH: _("Publication du site %s")}
    return {
        team.group(duty).pk: words[duty] % (names.get(team.site_id) or team.site.hostname)
        for team in Team.objects.select_related("site", "writers", "publishers")
        for duty in Duty
    }


def groups_of_readers() -> QuerySet[Group]:
    """The groups to which a restricted dataset may be opened: not those that follow roles, nor those of Wagtail that nobody is in."""
    unused = Group.objects.filter(name__in=UNUSED, user__isnull=True)
    return Group.objects.exclude(name=CONTRIBUTORS).exclude(pk__in=unused).order_by("name")


def places_of(actor: Actor, person: Person) -> list[Place]:
    """For each site whose team the actor chooses, what the person does there."""
    groups = set(person.groups.values_list("pk", flat=True))
    names = dict(SiteFace.objects.values_list("site", "name"))
    teams = {team.site_id: team for team in Team.objects.all()}
    return [
        Place(site, names.get(site.pk) or site.hostname, _duty(teams.get(site.pk), groups))
        for site in sites_administered_by(actor)
    ]


def team_groups_within(person: Person, organisation: Organisation) -> dict[int, str]:
    """The groups of a person in the teams of the sites that the organisation keeps, in words."""
    words = groups_in_words()
    teams = Team.objects.filter(Q(writers__user=person) | Q(publishers__user=person)).select_related("site").distinct()
    keys = set(person.groups.values_list("pk", flat=True))
    return {
        key: words[key]
        for team in teams
        if organisation_of_site(team.site) == organisation
        for key in (team.writers_id, team.publishers_id)
        if key in keys
    }


def _duty(team: Team | None, groups: set[int]) -> Duty | None:
    if team is None:
        return None
    if team.publishers_id in groups:
        return Duty.PUBLISH
    return Duty.WRITE if team.writers_id in groups else None
