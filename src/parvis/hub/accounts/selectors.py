"""Reading people and organisations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import ANONYMOUS, Actor, Role, organisations_open_to


def actor_of(user) -> Actor:
    """The actor behind a request's user; kept on the user for the length of the request."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    actor = getattr(user, "_parvis_actor", None)
    if actor is None:
        roles = {m.organisation_id: Role(m.role) for m in user.memberships.all()}
        groups = frozenset(user.groups.values_list("id", flat=True))
        actor = Actor(str(user), user.pk, user.is_superuser, roles, groups)
        user._parvis_actor = actor
    return actor


def organisations() -> QuerySet[Organisation]:
    """Every organisation, by name."""
    return Organisation.objects.select_related("territory", "logo")


def organisation(slug: str) -> Organisation:
    """The organisation of that slug; NotFound when there is none."""
    match = organisations().filter(slug=slug).first()
    if match is None:
        raise NotFound(name=slug)
    return match


def organisations_where(actor: Actor, action: str) -> QuerySet[Organisation]:
    """The organisations on whose things the actor may do ``action``."""
    if actor.everything:
        return organisations()
    return organisations().filter(pk__in=organisations_open_to(actor, action))


def person_of(key: Any) -> Person | None:
    """The person of that database id, or None."""
    return Person.objects.filter(pk=key).first()


def superusers() -> QuerySet[Person]:
    """Who runs the instance, those whose account is closed too."""
    return Person.objects.filter(is_superuser=True)


def people() -> QuerySet[Person]:
    """Everybody whose account is open, in the order of their coming."""
    return Person.objects.filter(is_active=True).order_by("pk")


def person_by_email(email: str) -> Person | None:
    """The person of that address, or None."""
    return Person.objects.filter(email=email.strip().lower()).first()
