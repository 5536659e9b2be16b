"""The chain as pages and programs read it."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from parvis.hub.addresses import canonical
from parvis.hub.seals.models import DailyRoot
from parvis.hub.seals.selectors import chain_state, daily_roots, standings_with_digest

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def looked_up(digest: str) -> dict[str, Any]:
    """What the chain says of a digest that somebody typed; whether that is one."""
    is_digest = bool(_DIGEST.fullmatch(digest))
    return {"is_digest": is_digest, "standings": standings_with_digest(digest) if is_digest else []}


def roots_facts() -> dict[str, Any]:
    """``racines.json``."""
    state = chain_state()
    return {
        "chain": canonical(reverse("seal-chain")),
        "entries": state.entries,
        "digest": state.digest,
        "roots": [_root(root) for root in daily_roots()],
    }


def _root(root: DailyRoot) -> dict[str, Any]:
    stamp = getattr(root, "stamp", None)
    facts: dict[str, Any] = {
        "day": root.day.isoformat(),
        "sequence": root.sequence,
        "digest": root.digest,
        "stamp": None,
    }
    if stamp is not None and stamp.answer is not None:
        address = canonical(reverse("seal-token", args=[root.day.isoformat()]))
        facts["stamp"] = {"moment": stamp.moment.isoformat(), "certified": stamp.certified, "address": address}
    return facts
