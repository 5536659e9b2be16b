"""Occultation that is real: words hidden from a PDF, and looked for afterwards by readers of several authors."""

from parvis.core.redaction.calling import redact, verify
from parvis.core.redaction.errors import RedactionRefused
from parvis.core.redaction.model import MARK, Box, Dropped, Hit, Redaction, RedactionReport, Source, VerificationReport
from parvis.core.redaction.texts import occurrences, text_of_published

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
    "redact",
    "text_of_published",
    "verify",
]
