"""Sources that the portal reads by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from parvis_client.errors import ParvisClientError, RunStopped
from parvis_client.session import Facts, Session
from parvis_client.transport import path_of


class Sources(Session):
    """``/sources``, ``/runs``."""

    def sources(self) -> Iterator[Facts]:
        """The sources of the organisations where the key publishes."""
        return self._each("/sources")

    def source(self, slug: str) -> Facts:
        """A source and its latest reading."""
        return self._ask("GET", path_of("sources", slug))

    def preview_source(self, dialect: str, url: str, organisation: str, **settings: Any) -> Facts:
        """Its first twenty datasets and what would become of each, nothing being saved."""
        body = {"dialect": dialect, "url": url, "organisation": organisation, **settings}
        return self._ask("POST", "/source-previews", body=body)

    def create_source(self, dialect: str, url: str, organisation: str, **settings: Any) -> Facts:
        """Add a source; ``access`` is what opens it, header by header, which no answer gives back."""
        return self._ask(
            "POST", "/sources", body={"dialect": dialect, "url": url, "organisation": organisation, **settings}
        )

    def update_source(self, slug: str, *, etag: str | None = None, **settings: Any) -> Facts:
        """Change what is said of a source; with the ``etag`` of what was read, Conflict when somebody changed it since."""
        return self._ask("PATCH", path_of("sources", slug), body=settings, **self._if_match(etag))

    def remove_source(self, slug: str) -> None:
        """Forget a source; the datasets that it brought stay."""
        self._ask("DELETE", path_of("sources", slug))

    def run_source(
        self,
        slug: str,
        *,
        complete: bool = False,
        wait: float = 3600.0,
        progress: Callable[[Facts], None] | None = None,
    ) -> Facts:
        """Read a source now, and wait for the end of it (``wait`` seconds, 0 for not at all); RunStopped when it does not end well."""
        run = self._ask("POST", path_of("sources", slug, "runs"), body={"complete": complete})
        return self.wait_run(run["run"], wait, progress) if wait else run

    def runs(self, slug: str) -> Iterator[Facts]:
        """The readings of a source, the latest first."""
        return self._each(path_of("sources", slug, "runs"))

    def run(self, number: int) -> Facts:
        """Where a reading stands."""
        return self._ask("GET", path_of("runs", number))

    def wait_run(self, number: int, seconds: float = 3600.0, progress: Callable[[Facts], None] | None = None) -> Facts:
        """A reading once it is over; RunStopped when it failed or was stopped."""
        limit, pause = time.monotonic() + seconds, 0.5
        while not (facts := self.run(number))["over"]:
            if progress is not None:
                progress(facts)
            if time.monotonic() > limit:
                raise ParvisClientError(f"run {number} : {facts['state']}", code="client-wait")
            time.sleep(pause)
            pause = min(pause * 1.5, 10.0)
        if facts["state"] != "done":
            raise RunStopped(facts)
        return facts

    def stop_run(self, number: int) -> Facts:
        """Stop a reading; it can go on later."""
        return self._ask("DELETE", path_of("runs", number))

    def resume_run(self, number: int) -> Facts:
        """Go on with a reading that failed or was stopped."""
        return self._ask("POST", path_of("runs", number, "resume"))

    def confirm_run(self, number: int) -> Facts:
        """Say that what a suspicious reading did not see is gone indeed."""
        return self._ask("POST", path_of("runs", number, "confirm"))

    def run_items(self, number: int, outcome: str = "") -> Iterator[Facts]:
        """What a reading did with each dataset, and why."""
        return self._each(path_of("runs", number, "items"), outcome=outcome)

    def twins(self, slug: str) -> Iterator[Facts]:
        """The datasets of a source that seem to be here already."""
        return self._each(path_of("sources", slug, "twins"))

    def decide_twin(self, slug: str, item: int, *, same: bool) -> None:
        """Say whether a dataset of a source is the one here."""
        body = {"decision": "same" if same else "separate"}
        self._ask("PUT", path_of("sources", slug, "twins", item), body=body)
