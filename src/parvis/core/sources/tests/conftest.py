"""Sources of elsewhere, answered from memory."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from parvis.core.sources.contract import Item, Page, Refusal, Request, Resource, Settings
from parvis.core.sources.dialects import DIALECTS, ROWS

DATA = Path(__file__).parent / "data"
type Server = Callable[[Request], bytes | str | Path | Any]


@dataclass
class Harvest:
    """All that a source gave, and what it was asked."""

    items: list[Item] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    total: int | None = None

    @property
    def reasons(self) -> str:
        return " ".join(refusal.reason for refusal in self.refusals)


class Elsewhere:
    """Answers on disk, as the harvester has them, without a network."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0

    def answer(self, body: Any) -> Path:
        if isinstance(body, Path):
            return body
        self._count += 1
        path = self.folder / f"answer-{self._count}"
        text = body if isinstance(body, bytes | str) else json.dumps(body)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, slug: str, body: Any, url: str, request: Request | None = None, **more: Any) -> Page:
        """One answer, to the first request unless another is said."""
        settings = Settings(url, **more)
        return DIALECTS[slug].read(self.answer(body), request or DIALECTS[slug].first(settings)[0], settings)

    def harvest(self, slug: str, server: Server, url: str, most: int = 50, **more: Any) -> Harvest:
        """All answers, until nothing more is asked."""
        settings, whole = Settings(url, **more), Harvest()
        pending = list(DIALECTS[slug].first(settings))
        while pending:
            request = pending.pop(0)
            whole.asked.append(request)
            assert len(whole.asked) <= most, "it goes round"
            page = DIALECTS[slug].read(self.answer(server(request)), request, settings)
            whole.items += page.items
            whole.refusals += page.refusals
            pending += page.following
            whole.total = page.total if page.total is not None else whole.total
        return whole

    def rows(
        self, slug: str, server: Server, resource: Resource | str, most: int = 50, **more: Any
    ) -> list[Mapping[str, Any]]:
        """All rows of a resource, as the importer will read them."""
        resource = Resource(resource) if isinstance(resource, str) else resource
        destination, count = self.folder / "rows.jsonl", 0
        destination.unlink(missing_ok=True)
        pending = list(ROWS[slug].first(resource, Settings(resource.url, **more)))
        while pending:
            request, count = pending.pop(0), count + 1
            assert count <= most, "it goes round"
            pending += ROWS[slug].rows(self.answer(server(request)), request, destination)
        return [json.loads(line) for line in destination.read_text().splitlines()] if destination.exists() else []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path)
