"""A question in the words of the Explore API, answered under limits: pages of rows, exports, facets."""

from parvis.core.explore.errors import InvalidParameter, NoGeometry, UnknownFormat, WrongCursor
from parvis.core.explore.export import Pieces, export, formula_cells
from parvis.core.explore.facets import facets
from parvis.core.explore.formats import EXPORT_FORMATS, ExportFormat, Family, export_format, formats_for, formats_of
from parvis.core.explore.records import RecordsPage, column_of_matching, matching, record, records
from parvis.core.explore.request import ExploreRequest
from parvis.core.explore.writers.rows import Setting

__all__ = [
    "EXPORT_FORMATS",
    "ExploreRequest",
    "ExportFormat",
    "Family",
    "InvalidParameter",
    "NoGeometry",
    "Pieces",
    "RecordsPage",
    "Setting",
    "UnknownFormat",
    "WrongCursor",
    "column_of_matching",
    "export",
    "export_format",
    "facets",
    "formats_for",
    "formats_of",
    "formula_cells",
    "matching",
    "record",
    "records",
]
