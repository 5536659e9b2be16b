"""Occultation that is real: words hidden from a PDF, and looked for afterwards by readers of several authors."""

from parvis.core.redaction.across import occurrences_in_document, whole_and_cut
from parvis.core.redaction.calling import redact, verify
from parvis.core.redaction.errors import RedactionRefused
from parvis.core.redaction.model import MARK, Box, Dropped, Hit, Redaction, RedactionReport, Source, VerificationReport
from parvis.core.redaction.spelling import parts_of_name
from parvis.core.redaction.texts import occurrences, occurrences_of_each, text_of_published

__all__ = [
    "MARK",
    "Box",
    "Dropped",
    "Hit",
    "Redaction",
    "RedactionRefused",
    "RedactionReport",
    "Source",
    "VerificationReport",
    "occurrences",
    "occurrences_in_document",
    "occurrences_of_each",
    "parts_of_name",
    "redact",
    "text_of_published",
    "verify",
    "whole_and_cut",
]
