"""Documents that people send: which are received, and whether their content is what their name says."""

from parvis.core.documents.errors import DocumentMismatch, DocumentUnknown
from parvis.core.documents.kinds import KINDS, DocumentKind, kind_named
from parvis.core.documents.recognition import Recognised, recognise_document, require_document

__all__ = [
    "KINDS",
    "DocumentKind",
    "DocumentMismatch",
    "DocumentUnknown",
    "Recognised",
    "kind_named",
    "recognise_document",
    "require_document",
]
