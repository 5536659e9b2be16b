"""What a key is, what it opens, how a request shows it: pure decisions."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from parvis.core.errors import Forbidden, RequestError
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, Role

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
    """What its owner may read of its organisation, and pushing rows into the datasets that take them, where its owner publishes."""
    WRITE = "write"
    """What its owner may read, and writing by the API as a contributor of its organisation at most: drafts, cards, files."""
    PUBLISH = "publish"
    """The same as a steward at most: publishing and withdrawing as well."""
    ADMINISTER = "administer"
    """The same with every right that its owner has there: people, keys, the organisation itself."""


WRITING: Mapping[Scope, Role] = {
    Scope.WRITE: Role.CONTRIBUTOR,
    Scope.PUBLISH: Role.STEWARD,
    Scope.ADMINISTER: Role.ADMINISTRATOR,
}
"""The scopes that change what there is, the weakest first, and the greatest role that each leaves to the owner of the key."""
LIMITED: Mapping[Scope, Role] = {**WRITING, Scope.PUSH: Role.STEWARD}
"""Those of keys that belong to an organisation, end, and may be limited to some datasets: they write, or push rows."""
LONGEST_WRITING = timedelta(days=366)
"""How long a key that writes may serve."""
MOST_DATASETS = 100
"""Datasets that one key may name."""


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


class KeyCannotWrite(Forbidden):
    """A call without a key in its header, or by one made for something else."""

    code: ClassVar[str] = "api-key-cannot-write"
    sentence: ClassVar[str] = gettext_noop("Il faut une clé d’API qui écrit, dans l’en-tête Authorization.")
    advice: ClassVar[str] = gettext_noop("Créez-la dans « Mes clés d’API », ou par parvis key create --scope write.")


class NoExpiry(RequestError):
    """A key that writes ends one day."""

    code: ClassVar[str] = "api-key-no-expiry"
    sentence: ClassVar[str] = gettext_noop(
        "Une clé qui écrit expire : donnez son dernier jour d’usage, dans un an au plus."
    )


class NoOrganisation(RequestError):
    """A key that writes belongs to an organisation."""

    code: ClassVar[str] = "api-key-no-organisation"
    sentence: ClassVar[str] = gettext_noop("Une clé qui écrit ne vaut que dans une organisation : dites laquelle.")
    advice: ClassVar[str] = gettext_noop("Seule une personne qui a tous les droits peut s’en passer, pour administrer.")


class BadDatasets(RequestError):
    """The limit to some datasets makes no sense."""

    code: ClassVar[str] = "api-key-datasets"
    sentence: ClassVar[str] = gettext_noop("Cette clé ne peut pas être limitée à ces jeux de données : {reason}.")


class StrongerKey(Forbidden):
    """A key never makes a stronger one."""

    code: ClassVar[str] = "api-key-stronger"
    sentence: ClassVar[str] = gettext_noop("Une clé n’en crée pas de plus forte qu’elle ({what}).")
    advice: ClassVar[str] = gettext_noop("Créez celle-ci dans « Mes clés d’API ».")


class KeyTooNarrow(Forbidden):
    """The key lacks what its owner may have."""

    code: ClassVar[str] = "api-key-too-narrow"
    sentence: ClassVar[str] = gettext_noop("Cette clé d’API ne permet pas cela ({action}) : {lack}.")
    advice: ClassVar[str] = gettext_noop(
        "Créez-en une qui le permette dans « Mes clés d’API », si votre rôle le permet."
    )


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


def basic_credential_of(authorization: str) -> Credential | None:
    """The key that is the password of an ``Authorization: Basic`` header, whatever the name; None when there is none."""
    scheme, _space, encoded = authorization.strip().partition(" ")
    if scheme.lower() != "basic" or len(encoded) > 2 * LONGEST:
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    _name, _colon, secret = text.partition(":")
    return Credential(secret.strip()) if secret.strip() else None


def is_live(expires: datetime | None, revoked: datetime | None, now: datetime) -> bool:
    """Whether a key still opens anything."""
    return revoked is None and (expires is None or expires > now)


def narrowed(owner: Actor, scope: Scope, organisation_id: int | None, datasets: Collection[str] = ()) -> Actor:
    """The actor that a key makes of its owner: never more than the owner, never allowed to write.

    A key tied to an organisation has the owner's role there alone; one that names datasets changes no other. What writes for a
    key (``requests.writer_of``) takes away ``read_only``, and nothing else.
    """
    if scope in (Scope.READ_PUBLIC, Scope.PROPOSE):
        return Actor(owner.name, owner.person_id, read_only=True)
    if scope in LIMITED:
        return _limited(owner, LIMITED[scope], organisation_id, datasets)
    if organisation_id is None:
        return replace(owner, read_only=True)
    roles = {key: role for key, role in owner.roles.items() if key == organisation_id}
    return Actor(owner.name, owner.person_id, roles=roles, read_only=True)


def _limited(owner: Actor, most: Role, organisation_id: int | None, datasets: Collection[str]) -> Actor:
    if organisation_id is None:  # made for who has every right, who may have lost it since
        return (
            replace(owner, read_only=True) if owner.everything else Actor(owner.name, owner.person_id, read_only=True)
        )
    role = most if owner.everything else owner.roles.get(organisation_id)
    roles = {} if role is None else {organisation_id: min(role, most, key=lambda row: row.rank)}
    return Actor(
        owner.name, owner.person_id, roles=roles, read_only=True, datasets=frozenset(datasets) if datasets else None
    )


@dataclass(frozen=True, slots=True)
class Strength:
    """How far a key goes: what a key that makes another is compared by."""

    scope: Scope
    organisation_id: int | None
    datasets: frozenset[str]
    expires: datetime | None

    def lack(self, needs: str, organisation_id: int | None) -> Sentence | None:
        """What the key lacks for what is ``needs`` (``accounts.rules.Action``) there; None when it is its owner who lacks it."""
        needed = {"edit": Scope.WRITE, "publish": Scope.PUBLISH, "administer": Scope.ADMINISTER}.get(needs)
        if needed is None or self.scope not in LIMITED:
            return None
        if LIMITED[self.scope].rank < LIMITED[needed].rank:
            words = gettext_noop("sa portée est « {scope} », il faut « {needed} »")
            return Sentence(words, {"scope": str(self.scope), "needed": str(needed)})
        if self.datasets:
            return Sentence(gettext_noop("elle ne vaut que pour les jeux de données qu’elle nomme"))
        if self.organisation_id is not None and self.organisation_id != organisation_id:
            return Sentence(gettext_noop("elle ne vaut que pour une autre organisation"))
        return None

    def require_no_more(self, other: Strength) -> None:
        """StrongerKey when ``other`` would go further in any way; for who comes by this key."""
        if self.scope is not Scope.ADMINISTER:  # which opens all that the others do
            raise StrongerKey(what=Sentence(gettext_noop("sa portée")))
        if self.organisation_id is not None and other.organisation_id != self.organisation_id:
            raise StrongerKey(what=Sentence(gettext_noop("son organisation")))
        if self.datasets and not (other.datasets and other.datasets <= self.datasets):
            raise StrongerKey(what=Sentence(gettext_noop("ses jeux de données")))
        if self.expires is not None and (other.expires is None or other.expires > self.expires):
            raise StrongerKey(what=Sentence(gettext_noop("sa date d’expiration")))
