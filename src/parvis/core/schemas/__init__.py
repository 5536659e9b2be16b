"""Table Schema: what the columns of a table must be, read from JSON with every error of the schema told."""

from parvis.core.schemas.loader import read_schema, schema_from_bytes
from parvis.core.schemas.model import CustomCheck, Field, ForeignKey, SchemaProblem, TableSchema
from parvis.core.schemas.refusals import BadSchema, UnreadableSchema

__all__ = [
    "BadSchema",
    "CustomCheck",
    "Field",
    "ForeignKey",
    "SchemaProblem",
    "TableSchema",
    "UnreadableSchema",
    "read_schema",
    "schema_from_bytes",
]
