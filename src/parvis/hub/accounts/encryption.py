"""Secrets encrypted in the database, those of second factors first: a copy of the database alone opens no account.

The key is derived from the signing key, one for each purpose, so that there is one secret to keep and to renew. While it is being
renewed, what the former keys encrypted is read too.
"""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = logging.getLogger("parvis.auth")

MARK = "fernet:"
"""How an encrypted text begins: a secret in base 32 or in hexadecimal has no colon."""

SECRETS = ("secret", "seed")
"""What is secret in an authenticator's ``data``; ``migrated_codes`` is a list of such."""

SECOND_FACTOR = "second-factor"
"""The purpose of the keys of this room; other rooms name their own."""


def current_keys() -> tuple[str, ...]:
    """The signing key, then the former ones that are still read."""
    return (settings.SECRET_KEY, *settings.PARVIS_FORMER_KEYS)


def encrypt(text: str, keys: Sequence[str] | None = None, purpose: str = SECOND_FACTOR) -> str:
    """A text that only the first of ``keys`` reads, for that purpose."""
    return MARK + _cipher(keys or current_keys(), purpose).encrypt(text.encode()).decode("ascii")


def decrypted(text: str, keys: Sequence[str] | None = None, purpose: str = SECOND_FACTOR) -> str | None:
    """The text as it was; None for what no key reads."""
    try:
        return _cipher(keys or current_keys(), purpose).decrypt(text.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        return None


def decrypt(text: str, keys: Sequence[str] | None = None) -> str:
    """The secret of a second factor as it was; one that was never encrypted comes back as it is.

    What no key reads comes back as a random secret: no code then matches, which is how a lost key must end.
    """
    if not text.startswith(MARK):
        return text
    secret = decrypted(text, keys)
    if secret is None:
        logger.error("a second factor cannot be read: the secret key is another one than when it was set up")
        return base64.b32encode(secrets.token_bytes(20)).decode("ascii")
    return secret


def encrypted_data(data: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The ``data`` of an authenticator with its secrets encrypted by the first of ``keys``, whatever encrypted them before."""
    renewed = dict(data)
    for name in SECRETS:
        if isinstance(renewed.get(name), str):
            renewed[name] = encrypted_again(renewed[name], keys)
    if isinstance(renewed.get("migrated_codes"), list):
        renewed["migrated_codes"] = [encrypted_again(code, keys) for code in renewed["migrated_codes"]]
    return renewed


def encrypted_again(text: str, keys: Sequence[str], purpose: str = SECOND_FACTOR) -> str:
    """The same secret encrypted by the first of ``keys``; what no key reads is left, for anyone who finds the key again."""
    if not text.startswith(MARK):
        return encrypt(text, keys, purpose)
    try:
        token = _cipher(keys, purpose).rotate(text.removeprefix(MARK).encode())
    except InvalidToken:
        return text
    return MARK + token.decode("ascii")


def _cipher(keys: Sequence[str], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"parvis.{purpose}".encode()).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
