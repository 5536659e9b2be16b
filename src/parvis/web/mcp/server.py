"""The protocol itself: the SDK's server, stateless, run for one exchange in the thread of a web request.

The SDK speaks ASGI and the web is WSGI: ``asgiref`` gives each exchange its own event loop and brings the tools back to the
thread of the request, where the database and the engine are used as by any view. Nothing is kept between exchanges.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from asgiref.sync import async_to_sync, sync_to_async

from parvis import __version__
from parvis.core.errors import ParvisError
from parvis.hub.registry import Tool
from parvis.web.mcp import subjects
from parvis.web.mcp.portal_tools import PARAMETERS, TOOLS

if TYPE_CHECKING:
    from mcp.server import MCPServer

INSTRUCTIONS = (
    "Open data of a French territory: datasets, most of them described in French, each with a publisher, a licence and "
    "versions. Search, describe, then query. Everything is read-only. Every answer has a trail (dataset, version, query, "
    "date, licence, permanent address): cite it with the figures you give."
)
_KEPT_HEADERS = ("content-type", "accept", "mcp-protocol-version", "mcp-session-id", "mcp-method", "mcp-name")


@dataclass(slots=True)
class Exchange:
    """What the server answered to one message."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)


def exchange(method: str, headers: dict[str, str], body: bytes) -> Exchange:
    """The answer to one HTTP message of the protocol; tools see the caller set in ``CALLER``."""
    return async_to_sync(_exchanged)(method, headers, body)


async def _exchanged(method: str, headers: dict[str, str], body: bytes) -> Exchange:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415 - pydantic, starlette…

    reply = Exchange()
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            reply.body += message.get("body", b"")

    manager = StreamableHTTPSessionManager(_server()._lowlevel_server, json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(_scope(method, headers), receive, send)
    return reply


def _scope(method: str, headers: dict[str, str]) -> dict[str, Any]:
    forwarded = {name.lower(): value for name, value in headers.items() if name.lower().startswith("mcp-")}
    forwarded |= {name: headers[name] for name in _KEPT_HEADERS if name in headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in forwarded.items()],
        "client": None,
        "server": None,
        "state": {},
    }


@lru_cache(maxsize=1)
def _server() -> MCPServer:
    """The server and its tools, made once a process, at the first message."""
    from mcp.server import MCPServer  # noqa: PLC0415 - half a second that only assistants should pay
    from mcp.types import ToolAnnotations  # noqa: PLC0415

    logging.getLogger("mcp").setLevel(logging.WARNING)
    server: MCPServer = MCPServer(
        "parvis", title="Parvis", instructions=INSTRUCTIONS, version=__version__, subscriptions=False
    )
    reading = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (*TOOLS, *subjects.tools()):
        server.add_tool(
            _in_the_thread_of_the_request(tool),
            name=tool.function.__name__,
            title=tool.title,
            description=tool.description,
            annotations=reading,
        )
    return server


_WORDS = PARAMETERS | subjects.PARAMETERS


def _in_the_thread_of_the_request(tool: Tool) -> Callable[..., Any]:
    """The function as the SDK wants it: asynchronous, its parameters described, its errors told to the assistant."""
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415
    from pydantic import Field  # noqa: PLC0415

    function, words = tool.function, _WORDS | tool.parameters

    @functools.wraps(function)
    async def asked(**arguments: Any) -> dict[str, Any]:
        try:
            return await sync_to_async(function, thread_sensitive=True)(**arguments)
        except ParvisError as error:
            raise ToolError(" ".join(filter(None, (error.message("en"), error.hint("en"))))) from error

    hints = get_type_hints(function)
    parameters = [
        parameter.replace(annotation=Annotated[hints[name], Field(description=words[name])])
        for name, parameter in inspect.signature(function).parameters.items()
    ]
    asked.__signature__ = inspect.Signature(parameters, return_annotation=dict[str, Any])  # type: ignore[attr-defined]
    asked.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": dict[str, Any]}
    del asked.__wrapped__
    return asked
