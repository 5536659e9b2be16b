"""Changing people, organisations and roles: right, act, journal, in that order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from parvis.core.errors import Forbidden, RequestError
from parvis.core.text import slugify
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.groups import groups_within
from parvis.hub.accounts.mails import send_invitation
from parvis.hub.accounts.models import Membership, Organisation, Person
from parvis.hub.accounts.rules import CONTRIBUTORS, NEEDED_ROLE, Actor, Role, may, require
from parvis.hub.accounts.second_factor import remove_second_factor
from parvis.hub.accounts.sessions import end_sessions
from parvis.hub.audit.services import record

ORGANISATION_FIELDS = ("name", "kind", "siren", "territory", "description", "website", "email", "logo")


class PersonExists(RequestError):
    """An account already has this address."""

    code: ClassVar[str] = "person-exists"
    sentence: ClassVar[str] = gettext_noop("Un compte existe déjà pour {email}.")
    advice: ClassVar[str] = gettext_noop("Donnez-lui plutôt un rôle dans l’organisation.")


class BadAddress(RequestError):
    """This is not an e-mail address."""

    code: ClassVar[str] = "person-address"
    sentence: ClassVar[str] = gettext_noop("« {email} » n’est pas une adresse électronique.")


class LastAdministrator(RequestError):
    """The act would leave an organisation without anybody to run it."""

    code: ClassVar[str] = "last-administrator"
    sentence: ClassVar[str] = gettext_noop("{person} est seul à administrer « {organisation} ».")
    advice: ClassVar[str] = gettext_noop("Nommez d’abord un autre administrateur.")


class OrganisationExists(RequestError):
    """Another organisation has this name."""

    code: ClassVar[str] = "organisation-exists"
    sentence: ClassVar[str] = gettext_noop("Une organisation s’appelle déjà « {name} ».")


def add_person(
    actor: Actor, organisation: Organisation, email: str, role: Role, *, first_name: str = "", last_name: str = ""
) -> Person:
    """An account with no password yet, with a role; its owner sets the password through a reset link."""
    require(actor, "administer", organisation.pk, "inviter une personne")
    address = _free_address(email)
    with transaction.atomic():
        person = Person.objects.create_user(
            address, None, first_name=first_name, last_name=last_name, invited_by=organisation
        )
        Membership.objects.create(person=person, organisation=organisation, role=role)
        record(
            actor.name, actor.person_id, "person.add", "person", address, organisation=organisation.slug, role=str(role)
        )
    return person


def add_superuser(actor: Actor, email: str, password: str, *, first_name: str = "", last_name: str = "") -> Person:
    """An account with every right on the instance; only for who has every right."""
    require(actor, "administer", None, "créer un administrateur de l’instance")
    address = _free_address(email)
    with transaction.atomic():
        person = Person.objects.create_superuser(address, password, first_name=first_name, last_name=last_name)
        record(actor.name, actor.person_id, "person.add", "person", address, superuser=True)
    return person


def link_is_allowed(actor: Actor, person: Person) -> bool:
    """Whether the actor may have a link to choose a password sent to somebody.

    Such a link opens the whole account. Anyone who has every right may; an administrator only for people that their organisation
    invited and who are nothing elsewhere: no other role, no group that another organisation gave, not a superuser.
    """
    if actor.everything and not actor.read_only:
        return True
    organisation = person.invited_by
    if organisation is None or person.is_superuser or not may(actor, "administer", organisation.pk) or actor.read_only:
        return False
    if person.memberships.exclude(organisation=organisation).exists():
        return False
    own = person.groups.filter(Q(name=CONTRIBUTORS) | Q(pk__in=groups_within(person, organisation)))
    return person.memberships.exists() and person.groups.count() == own.count()


def send_link(actor: Actor, person: Person) -> None:
    """Mail somebody the link to choose a new password: to their own address, never to the actor."""
    if not link_is_allowed(actor, person):
        raise Forbidden(action="envoyer un lien de mot de passe à cette personne")
    send_invitation(person, actor.name)


def set_password(actor: Actor, person: Person, password: str) -> Person:
    """Give an account a password in its owner's stead; only for who has every right."""
    require(actor, "administer", None, "donner un mot de passe")
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record(actor.name, actor.person_id, "person.password", "person", person.email)
    end_sessions(person)
    return person


def renew_password(actor: Actor, person: Person, *, second_factor: bool = False) -> None:
    """Make an account's password worthless, and its second factors when asked; its sessions end. Only for the operator."""
    require(actor, "administer", None, "faire renouveler un mot de passe")
    with transaction.atomic():
        person.set_unusable_password()
        person.save(update_fields=["password"])
        removed = remove_second_factor(person) if second_factor else 0
        record(actor.name, actor.person_id, "person.reset", "person", person.email, factors=removed)
    if removed:
        note(Event.FACTOR_REMOVED, person, by=actor.name, count=removed)
    end_sessions(person)


def end_sessions_of(actor: Actor, person: Person) -> int:
    """Sign somebody out wherever they are signed in; only for who has every right. How many sessions ended."""
    require(actor, "administer", None, "fermer les sessions d’une personne")
    ended = end_sessions(person, by=actor.name)
    record(actor.name, actor.person_id, "person.sessions", "person", person.email, ended=ended)
    return ended


def set_role(actor: Actor, person: Person, organisation: Organisation, role: Role) -> Membership:
    """Give a person this role in an organisation, in place of the one they had there."""
    require(actor, "administer", organisation.pk, "changer un rôle")
    with transaction.atomic():
        _alone(organisation)
        if role is not Role.ADMINISTRATOR:
            _keep_one_administrator(actor, person, organisation)
        membership, _created = Membership.objects.update_or_create(
            person=person, organisation=organisation, defaults={"role": role}
        )
        record(
            actor.name,
            actor.person_id,
            "role.set",
            "person",
            person.email,
            organisation=organisation.slug,
            role=str(role),
        )
    return membership


def remove_role(actor: Actor, person: Person, organisation: Organisation) -> None:
    """Take away a person's role in an organisation, and the groups that they have because of it (``groups_within``)."""
    require(actor, "administer", organisation.pk, "retirer un rôle")
    with transaction.atomic():
        _alone(organisation)
        _keep_one_administrator(actor, person, organisation)
        groups = groups_within(person, organisation)
        person.groups.remove(*groups)
        for membership in Membership.objects.filter(person=person, organisation=organisation):
            membership.delete()
            facts = {"organisation": organisation.slug, "groups": sorted(groups.values())}
            record(actor.name, actor.person_id, "role.remove", "person", person.email, **facts)


def set_active(actor: Actor, person: Person, active: bool) -> Person:
    """Close an account or open it again; only for who has every right."""
    require(actor, "administer", None, "fermer ou rouvrir un compte")
    with transaction.atomic():
        person.is_active = active
        person.save(update_fields=["is_active"])
        record(actor.name, actor.person_id, "person.open" if active else "person.close", "person", person.email)
    if not active:
        end_sessions(person)
    return person


def save_organisation(actor: Actor, organisation: Organisation | None, values: Mapping[str, Any]) -> Organisation:
    """Create an organisation (for who has every right), under the slug it asks for if that is free, or change one (for its administrators)."""
    require(actor, "administer", organisation and organisation.pk, "modifier une organisation")
    target = organisation or Organisation(slug=_free_slug(values.get("slug") or values["name"]))
    same_name = Organisation.objects.filter(name__iexact=values.get("name", target.name)).exclude(pk=target.pk)
    if same_name.exists():
        raise OrganisationExists(name=values["name"])
    for name in ORGANISATION_FIELDS:
        if name in values:
            setattr(target, name, values[name])
    target.full_clean()
    with transaction.atomic():
        target.save()
        action = "organisation.update" if organisation else "organisation.create"
        record(actor.name, actor.person_id, action, "organisation", target.slug, changed=sorted(values))
    return target


def keep_admin_access(person: Person) -> None:
    """Let a person into the back office while they are contributor or more somewhere, and no longer after."""
    roles = [Role(value) for value in person.memberships.values_list("role", flat=True)]
    enters = any(role.rank >= NEEDED_ROLE["edit"].rank for role in roles)
    inside = person.groups.filter(name=CONTRIBUTORS)
    if enters and not inside.exists():
        person.groups.add(_contributors())
    if not enters and inside.exists():
        person.groups.remove(_contributors())


def follow_role(instance: Membership, **_signal: Any) -> None:
    """Receiver: a role was given, changed or taken away."""
    person = Person.objects.filter(pk=instance.person_id).first()
    if person is not None:
        keep_admin_access(person)


def _free_address(email: str) -> str:
    """The address in lower case; BadAddress or PersonExists when it will not do."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(email=email) from error
    if Person.objects.filter(email=address).exists():
        raise PersonExists(email=address)
    return address


def _contributors() -> Group:
    group, created = Group.objects.get_or_create(name=CONTRIBUTORS)
    if created or not group.permissions.filter(codename="access_admin").exists():
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group


def _alone(organisation: Organisation) -> None:
    """One change of the roles of an organisation at a time: two administrators could otherwise remove each other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _keep_one_administrator(actor: Actor, person: Person, organisation: Organisation) -> None:
    if actor.everything:
        return
    administrators = Membership.objects.filter(organisation=organisation, role=Role.ADMINISTRATOR)
    is_one = administrators.filter(person=person).exists()
    if is_one and not administrators.exclude(person=person).exists():
        raise LastAdministrator(person=str(person), organisation=organisation.name)


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organisation"
    slug, number = base, 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
