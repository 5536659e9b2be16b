"""``/api/parvis/v1/sql``: a statement in, rows out, for programs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import ClassVar

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query

from parvis.core.sandbox import Limits
from parvis.core.sandbox.pool import LONGEST
from parvis.hub.api.errors import BadParameter
from parvis.hub.api.openapi import described, ref
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.quotas.metering import account_of, counted_file
from parvis.web.sql.formats import FORMATS, Format
from parvis.web.sql.query import SqlReply, a_place, ask
from parvis.web.sql.schemas import SqlAnswer, SqlQuestion

ANSWER_BYTES = 200_000_000
_ERRORS = (400, 403)
_FILES = tuple(row.media_type.partition(";")[0] for row in FORMATS.values())

router = ApiRouter(
    "sql",
    _("SQL, en lecture"),
    headers={
        "X-Parvis-Datasets": described(_("Les versions lues : jeu@version."), {"type": "string"}),
        "X-Parvis-Truncated": described(_("S’il manque des lignes."), {"type": "string", "enum": ["true", "false"]}),
    },
    preflight=True,
)


class BadSqlParameter(BadParameter):
    """A parameter other than the statement is wrong."""

    code: ClassVar[str] = "sql-parameter"


@router.operation(
    "/sql",
    "getSql",
    _("Les lignes d’une requête SQL."),
    SqlAnswer,
    url_name="sql_api",
    errors=_ERRORS,
    files=_FILES,
)
def get_sql(request: ApiRequest, question: Query[SqlQuestion]) -> HttpResponseBase:
    """The rows of the statement ``q`` in ``format``."""
    return _rows(request, question)


@router.operation(
    "/sql",
    "postSql",
    _("Les mêmes, la requête dans le corps."),
    SqlAnswer,
    url_name="sql_api",
    method="POST",
    errors=_ERRORS,
    files=_FILES,
    bodies={
        "application/json": ref("schemas", "SqlQuestion"),
        "text/plain": {"type": "string", "maxLength": LONGEST},
    },
    only_reads=True,
)
def post_sql(request: ApiRequest) -> HttpResponseBase:
    """The same, the question in the body: a form, a JSON object, or the statement alone."""
    return _rows(request, SqlQuestion.model_validate(_parameters(request)))


def _rows(request: ApiRequest, question: SqlQuestion) -> HttpResponseBase:
    actor = request.auth
    chosen = FORMATS.get(question.format or "json")
    if chosen is None:
        raise BadSqlParameter(name="format", value=question.format, expected=" | ".join(FORMATS))
    limits = Limits(_limit(question.limit, chosen), ANSWER_BYTES, chosen.cells)
    with a_place(request, actor), account_of(request).working() as account:
        reply = ask(actor, question.q, limits)
    names = ", ".join(f"{read.dataset.dataset_id}@{read.version.name}" for read in reply.reads)
    headers = {"X-Parvis-Datasets": names, "X-Parvis-Truncated": "true" if reply.answer.is_cut else "false"}
    headers |= account.headers()
    if chosen.name != "json":
        headers["Content-Disposition"] = f'attachment; filename="requete.{chosen.extension}"'
    response = StreamingHttpResponse(_closing(reply, chosen), content_type=chosen.media_type, headers=headers)
    # Closed even when nobody has read a row of it: the answer has files of its own.
    response._resource_closers.append(reply.answer.close)
    return counted_file(request, actor, response)


def _closing(reply: SqlReply, chosen: Format) -> Iterator[bytes]:
    with contextlib.closing(reply.answer):
        yield from chosen.write(reply)


def _parameters(request: HttpRequest) -> dict[str, str]:
    """The parameters: of the address, of a form, of a JSON object, or a statement alone as the body."""
    parameters = {name: str(value) for name, value in request.GET.items()}
    kind = request.content_type or ""
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return parameters | {name: str(value) for name, value in request.POST.items()}
    text = request.read(4 * LONGEST + 10_000).decode(errors="replace")
    if kind != "application/json":
        return parameters | {"q": text}
    try:
        body = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadSqlParameter(name="body", value=text[:40], expected='{"q": "SELECT …"}') from error
    if not isinstance(body, dict):
        raise BadSqlParameter(name="body", value=text[:40], expected='{"q": "SELECT …"}')
    return parameters | {name: str(value) for name, value in body.items()}


def _limit(text: str, chosen: Format) -> int:
    if not text:
        return chosen.rows
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadSqlParameter(name="limit", value=text[:40], expected=f"0 … {chosen.rows}")
    return min(int(text), chosen.rows)
