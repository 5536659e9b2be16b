"""Secrets of second factors, encrypted in the database: a copy of the database alone opens no account.

The key is derived from the signing key, so that there is one secret to keep and to renew. While it is being renewed, what the
former keys encrypted is read too.
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


def current_keys() -> tuple[str, ...]:
    """The signing key, then the former ones that are still read."""
    return (settings.SECRET_KEY, *settings.PARVIS_FORMER_KEYS)


def encrypt(text: str, keys: Sequence[str] | None = None) -> str:
    """A text that only the first of ``keys`` reads."""
    return MARK + _cipher(keys or current_keys()).encrypt(text.encode()).decode("ascii")


def decrypt(text: str, keys: Sequence[str] | None = None) -> str:
    """The text as it was; one that was never encrypted comes back as it is.

    What no key reads comes back as a random secret: no code then matches, which is how a lost key must end.
    """
    if not text.startswith(MARK):
        return text
    try:
        return _cipher(keys or current_keys()).decrypt(text.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        logger.error("a second factor cannot be read: the secret key is another one than when it was set up")  # noqa: TRY400
        return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def encrypted_data(data: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """The ``data`` of an authenticator with its secrets encrypted by the first of ``keys``, whatever encrypted them before."""
    renewed = dict(data)
    for name in SECRETS:
        if isinstance(renewed.get(name), str):
            renewed[name] = _again(renewed[name], keys)
    if isinstance(renewed.get("migrated_codes"), list):
        renewed["migrated_codes"] = [_again(code, keys) for code in renewed["migrated_codes"]]
    return renewed


def _again(text: str, keys: Sequence[str]) -> str:
    if not text.startswith(MARK):
        return encrypt(text, keys)
    try:
        token = _cipher(keys).rotate(text.removeprefix(MARK).encode())
    except InvalidToken:
        return text  # no key of ours reads it: it is left, for whoever finds the key again
    return MARK + token.decode("ascii")


def _cipher(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parvis.second-factor").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
