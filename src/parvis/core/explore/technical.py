"""What version 2.0 of the API knew of a record besides its fields, asked by name in queries (specification, section 11.1)."""

from __future__ import annotations

from datetime import datetime

from parvis.core.engine.contract import AnySource, Source
from parvis.core.explore.identity import fact_of_row
from parvis.core.odsql.bound import AsText, Bound, RowFact, Value
from parvis.core.odsql.valuetypes import ValueType


def technical_fields(source: AnySource, dataset_id: str) -> dict[str, Bound]:
    """``datasetid``, ``recordid`` (40 hexadecimal digits or the field marked ``id``), ``record_timestamp`` (when the version
    was made) and ``record_size`` (bytes of the values as text)."""
    stamp = datetime.fromisoformat(source.manifest.created) if isinstance(source, Source) else None
    return {
        "datasetid": AsText(Value(dataset_id, ValueType.TEXT)),
        "recordid": fact_of_row(source.shape, RowFact.ID),
        "record_timestamp": Value(stamp, ValueType.DATETIME if stamp else ValueType.NULL),
        "record_size": fact_of_row(source.shape, RowFact.SIZE),
    }
