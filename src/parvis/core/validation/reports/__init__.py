"""A report for people: every fault as CSV, JSON or a coloured spreadsheet, and the rows around faults for a page."""

from parvis.core.validation.reports.as_csv import csv_report
from parvis.core.validation.reports.as_json import json_report
from parvis.core.validation.reports.as_xlsx import xlsx_report
from parvis.core.validation.reports.excerpts import Excerpt, ExcerptRow, excerpts
from parvis.core.validation.reports.files import ENDINGS, SHOWN_CELL, rows_around, write_reports
from parvis.core.validation.reports.rows import TableRows, open_rows, rows_of_staged

__all__ = [
    "ENDINGS",
    "SHOWN_CELL",
    "Excerpt",
    "ExcerptRow",
    "TableRows",
    "csv_report",
    "excerpts",
    "json_report",
    "open_rows",
    "rows_around",
    "rows_of_staged",
    "write_reports",
    "xlsx_report",
]
