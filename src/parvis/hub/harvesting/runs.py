"""A run: begun once a source, advanced slice by slice by whoever holds its job, and ended with what it says of what is gone."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import batched, chain, islice
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from parvis.core.children import call
from parvis.core.errors import Cancelled, ParvisError, UnreadableFile, error_row
from parvis.core.fetching import HttpStatus
from parvis.core.progress import Progress
from parvis.core.schedules import next_after
from parvis.core.sources.contract import EXTRA, NEXT_PAGE, Numbered, Request, Standing
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.reading import Line, Reading, lines_of, read_answer
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import unpublish
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.asking import TRANSIENT, send, settings_of
from parvis.hub.harvesting.catalogue_order import follow_order
from parvis.hub.harvesting.comparisons import compare, is_compared
from parvis.hub.harvesting.files import EACH, OPTION, each_file, item_name
from parvis.hub.harvesting.hosts import ComeBackLater, HostIsDown
from parvis.hub.harvesting.items import NAMELESS, Harvest, Stopped
from parvis.hub.harvesting.models import Hook, Item, Run, RunItem, Source
from parvis.hub.harvesting.move_rest import rests
from parvis.hub.harvesting.rules import (
    ASKED_RUN,
    BATCH,
    COMPARED,
    FULL_EVERY,
    MOST_BARREN,
    MOST_DEFERRALS,
    MOST_ITEMS,
    MOST_LEFT,
    MOST_PAGES,
    OVERLAP,
    PAGE_BYTES,
    PAGE_SECONDS,
    RUN,
    RUNS_TOLD,
    WAITS,
    AlreadyRunning,
    CircularSource,
    Mode,
    NothingRead,
    Outcome,
    SourceBusy,
    SourceDown,
    State,
    Trigger,
    is_suspicious,
    lacks_too_many,
)
from parvis.hub.harvesting.selectors import count_items
from parvis.hub.harvesting.told_services import close, keepers, not_given
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.services import enqueue
from parvis.hub.store import harvest_name, store

_MAY_PASS = (*TRANSIENT, UnreadableAnswer, SourceDown)
"""Errors of a page after which it is asked again: a catalogue cut in the middle is often whole a minute later."""


def begin(source: Source, trigger: Trigger, *, person_id: int | None = None, complete: bool = False) -> Run:
    """A new run of the source, that nobody advances yet; AlreadyRunning. ``complete`` reads everything, whatever was read before."""
    now = timezone.now()
    dialect = DIALECTS.get(source.dialect)
    is_recent = source.whole_since is not None and source.whole_since > now - FULL_EVERY
    since = ""
    if dialect is not None and dialect.incremental and is_recent and not complete and source.whole_since:
        latest = source.runs.filter(state=State.DONE).order_by("-pk").values_list("started", flat=True).first()
        since = ((latest or source.whole_since) - OVERLAP).isoformat()
    try:
        with transaction.atomic():
            # What was called for until now, this run reads. Before the run is made, as calls do: in another order two would wait for
            # each other.
            Hook.objects.filter(source=source, pending__isnull=False).update(pending=None)
            return Run.objects.create(source=source, trigger=trigger, person_id=person_id, since=since)
    except IntegrityError as error:
        raise AlreadyRunning(title=source.title) from error


def send_to_worker(run: Run, after: datetime | None = None) -> None:
    """Have a worker advance the run, not before ``after``; part of the caller's transaction."""
    job = enqueue(OPERATOR, ASKED_RUN if run.trigger == Trigger.PERSON else RUN, after=after, run=run.pk)
    Run.objects.filter(pk=run.pk).update(job=job, resumes=after)


def advance(run: Run, actor: Actor, progress: Progress, *, seconds: float | None) -> datetime | None:
    """Read on for about so many seconds (None: to the end); when to go on, None once the run is over.

    Whatever ends it is written in the run. ``Cancelled`` of the job itself is raised: another process takes it up.
    """
    run.refresh_from_db()
    if run.is_over:
        return None
    if run.stop_requested:
        end(run, State.STOPPED)
        return None
    run.state, run.started, run.resumes = State.RUNNING, run.started or timezone.now(), None
    run.save(update_fields=["state", "started", "resumes"])
    _count(run)
    begun = time.monotonic()
    deadline = None if seconds is None else begun + seconds
    try:
        harvest = Harvest(run, actor, progress)
        if (
            not _read_on(harvest, deadline)
            or not _compare_on(run, progress, deadline)
            or not _bring_rest(harvest, deadline)
        ):
            return timezone.now()
        follow_order(run, actor, progress)
        _finish(run, actor, harvest.failure)
    except Cancelled:
        raise
    except HostIsDown as down:
        return _again_or_failed(run, SourceDown(host=down.host))
    except ComeBackLater as later:
        if run.deferrals >= MOST_DEFERRALS:
            end(run, State.FAILED, SourceBusy())
            return None
        Run.objects.filter(pk=run.pk).update(deferrals=F("deferrals") + 1)
        return later.moment
    except Stopped:
        end(run, State.STOPPED)
    except ParvisError as error:
        return _again_or_failed(run, error)
    finally:
        Run.objects.filter(pk=run.pk).update(worked=F("worked") + time.monotonic() - begun)
    return None


def _again_or_failed(run: Run, error: ParvisError) -> datetime | None:
    """When what may pass is tried again; None when the run ends there."""
    if _is_no_list(error) and _leave_services(run, error):
        return timezone.now()
    if isinstance(error, _MAY_PASS) and run.tries < len(WAITS) and _waits_make_sense(run):
        wait = WAITS[run.tries]
        Run.objects.filter(pk=run.pk).update(tries=F("tries") + 1, error=error_row(error))
        return timezone.now() + wait
    if _leave_page(run, error) or _leave_services(run, error):
        return timezone.now()
    end(run, State.FAILED, error)
    return None


def _leave_page(run: Run, error: ParvisError) -> bool:
    """Go on with the page after one that cannot be read, told in the report; what it has is unknown, not gone. False at the first page,
    where pages have no number, and when too many are so."""
    dialect, source = DIALECTS.get(run.source.dialect), run.source
    if not isinstance(error, UnreadableAnswer | HttpStatus) or not isinstance(dialect, Numbered) or not run.page:
        return False
    if not run.pending or RunItem.objects.filter(run=run, identifier=NEXT_PAGE).count() >= MOST_LEFT:
        return False
    following = dialect.after(Request(**run.pending[0]), settings_of(source, run.since), run.total)
    reason = Sentence(
        "la page {page} du catalogue n’a pas pu être lue : ses jeux restent comme ils sont", {"page": run.page + 1}
    )
    reasons = [reason.to_json(), *(sentence.to_json() for sentence in error.sentences() if sentence.message)]
    with transaction.atomic():
        RunItem.objects.create(run=run, identifier=NEXT_PAGE, outcome=Outcome.FAILED, reasons=reasons, page=run.page)
        run.pending = [*(asdict(part) for part in following), *run.pending[1:]]
        run.page, run.tries, run.error = run.page + 1, 0, None
        run.save(update_fields=["pending", "page", "tries", "error"])
    return True


def _is_no_list(error: ParvisError) -> bool:
    """Whether a server says that there is nothing at an address, or gives something else: asking again changes nothing."""
    nothing = isinstance(error, HttpStatus) and error.details.get("status") in (400, 401, 403, 404, 405, 410)
    return nothing or isinstance(error, UnreadableFile)


def _leave_services(run: Run, error: ParvisError) -> bool:
    """Go on after what not every source has, told in the report: its datasets are read whole none the less."""
    if not run.pending or EXTRA not in Request(**run.pending[0]).state:
        return False
    if not isinstance(error, UnreadableFile | HttpStatus):
        return False
    not_given(run)
    run.pending, run.page, run.tries, run.error = run.pending[1:], run.page + 1, 0, None
    run.save(update_fields=["pending", "page", "tries", "error"])
    return True


def end(run: Run, state: State, error: ParvisError | None = None) -> None:
    """Write how a run ended; nothing when it is over already."""
    _count(run)
    now, row = timezone.now(), error_row(error) if error else None
    with transaction.atomic():
        open_run = Run.objects.filter(pk=run.pk, state__in=(State.QUEUED, State.RUNNING))
        if not open_run.update(state=state, finished=now, error=row, resumes=None):
            return
        failed = state == State.FAILED
        Source.objects.filter(pk=run.source_id).update(failures=F("failures") + 1 if failed else 0)
    run.refresh_from_db()
    if state == State.DONE:
        store().delete(harvest_name(run.pk))


def take_again(run: Run) -> None:
    """Have a run that asked everything, and did not end, take again what failed; one of which nothing failed has only to go on."""
    failed = RunItem.objects.filter(run=run, outcome=Outcome.FAILED)
    if not failed.exists():
        return
    Item.objects.filter(pk__in=failed.values("item")).update(last_run=0)
    failed.delete()
    # From the first page: what was done is found done on the page where it was, rather than given twice.
    Run.objects.filter(pk=run.pk).update(pending=None, page=0)


def _waits_make_sense(run: Run) -> bool:
    """A source that never answered has a wrong address: somebody who has just set it is told at once."""
    return run.page > 0 or run.trigger != Trigger.PERSON or run.source.whole_since is not None


def _read_on(harvest: Harvest, deadline: float | None) -> bool:
    """Take pages until none is left (True) or the time is over."""
    run, source = harvest.run, harvest.source
    dialect = DIALECTS[source.dialect]
    if run.pending is None:
        wishes = settings_of(source, run.since)
        if isinstance(dialect, Standing):
            harvest.begin_page()
            harvest.take([Line(item=item) for item in dialect.items(wishes)])
        run.pending = [asdict(request) for request in dialect.first(wishes)]
        run.save(update_fields=["pending"])
    while run.pending:
        request = Request(**run.pending[0])
        name, reading = _page(harvest, request)
        if not name:
            _all_unchanged(run)
            fresh = 1
        else:
            run.total = reading.total if reading.total is not None else run.total
            Run.objects.filter(pk=run.pk).update(total=run.total)  # who follows it is told before the page is done
            with store().open(name) as stream:
                if not _take_lines(harvest, _read_lines(source, stream), _mark(name), deadline):
                    return False
            fresh = harvest.fresh
        _next_page(run, reading, fresh)
        store().delete(name) if name else None
        if deadline is not None and run.pending and time.monotonic() > deadline:
            return False
    return True


def _compare_on(run: Run, progress: Progress, deadline: float | None) -> bool:
    """Of a move, compare each dataset with what is there, once a run; False when the time is over before the last."""
    if run.source.mode != Mode.MOVE:
        return True
    rows = run.source.items.filter(dataset__isnull=False, gone=None).exclude(dataset__status=Status.DELETED)
    total = rows.count()
    for key in list(rows.order_by("pk").values_list("pk", flat=True)):
        row = rows.select_related("dataset__current", "dataset__organisation").filter(pk=key).first()
        if row is None or is_compared(row, run):
            continue
        if Run.objects.filter(pk=run.pk, stop_requested=True).exists():
            raise Stopped
        progress("compare", run.counts.get(COMPARED, 0), total)
        Run.objects.filter(pk=run.pk).update(current=row.title[:200])
        compare(run.source, row, run, progress)
        run.counts[COMPARED] = run.counts.get(COMPARED, 0) + 1
        run.save(update_fields=["counts"])
        if deadline is not None and time.monotonic() > deadline:
            return False
    return True


def _bring_rest(harvest: Harvest, deadline: float | None) -> bool:
    """Of a move, what is not a dataset, which rooms above bring; False when the time is over before the end."""
    if harvest.run.source.mode != Mode.MOVE:
        return True
    return all(rest.bring(harvest.run, harvest.actor, harvest.progress, deadline) for rest in rests(harvest.run.source))


def _read_lines(source: Source, stream: BinaryIO) -> Iterator[Line]:
    lines = lines_of(stream)
    return each_file(lines) if source.options.get(OPTION) == EACH else lines


def _mark(name: str) -> str:
    """Where the slice before said how many lines of a page it had done: fifty thousand are not looked up again every minute."""
    return f"{name}.done"


def _take_lines(harvest: Harvest, read: Iterator[Line], mark: str, deadline: float | None) -> bool:
    """The items of a page, a batch at a time; False when the time is over before its end: they are found done the next time."""
    harvest.begin_page()
    is_late, count = False, 0
    if store().exists(mark):
        with store().open(mark) as stream:
            count = int(stream.read())
        harvest.pass_over(islice(read, count))
    for lines in batched(read, BATCH, strict=False):
        if is_late:
            store().put(mark, str(count).encode())
            harvest.run.save(update_fields=["counts"])
            return False
        if Run.objects.filter(pk=harvest.run.pk, stop_requested=True).exists():
            raise Stopped
        fresh = harvest.take(lines)
        harvest.fresh, count = harvest.fresh + fresh, count + len(lines)
        # Batches that were done before take no time: each slice does one of its own at least.
        is_late = bool(fresh) and deadline is not None and time.monotonic() > deadline
        if harvest.run.tries or harvest.run.deferrals:
            harvest.run.tries = harvest.run.deferrals = 0
            harvest.run.save(update_fields=["tries", "deferrals"])
    return True


def _next_page(run: Run, reading: Reading, fresh: int) -> None:
    run.barren = 0 if fresh else run.barren + 1
    run.pending = [*run.pending[1:], *(asdict(request) for request in reading.following)]
    run.page += 1
    run.tries = run.deferrals = 0
    run.error = None
    run.save(
        update_fields=["counts", "barren", "pending", "page", "tries", "deferrals", "total", "error", "validators"]
    )
    is_endless = run.barren > MOST_BARREN or run.page > MOST_PAGES or run.counts["seen"] > MOST_ITEMS
    if run.pending and is_endless:
        raise CircularSource


def _page(harvest: Harvest, request: Request) -> tuple[str, Reading]:
    """The name of the items of the request in hand, a line each, and what follows; no name when nothing has changed since the last run.

    What was read waits in the store until it is done: a run that was killed or gave its worker back asks nothing twice.
    """
    run, source = harvest.run, harvest.source
    name, facts = (f"{harvest_name(run.pk)}/{run.page}.{extension}" for extension in ("jsonl", "json"))
    if store().exists(name) and store().exists(facts):
        with store().open(facts) as stream:
            row = json.load(stream)
        return name, Reading(tuple(Request(**part) for part in row["following"]), row["total"])
    is_first = run.page == 0 and len(run.pending) == 1 and not request.body
    is_known = is_first and not run.since and source.validators.get("url") == request.url
    with tempfile.TemporaryDirectory(prefix="harvest-", dir=process_folder()) as folder:
        path = Path(folder, "answer")
        validators = source.validators if is_known else None
        answer = send(source, request, path, harvest.progress, max_bytes=PAGE_BYTES, validators=validators)
        if answer.status == 304:
            return "", Reading()
        with confined(source.title, path, seconds=PAGE_SECONDS) as (work, permits):
            lines, wishes = work / "lines", settings_of(source, run.since)
            options = {"permits": permits, "progress": harvest.progress}
            reading = call(read_answer, path, source.dialect, request, wishes, lines, **options)
            store().put(name, lines)
    row = {"following": [asdict(part) for part in reading.following], "total": reading.total}
    store().put(facts, json.dumps(row).encode())
    if is_first and not reading.following and (answer.etag or answer.last_modified):
        run.validators = {"url": request.url, "etag": answer.etag, "last_modified": answer.last_modified}
    return name, reading


def _all_unchanged(run: Run) -> None:
    """The catalogue is byte for byte as it was: so is each of its items."""
    seen = run.source.items.filter(last_run__gt=0, missing=0, gone=None).exclude(last_run=run.pk)
    seen.update(last_run=run.pk, last_page=run.page, outcome=Outcome.UNCHANGED)
    run.validators = run.source.validators
    for keeper in keepers():
        keeper.all_unchanged(run)
    _count(run)


def _count(run: Run) -> None:
    """Count what the run did, from what it wrote; between two counts the harvest adds what it does (a page after the other, to count
    all that was done before would take longer and longer)."""
    run.counts = count_items(run)
    Run.objects.filter(pk=run.pk).update(counts=run.counts)


def _finish(run: Run, actor: Actor, failure: ParvisError | None = None) -> None:
    """Everything that was to be asked was: say what is gone, if the source can be believed, and end.

    A source that is one file or one table was missed when that one failed.
    """
    _count(run)
    source = run.source
    if isinstance(DIALECTS[source.dialect], Standing) and 0 < run.counts["seen"] == run.counts.get(Outcome.FAILED, 0):
        end(run, State.FAILED, failure or NothingRead())
        return
    # A source that tells more than it gives was cut, and so was one whose next page leads nowhere.
    is_short = run.total is not None and lacks_too_many(_items_seen(run), run.total)
    is_left = RunItem.objects.filter(run=run, identifier=NEXT_PAGE).exists()
    run.is_whole = not run.since and not (is_short or is_left)
    if run.is_whole:
        live = source.items.filter(dataset__isnull=False, gone=None).exclude(first_run=run.pk)
        run.is_suspicious = is_suspicious(live.count(), live.filter(last_run=run.pk).count())
    elif is_short and not is_left and not run.since:
        run.is_suspicious = True
    run.save(update_fields=["is_whole", "is_suspicious"])
    if run.is_whole and not run.is_suspicious and not _may_be_unreadable(run):
        count_missing(run, actor)
    close(run, actor, is_whole=run.is_whole and not run.is_suspicious)
    if run.is_whole:
        # What seemed to be here already and is no longer there asks nobody anything more.
        source.items.filter(dataset=None, twin__isnull=False, decision="").exclude(last_run=run.pk).delete()
    changes = {"whole_since": run.started, "validators": run.validators} if run.is_whole else {}
    Source.objects.filter(pk=source.pk).update(**changes) if changes else None
    end(run, State.DONE)
    _forget_reports(source)


def _items_seen(run: Run) -> int:
    """How many items of the source were seen: where each file is a dataset, several are of one item."""
    if run.source.options.get(OPTION) != EACH:
        return int(run.counts["seen"])
    present = run.source.items.filter(last_run=run.pk).values_list("identifier", flat=True)
    reported = RunItem.objects.filter(run=run).values_list("identifier", flat=True)
    return len({item_name(name) for name in chain(present.iterator(), reported.iterator())})


def _may_be_unreadable(run: Run) -> bool:
    """Whether what was not seen may be among what could not even be named: as many rows of the source, or more."""
    nameless = RunItem.objects.filter(
        run=run, outcome=Outcome.FAILED, item=None, identifier__startswith=NAMELESS
    ).count()
    return nameless > 0 and _absent(run).count() <= nameless


def _absent(run: Run) -> QuerySet[Item]:
    """What the run did not see, nor anything that seems to be it under another name and waits for somebody to say so."""
    renamed = run.source.items.filter(last_run=run.pk, twin__isnull=False).values("twin")
    rows = run.source.items.filter(dataset__isnull=False, gone=None).exclude(last_run=run.pk)
    return rows.exclude(dataset__in=renamed)


def count_missing(run: Run, actor: Actor) -> None:
    """Note what the run did not see; what was absent often enough is withdrawn here, never deleted. Safe to do twice."""
    source = run.source
    absent = _absent(run).select_related("dataset")
    noted = set(
        RunItem.objects.filter(run=run, outcome__in=(Outcome.MISSING, Outcome.ARCHIVED)).values_list("item", flat=True)
    )
    for row in absent.iterator(chunk_size=200):
        if row.pk in noted:
            continue
        row.missing += 1
        is_gone = row.missing >= source.gone_after
        values = {"count": row.missing, "limit": source.gone_after}
        reason = Sentence("absent de la source : lecture {count} sur {limit} avant retrait", values)
        with transaction.atomic():
            if is_gone:
                reason = Sentence("absent de la source depuis {count} lectures : retiré d’ici, non supprimé", values)
                row.gone = timezone.now()
                if row.dataset is not None and row.dataset.status == Status.PUBLISHED:
                    unpublish(actor, row.dataset)
            row.save(update_fields=["missing", "gone"])
            RunItem.objects.create(
                run=run,
                item=row,
                identifier=row.identifier,
                title=row.title,
                outcome=Outcome.ARCHIVED if is_gone else Outcome.MISSING,
                reasons=[reason.to_json()],
                page=run.page,
                dataset=row.dataset,
            )
    _count(run)


def _forget_reports(source: Source) -> None:
    """The latest runs stay told item by item; the folder of what no run reads any more goes."""
    old = source.runs.order_by("-pk").values_list("pk", flat=True)[RUNS_TOLD:]
    RunItem.objects.filter(run__in=list(old[:500])).delete()
    for key in (
        source.runs.exclude(state__in=(State.QUEUED, State.RUNNING)).order_by("-pk").values_list("pk", flat=True)[1:50]
    ):
        store().delete(harvest_name(key))


def due_again(source: Source, now: datetime) -> datetime | None:
    """When the schedule wants the next run after ``now``."""
    return next_after(source.schedule, timezone.localtime(now)) if source.schedule and source.active else None
