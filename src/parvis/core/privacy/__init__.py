"""Personal data: looked for in tables and texts, told with reasons and masked samples, treated on demand."""

from parvis.core.privacy.documents import search_document
from parvis.core.privacy.inspector import PrivacyInspector
from parvis.core.privacy.model import Confidence, Finding, PrivacyReport
from parvis.core.privacy.search import search_file, search_table
from parvis.core.privacy.texts import search_name, search_text

__all__ = [
    "Confidence",
    "Finding",
    "PrivacyInspector",
    "PrivacyReport",
    "search_document",
    "search_file",
    "search_name",
    "search_table",
    "search_text",
]
