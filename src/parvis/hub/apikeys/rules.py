"""What a key is, what it opens, how a request shows it: pure decisions."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import Forbidden, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor

MARK = "parvis_"
"""How every key begins, so that a person or a secret scanner knows one when it meets one."""
SHOWN = len(MARK) + 6
"""Characters of a key that may be shown again, to tell it from the others; they open nothing."""
LONGEST = 200
"""Longer words are no key of ours and are not even hashed."""
MOST_KEYS = 50
"""Keys that one person may have at once: quotas are counted by key."""


class Scope(StrEnum):
    """What a key opens."""

    READ_PUBLIC = "read-public"
    """What everybody may read, under the quota of the key."""
    READ = "read"
    """What its owner may read."""
    PROPOSE = "propose"
    """What everybody may read, and proposing changes that somebody decides of."""
    DEPOSIT = "deposit"
    """What its owner may read, and depositing files that somebody confirms before anything is public."""
    PUSH = "push"
    """What its owner may read, and pushing rows into the datasets that take them, where its owner publishes."""


class WrongKey(Forbidden):
    """The key is unknown, expired or revoked, or its owner's account is closed."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "api-key-wrong"
    sentence: ClassVar[str] = gettext_noop("Cette clé d’API n’est pas ou n’est plus valable.")
    advice: ClassVar[str] = gettext_noop("Créez-en une dans « Mes clés d’API », ou appelez sans clé.")


class SignInNeeded(Forbidden):
    """The portal is private: nothing answers without a session or a key."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "sign-in-needed"
    sentence: ClassVar[str] = gettext_noop("Ce portail est privé : connectez-vous, ou donnez une clé d’API.")


class BadKeyName(RequestError):
    """A key needs a name that says what it is for."""

    code: ClassVar[str] = "api-key-name"
    sentence: ClassVar[str] = gettext_noop("Donnez à la clé un nom de 1 à 80 caractères qui dise à quoi elle sert.")


class BadExpiry(RequestError):
    """A key can't expire in the past."""

    code: ClassVar[str] = "api-key-expiry"
    sentence: ClassVar[str] = gettext_noop("La clé expirerait le {date}, qui est déjà passé.")


class TooManyKeys(RequestError):
    """The person has as many keys as one may have."""

    code: ClassVar[str] = "api-keys-many"
    sentence: ClassVar[str] = gettext_noop("{person} a déjà {most} clés en service.")
    advice: ClassVar[str] = gettext_noop("Révoquez d’abord celles qui ne servent plus.")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request shows: the key as written; it must never be printed, logged or sent back."""

    secret: str

    def __repr__(self) -> str:
        return "Credential(…)"


def new_secret() -> str:
    """A new key: 256 random bits after ``parvis_``."""
    return MARK + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a key. A fast hash is enough: the key is drawn at random, not chosen by a person."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def credential_of(authorization: str, parameters: Iterable[str]) -> Credential | None:
    """The key of a request: its ``Authorization`` header, else the first filled of ``parameters`` (query parameters).

    The scheme is compared without case; a header sent several times over (``ApiKey k, ApiKey k``) counts by its first
    credential (specification, section 2). Other schemes are no business of ours, and an empty key is no key.
    """
    first = authorization.partition(",")[0].strip()
    scheme, _space, secret = first.partition(" ")
    if scheme.lower() in ("apikey", "bearer") and secret.strip():
        return Credential(secret.strip())
    return next((Credential(value.strip()) for value in parameters if value.strip()), None)


def is_live(expires: datetime | None, revoked: datetime | None, now: datetime) -> bool:
    """Whether a key still opens anything."""
    return revoked is None and (expires is None or expires > now)


def narrowed(owner: Actor, scope: Scope, organisation_id: int | None) -> Actor:
    """The actor that a key makes of its owner: never more than the owner, never allowed to write.

    A key tied to an organisation has the owner's role there alone.
    """
    if scope in (Scope.READ_PUBLIC, Scope.PROPOSE):
        return Actor(owner.name, owner.person_id, read_only=True)
    if organisation_id is None:
        return replace(owner, read_only=True)
    roles = {key: role for key, role in owner.roles.items() if key == organisation_id}
    return Actor(owner.name, owner.person_id, roles=roles, read_only=True)
