"""``/organisations`` and ``/people``: who publishes, and who is what there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import NotFound
from parvis.hub.accounts import services
from parvis.hub.accounts.mails import MailNotConfigured
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.accounts.selectors import organisations_where, person_by_email, person_of
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.territories.selectors import referred_to
from parvis.hub.writing.router import ERRORS, given, refused, router, writer
from parvis.hub.writing.rules import BadCard
from parvis.hub.writing.schemas import (
    Account,
    AccountChange,
    Invitation,
    Member,
    Members,
    NewOrganisation,
    OrganisationCard,
    OrganisationCards,
    OrganisationChange,
    RoleChange,
)

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Membership, Organisation, Person

Slug = Annotated[str, Documented(_("L’identifiant de l’organisation."), maxLength=80)]
Key = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro de la personne."))]


@router.operation(
    "/organisations",
    "listOrganisations",
    _("Les organisations où la clé peut écrire."),
    OrganisationCards,
    url_name="write_organisations",
    errors=(403,),
)
def list_organisations(request: ApiRequest, offset: Offset = 0) -> OrganisationCards:
    """One, or all of them for a key of somebody who has every right."""
    actor = writer(request)
    return OrganisationCards.page(organisations_where(actor, "edit"), lambda row: _card(actor, row), offset)


@router.operation(
    "/organisations",
    "createOrganisation",
    _("Créer une organisation."),
    OrganisationCard,
    url_name="write_organisations",
    method="POST",
    errors=ERRORS,
)
def create_organisation(request: ApiRequest, body: NewOrganisation) -> OrganisationCard:
    """For a key without organisation, of somebody who has every right."""
    actor = writer(request)
    require(actor, "administer", None, "créer une organisation")
    return _card(actor, _saved(actor, None, given(body)))


@router.operation(
    "/organisations/{slug}",
    "getOrganisation",
    _("Une organisation."),
    OrganisationCard,
    url_name="write_organisation",
    errors=(403, 404),
)
def get_organisation(request: ApiRequest, slug: Slug) -> OrganisationCard:
    """Where the key may write."""
    actor, target = _organisation(request, slug, "edit")
    return _card(actor, target)


@router.operation(
    "/organisations/{slug}",
    "updateOrganisation",
    _("Changer une organisation."),
    OrganisationCard,
    url_name="write_organisation",
    method="PATCH",
    errors=ERRORS,
)
def update_organisation(request: ApiRequest, slug: Slug, body: OrganisationChange) -> OrganisationCard:
    """What is left out stays."""
    actor, target = _organisation(request, slug, "administer")
    return _card(actor, _saved(actor, target, given(body)))


@router.operation(
    "/organisations/{slug}/people",
    "listPeople",
    _("Qui a un rôle dans une organisation."),
    Members,
    url_name="write_people",
    errors=(403, 404),
)
def list_people(request: ApiRequest, slug: Slug, offset: Offset = 0) -> Members:
    """For a key that administers it."""
    _actor, target = _organisation(request, slug, "administer")
    rows = target.memberships.select_related("person").order_by("person__email")
    return Members.page(rows, _member, offset)


@router.operation(
    "/organisations/{slug}/people",
    "invitePerson",
    _("Donner un rôle à quelqu’un, en l’invitant s’il n’a pas de compte."),
    Member,
    url_name="write_people",
    method="POST",
    errors=ERRORS,
)
def invite(request: ApiRequest, slug: Slug, body: Invitation) -> Member:
    """A link to choose a password leaves for their own address."""
    actor, target = _organisation(request, slug, "administer")
    person = person_by_email(body.email)
    if person is not None:
        return _member(services.set_role(actor, person, target, body.role))
    person = services.add_person(
        actor, target, body.email, body.role, first_name=body.first_name, last_name=body.last_name
    )
    try:
        services.send_link(actor, person)
        invited = True
    except MailNotConfigured:
        invited = False
    return _member(person.memberships.get(organisation=target), invited)


@router.operation(
    "/organisations/{slug}/people/{int:person}",
    "setRole",
    _("Changer le rôle de quelqu’un."),
    Member,
    url_name="write_member",
    method="PUT",
    errors=ERRORS,
)
def set_role(request: ApiRequest, slug: Slug, person: Key, body: RoleChange) -> Member:
    """Of somebody who has one there."""
    actor, target, row = _membership(request, slug, person)
    return _member(services.set_role(actor, row.person, target, body.role))


@router.operation(
    "/organisations/{slug}/people/{int:person}",
    "removeRole",
    _("Retirer son rôle à quelqu’un."),
    Members,
    url_name="write_member",
    method="DELETE",
    errors=ERRORS,
)
def remove_role(request: ApiRequest, slug: Slug, person: Key) -> Members:
    """Who is left there."""
    actor, target, row = _membership(request, slug, person)
    services.remove_role(actor, row.person, target)
    return Members.page(target.memberships.select_related("person").order_by("person__email"), _member)


@router.operation(
    "/people/{int:person}",
    "setAccountOpen",
    _("Fermer ou rouvrir un compte."),
    Account,
    url_name="write_person",
    method="PATCH",
    errors=ERRORS,
)
def set_account_open(request: ApiRequest, person: Key, body: AccountChange) -> Account:
    """For a key without organisation, of somebody who has every right."""
    actor = writer(request)
    require(actor, "administer", None, "fermer ou rouvrir un compte")
    target = person_of(person)
    if target is None:
        raise NotFound(name=str(person))
    services.set_active(actor, target, body.active)
    return Account(id=target.pk, email=target.email, active=target.is_active)


def _organisation(request: ApiRequest, slug: str, action: str) -> tuple[Actor, Organisation]:
    actor, target = writer(request), organisation_at(slug[:80])
    require(actor, action, target.pk, f"administrer « {target} »" if action == "administer" else f"lire « {target} »")
    return actor, target


def _membership(request: ApiRequest, slug: str, person: int) -> tuple[Actor, Organisation, Membership]:
    actor, target = _organisation(request, slug, "administer")
    row = target.memberships.select_related("person").filter(person_id=person).first()
    if row is None:
        raise NotFound(name=str(person))
    return actor, target, row


def _saved(actor: Actor, target: Organisation | None, values: dict[str, Any]) -> Organisation:
    if "territory" in values:
        place = referred_to(values["territory"]) if values["territory"] else None
        if values["territory"] and place is None:
            raise BadCard(name="territory", reason=_t("« %s » n’est pas un territoire.") % values["territory"])
        values["territory"] = place
    values = {name: "" if value is None and name != "territory" else value for name, value in values.items()}
    try:
        return services.save_organisation(actor, target, values)
    except ValidationError as error:
        raise refused(error) from error


def _card(actor: Actor, row: Organisation) -> OrganisationCard:
    place = row.territory
    return OrganisationCard(
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        siren=row.siren,
        territory=f"{place.kind}:{place.code}" if place else None,
        description=row.description,
        website=row.website,
        email=row.email,
        role="administrator" if actor.everything else actor.roles.get(row.pk),
    )


def _member(row: Membership, invited: bool | None = None) -> Member:
    person: Person = row.person
    return Member(
        id=person.pk, email=person.email, name=str(person), role=row.role, active=person.is_active, invited=invited
    )
