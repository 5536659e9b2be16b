"""The error tree of the house.

    ParvisError
    ├── DataError            the file or its data is wrong (exit status 1, HTTP 422)
    │   ├── UnreadableFile   this file cannot be read as what it claims to be
    │   ├── UnsafeFile       this file would harm the machine that reads it
    │   └── MisfitValues     values do not fit the type of their column
    ├── RequestError         the question is wrong (exit status 1, HTTP 400)
    ├── NotFound             nothing there for this caller (HTTP 404)
    ├── Forbidden            there, but not for this caller (HTTP 403)
    ├── Cancelled            a person stopped the work
    └── OperationError       the machine could not do it (exit status 2, HTTP 503)

Each concrete error is a class next to the code that raises it, with a stable ``code``, what it says (``sentence``) and what to do
(``advice``) as rows of the class: French with named placeholders, marked with ``gettext_noop`` for the catalogues. A detail that
is itself words is a ``Sentence``. Only the edges (command line, web) turn an error into an exit status, a page or a problem
document; the HTTP status is a row of the class too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from parvis.core.translation import Sentence, Values, gettext_noop, recorded, translate


class ParvisError(Exception):
    """Root of every error Parvis raises on purpose; ``details`` fill the placeholders of its sentences."""

    code: ClassVar[str] = "parvis"
    sentence: ClassVar[str] = gettext_noop("Une erreur est survenue.")
    advice: ClassVar[str] = ""
    status: ClassVar[int] = 503
    """The HTTP status of an answer that says so."""
    wait: ClassVar[int | None] = None
    """Seconds after which asking again makes sense, when that is known beforehand."""

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.message("fr"))

    def message(self, language: str = "fr") -> str:
        """What happened and where, in ``language``."""
        return self._told(self.sentence, language)

    def hint(self, language: str = "fr") -> str:
        """What to do about it; empty when there is nothing to advise."""
        return self._told(self.advice, language)

    def sentences(self) -> tuple[Sentence, Sentence]:
        """What happened and what to do about it, kept until the reader is known."""
        details = {
            name: value if isinstance(value, str | int | float | Sentence | None) else str(value)
            for name, value in self.details.items()
        }
        return Sentence(self.sentence, details), Sentence(self.advice, details)

    def headers(self) -> dict[str, str]:
        """The HTTP headers that such an answer has."""
        return {} if self.wait is None else {"Retry-After": str(self.wait)}

    def to_details(self) -> dict[str, object]:
        """What makes the same error again in another process, JSON-able."""
        return {name: _as_json(value) for name, value in self.details.items()}

    @classmethod
    def from_details(cls, details: Mapping[str, object]) -> Self:
        """The error that ``to_details`` told of."""
        return cls(**{name: Sentence.from_json(value) or value for name, value in details.items()})

    def _told(self, template: str, language: str) -> str:
        details = {
            name: value.text(language) if isinstance(value, Sentence) else value for name, value in self.details.items()
        }
        return translate(template, language).format_map(Values(details))

    def __str__(self) -> str:
        return self.message("fr")


def _as_json(value: object) -> object:
    if isinstance(value, Sentence):
        return value.to_json()
    return value if isinstance(value, str | int | float | bool | None | list | dict) else str(value)


class DataError(ParvisError):
    """The file or its data is wrong."""

    code = "data"
    status = 422


class UnreadableFile(DataError):
    """The file cannot be read as what it claims to be."""

    code = "file-unreadable"
    sentence = gettext_noop("Le fichier « {file} » ne peut pas être lu : {reason}.")


class UnsafeFile(DataError):
    """The file would harm the machine that reads it."""

    code = "file-unsafe"
    sentence = gettext_noop("Le fichier « {file} » est refusé par sécurité : {reason}.")


class RequestError(ParvisError):
    """The question is wrong."""

    code = "request"
    status = 400


class NotFound(ParvisError):
    """Nothing there for this caller."""

    code = "not-found"
    status = 404
    sentence = gettext_noop("« {name} » n’existe pas.")


class Forbidden(ParvisError):
    """There, but not for this caller."""

    code = "forbidden"
    status = 403
    sentence = gettext_noop("Vous n’avez pas le droit de faire cela : {action}.")


class Cancelled(ParvisError):
    """A person stopped the work."""

    code = "cancelled"
    sentence = gettext_noop("L’opération a été annulée. Rien n’a été changé.")


class OperationError(ParvisError):
    """The machine could not do it."""

    code = "operation"
    sentence = gettext_noop("L’opération n’a pas pu aboutir : {reason}.")


def error_row(error: ParvisError) -> dict[str, Any]:
    """An error as stored: code, message and hint in French, and both as sentences, which any reader's language can tell later."""
    sentence, advice = error.sentences()
    return {
        "code": error.code,
        "message": error.message("fr").replace("\0", ""),  # which PostgreSQL refuses
        "hint": error.hint("fr").replace("\0", ""),
        "sentence": sentence.to_json(),
        "advice": advice.to_json(),
    }


def stored_error(row: Mapping[str, Any] | None, language: str) -> tuple[str, str]:
    """Message and hint of a stored error, in ``language``; empty without error.

    Older rows hold both in French and in English instead of sentences.
    """
    if not row:
        return "", ""
    return _stored(row, "sentence", "message", language), _stored(row, "advice", "hint", language)


def error_facts(row: Mapping[str, Any] | None) -> dict[str, str] | None:
    """A stored error as scripts get it: code, then message and hint in French and in English."""
    if not row:
        return None
    (message, hint), (message_en, hint_en) = stored_error(row, "fr"), stored_error(row, "en")
    return {"code": row["code"], "message": message, "hint": hint, "message_en": message_en, "hint_en": hint_en}


def _stored(row: Mapping[str, Any], sentence: str, former: str, language: str) -> str:
    return recorded(row.get(sentence) or {"fr": row.get(former), "en": row.get(f"{former}_en")}, language)
