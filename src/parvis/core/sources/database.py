"""A table or a query of a database: an item that is known without asking, whose rows are read into a typed file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parvis.core.databases.contract import CLEAR, ENCRYPTED, KINDS, VERIFIED, Database, Reading
from parvis.core.databases.statements import checked_select
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings
from parvis.core.sources.errors import BadSource, UnreadableAnswer
from parvis.core.sources.paging import mark, parts_of, with_query
from parvis.core.titles import title_of
from parvis.core.translation import Sentence, gettext_noop


class DatabaseDialect:
    """``table`` or ``query`` says what is read; ``tls`` is ``require`` where the server cannot prove its name, ``off`` where it does not
    encrypt."""

    slug = "database"
    label = gettext_noop("Une table ou une requête d’une base PostgreSQL, MySQL ou MariaDB")
    options: Sequence[str] = ("table", "query", "title", "licence", "username", "tls")
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """Nothing is asked."""
        return ()

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """There is no answer to read."""
        raise UnreadableAnswer(file=answer.name, reason=Sentence("rien n’était attendu"))

    def items(self, settings: Settings) -> tuple[Item, ...]:
        """What is read."""
        place, reading = database_of(settings), reading_of(settings)
        title = settings.options.get("title") or title_of(reading.table.rpartition(".")[2]) or title_of(place.name)
        # Two tables of a database are two datasets, and so are two queries.
        part = {"table": reading.table} if reading.table else {"query": mark([reading.query])}
        resource = Resource(with_query(settings.url, part), reading.table or title, "parquet")
        return (Item("database", title, licence=settings.options.get("licence", ""), resources=(resource,)),)


def database_of(settings: Settings) -> Database:
    """Where the database is: ``postgresql://host[:port]/name`` or ``mysql://…``; BadSource."""
    parts = parts_of(settings.url)
    name = parts.path.strip("/")
    if parts.scheme not in KINDS or not parts.hostname or not name or "/" in name or parts.username is not None:
        reason = Sentence("écrivez « postgresql://serveur/base » ou « mysql://serveur/base », sans mot de passe")
        raise BadSource(reason=reason)
    tls = settings.options.get("tls") or VERIFIED
    if tls not in (VERIFIED, ENCRYPTED, CLEAR):
        words = {"word": tls[:40], "names": ", ".join((VERIFIED, ENCRYPTED, CLEAR))}
        raise BadSource(reason=Sentence("« tls = {word} » n’existe pas ; les choix : {names}", words))
    return Database(parts.scheme, parts.hostname, name, parts.port or 0, tls)


def reading_of(settings: Settings) -> Reading:
    """What is read of it; BadSource, or BadQuery for what does not only read."""
    table, query = (settings.options.get(name, "").strip() for name in ("table", "query"))
    if bool(table) == bool(query):
        raise BadSource(reason=Sentence("donnez une table ou une requête"))
    if query:
        checked_select(query, parts_of(settings.url).scheme)
    return Reading(table, query)


DIALECT = DatabaseDialect()
