"""Proof of work: what a browser computes for a second before a form leaves, and how it is checked. No third party, no riddle.

Source: ALTCHA, version 2 of its protocol (PBKDF2 with SHA-256): https://altcha.org/docs/.
"""

from __future__ import annotations

import binascii
import hashlib
from datetime import timedelta
from typing import Any

import altcha
from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

ALGORITHM, COST, PREFIX = "PBKDF2/SHA-256", 2_000, "00"
"""256 derivations on average: half a second for a computer, some two for an old telephone; checking takes one."""
LASTS = timedelta(hours=2)
"""Long enough to fill a form that was opened before lunch."""
LONGEST = 4_000


def new_challenge() -> dict[str, Any]:
    """A challenge, as the browser's library reads it."""
    challenge = altcha.create_challenge(
        algorithm=ALGORITHM,
        cost=COST,
        key_prefix=PREFIX,
        expires_at=timezone.now() + LASTS,
        derive_key=altcha.derive_key_pbkdf2,
        hmac_secret=_key(),
    )
    return challenge.to_dict()


def is_proof(text: str) -> bool:
    """Whether that is the answer to a challenge of ours, not used before."""
    if not text or len(text) > LONGEST:
        return False
    try:
        payload = altcha.Payload.from_base64(text)
        parameters = payload.challenge.parameters
        # What is asked of the machine that checks must be ours before anything is computed.
        if (parameters.algorithm, parameters.cost, parameters.key_length) != (ALGORITHM, COST, 32):
            return False
        result = altcha.verify_solution(payload, _key(), altcha.derive_key_pbkdf2)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
        return False
    return bool(result.verified) and _is_first_use(parameters.nonce)


def _is_first_use(nonce: str) -> bool:
    mark = hashlib.sha256(nonce.encode()).hexdigest()
    return bool(caches["default"].add(f"visitors.proof:{mark}", 1, timeout=LASTS.total_seconds() + 60))


def _key() -> str:
    return hashlib.sha256(b"parvis.visitors:" + settings.SECRET_KEY.encode()).hexdigest()
