"""One workspace for the tests of a module: they replace its table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from parvis.core.staging import Workspace, open_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with open_workspace(tmp_path_factory.mktemp("workspace")) as workspace:
        yield workspace
