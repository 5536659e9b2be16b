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


class WrongKey(Forbidden):
    """The key is unknown, expired or revoked, or its owner's account is closed."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "api-key-wrong"
    fr: ClassVar[str] = "Cette clé d’API n’est pas ou n’est plus valable."
    en: ClassVar[str] = "This API key is not, or no longer, valid."
    hint_fr: ClassVar[str] = "Créez-en une dans « Mes clés d’API », ou appelez sans clé."
    hint_en: ClassVar[str] = "Create one among your API keys, or call without a key."


class SignInNeeded(Forbidden):
    """The portal is private: nothing answers without a session or a key."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "sign-in-needed"
    fr: ClassVar[str] = "Ce portail est privé : connectez-vous, ou donnez une clé d’API."
    en: ClassVar[str] = "This portal is private: sign in, or give an API key."


class BadKeyName(RequestError):
    """A key needs a name that says what it is for."""

    code: ClassVar[str] = "api-key-name"
    fr: ClassVar[str] = "Donnez à la clé un nom de 1 à 80 caractères qui dise à quoi elle sert."
    en: ClassVar[str] = "Give the key a name of 1 to 80 characters that says what it is for."


class BadExpiry(RequestError):
    """A key can't expire in the past."""

    code: ClassVar[str] = "api-key-expiry"
    fr: ClassVar[str] = "La clé expirerait le {date}, qui est déjà passé."
    en: ClassVar[str] = "The key would expire on {date}, which is already past."


class TooManyKeys(RequestError):
    """The person has as many keys as one may have."""

    code: ClassVar[str] = "api-keys-many"
    fr: ClassVar[str] = "{person} a déjà {most} clés en service."
    en: ClassVar[str] = "{person} already has {most} keys in use."
    hint_fr: ClassVar[str] = "Révoquez d’abord celles qui ne servent plus."
    hint_en: ClassVar[str] = "Revoke those no longer used first."


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


def credential_of(authorization: str, asked: Iterable[str]) -> Credential | None:
    """The key of a request: its ``Authorization`` header, else the first filled of ``asked`` (query parameters).

    The scheme is compared without case; a header sent several times over (``ApiKey k, ApiKey k``) counts by its first
    credential (specification, section 2). Other schemes are no business of ours, and an empty key is no key.
    """
    first = authorization.partition(",")[0].strip()
    scheme, _space, secret = first.partition(" ")
    if scheme.lower() in ("apikey", "bearer") and secret.strip():
        return Credential(secret.strip())
    return next((Credential(value.strip()) for value in asked if value.strip()), None)


def is_live(expires: datetime | None, revoked: datetime | None, now: datetime) -> bool:
    """Whether a key still opens anything."""
    return revoked is None and (expires is None or expires > now)


def narrowed(owner: Actor, scope: Scope, organisation_id: int | None) -> Actor:
    """The actor that a key makes of its owner: never more than the owner, never allowed to write.

    A key tied to an organisation has the owner's role there alone.
    """
    if scope is Scope.READ_PUBLIC:
        return Actor(owner.name, owner.person_id, read_only=True)
    if organisation_id is None:
        return replace(owner, read_only=True)
    roles = {key: role for key, role in owner.roles.items() if key == organisation_id}
    return Actor(owner.name, owner.person_id, roles=roles, read_only=True)
