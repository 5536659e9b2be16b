"""Reading keys."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import LONGEST, Credential, Scope, WrongKey, digest, narrowed


def live_key(credential: Credential) -> ApiKey:
    """The key that opens; WrongKey when unknown, expired or revoked, or when its owner's account is closed."""
    if len(credential.secret) > LONGEST:
        raise WrongKey
    try:
        api_key = ApiKey.objects.select_related("person").get(digest=digest(credential.secret))
    except ApiKey.DoesNotExist:
        raise WrongKey from None
    if not api_key.is_live or not api_key.person.is_active:
        raise WrongKey
    return api_key


def actor_by_key(key: ApiKey) -> Actor:
    """Anyone who holds the key."""
    return narrowed(actor_of(key.person), Scope(key.scope), key.organisation_id, key.datasets)


def keys_of(person: Person) -> QuerySet[ApiKey]:
    """A person's own keys, latest first."""
    return ApiKey.objects.filter(person=person).select_related("person", "organisation")


def keys_administered_by(actor: Actor) -> QuerySet[ApiKey]:
    """The keys that the actor answers for: all for who has every right; else those tied to an organisation that the
    actor administers, and those of its members, since they open what is internal there."""
    keys = ApiKey.objects.select_related("person", "organisation")
    if actor.everything:
        return keys
    administered = organisations_where(actor, "administer").values("pk")
    members = Person.objects.filter(memberships__organisation__in=administered).values("pk")
    return keys.filter(Q(organisation__in=administered) | Q(person__in=members))


def key(actor: Actor, number: int) -> ApiKey:
    """One key, of the actor or administered by them; NotFound for the rest."""
    own = ApiKey.objects.filter(person_id=actor.person_id) if actor.person_id else ApiKey.objects.none()
    api_key = own.filter(pk=number).first() or keys_administered_by(actor).filter(pk=number).first()
    if api_key is None:
        raise NotFound(name=str(number))
    return api_key


def key_by_start(actor: Actor, start: str) -> ApiKey:
    """One administered key by its number, or by the beginning that is shown of it when only one begins so."""
    if start.isascii() and start.isdigit() and len(start) < 18:
        return key(actor, int(start))
    matches = list(keys_administered_by(actor).filter(start=start.rstrip("…"))[:2])
    if len(matches) != 1:
        raise NotFound(name=start)
    return matches[0]
