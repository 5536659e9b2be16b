"""Making and revoking keys: right, act, journal, in that order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.core.identifiers import check_dataset_id
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import Actor, may, require
from parvis.hub.apikeys import selectors
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import (
    LIMITED,
    LONGEST_WRITING,
    MOST_DATASETS,
    MOST_KEYS,
    SHOWN,
    BadDatasets,
    BadExpiry,
    BadKeyName,
    NoExpiry,
    NoOrganisation,
    Scope,
    Strength,
    TooManyKeys,
    digest,
    new_secret,
)
from parvis.hub.audit.services import record


def create_key(
    actor: Actor,
    person: Person,
    name: str,
    *,
    scope: Scope = Scope.READ_PUBLIC,
    organisation: Organisation | None = None,
    expires: datetime | None = None,
    datasets: Sequence[str] = (),
    by: Strength | None = None,
) -> tuple[ApiKey, str]:
    """A new key of ``person`` and its secret, which nobody can read again; people make their own, the operator anybody's.

    One that writes or pushes (``rules.LIMITED``) has an end and an organisation, and may be limited to some ``datasets``. ``by`` is the strength
    of the key by which the actor comes: StrongerKey for one that goes further.
    """
    if actor.read_only or (actor.person_id != person.pk and not actor.everything):
        raise Forbidden(action=f"créer une clé pour {person}")
    if organisation is not None and not selectors.actor_of(person).everything:
        require(selectors.actor_of(person), "read", organisation.pk, f"lier une clé à « {organisation} »")
    name = " ".join(name.split())
    if not 0 < len(name) <= 80:
        raise BadKeyName
    if expires is not None and expires <= timezone.now():
        raise BadExpiry(date=timezone.localtime(expires).date().isoformat())
    names = list(dict.fromkeys(datasets))
    _check_limits(person, scope, organisation, expires, names)
    if by is not None:
        by.require_no_more(Strength(scope, organisation and organisation.pk, frozenset(names), expires))
    secret = new_secret()
    with transaction.atomic():
        _check_room(person)
        key = ApiKey.objects.create(
            person=person,
            organisation=organisation,
            name=name,
            start=secret[:SHOWN],
            digest=digest(secret),
            scope=scope,
            expires=expires,
            datasets=names,
        )
        facts = {"expires": expires.isoformat() if expires else None, **({"datasets": names} if names else {})}
        _journal(actor, "key.create", key, scope=str(scope), **facts)
        note(Event.KEY_MADE, person, by=_other(actor, person), key=key.start, scope=str(scope))
    return key, secret


def revoke_key(actor: Actor, key: ApiKey) -> ApiKey:
    """Stop a key for ever; its owner may, and who administers it. A key already stopped stays as it is."""
    own = actor.person_id is not None and actor.person_id == key.person_id
    administered = selectors.keys_administered_by(actor).filter(pk=key.pk).exists()
    if actor.read_only or not (own or administered or may(actor, "administer", key.organisation_id)):
        raise Forbidden(action=f"révoquer la clé « {key.name} »")
    if key.revoked is None:
        with transaction.atomic():
            key.revoked, key.revoked_by = timezone.now(), actor.name[:200]
            key.save(update_fields=["revoked", "revoked_by"])
            _journal(actor, "key.revoke", key)
            note(Event.KEY_REVOKED, key.person, by=_other(actor, key.person), key=key.start)
    return key


def note_use(key: ApiKey, day: date) -> None:
    """Remember the day of a key's last use: one write a day, whatever the number of calls."""
    if key.last_used is None or key.last_used < day:
        ApiKey.objects.filter(pk=key.pk).filter(Q(last_used=None) | Q(last_used__lt=day)).update(last_used=day)


def _check_limits(
    person: Person, scope: Scope, organisation: Organisation | None, expires: datetime | None, datasets: list[str]
) -> None:
    """What a key that writes or pushes must be, and the datasets that it alone may name."""
    if datasets and scope not in LIMITED:
        raise BadDatasets(reason=Sentence(gettext_noop("seule une clé qui écrit se limite ainsi")))
    if datasets and scope is Scope.ADMINISTER:
        raise BadDatasets(reason=Sentence(gettext_noop("administrer vaut pour toute l’organisation")))
    if len(datasets) > MOST_DATASETS:
        raise BadDatasets(reason=Sentence(gettext_noop("{most} au plus"), {"most": MOST_DATASETS}))
    for name in datasets:
        check_dataset_id(name)
    if scope not in LIMITED:
        return
    if expires is None or expires > timezone.now() + LONGEST_WRITING:
        raise NoExpiry
    if organisation is None and not (scope is Scope.ADMINISTER and selectors.actor_of(person).everything):
        raise NoOrganisation
    if organisation is not None and not selectors.actor_of(person).everything:
        require(selectors.actor_of(person), "edit", organisation.pk, f"écrire dans « {organisation} »")


def _check_room(person: Person) -> None:
    live = ApiKey.objects.filter(person=person, revoked=None).exclude(expires__lte=timezone.now())
    if live.count() >= MOST_KEYS:
        raise TooManyKeys(person=str(person), most=MOST_KEYS)


def _other(actor: Actor, person: Person) -> str:
    """Who acted, when it is not the owner."""
    return "" if actor.person_id == person.pk else actor.name


def _journal(actor: Actor, action: str, key: ApiKey, **details: object) -> None:
    shown = f"{key.name} ({key.start}…)"
    organisation = key.organisation.slug if key.organisation else None
    record(
        actor.name,
        actor.person_id,
        action,
        "key",
        shown[:120],
        person=key.person.email,
        organisation=organisation,
        **details,
    )
