"""What the tests of this room share."""

from __future__ import annotations

import pytest

from parvis.hub.fulltext.tests.papers import Papers


@pytest.fixture
def papers(db, monkeypatch) -> Papers:
    """An empty library of the house."""
    return Papers().install(monkeypatch)
