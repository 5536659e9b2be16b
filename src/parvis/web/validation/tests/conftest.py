"""A home of its own; nobody has spent anything yet."""

from __future__ import annotations

import json

import pytest

from parvis.hub.quotas.metering import ledger
from parvis.packs.bundled_files import DEMO

GRANTS = "scdl/subventions@2.1.1"
SCHEMA = json.dumps(
    {
        "title": "Places",
        "version": "1.0.0",
        "fields": [
            {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "^[0-9]{5}$"}},
            {"name": "jour", "type": "date"},
        ],
    }
).encode()
RIGHT = b"code,jour\n91228,2024-02-03\n"
WRONG = "code,jour\n91228,03/02/2024\n1004,2024-02-04\n<b>é</b>,2024-02-05\n".encode()


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    """The instance under test."""
    ledger.cache_clear()
    settings.PARVIS_HOME = tmp_path / "home"
    settings.PARVIS_HOME.mkdir()
    return settings.PARVIS_HOME


@pytest.fixture
def grants():
    """The grants of the department of Lot, 2017, as it published them (see the licences of the demonstration pack)."""
    return (DEMO / "files" / "subventions_lot_2017_cp1252.csv").read_bytes()
