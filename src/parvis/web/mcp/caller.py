"""Who calls a tool: set by the view, read by the tools, whatever thread or task they run in."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest

from parvis.hub.accounts.rules import Actor


@dataclass(frozen=True, slots=True)
class Caller:
    """The HTTP request of a call and its actor."""

    request: HttpRequest
    actor: Actor


CALLER: ContextVar[Caller] = ContextVar("parvis_mcp_caller")
