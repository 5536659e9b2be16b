"""The whole way in: a file becomes a version, or a clear refusal."""

from parvis.core.ingest.ingestion import Examination, examine, ingest
from parvis.core.ingest.inspectors import Inspector
from parvis.core.ingest.published import search_version

__all__ = ["Examination", "Inspector", "examine", "ingest", "search_version"]
