"""Changing people, organisations and roles: right, act, journal, in that order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from parvis.core.errors import RequestError
from parvis.core.text import slugify
from parvis.hub.accounts.models import Membership, Organisation, Person
from parvis.hub.accounts.rules import NEEDED_ROLE, Actor, Role, require
from parvis.hub.audit.services import record

CONTRIBUTORS = "Contributeurs"
"""The group of everybody who may enter the back office; it follows roles and is not granted by hand."""

ORGANISATION_FIELDS = ("name", "kind", "siren", "territory", "description", "website", "email", "logo")


class PersonExists(RequestError):
    """An account already has this address."""

    code: ClassVar[str] = "person-exists"
    fr: ClassVar[str] = "Un compte existe déjà pour {email}."
    en: ClassVar[str] = "There is already an account for {email}."
    hint_fr: ClassVar[str] = "Donnez-lui plutôt un rôle dans l’organisation."
    hint_en: ClassVar[str] = "Give it a role in the organisation instead."


class BadAddress(RequestError):
    """This is not an e-mail address."""

    code: ClassVar[str] = "person-address"
    fr: ClassVar[str] = "« {email} » n’est pas une adresse électronique."
    en: ClassVar[str] = "“{email}” is not an e-mail address."


class LastAdministrator(RequestError):
    """The act would leave an organisation without anybody to run it."""

    code: ClassVar[str] = "last-administrator"
    fr: ClassVar[str] = "{person} est seul à administrer « {organisation} »."
    en: ClassVar[str] = "{person} alone administers “{organisation}”."
    hint_fr: ClassVar[str] = "Nommez d’abord un autre administrateur."
    hint_en: ClassVar[str] = "Name another administrator first."


class OrganisationExists(RequestError):
    """Another organisation has this name."""

    code: ClassVar[str] = "organisation-exists"
    fr: ClassVar[str] = "Une organisation s’appelle déjà « {name} »."
    en: ClassVar[str] = "There is already an organisation called “{name}”."


def add_person(
    actor: Actor, organisation: Organisation, email: str, role: Role, *, first_name: str = "", last_name: str = ""
) -> Person:
    """An account with no password yet, with a role; its owner sets the password through a reset link."""
    require(actor, "administer", organisation.pk, "inviter une personne")
    address = _free_address(email)
    with transaction.atomic():
        person = Person.objects.create_user(address, None, first_name=first_name, last_name=last_name)
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


def set_password(actor: Actor, person: Person, password: str) -> Person:
    """Give an account a password in its owner's stead; only for who has every right."""
    require(actor, "administer", None, "donner un mot de passe")
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record(actor.name, actor.person_id, "person.password", "person", person.email)
    return person


def set_role(actor: Actor, person: Person, organisation: Organisation, role: Role) -> Membership:
    """Give a person this role in an organisation, in place of the one they had there."""
    require(actor, "administer", organisation.pk, "changer un rôle")
    if role is not Role.ADMINISTRATOR:
        _keep_one_administrator(actor, person, organisation)
    with transaction.atomic():
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
    """Take away a person's role in an organisation; nothing happens when they had none."""
    require(actor, "administer", organisation.pk, "retirer un rôle")
    _keep_one_administrator(actor, person, organisation)
    with transaction.atomic():
        for membership in Membership.objects.filter(person=person, organisation=organisation):
            membership.delete()
            record(actor.name, actor.person_id, "role.remove", "person", person.email, organisation=organisation.slug)


def set_active(actor: Actor, person: Person, active: bool) -> Person:
    """Close an account or open it again; only for who has every right."""
    require(actor, "administer", None, "fermer ou rouvrir un compte")
    with transaction.atomic():
        person.is_active = active
        person.save(update_fields=["is_active"])
        record(actor.name, actor.person_id, "person.open" if active else "person.close", "person", person.email)
    return person


def save_organisation(actor: Actor, organisation: Organisation | None, values: Mapping[str, Any]) -> Organisation:
    """Create an organisation (for who has every right) or change one (for its administrators)."""
    require(actor, "administer", organisation and organisation.pk, "modifier une organisation")
    target = organisation or Organisation(slug=_free_slug(values["name"]))
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
