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

Each concrete error is a class next to the code that raises it, with a stable ``code`` and its sentences in French and
English as rows of the class (``fr``, ``en``, ``hint_fr``, ``hint_en``), written with named placeholders. Only the edges
(command line, web) turn an error into an exit status, a page or a problem document; the HTTP status is a row of the class too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self


class ParvisError(Exception):
    """Root of every error Parvis raises on purpose; ``details`` fill the placeholders of its sentences."""

    code: ClassVar[str] = "parvis"
    fr: ClassVar[str] = "Une erreur est survenue."
    en: ClassVar[str] = "Something went wrong."
    hint_fr: ClassVar[str] = ""
    hint_en: ClassVar[str] = ""
    status: ClassVar[int] = 503
    """The HTTP status of an answer that says so."""
    wait: ClassVar[int | None] = None
    """Seconds after which asking again makes sense, when that is known beforehand."""

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.message("fr"))

    def message(self, language: str = "fr") -> str:
        """What happened and where, in ``language`` (``fr``, anything else is English)."""
        template = self.fr if language.startswith("fr") else self.en
        return template.format_map(_Details(self.details))

    def hint(self, language: str = "fr") -> str:
        """What to do about it; empty when there is nothing to advise."""
        template = self.hint_fr if language.startswith("fr") else self.hint_en
        return template.format_map(_Details(self.details))

    def headers(self) -> dict[str, str]:
        """The HTTP headers that such an answer bears."""
        return {} if self.wait is None else {"Retry-After": str(self.wait)}

    def to_details(self) -> dict[str, object]:
        """What makes the same error again in another process, JSON-able."""
        plain = (str, int, float, bool, type(None), list, dict)
        return {name: value if isinstance(value, plain) else str(value) for name, value in self.details.items()}

    @classmethod
    def from_details(cls, details: Mapping[str, object]) -> Self:
        """The error that ``to_details`` told of."""
        return cls(**details)

    def __str__(self) -> str:
        return self.message("fr")


class _Details(dict[str, object]):
    """A missing detail must never hide the error itself."""

    def __missing__(self, key: str) -> str:
        return "?"


class DataError(ParvisError):
    """The file or its data is wrong."""

    code = "data"
    status = 422


class UnreadableFile(DataError):
    """The file cannot be read as what it claims to be."""

    code = "file-unreadable"
    fr = "Le fichier « {file} » ne peut pas être lu : {reason}."
    en = "The file “{file}” cannot be read: {reason}."


class UnsafeFile(DataError):
    """The file would harm the machine that reads it."""

    code = "file-unsafe"
    fr = "Le fichier « {file} » est refusé par sécurité : {reason}."
    en = "The file “{file}” is refused for safety: {reason}."


class RequestError(ParvisError):
    """The question is wrong."""

    code = "request"
    status = 400


class NotFound(ParvisError):
    """Nothing there for this caller."""

    code = "not-found"
    status = 404
    fr = "« {name} » n’existe pas."
    en = "“{name}” does not exist."


class Forbidden(ParvisError):
    """There, but not for this caller."""

    code = "forbidden"
    status = 403
    fr = "Vous n’avez pas le droit de faire cela : {action}."
    en = "You may not do this: {action}."


class Cancelled(ParvisError):
    """A person stopped the work."""

    code = "cancelled"
    fr = "L’opération a été annulée. Rien n’a été changé."
    en = "The operation was cancelled. Nothing was changed."


class OperationError(ParvisError):
    """The machine could not do it."""

    code = "operation"
    fr = "L’opération n’a pas pu aboutir : {reason}."
    en = "The operation could not be completed: {reason}."
