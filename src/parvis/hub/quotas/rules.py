"""Budgets of callers, what is told of them, how a caller is named: pure decisions."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop, translate
from parvis.hub.callers import address_of, network_of

__all__ = ["address_of"]

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@dataclass(frozen=True, slots=True)
class Budget:
    """What a caller may take in one day (UTC): seconds of the engine, and calls."""

    seconds: float
    calls: int

    def is_spent(self, seconds: float, calls: int) -> bool:
        """Whether that much is all of it."""
        return seconds >= self.seconds or calls >= self.calls

    def calls_left(self, seconds: float, calls: int) -> int:
        """Calls still possible; time spent lowers it in proportion, so that it is 0 exactly when the next is refused."""
        by_time = math.ceil(self.calls * max(0.0, 1 - seconds / self.seconds))
        return max(0, min(self.calls - calls, by_time))


@dataclass(frozen=True, slots=True)
class Client:
    """Who spends, under a name that says nothing of a person's address, and what they may spend."""

    name: str
    day: date
    budget: Budget
    anonymous: bool = True

    @property
    def reset(self) -> datetime:
        """When the budget is whole again: the next midnight, UTC."""
        return datetime.combine(self.day + timedelta(days=1), datetime.min.time(), UTC)


class Refusal(RequestError):
    """The caller must wait: answered 429."""

    status: ClassVar[int] = 429

    def body(self) -> dict[str, Any]:
        """What the API answers (specification, section 3)."""
        return dict(self.details["body"])  # type: ignore[call-overload]

    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.details["wait"])}


class QuotaExceeded(Refusal):
    """The day's budget is spent."""

    code: ClassVar[str] = "quota-exceeded"
    sentence: ClassVar[str] = gettext_noop("Vous avez épuisé le quota du jour. Il sera rétabli à {reset}.")
    advice: ClassVar[str] = gettext_noop(
        "Demandez moins de champs, filtrez, gardez les réponses (ETag), ou utilisez une clé d’API."
    )


class TooManyAtOnce(Refusal):
    """The caller already has as many questions at work as one may have."""

    code: ClassVar[str] = "too-many-at-once"
    sentence: ClassVar[str] = gettext_noop(
        "Trop de vos questions sont en cours en même temps. Attendez la fin de l’une d’elles."
    )
    advice: ClassVar[str] = gettext_noop("Posez-les l’une après l’autre, ou rendez-les plus légères.")


def quota_exceeded(client: Client, advice: str, now: datetime) -> QuotaExceeded:
    """The refusal of a spent budget; ``errorcode`` 10005 for the anonymous quota, 10002 for the others."""
    reset = f"{client.reset:%Y-%m-%dT%H:%M:%SZ}"
    error = translate(QuotaExceeded.sentence, "en", reset=reset)
    body = {
        "errorcode": 10005 if client.anonymous else 10002,
        "reset_time": reset,
        "limit_time_unit": "day",
        "call_limit": client.budget.calls,
        "error": f"{error} ({client.budget.seconds:g} seconds of engine or {client.budget.calls} calls a day)",
        "advice": advice,
    }
    return QuotaExceeded(body=body, wait=max(1, math.ceil((client.reset - now).total_seconds())), reset=reset)


def too_many_at_once(client: Client, advice: str, wait: int = 1) -> TooManyAtOnce:
    """The refusal of one question more, with the seconds after which to ask again."""
    body = {
        "errorcode": 10005 if client.anonymous else 10002,
        "error_code": "TooManyQuestionsAtOnce",
        "message": translate(TooManyAtOnce.sentence, "en"),
        "error": translate(TooManyAtOnce.sentence, "en"),
        "advice": f"{translate(TooManyAtOnce.advice, 'en')} {advice}".strip(),
    }
    return TooManyAtOnce(body=body, wait=wait)


def quota_headers(client: Client, seconds: float, calls: int) -> dict[str, str]:
    """The headers of a success, calls left and the moment of the reset as the live service writes it."""
    values = (
        client.budget.calls,
        client.budget.calls_left(seconds, calls),
        f"{client.reset:%Y-%m-%d %H:%M:%S}+00:00",
    )
    return {name: str(value) for name, value in zip(HEADERS, values, strict=True)}


ADVICE = (
    ("/exports/", None, "Whole files are prepared: send If-None-Match with the last ETag and take 304 for an answer."),
    (None, "group_by", "Group on fewer fields, or filter with where before grouping."),
    (None, "offset", "Walk far pages with an export, which passes once over the rows, rather than with offset."),
    ("/facets", None, "Name the facets you show with facet=, instead of asking for all of them."),
)
"""Part of the path, parameter, advice: each applies when what it names is there."""


def advice_for(path: str, parameters: Mapping[str, Any], *, anonymous: bool) -> str:
    """How to make this question cheaper."""
    advice = [
        text for part, name, text in ADVICE if (part is None or part in path) and (name is None or name in parameters)
    ]
    if "select" not in parameters:
        advice.append("Ask only for the fields you need with select=.")
    if "where" not in parameters and "refine" not in parameters:
        advice.append("Filter with where= or refine=.")
    if anonymous:
        advice.append("Call with an API key: its quota is larger and is not shared with others at your address.")
    return " ".join(advice)


_NUMBERS = re.compile(r"[0-9a-f]{40}|\d+")
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")


def shape_of_question(path: str, dataset_id: str, parameters: Iterable[tuple[str, str]]) -> str:
    """What two questions of the same cost have in common: the dataset, the address and the parameters less their values."""
    parts = [dataset_id, _NUMBERS.sub("0", path[:300])]
    for name, value in sorted(parameters):
        masked = _NUMBERS.sub("0", _STRINGS.sub("''", value[:500]))
        parts.append(f"{name[:40]}={masked}")
    return hashlib.sha256("&".join(parts[:40]).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def anonymous_name(address: str, day: date, secret: str) -> str:
    """The name under which an address is counted that day: a keyed hash, another the next day, from which nobody without
    the key of the instance finds the address. An IPv6 caller holds a whole /64 and is counted by it."""
    mark = hmac.new(secret.encode(), f"quota {day.isoformat()} {network_of(address)}".encode(), hashlib.sha256)
    return f"ip-{mark.hexdigest()[:32]}"
