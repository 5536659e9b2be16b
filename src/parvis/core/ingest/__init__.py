"""The whole way in: a file becomes a version, or a clear refusal."""

from parvis.core.ingest.ingestion import Examination, examine, ingest
from parvis.core.ingest.inspectors import Inspector
from parvis.core.ingest.preview import Preview, preview
from parvis.core.ingest.published import search_version

__all__ = ["Examination", "Inspector", "Preview", "examine", "ingest", "preview", "search_version"]
