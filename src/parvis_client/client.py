"""A portal as a program writes to it."""

from __future__ import annotations

from parvis_client.administration import Administration
from parvis_client.datasets import Datasets
from parvis_client.files import Files
from parvis_client.rows import Rows
from parvis_client.services import Services
from parvis_client.sources import Sources


class Parvis(Datasets, Files, Rows, Services, Sources, Administration):
    """One portal, by one key that writes.

    Answers are the JSON of the portal as dictionaries, described at ``/api/parvis/v1/openapi.json``. Methods raise
    ``ParvisClientError`` and its kinds; those that fail for a moment are tried again, ``tries`` times in all.
    """
