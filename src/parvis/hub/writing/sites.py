"""``/sites``: who writes the pages of each site; ``/organisations/…/limits``: what an organisation may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.accounts.selectors import person_by_email, person_of
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Offset, among
from parvis.hub.datastore.limits import taken_by
from parvis.hub.quotas.limits import MEASURES
from parvis.hub.quotas.models import OrganisationLimits
from parvis.hub.quotas.services import set_limits
from parvis.hub.sites.administration import sites_administered_by
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.selectors import organisation_of_site, site_named
from parvis.hub.teams.services import join, leave, team_of
from parvis.hub.writing.router import ERRORS, given, router, writer
from parvis.hub.writing.schemas import Line, Question

if TYPE_CHECKING:
    from wagtail.models import Site

SiteName = Annotated[str, Documented(_("Le site : son nom d’hôte, son préfixe, sa commune."), maxLength=200)]
Key = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro de la personne."))]
OrganisationSlug = Annotated[str, Documented(_("L’identifiant de l’organisation."), maxLength=80)]
_Limit = Annotated[int, Field(ge=0, le=2**62)]


class AdministeredSite(Body):
    """A site whose team the key chooses."""

    site: Annotated[str, Documented(_("Son nom d’hôte."))]
    name: str
    organisation: str | None


class AdministeredSites(Listing[AdministeredSite]):
    """One page of them."""


class TeamMember(Body):
    """Somebody who writes a site."""

    id: Count
    email: str
    duty: Annotated[str, among(Duty)]


class TeamMembers(Listing[TeamMember]):
    """One page of them."""


class NewTeamMember(Question):
    """Somebody to put in the team of a site."""

    email: Line
    duty: Annotated[Duty, among(Duty)] = Duty.WRITE


class LimitsChange(Question):
    """What an organisation may take; null takes a limit away, what is left out has none."""

    storage: _Limit | None = None
    datasets: _Limit | None = None
    rows: _Limit | None = None
    imports: _Limit | None = None
    seconds: _Limit | None = None


class MeasuredLimit(Body):
    """One measure."""

    measure: Annotated[str, among(measure.name for measure in MEASURES)]
    taken: int
    limit: int | None


class LimitsState(Body):
    """What is taken, and what may be."""

    results: list[MeasuredLimit]


@router.operation(
    "/sites",
    "listSites",
    _("Les sites dont la clé choisit l’équipe."),
    AdministeredSites,
    url_name="write_sites",
    errors=(403,),
)
def list_sites(request: ApiRequest, offset: Offset = 0) -> AdministeredSites:
    """The main one first."""
    return AdministeredSites.page(sites_administered_by(writer(request)), _site_state, offset)


@router.operation(
    "/sites/{site}/team",
    "listTeam",
    _("Qui écrit un site, et qui le publie."),
    TeamMembers,
    url_name="write_team",
    errors=(400, 403, 404),
)
def list_team(request: ApiRequest, site: SiteName, offset: Offset = 0) -> TeamMembers:
    """For a key that administers it."""
    _actor, place = _site(request, site)
    return TeamMembers.page(_team(place), lambda row: row, offset)


@router.operation(
    "/sites/{site}/team",
    "joinTeam",
    _("Mettre quelqu’un dans l’équipe d’un site, ou changer ce qu’il y fait."),
    TeamMembers,
    url_name="write_team",
    method="PUT",
    errors=ERRORS,
)
def join_team(request: ApiRequest, site: SiteName, body: NewTeamMember) -> TeamMembers:
    """Somebody who has an account."""
    actor, place = _site(request, site)
    person = person_by_email(body.email)
    if person is None:
        raise NotFound(name=body.email)
    join(actor, person, place, body.duty)
    return TeamMembers.page(_team(place), lambda row: row)


@router.operation(
    "/sites/{site}/team/{int:person}",
    "leaveTeam",
    _("Retirer quelqu’un de l’équipe d’un site."),
    None,
    url_name="write_team_member",
    method="DELETE",
    status=204,
    errors=ERRORS,
)
def leave_team(request: ApiRequest, site: SiteName, person: Key) -> HttpResponse:
    """Nothing when they are not in it."""
    actor, place = _site(request, site)
    row = person_of(person)
    if row is None:
        raise NotFound(name=str(person))
    leave(actor, row, place)
    return HttpResponse(status=204)


@router.operation(
    "/organisations/{slug}/limits",
    "getLimits",
    _("Ce qu’une organisation a pris, et ce qu’elle peut prendre."),
    LimitsState,
    url_name="write_limits",
    errors=(403, 404),
)
def get_limits(request: ApiRequest, slug: OrganisationSlug) -> LimitsState:
    """For a key that administers it."""
    return _limits(_limited(writer(request), slug))


@router.operation(
    "/organisations/{slug}/limits",
    "setLimits",
    _("Fixer ce qu’une organisation peut prendre."),
    LimitsState,
    url_name="write_limits",
    method="PUT",
    errors=ERRORS,
)
def put_limits(request: ApiRequest, slug: OrganisationSlug, body: LimitsChange) -> LimitsState:
    """For a key without organisation, of somebody who has every right."""
    actor = writer(request)
    target = _limited(actor, slug)
    set_limits(actor, target, given(body))
    return _limits(target)


def _site(request: ApiRequest, name: str) -> tuple[Actor, Site]:
    """A site whose team the key chooses, by a key of its organisation; the services ask again."""
    actor = writer(request)
    site = site_named(name[:200])
    owner = organisation_of_site(site)
    require(actor, "administer", owner.pk if owner else None, f"choisir qui écrit « {site.hostname} »")
    return actor, site


def _team(site: Site) -> list[TeamMember]:
    team = team_of(site)
    rows = [(person, Duty.PUBLISH) for person in team.publishers.user_set.order_by("email")]
    rows += [(person, Duty.WRITE) for person in team.writers.user_set.order_by("email")]
    return [TeamMember(id=person.pk, email=person.email, duty=str(duty)) for person, duty in rows]


def _site_state(site: Site) -> AdministeredSite:
    owner = organisation_of_site(site)
    name = site.site_name or site.hostname
    return AdministeredSite(site=site.hostname, name=name, organisation=owner.slug if owner else None)


def _limited(actor: Actor, slug: str) -> Any:
    target = organisation_at(slug[:80])
    require(actor, "administer", target.pk, f"administrer « {target} »")
    return target


def _limits(target: Any) -> LimitsState:
    row = OrganisationLimits.objects.filter(organisation=target).first() or OrganisationLimits()
    taken = taken_by(target.pk)
    measures = [(measure.name, taken[measure.name], getattr(row, measure.name)) for measure in MEASURES]
    return LimitsState(results=[MeasuredLimit(measure=name, taken=int(t), limit=limit) for name, t, limit in measures])
