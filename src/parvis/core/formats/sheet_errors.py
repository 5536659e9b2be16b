"""Cells of an XLSX sheet that hold an error (#N/A, #REF!…): calamine gives them as empty, so they are found here."""

from __future__ import annotations

import re
from html import unescape

from parvis.core.formats.archives import open_zip, read_member
from parvis.core.formats.job import Job
from parvis.core.formats.sink import EXAMPLE_LINES
from parvis.core.staging import Note

_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(r"<Relationship\s[^<>]*>")
_ERROR = re.compile(
    rb'<c\s(?=[^<>]{0,500}?\bt="e")[^<>]{0,500}?\br="([A-Z]+\d+)"[^<>]{0,500}>(?:<f[^<>]*>[^<]*</f>|<f[^<>]*/>)?<v>([^<]*)'
)
_OVERLAP = 4096


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(match.group(1)) if match else ""


def error_cells(job: Job, sheet: str) -> list[Note]:
    """The note that lists the cells of ``sheet`` that hold an error; nothing when there are none or in other formats."""
    if job.format != "xlsx":
        return []
    with open_zip(job.path, job.name, job.limits) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return []
        workbook = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        ids = {_attribute(tag, "name"): _attribute(tag, "r:id") for tag in _SHEET.findall(workbook)}
        targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)}
        target = targets.get(ids.get(sheet, ""), "").removeprefix("/xl/")
        member = f"xl/{target}"
        if member not in names:
            return []
        errors: dict[str, str] = {}
        tail = b""
        for chunk in read_member(archive, member, job.name, job.limits):
            window = tail + chunk
            errors |= {cell.decode(): value.decode("utf-8", "replace") for cell, value in _ERROR.findall(window)}
            tail = window[-_OVERLAP:]
    if not errors:
        return []
    cells = [f"{cell} {value}" for cell, value in list(errors.items())[:EXAMPLE_LINES]]
    return [Note("error-cells", {"count": len(errors), "cells": cells})]
