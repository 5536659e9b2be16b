"""What every test may use: a home of its own for the session, a browser, axe."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO

import django
import hypothesis
import pytest

# Ten thousand tests are two million objects that live to the end: they are looked through neither while they come nor afterwards.
gc.disable()

# pytest-django reads the settings that pyproject.toml names before this file: they are named here, once the home is known.
_HOME = Path(tempfile.mkdtemp(prefix="parvis-tests-"))
os.environ["PARVIS_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.config.settings"
# Tests wait for background work, on machines that they keep busy.
os.environ.setdefault("PARVIS_WORKER_NICENESS", "0")
# Thousands of tests enter the back office with every right; those of the second factor ask for it.
os.environ.setdefault("PARVIS_SUPERUSER_SECOND_FACTOR", "false")
os.environ.setdefault("PARVIS_ALLOWED_HOSTS", "127.0.0.1,localhost,.localhost,testserver")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in the thread of the tests
django.setup()  # conftest files of the rooms, read next, import models
# The processes of pytest-xdist inherit the environment: with this name in it they would read the settings, and so this home, before
# they come here and have a home of their own.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.conf import settings as django_settings  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402
from pytest_django.plugin import blocking_manager_key  # noqa: E402
from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402
from xdist.scheduler import LoadFileScheduling  # noqa: E402

from parvis.config.cli.prepared import put_empty_database  # noqa: E402
from parvis.core import unused  # noqa: E402
from parvis.core.versions.manifest import Manifest, read_manifest  # noqa: E402
from parvis.hub.accounts import mails  # noqa: E402
from parvis.hub.backoffice.tests.town import client_of, make_town  # noqa: E402
from parvis.hub.datastore.selectors import engine  # noqa: E402
from parvis.hub.fulltext import index as fulltext_index  # noqa: E402
from parvis.hub.fulltext.rules import TextLibrary  # noqa: E402
from parvis.hub.fulltext.writing import write_changes as write_documents  # noqa: E402
from parvis.hub.jobs.models import Job  # noqa: E402
from parvis.hub.jobs.running import claim, run  # noqa: E402
from parvis.hub.quotas.metering import limiter  # noqa: E402
from parvis.hub.registry import load  # noqa: E402
from parvis.hub.seals import protection  # noqa: E402
from parvis.hub.search import index  # noqa: E402
from parvis.hub.search.writing import write_changes  # noqa: E402
from parvis.hub.store import store  # noqa: E402
from parvis.hub.ui.tests.console import is_of_the_driver  # noqa: E402
from parvis.hub.ui.tests.patience import SLOWED, patience  # noqa: E402
from parvis.packs.bundled_files import demo_pack  # noqa: E402
from parvis.packs.factories import read_file  # noqa: E402

pytest_plugins = ["costs", "another_database"]

load()  # tests give modules of their own besides

# A command that runs in the process of the tests leaves them pandas, which other libraries that they compare with need.
unused.leave_pandas_out = lambda: None

# Thousands of people are made up here: half a second of processor time for the password of each would be most of the suite.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests read sentences as they are written; the spaces of French are set after that, and have tests of their own.
django_settings.MIDDLEWARE = [
    name for name in django_settings.MIDDLEWARE if not name.startswith("parvis.web.typography")
]

_read_assets = WhiteNoiseMiddleware.add_files_from_finders
_ASSETS: dict[str, Any] = {}
"""Files of the interface, as the first client of a process finds them."""


def _read_assets_once(middleware: WhiteNoiseMiddleware) -> None:
    if not _ASSETS:
        _read_assets(middleware)
        _ASSETS.update(middleware.files)
    middleware.files.update(_ASSETS)


# Each client of a test loads the middleware, which would look for a thousand files each time.
WhiteNoiseMiddleware.add_files_from_finders = _read_assets_once

# At a desk each run tries new examples; in CI the same ones, so that what is submitted is what was tried. Nothing is judged by
# the clock: a machine that does something else would be late.
_UNHURRIED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("desk", **_UNHURRIED)
hypothesis.settings.register_profile("ci", derandomize=True, **_UNHURRIED)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


_SHARED = {
    "tests/journeys/test_demo": "the demonstration",
    "tests/journeys/test_lens": "the demonstration",
    "tests/journeys/test_wheel": "the demonstration",
    "tests/conformance/": "the clients",
}
"""Files that ask one served instance, by the beginning of their names: made once, it is asked by one process."""


_WITH_ASSISTANTS = (
    "src/parvis/config/serving/tests/test_bodies",
    "src/parvis/domains/indicators/tests/test_api",
    "src/parvis/hub/sites/tests/test_lens",
    "src/parvis/hub/usage/tests/test_addresses",
    "src/parvis/web/mcp/",
)
"""Files whose requests need a loop of their own: begun first, in one process, since a browser keeps its loop with the thread."""

_LONG = (
    *_SHARED,
    "tests/attacks/test_doors_and_rights",
    "tests/journeys/test_doors",
    "tests/journeys/test_modules",
    "tests/journeys/test_new_domain",
    "tests/robustness/",
    "src/parvis/config/bench",
    "src/parvis/config/cli/tests/test_commands",
    "src/parvis/config/cli/tests/test_start",
    "src/parvis/core/ingest/tests/test_second_opinion",
    "src/parvis/packs/tests/test_demo_import",
    "src/parvis/packs/tests/test_demo_privacy",
    "src/parvis/packs/tests/test_territories",
    "src/parvis/core/privacy/tests/test_planted",
    "src/parvis/core/sandbox/tests/test_pool",
    "src/parvis/domains/indicators/tests/test_moving",
    "src/parvis/hub/jobs/tests/test_stuck",
)
"""Files that take minutes, by the beginning of their names: begun last, one process would end them alone."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that need a loop, then the longest files come first."""
    items.sort(key=lambda item: (not item.nodeid.startswith(_WITH_ASSISTANTS), not item.nodeid.startswith(_LONG)))


class _ByInstance(LoadFileScheduling):
    """A file is tried by one process, and so are those that share an instance."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_WITH_ASSISTANTS):
            return "the assistants"
        return next(
            (scope for start, scope in _SHARED.items() if nodeid.startswith(start)), super()._split_scope(nodeid)
        )


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """How several processes share the tests out."""
    return _ByInstance(config, log)


def pytest_collection_finish() -> None:
    """From here on, what a test leaves is looked for among what tests made; and rarely, since that took a tenth of their time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def engine_of_the_session(request) -> None:
    """The engine of the process, locked to the session's home before a test with a home of its own asks for it first.

    Asked before each test: those that need another engine forget this one, but for rooms whose files share a home and an
    engine of their own (``shared_home``).
    """
    if "shared_home" not in request.fixturenames:
        engine()


class _AtOnce:
    """Sends what would be sent in the background before the answer leaves: a thread would not see the test's own rows."""

    def submit(self, _enter, _run, work, *arguments) -> None:
        work(*arguments)

    def shutdown(self, wait: bool = True) -> None:
        """Nothing waits."""


@pytest.fixture(autouse=True)
def mails_at_once(monkeypatch) -> None:
    """Mails about accounts are in the outbox as soon as the request is over."""
    monkeypatch.setattr(mails, "_senders", _AtOnce())


@pytest.fixture(autouse=True)
def permits_of_the_test() -> None:
    """Nobody holds a permit: a test that asks for a file and does not read it never gives its own back."""
    limiter.cache_clear()


@pytest.fixture(autouse=True)
def search_index_of_the_test(monkeypatch) -> Iterator[None]:
    """Indexes of the test's own rows, made when they are first asked; between a change and a search, the worker has passed."""
    room = f"search/{uuid.uuid4().hex}"
    opened, opened_library = index.opened, fulltext_index.opened

    def opened_after_the_worker() -> Sequence[index.Shelf]:
        write_changes()
        return opened()

    def library_opened_after_the_worker(library: TextLibrary) -> Sequence[index.Shelf] | None:
        write_documents()
        return opened_library(library)

    monkeypatch.setattr("parvis.hub.search.folder.room", lambda: room)
    monkeypatch.setattr(index, "opened", opened_after_the_worker)
    monkeypatch.setattr(fulltext_index, "opened", library_opened_after_the_worker)
    yield
    store().delete(room)


@pytest.fixture(autouse=True)
def language_of_the_settings() -> Iterator[None]:
    """French for every test: a request in English leaves its language on the thread, and Django takes it off at the next request only."""
    translation.activate("fr")
    yield
    translation.activate("fr")


_TEMPLATE = "parvis_tests"
"""The PostgreSQL database that the first process of a run has migrated: the others begin with copies of it."""
_FIRST_TO_MIGRATE = pytest.StashKey[TextIO]()
"""The lock that it holds meanwhile."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings, folder_of_the_run) -> None:
    """Migrations run once: on SQLite the test database starts from the one that a new instance starts from, on PostgreSQL from
    that of the first process; ``migrate`` then finds nothing to do."""
    if connection.vendor == "postgresql":
        lock = (folder_of_the_run / "migrated.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder_of_the_run / "migrated").exists():
            connection.settings_dict["TEST"]["TEMPLATE"] = _TEMPLATE
            lock.close()
        else:
            request.config.stash[_FIRST_TO_MIGRATE] = lock
    if connection.vendor == "sqlite":
        create = connection.creation._create_test_db

        def create_prepared(*args, **options) -> str:
            name = create(*args, **options)
            put_empty_database(Path(name))
            return name

        connection.creation._create_test_db = create_prepared


class _Rows:
    """All rows of the test database at one moment, to put back there: the pages of SQLite's, on PostgreSQL tables beside the others."""

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self._pages = sqlite3.connect(":memory:", check_same_thread=False)
        self._tables: list[str] | None = None

    @property
    def are_kept(self) -> bool:
        """Whether there is anything to put back."""
        return self._tables is not None

    def keep(self) -> None:
        """Keep what is there now."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                connection.connection.backup(self._pages)
                self._tables = []
                return
            self._tables = _filled_tables(cursor)
            cursor.execute(f"CREATE SCHEMA {self._schema}")
            for table in self._tables:
                cursor.execute(f"CREATE TABLE {self._schema}.{table} AS TABLE {table}")

    def put_back(self) -> None:
        """Have these rows there, and no other."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self._pages.backup(connection.connection)
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                # Neither triggers nor keys to other tables are looked at meanwhile.
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table in _filled_tables(cursor):
                    cursor.execute(f"DELETE FROM {table}")
                for table in self._tables or ():
                    cursor.execute(f"INSERT INTO {table} SELECT * FROM {self._schema}.{table}")
        ContentType.objects.clear_cache()


def _filled_tables(cursor) -> list[str]:
    """The tables of PostgreSQL that have a row, but for what says which migrations are there."""
    names = (connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor))
    tables = [name for name in names if name != '"django_migrations"']
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))
    return [name for (name,) in cursor.fetchall()]


_FIRST_ROWS, _EMPTIED = _Rows("first_rows"), _Rows("emptied")
"""What the migrations wrote; what Django leaves where it empties the database: content types and permissions are there again."""


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker, folder_of_the_run) -> None:
    """The test database, and a copy of its first rows."""
    with django_db_blocker.unblock():
        if lock := request.config.stash.get(_FIRST_TO_MIGRATE, None):
            migrated = connection.ops.quote_name(connection.settings_dict["NAME"])
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
                cursor.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE {migrated}")
            (folder_of_the_run / "migrated").touch()
            lock.close()
        _FIRST_ROWS.keep()


_flush = TransactionTestCase._fixture_teardown


def _empty_tables(case: TransactionTestCase) -> None:
    """Empty every table, those too whose rows nobody may remove: on SQLite their triggers go meanwhile."""
    if connection.vendor != "sqlite":
        _flush(case)
        return
    with connection.cursor() as cursor:
        for statement in chain.from_iterable(protection.reversal("sqlite", table) for table in protection.TABLES):
            cursor.execute(statement)
    _flush(case)
    with connection.cursor() as cursor:
        for statement in chain.from_iterable(protection.statements("sqlite", table) for table in protection.TABLES):
            cursor.execute(statement)


def _empty_tables_once(case: TransactionTestCase) -> None:
    """Empty two hundred tables the first time; put the same rows there afterwards, but for the numbers that rows have reached."""
    if case.available_apps is not None:
        _empty_tables(case)
        return
    if not _EMPTIED.are_kept:
        _empty_tables(case)
        _EMPTIED.keep()
        return
    if connection.vendor != "sqlite":
        _EMPTIED.put_back()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        reached = cursor.fetchall()
    _EMPTIED.put_back()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence")
        cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", reached)


TransactionTestCase._fixture_teardown = _empty_tables_once


def _empties_the_database(item: pytest.Item | None) -> bool:
    """True for a test that commits for real, after which every table is emptied."""
    if item is None:
        return False
    mark = item.get_closest_marker("django_db")
    named = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(named) or (mark is not None and bool(mark.kwargs.get("transaction")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Write again what the migrations wrote (the first site, the root page) once no test that empties the database follows.

    In one process those come last; several processes share files out, and one of them may have both kinds.
    """
    result = yield
    if _empties_the_database(item):
        caches["derived"].clear()  # what is counted to know that it is still right begins again from nought
    if _empties_the_database(item) and nextitem is not None and not _empties_the_database(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            _FIRST_ROWS.put_back()
            caches["default"].clear()
    return result


@pytest.fixture
def home(settings) -> Path:
    """The home of the instance under test."""
    return settings.PARVIS_HOME


@pytest.fixture
def town(db) -> SimpleNamespace:
    """A town with one person in each role, and strangers."""
    return make_town()


@pytest.fixture(scope="session")
def folder_of_the_run(tmp_path_factory) -> Path:
    """A folder that all processes of this run have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def demo_version(folder_of_the_run) -> Callable[[str, Path], Manifest]:
    """``demo_version(dataset_id, destination)`` puts there the version of a dataset of the demonstration; its manifest.

    Its file is read by whichever process asks first, once a run; the files of the version are linked and never written to.
    """
    pack = {dataset.dataset_id: dataset for dataset in demo_pack().datasets}
    shared = folder_of_the_run / "demo-versions"
    shared.mkdir(exist_ok=True)

    def put(dataset_id: str, destination: Path) -> Manifest:
        made, folder = shared / f"{dataset_id}.made", shared / dataset_id
        with (shared / f"{dataset_id}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                made.write_text(read_file(pack[dataset_id], folder, shared / f"{dataset_id}.work").version)
        version = made.read_text()
        destination.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder / version, destination / version, copy_function=os.link)
        return read_manifest(destination / version)

    return put


@pytest.fixture
def work() -> Callable[[], None]:
    """Run the background work that waits, as a worker would, on this test's own connection."""

    def run_all() -> None:
        for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
            claimed = claim(job.pk)
            assert claimed is not None
            run(claimed)

    return run_all


def _slow_down(browser) -> None:
    """Give every page of the browser a slower processor, and its test that much patience."""
    make_context = browser.new_context

    def slow_context(**options):
        context = make_context(**options)
        make_page, set_patience = context.new_page, context.set_default_timeout

        def slow_page():
            page = make_page()
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            return page

        context.new_page = slow_page
        context.set_default_timeout = lambda milliseconds: set_patience(patience(milliseconds))
        context.set_default_timeout(30_000)
        return context

    browser.new_context = slow_context


_FRAMES = """
{
  const { requestAnimationFrame: ask, cancelAnimationFrame: cancel } = window
  const late = new Map()
  let asleep = false
  const forget = frame => { clearTimeout(late.get(frame)); late.delete(frame) }
  window.cancelAnimationFrame = frame => { forget(frame); cancel(frame) }
  window.requestAnimationFrame = draw => {
    const frame = ask(now => { asleep = false; forget(frame); draw(now) })
    const wake = () => { asleep = true; window.cancelAnimationFrame(frame); draw(performance.now()) }
    late.set(frame, setTimeout(wake, asleep ? 50 : 2000))
    return frame
  }
}
"""
"""Draws what waits for a frame after two seconds without one."""


def _draw_without_frames(browser) -> None:
    """Let maps be drawn in a page whose frames have ended.

    Without a screen and on a busy machine, about one page in three hundred gets no frame from Chromium, from its beginning to
    its end (seen of version 156: its scripts run, its drawing is not lost, `requestAnimationFrame` never calls).
    """
    make_context = browser.new_context

    def drawing_context(**options):
        context = make_context(**options)
        context.add_init_script(_FRAMES)
        return context

    browser.new_context = drawing_context


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A real Chromium, driven by Playwright; its absence is an error, never a skip."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 only the browser tests pay for it

    path = (
        shutil.which("chromium-headless-shell")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    assert path, "Chromium est introuvable : sudo apt-get install chromium"
    flags = [
        "--no-sandbox",
        "--use-gl=angle",
        "--use-angle=swiftshader-webgl",
        "--enable-unsafe-swiftshader",
        "--disable-gpu-compositing",
    ]
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    # Pages live for a second: machine code of the best quality, for scripts that then are gone, took a quarter of their processor.
    brief = ["--js-flags=--no-turbofan --no-maglev"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags + quiet + brief)
        _draw_without_frames(browser)
        if SLOWED > 1:
            _slow_down(browser)
        yield browser
        browser.close()


_STILL = """
() => {
  const ending = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity)
  const late = new Promise(resolve => setTimeout(resolve, 5000))
  return Promise.race([Promise.allSettled(ending.map(one => one.finished)), late]).then(() => undefined)
}
"""
"""What fades in has its colours once it is there: axe waits for it."""

_VIOLATIONS = """
async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
  const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] })
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target} ${node.failureSummary}`))
}
"""
"""Every rule is asked; of what passes, which is nearly all of a page, axe need not write each element's address nor send it here."""


@pytest.fixture
def page(chromium, live_server, town):
    """A signed-in steward's page, 1280 px wide; nothing may be written to its console."""
    complaints = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", base_url=live_server.url)
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.set_default_timeout(20_000)
    opened = context.new_page()

    def hear(message) -> None:
        if message.type in ("error", "warning") and not is_of_the_driver(message.text):
            complaints.append(message.text)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, run inside pages through ``page.evaluate``."""
    path = Path(__file__).parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source):
    """``axe(page)`` gives the violations of WCAG 2.1 A and AA found in a page, as readable lines."""

    def check(page) -> list[str]:
        page.evaluate(_STILL)
        page.evaluate(axe_source)  # also over the one that Wagtail's own pages have, which is another
        return page.evaluate(_VIOLATIONS)

    return check
