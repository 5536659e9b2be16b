"""What a caller is told when a request is refused before Parvis sees it."""

from __future__ import annotations

import json
from typing import ClassVar

from django.utils.translation.trans_real import parse_accept_lang_header

from parvis.core.errors import ParvisError, RequestError
from parvis.core.translation import SOURCE, gettext_noop, languages

type Headers = list[tuple[str, str]]


class Refused(RequestError):
    """A request that is not given to the application."""

    status: ClassVar[int] = 400


def answer_of(error: ParvisError, environ: dict[str, str]) -> tuple[int, Headers, bytes]:
    """Status, headers and body of the answer to who met an error, in their language; JSON for the API."""
    accepted = parse_accept_lang_header(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    language = next((name for name, _weight in accepted if name[:2] in languages()), SOURCE)
    hint = error.hint(language)
    if environ.get("PATH_INFO", "").startswith("/api/"):
        kind = "application/json"
        facts = {"error_code": error.code, "message": error.message(language), **({"hint": hint} if hint else {})}
        body = json.dumps(facts, ensure_ascii=False)
    else:
        kind, body = "text/plain; charset=utf-8", f"{error.message(language)} {hint}".strip() + "\n"
    encoded = body.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(encoded))), ("Cache-Control", "no-store")]
    return error.status, [*headers, *error.headers().items()], encoded


class BodyTooLarge(Refused):
    """More than what this address takes."""

    status: ClassVar[int] = 413
    code: ClassVar[str] = "body-too-large"
    sentence: ClassVar[str] = gettext_noop("L’envoi dépasse {limit} octets, le plus que cette adresse accepte.")


class BodyTooSlow(Refused):
    """The body came by drops, or not at all."""

    status: ClassVar[int] = 408
    code: ClassVar[str] = "body-slow"
    sentence: ClassVar[str] = gettext_noop("L’envoi arrive trop lentement : il a été arrêté.")
    advice: ClassVar[str] = gettext_noop("Recommencez avec une meilleure connexion, ou compressez le fichier (zip).")


class TooManyBodies(Refused):
    """The caller already sends as many as one may."""

    status: ClassVar[int] = 429
    wait: ClassVar[int | None] = 10
    code: ClassVar[str] = "uploads-of-one"
    sentence: ClassVar[str] = gettext_noop("Vous avez déjà {limit} envois en cours. Attendez la fin de l’un d’eux.")


class ReceptionFull(Refused):
    """Everybody together sends as much as the server can receive."""

    status: ClassVar[int] = 503
    wait: ClassVar[int | None] = 30
    code: ClassVar[str] = "uploads-busy"
    sentence: ClassVar[str] = gettext_noop("Trop d’envois sont en cours, ou le disque est presque plein.")
    advice: ClassVar[str] = gettext_noop("Recommencez dans une minute.")


class TooManyUnread(Refused):
    """What was already made for the caller waits to be read."""

    status: ClassVar[int] = 429
    wait: ClassVar[int | None] = 10
    code: ClassVar[str] = "answers-unread"
    sentence: ClassVar[str] = gettext_noop("Trop de réponses qui vous sont destinées attendent d’être lues.")
    advice: ClassVar[str] = gettext_noop("Lisez-les, ou fermez leurs connexions.")


class ServerBusy(Refused):
    """Too many requests wait for a thread."""

    status: ClassVar[int] = 503
    wait: ClassVar[int | None] = 5
    code: ClassVar[str] = "server-busy"
    sentence: ClassVar[str] = gettext_noop("Le serveur est très sollicité.")
    advice: ClassVar[str] = gettext_noop("Recommencez dans quelques secondes.")
