"""What a question to the catalogue may have wrong, with the code that OWS Common gives to it."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import Sentence, gettext_noop


class CatalogueRequestError(RequestError):
    """The question cannot be answered; ``locator`` is the parameter or the element at fault."""

    code: ClassVar[str] = "csw-request"
    ows_code: ClassVar[str] = "InvalidParameterValue"

    def __init__(self, **details: object) -> None:
        self.locator = str(details.get("name", ""))[:100]
        super().__init__(
            **{name: value if isinstance(value, Sentence) else str(value)[:200] for name, value in details.items()}
        )


class BadValue(CatalogueRequestError):
    """A parameter has a value that it does not take."""

    code = "csw-value"
    sentence = gettext_noop("« {value} » n’est pas une valeur de {name}.")
    advice = gettext_noop("Attendu : {expected}.")


class MissingValue(CatalogueRequestError):
    """A parameter that the operation cannot do without."""

    code = "csw-missing"
    ows_code = "MissingParameterValue"
    sentence = gettext_noop("Le paramètre {name} manque.")


class UnknownOperation(CatalogueRequestError):
    """An operation that this service does not have."""

    code = "csw-operation"
    ows_code = "OperationNotSupported"
    sentence = gettext_noop("L’opération « {value} » n’existe pas ici.")
    advice = gettext_noop("Opérations : {expected}.")


class UnknownVersion(CatalogueRequestError):
    """A version of CSW that this service does not speak."""

    code = "csw-version"
    ows_code = "VersionNegotiationFailed"
    sentence = gettext_noop("La version « {value} » de CSW n’est pas servie.")
    advice = gettext_noop("Versions : {expected}.")


class BadFilter(CatalogueRequestError):
    """A condition that cannot be read, or that this catalogue does not apply."""

    code = "csw-filter"
    sentence = gettext_noop("La condition ne peut pas être appliquée : {reason}.")


class BadDocument(CatalogueRequestError):
    """The XML of a request is refused."""

    code = "csw-xml"
    ows_code = "NoApplicableCode"
    sentence = gettext_noop("Le document XML de la requête est refusé : {reason}.")
