"""What form of answer a client asks for: ``$format`` before ``Accept``, and the size of pages of ``Prefer``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest

from parvis.core.errors import RequestError
from parvis.core.odata.errors import BadOption
from parvis.core.odata.pages import LARGEST_PAGE, PAGE_ROWS
from parvis.core.translation import gettext_noop

VERSION = "4.0"
_MAXIMUM = re.compile(r"(\d{1,3})(?:\.\d{1,3})?")
_PAGE_SIZE = re.compile(r"(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*\"?(\d{1,9})\"?", re.IGNORECASE)
_JSON_TYPES = ("application/json", "application/*", "*/*")
_XML_TYPES = frozenset({"application/xml", "text/xml", "application/*", "*/*", "text/*"})


class NotAcceptable(RequestError):
    """The client reads no form that this service writes."""

    code = "odata-format"
    status = 406
    sentence = gettext_noop("Ce service OData répond en JSON, et non en « {form} ».")
    advice = gettext_noop("Demandez $format=json, ou Accept: application/json.")


class OldVersion(RequestError):
    """The client reads older versions of the protocol alone."""

    code = "odata-version"
    sentence = gettext_noop("Ce service parle OData 4 ; votre logiciel dit ne lire que la version {version}.")
    advice = gettext_noop("Dans Excel : Données, Obtenir des données, À partir d’un flux OData.")


@dataclass(frozen=True, slots=True)
class Form:
    """How entities are written: which control information, and whether wide numbers are texts."""

    metadata: str = "minimal"
    wide_numbers_as_text: bool = False

    @property
    def media_type(self) -> str:
        """The content type that says so."""
        wide = ";IEEE754Compatible=true" if self.wide_numbers_as_text else ""
        return f"application/json;odata.metadata={self.metadata}{wide};charset=utf-8"

    @property
    def has_context(self) -> bool:
        """Whether answers say where they are described."""
        return self.metadata != "none"


def require_version(request: HttpRequest) -> None:
    """OldVersion for a client that does not read OData 4."""
    highest = request.headers.get("OData-MaxVersion", "").strip()
    match = _MAXIMUM.fullmatch(highest)
    if match and int(match[1]) < 4:
        raise OldVersion(version=highest)


def json_form(request: HttpRequest, chosen: str) -> Form:
    """The form that ``$format`` or else ``Accept`` asks for; NotAcceptable for one that is no JSON."""
    if chosen.strip():
        kind, _semicolon, rest = chosen.strip().partition(";")
        if kind.lower() not in ("json", "application/json"):
            raise NotAcceptable(form=chosen[:100])
        return _form(rest)
    ranges = _ranges(request)
    accepted = next((rest for kind, rest in ranges if kind in _JSON_TYPES), None)
    if accepted is None and ranges:
        raise NotAcceptable(form=request.headers.get("Accept", "")[:100])
    return _form(accepted or "")


def metadata_form(request: HttpRequest, chosen: str) -> str:
    """``xml`` or ``json``, for the description of a service."""
    kind = chosen.strip().partition(";")[0].lower()
    if kind:
        if kind not in ("json", "xml", "application/json", "application/xml"):
            raise BadOption(option="$format", value=chosen[:100], expected="xml | json")
        return kind.removeprefix("application/")
    # Clients that prefer JSON for entities send the same header here, and read XML alone: it is the form of every one of them.
    accepted = {kind for kind, _rest in _ranges(request)}
    return "json" if "application/json" in accepted and not accepted & _XML_TYPES else "xml"


def page_rows(request: HttpRequest) -> tuple[int, bool]:
    """Rows of a page, and whether the client chose how many."""
    match = _PAGE_SIZE.search(request.headers.get("Prefer", ""))
    if match is None or int(match[1]) < 1:
        return PAGE_ROWS, False
    return min(int(match[1]), LARGEST_PAGE), True


def _ranges(request: HttpRequest) -> list[tuple[str, str]]:
    """The media ranges of ``Accept`` that are not refused, those preferred first, each with its parameters."""
    ranges: list[tuple[float, str, str]] = []
    for part in request.headers.get("Accept", "").split(",")[:50]:
        kind, _semicolon, rest = part.strip().partition(";")
        quality = re.search(r"(?:^|;)\s*q=(\d(?:\.\d{1,3})?)", rest)
        weight = float(quality[1]) if quality else 1.0
        if kind and weight:
            ranges.append((-weight, kind.strip().lower(), rest))
    return [(kind, rest) for _weight, kind, rest in sorted(ranges, key=lambda row: row[0])]


def _form(parameters: str) -> Form:
    lowered = parameters.lower().replace(" ", "")
    is_bare = "metadata=none" in lowered
    return Form("none" if is_bare else "minimal", "ieee754compatible=true" in lowered)
