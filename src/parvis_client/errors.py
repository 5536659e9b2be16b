"""What a portal answers when it does not do what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ParvisClientError(Exception):
    """Root of them: the status, the stable code, what happened and what to do, in the language that was asked; the whole answer."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        hint: str = "",
        status: int = 0,
        wait: float | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.hint, self.status, self.wait = message, code, hint, status, wait
        self.facts: dict[str, Any] = dict(facts or {})
        """The whole answer, when it was JSON."""


class Invalid(ParvisClientError):
    """What was sent will not do (400, 411, 415, 422)."""


class NotAllowed(ParvisClientError):
    """The key is not good, or does not open this (401, 403)."""


class NotThere(ParvisClientError):
    """Nothing of this name for this key (404)."""


class Conflict(ParvisClientError):
    """Somebody changed it meanwhile, or it was done already, or its state must be named first (409, 412, 428)."""


class TooLarge(ParvisClientError):
    """More than the portal accepts (413)."""


class TooMany(ParvisClientError):
    """The quota of the day, or too much at once (429)."""


class Unavailable(ParvisClientError):
    """The portal could not do it (5xx)."""


class Unreachable(ParvisClientError):
    """No answer came."""


class ImportStopped(ParvisClientError):
    """The import of a file did not end well; ``report`` is its whole report."""

    def __init__(self, report: dict[str, Any]) -> None:
        error = report.get("error") or next(iter(report.get("blockers") or []), None) or {}
        message = error.get("message") or f"import {report.get('id')} : {report.get('state')}"
        super().__init__(message, code=error.get("error_code", ""), hint=error.get("hint", ""))
        self.report = report


class RunStopped(ParvisClientError):
    """The reading of a source failed or was stopped; ``run`` says where it stands."""

    def __init__(self, run: dict[str, Any]) -> None:
        error = run.get("error") or {}
        message = error.get("message") or f"run {run.get('run')} : {run.get('state')}"
        super().__init__(message, code=error.get("error_code", ""), hint=error.get("hint", ""))
        self.run = run


KINDS: dict[int, type[ParvisClientError]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotThere,
    409: Conflict,
    412: Conflict,
    428: Conflict,
    413: TooLarge,
    429: TooMany,
}


def error_of(status: int, facts: Any, wait: float | None) -> ParvisClientError:
    """The error of an answer."""
    kind = KINDS.get(status, Unavailable if status >= 500 else Invalid)
    facts = facts if isinstance(facts, dict) else {}
    message = str(facts.get("message") or f"HTTP {status}")
    code, hint = str(facts.get("error_code", "")), str(facts.get("hint", ""))
    return kind(message, code=code, hint=hint, status=status, wait=wait, facts=facts)
