"""The whole way in: a file becomes a version, or a clear refusal."""

from parvis.core.ingest.ingesting import Examination, examine, ingest

__all__ = ["Examination", "examine", "ingest"]
