"""The forms of ``/api/parvis/v1/sql``."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from parvis.core.sandbox.answers import AnswerColumn
from parvis.core.sandbox.pool import LONGEST
from parvis.hub.api.schemas import CLOSED, Body, Count, Documented, Moment, Number, Uri, body_of
from parvis.web.sql.formats import FORMATS

_MOST = ", ".join(f"{row.name} {row.rows}" for row in FORMATS.values())
_LIMIT = format_lazy(_("Le nombre de lignes, au plus : {most}."), most=_MOST)


class SqlQuestion(Body, json_schema_extra={**CLOSED, "required": ["q"]}):
    """What is asked, wherever it is written; every value is text, read by the room, which tells what is wrong in it."""

    q: Annotated[
        str,
        Documented(
            _(
                "Une requête SELECT ; une table est l’identifiant d’un jeu entre guillemets droits, ou identifiant@version."
            ),
            maxLength=LONGEST,
            example="SELECT 1 AS un",
        ),
    ] = ""
    format: Annotated[str, Documented(_("La forme de la réponse."), enum=list(FORMATS))] = "json"
    limit: Annotated[str, Documented(_LIMIT, type="integer", minimum=0, maximum=999_999_999)] = ""


class SqlDataset(Body):
    """A dataset that was read, in one of its versions."""

    dataset_id: str
    title: str
    version: str
    version_date: Moment
    publisher: str
    licence: str
    url: Uri


SqlColumn = body_of("SqlColumn", AnswerColumn)


class SqlAnswer(Body):
    """What was asked, of what, and the rows; written as it is read, by ``formats``."""

    query: str
    asked_at: Moment
    seconds: Annotated[Number, Documented(minimum=0)]
    datasets: list[SqlDataset]
    columns: list[SqlColumn]
    total_count: Count | None
    row_count: Count
    truncated: bool
    results: list[dict[str, Any]]
