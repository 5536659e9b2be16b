"""The forms of ``/api/parvis/v1/sql``."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.core.sandbox.pool import LONGEST
from parvis.hub.api.schemas import Body, Count, Documented, Moment, Number, Uri
from parvis.web.sql.formats import FORMATS

_MOST = ", ".join(f"{row.name} {row.rows}" for row in FORMATS.values())


def _limit_sentence() -> str:
    return gettext("Le nombre de lignes, au plus : %(most)s.") % {"most": _MOST}


class SqlQuestion(Body):
    """What is asked, wherever it is written; every value is text, read by the room, which tells what is wrong in it."""

    q: Annotated[
        str,
        Documented(
            _(
                "Une requête SELECT ; une table est l’identifiant d’un jeu entre guillemets droits, ou identifiant@version."
            ),
            maxLength=LONGEST,
            required=True,
            example="SELECT 1 AS un",
        ),
    ] = ""
    format: Annotated[str, Documented(_("La forme de la réponse."), enum=list(FORMATS))] = "json"
    limit: Annotated[str, Documented(lazy(_limit_sentence, str)(), type="integer", minimum=0, maximum=999_999_999)] = ""


class SqlDataset(Body):
    """A dataset that was read, in one of its versions."""

    dataset_id: str
    title: str
    version: str
    version_date: Moment
    publisher: str
    licence: str
    url: Uri


class SqlColumn(Body):
    """A column of the answer, with its type in DuckDB."""

    name: str
    type: str


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
