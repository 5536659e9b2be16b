"""What a run does with each item: recognised, filtered, created or updated here, and told in the report."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.progress import Progress
from parvis.core.sources.contract import Item as ToldItem
from parvis.core.sources.contract import Refusal, Standing
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.origins import comes_from
from parvis.core.sources.reading import Line
from parvis.core.text import fold
from parvis.core.translation import Sentence
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import bump_revision, create_dataset, publish, update_card
from parvis.hub.datastore.services import discard_empty, forget_hollow_versions
from parvis.hub.harvesting.asking import shown_title
from parvis.hub.harvesting.cards import FIELD_NAMES, ToldCard, card_of_item, merged
from parvis.hub.harvesting.copies import Copied, copy, needs_looking, write_links
from parvis.hub.harvesting.federated import federate, obstacle_to_federation
from parvis.hub.harvesting.files import others_of
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.identities import answer_as_there, dataset_id_for, identifier_of, remember_keys, same_place
from parvis.hub.harvesting.models import OTHERS, Item, ItemKey, Run, RunItem
from parvis.hub.harvesting.move_kinds import completed
from parvis.hub.harvesting.moves import Keep, bring, same_here, uid_of
from parvis.hub.harvesting.notices import owners_to_tell
from parvis.hub.harvesting.openness import close_what_is_narrower
from parvis.hub.harvesting.outcomes import FILTERED, FROM_HERE, sentences_of, unforeseen
from parvis.hub.harvesting.rules import (
    Correspondence,
    Decision,
    Filters,
    Mode,
    Outcome,
    digest_of,
    keys_of,
    name_in,
)
from parvis.hub.harvesting.selectors import own_servers
from parvis.hub.harvesting.takeovers import take_over
from parvis.hub.harvesting.told_services import ServiceDesk
from parvis.hub.harvesting.translations import translations_of, unmarked
from parvis.hub.territories.models import Territory

logger = logging.getLogger("parvis.harvesting")

NAMELESS = "?"
"""Before the rank of what could not be read, not even its identifier."""
_READING = "origin"
"""How items are read: changed when a release reads of them what the one before did not, for what is unchanged there to be read once more."""
_OF_THE_RUN = (ComeBackLater,)
"""What is no fault of an item."""


class Stopped(Exception):
    """Somebody stopped the run."""


@dataclass(slots=True)
class Report:
    """What is told of one item."""

    outcome: Outcome
    identifier: str
    title: str = ""
    reasons: list[Sentence] = field(default_factory=list)
    item: Item | None = None
    dataset: Dataset | None = None


class Harvest:
    """One run at work: what its source wants, read once. ``failure``: what the last item that failed met."""

    def __init__(self, run: Run, actor: Actor, progress: Progress) -> None:
        self.run, self.source, self.actor, self.progress = run, run.source, actor, progress
        self.filters = Filters.of(self.source.filters)
        self.correspondence = Correspondence.of(self.source.mapping)
        self._places: dict[str, str] = {}
        self._organisations: dict[str, Organisation] = {}
        self._on_page: set[str] = set()
        self._done_before: set[str] = set()
        self._nameless = self.fresh = 0
        self._told_digest = ""
        self._own_servers = own_servers()
        self.failure: ParvisError | None = None
        self.services = ServiceDesk(run, actor, self.filters, self._organisation)

    def begin_page(self) -> None:
        """Identifiers that come twice in one page are told apart from those that were done before a kill."""
        self._on_page.clear()
        self._nameless = self.fresh = 0
        former = RunItem.objects.filter(run=self.run, page=self.run.page)
        self._done_before = set(former.values_list("identifier", flat=True))

    def pass_over(self, lines: Iterable[Line]) -> None:
        """Lines of this page that were done before; their identifiers may come again."""
        for line in lines:
            if line.item is not None:
                self._on_page.add(identifier_of(line.item.identifier))
            elif line.refusal is not None and not line.refusal.identifier:
                self._nameless += 1
            self.fresh = 1

    def take(self, lines: Sequence[Line]) -> int:
        """Do what each line wants; how many items were new to this run. Stopped before the next one that takes work."""
        names = [identifier_of(line.item.identifier) if line.item else "" for line in lines]
        rows = {row.identifier: row for row in self.source.items.select_related("dataset").filter(identifier__in=names)}
        unchanged: list[Item] = []
        skipped: list[Report] = []
        fresh, seen = 0, self.run.counts.get("seen", 0)
        for line, name in zip(lines, names, strict=True):
            if line.refusal is not None:
                skipped.append(self._refused(line.refusal))
                continue
            if line.service is not None:
                fresh += self.services.take(line.service)
                continue
            item, row = line.item, rows.get(name)
            assert item is not None
            if name in self._on_page or (row and row.last_run == self.run.pk and row.last_page != self.run.page):
                reason = Sentence("identifiant déjà donné dans cette lecture")
                skipped.append(Report(Outcome.SKIPPED, f"{name[:490]} (bis)", item.title, [reason]))
                continue
            self._on_page.add(name)
            if name in self._done_before or (row and row.last_run == self.run.pk):
                self.fresh = 1  # of this page, before: its source does not go round
                continue
            fresh += 1
            self.progress("harvest", seen + fresh, self.run.total)
            if kind := self.filters.refused_by(item):
                skipped.append(Report(Outcome.SKIPPED, name, item.title, [FILTERED[kind]], row))
            elif row and self._is_unchanged(row, item):
                unchanged.append(row)
            else:
                if Run.objects.filter(pk=self.run.pk, stop_requested=True).exists():
                    self._tell_all(skipped, unchanged)
                    raise Stopped
                Run.objects.filter(pk=self.run.pk).update(current=item.title[:200])
                self._tell(self._outcome(item, name, row))
        self._tell_all(skipped, unchanged)
        return fresh

    def _tell_all(self, skipped: Sequence[Report], unchanged: Sequence[Item]) -> None:
        """What takes no work is written at once: a filter may leave out fifty thousand."""
        seen = {"last_run": self.run.pk, "last_page": self.run.page, "missing": 0}
        fresh = [report for report in skipped if report.identifier not in self._done_before]
        with transaction.atomic():
            keys = [row.pk for row in unchanged]
            Item.objects.filter(pk__in=keys).update(**seen, outcome=Outcome.UNCHANGED)
            keys = [report.item.pk for report in fresh if report.item is not None]
            Item.objects.filter(pk__in=keys).update(**seen, outcome=Outcome.SKIPPED)
            RunItem.objects.bulk_create([self._row_of(report) for report in fresh])
        for report in fresh:
            self._add(report.outcome)
        self._add(Outcome.UNCHANGED, len(unchanged))

    def _add(self, outcome: Outcome, count: int = 1) -> None:
        counts = self.run.counts
        for name in (outcome.value, "seen"):
            counts[name] = counts.get(name, 0) + count

    def _is_unchanged(self, row: Item, item: ToldItem) -> bool:
        is_as_before = row.dataset_id is not None and row.gone is None and row.digest == self._digest(item)
        if not is_as_before or row.takes_over is not None:
            return False
        return self.source.mode != Mode.COPY or not needs_looking(item, row.copied)

    def _digest(self, item: ToldItem) -> str:
        source = self.source
        wishes = (source.mode, source.publish, source.mapping, source.default_licence, shown_title(source))
        return digest_of(item, *wishes, _READING)

    def _outcome(self, item: ToldItem, name: str, row: Item | None) -> Report:
        """What became of it: an error of ours or of its own ends this item, never the run."""
        self._told_digest = self._digest(item)
        try:
            return self._harvest(item, name, row)
        except (Cancelled, *_OF_THE_RUN):
            raise
        except (ParvisError, ValidationError) as error:
            self.failure = error if isinstance(error, ParvisError) else self.failure
            return Report(Outcome.FAILED, name, item.title, sentences_of(error), row)
        except Exception as fault:  # one item of thousands: logged whole, told in the report, and the others are read
            logger.exception("item %r of source %s failed", name, self.source.slug)
            return Report(Outcome.FAILED, name, item.title, [unforeseen(fault)], row)

    def _harvest(self, item: ToldItem, name: str, row: Item | None) -> Report:
        notes: list[Sentence] = []
        if self.source.mode == Mode.MOVE:
            item, notes = completed(self.source, item, self.progress)
        row = row or self._renamed(item, name, notes)
        told_card = card_of_item(
            item,
            self.correspondence,
            source_title=shown_title(self.source),
            default_licence=self.source.default_licence,
            places=self._place,
            is_move=self.source.mode == Mode.MOVE,
        )
        former = row.card.get("translations", {}) if row is not None else {}
        entries, missed = translations_of(self.source, item, told_card.values["language"][:2], former, self.progress)
        notes += missed
        if entries:
            told_card.values["translations"] = entries
        if self.source.mode == Mode.MOVE:
            notes += close_what_is_narrower(self.source, item, told_card, self.progress)
        if row is not None and row.decision == Decision.REPLACED:
            return Report(Outcome.SKIPPED, name, item.title, [Sentence("une autre source a pris le relais")], row)
        if row is not None and row.dataset is None and row.decision == Decision.SAME:
            if take_over(row) is None:
                return self._tell_twin(item, name, row, row.twin)
            notes.append(Sentence("relié au jeu qui était déjà ici"))
        if row is None or row.dataset is None:
            if comes_from(item, self._own_servers):
                return Report(Outcome.SKIPPED, name, item.title, [FROM_HERE], row)
            twin = None if row and row.decision == Decision.SEPARATE else self._twin(item)
            if twin is not None:
                return self._tell_twin(item, name, row, twin)
            return self._create(item, name, row, told_card, notes)
        return self._update(item, row, row.dataset, told_card, notes)

    def _create(
        self, item: ToldItem, name: str, row: Item | None, told_card: ToldCard, notes: list[Sentence]
    ) -> Report:
        organisation = self._organisation(item)
        dataset_id = dataset_id_for(item, told_card)
        uid = uid_of(item) if self.source.mode == Mode.MOVE else ""
        with transaction.atomic():
            dataset = create_dataset(self.actor, organisation, dataset_id, told_card.values, uid=uid)
            if self.source.mode == Mode.MOVE:
                notes += filter(None, [answer_as_there(self.actor, dataset, name_in(item))])
            row = row or Item(source=self.source, identifier=name, first_run=self.run.pk)
            row.dataset, row.twin, row.first_run = dataset, None, self.run.pk
            self._remember_card(row, item, told_card, dataset)
            row.save()
            remember_keys(row, item)
        return self._bring_data(item, row, dataset, told_card, notes, is_changed=True)

    def _update(
        self, item: ToldItem, row: Item, dataset: Dataset, told_card: ToldCard, notes: list[Sentence]
    ) -> Report:
        if dataset.status == Status.DELETED or (dataset.status == Status.UNPUBLISHED and row.gone is None):
            return Report(
                Outcome.SKIPPED, row.identifier, item.title, [Sentence("retiré ici par une personne")], row, dataset
            )
        merge = merged(card_of(dataset), row.card, row.written, told_card.values)
        changes, left = merge.changes, merge.left
        if left:
            names: list[str | Sentence] = [FIELD_NAMES.get(field_name, field_name) for field_name in left]
            notes += [Sentence("gardé tel que modifié ici : {field}", {"field": part}) for part in names[:10]]
        with transaction.atomic():
            if changes:
                dataset = update_card(self.actor, dataset, unmarked(changes))
            if self.source.mode == Mode.MOVE and row.landing_page != item.landing_page[:1000]:
                notes += filter(None, [answer_as_there(self.actor, dataset, name_in(item))])
            self._remember_card(row, item, told_card, dataset, only=changes)
            row.written |= merge.written
            row.save()
            remember_keys(row, item)
        return self._bring_data(item, row, dataset, told_card, notes, is_changed=bool(changes))

    def _bring_data(
        self,
        item: ToldItem,
        row: Item,
        dataset: Dataset,
        told_card: ToldCard,
        notes: list[Sentence],
        *,
        is_changed: bool,
    ) -> Report:
        """Copy the file or write the links, put online what may be, and say how it went; the card is written by then."""
        wants = self.source.publish and told_card.has_licence
        if self.source.publish and not told_card.has_licence:
            notes.append(Sentence("reste en brouillon : la source ne dit pas sa licence"))
        former = dict(row.copied)
        try:
            copied = self._copied(item, dataset, former, wants=wants, keep=lambda state: _keep(row, state))
        except Cancelled:
            raise
        except _OF_THE_RUN:
            self._forget_draft(row, dataset)
            raise
        except ParvisError as error:
            if row.first_run != self.run.pk:
                raise
            if self._forget_draft(row, dataset):
                self.failure = error
                return Report(Outcome.FAILED, row.identifier, item.title, sentences_of(error))
            self.failure = error
            # The card is there, and says where the data is; the report says why the data is not.
            reasons = [*notes, Sentence("la fiche est créée, pas les données"), *sentences_of(error)]
            return Report(Outcome.FAILED, row.identifier, item.title, reasons, row, dataset)
        dataset.refresh_from_db()
        is_back = row.gone is not None and dataset.status == Status.UNPUBLISHED
        may_leave_draft = dataset.status == Status.DRAFT and not copied.is_imported
        if wants and (is_back or may_leave_draft) and dataset.versions.exists():
            notes += self._put_online(dataset, is_back=is_back)
        is_changed = is_changed or row.gone is not None or (copied.state or {}).get("sha256") != former.get("sha256")
        row.copied = row.copied if copied.state is None else copied.state
        if self.source.mode == Mode.COPY:
            self._list_others(item, row, dataset, former)
        row.gone, row.digest = None if wants else row.gone, "" if copied.is_partial else self._told_digest
        is_new = row.first_run == self.run.pk
        outcome = Outcome.CREATED if is_new else Outcome.UPDATED if is_changed else Outcome.UNCHANGED
        return Report(outcome, row.identifier, item.title, notes + copied.notes, row, dataset)

    def _forget_draft(self, row: Item, dataset: Dataset) -> bool:
        """Leave nothing of a file or a table that never came: an empty draft would keep its name from the next attempt. The cards of a
        catalogue stay, which say where the data is."""
        is_alone = isinstance(DIALECTS[self.source.dialect], Standing)
        if not is_alone or row.first_run != self.run.pk or not discard_empty(self.actor, dataset):
            return False
        row.delete()
        return True

    def _list_others(self, item: ToldItem, row: Item, dataset: Dataset, former: Mapping[str, Any]) -> None:
        """What is told of the other files, on the page of the dataset."""
        row.copied = {name: value for name, value in row.copied.items() if name != OTHERS}
        if others := others_of(item, row.copied.get("url", "")):
            row.copied[OTHERS] = others
        if others != former.get(OTHERS, []):
            row.save(update_fields=["copied"])
            bump_revision(dataset)

    def _copied(self, item: ToldItem, dataset: Dataset, former: dict[str, Any], *, wants: bool, keep: Keep) -> Copied:
        """The data as the mode of the source wants it: asked there, brought here, or links to it."""
        mode, notes = self.source.mode, []
        if mode == Mode.FEDERATED:
            obstacle = obstacle_to_federation(item, dataset)
            if obstacle is None:
                return federate(self.actor, self.source, item, dataset, former, self.progress, publish=wants)
            mode, notes = (Mode.COPY if dataset.versions.exists() else Mode.METADATA), [obstacle]
        if mode == Mode.MOVE:
            copied = bring(self.actor, self.source, item, dataset, former, self.progress, publish=wants, keep=keep)
        elif mode == Mode.COPY:
            copied = copy(self.source, item, dataset, former, self.progress, publish=wants)
        else:
            copied = write_links(item, dataset, former, self.progress, publish=True) if wants else Copied(None)
        if copied.is_imported:
            forget_hollow_versions(self.actor, Dataset.objects.get(pk=dataset.pk))
        copied.notes[:0] = notes
        return copied

    def _put_online(self, dataset: Dataset, *, is_back: bool) -> list[Sentence]:
        """What is written about it."""
        try:
            publish(self.actor, dataset)
        except PublicationHeld as held:
            return [held.sentences()[0]]
        return [Sentence("la source l’a de nouveau : remis en ligne")] if is_back else []

    def _remember_card(
        self, row: Item, item: ToldItem, told_card: ToldCard, dataset: Dataset, only: Iterable[str] | None = None
    ) -> None:
        here = card_of(dataset)
        names = told_card.values if only is None else only
        row.title, row.landing_page = item.title[:500], item.landing_page[:1000]
        row.written = {**row.written, **{name: here.get(name) for name in names}}
        row.card = told_card.values

    def _renamed(self, item: ToldItem, name: str, notes: list[Sentence]) -> Item | None:
        """The row of an item whose identifier the source changed: one alone at its place that this run has not seen by its former name."""
        unseen = self.source.items.exclude(last_run=self.run.pk).filter(same_place(item))
        rows = list(unseen.select_related("dataset").distinct()[:2])
        if len(rows) != 1:
            return None
        notes.append(
            Sentence("la source a changé son identifiant (« {former} »)", {"former": rows[0].identifier[:200]})
        )
        rows[0].identifier = name
        return rows[0]

    def _twin(self, item: ToldItem) -> Dataset | None:
        """A dataset that is here already and seems to be the same: from another source, by hand, or of this source under another name."""
        if (same := same_here(self.source, item)) is not None:
            return same
        others = ItemKey.objects.filter(key__in=keys_of(item), item__dataset__isnull=False)
        others = others.exclude(item__dataset__status=Status.DELETED).exclude(item__source=self.source)
        match = others.select_related("item__dataset").first()
        if match is not None:
            return match.item.dataset
        if (former := self._namesake(item)) is not None:
            return former
        files = [resource.url[:500] for resource in item.resources[:20]]
        places = [item.landing_page[:500], *files, (self._organisation(item).pk, fold(item.title[:200]))]
        key = next((self._by_hand[place] for place in places if place and place in self._by_hand), None)
        return None if key is None else Dataset.objects.filter(pk=key).first()

    def _namesake(self, item: ToldItem) -> Dataset | None:
        """The dataset of this source that has the title and the publisher of an unknown item, alone of those not seen in this run: a source
        that gives new identifiers and new addresses each night would else be doubled each night. Somebody says whether it is the same."""
        titles = [key for key, kind in keys_of(item).items() if kind == "title"]
        unseen = self.source.items.exclude(last_run=self.run.pk).filter(dataset__isnull=False, keys__key__in=titles)
        rows = list(unseen.exclude(dataset__status=Status.DELETED).select_related("dataset").distinct()[:2])
        return rows[0].dataset if len(rows) == 1 else None

    @cached_property
    def _by_hand(self) -> dict[object, int]:
        """The datasets that no source brought, by the page or the file that they come from and by organisation and title."""
        rows = Dataset.objects.exclude(status=Status.DELETED).exclude(
            pk__in=Item.objects.filter(dataset__isnull=False).values("dataset")
        )
        places: dict[object, int] = {}
        for key, title, organisation, address in rows.values_list("pk", "title", "organisation", "source_url"):
            places[(organisation, fold(title))] = key
            if address:
                places[address] = key
        return places

    def _tell_twin(self, item: ToldItem, name: str, row: Item | None, twin: Dataset | None) -> Report:
        assert twin is not None
        row = row or Item(source=self.source, identifier=name, first_run=self.run.pk)
        row.title, row.landing_page, row.twin = item.title[:500], item.landing_page[:1000], twin
        row.save()
        reason = Sentence("semble déjà ici : « {title} »", {"title": twin.title})
        if row.takes_over is not None:
            values = {"title": twin.title}
            reason = Sentence("prendra la suite de « {title} », dont le responsable est prévenu", values)
            if not owners_to_tell(twin, row.proposer_id):
                reason = Sentence(
                    "prendra la suite de « {title} » ; personne d’autre n’en répond, qui puisse être prévenu", values
                )
        return Report(Outcome.TWIN, name, item.title, [reason], row, twin)

    def _organisation(self, item: ToldItem) -> Organisation:
        """The one to which the publisher corresponds, else that of the source. The right to write there was asked for when it was set."""
        slug = self.correspondence.organisations.get(fold(item.publisher)) or self.correspondence.organisations.get(
            fold(item.publisher_id)
        )
        if not slug:
            return self.source.organisation
        if slug not in self._organisations:
            self._organisations[slug] = Organisation.objects.filter(slug=slug).first() or self.source.organisation
        return self._organisations[slug]

    def _place(self, word: str) -> str:
        """The ``kind:code`` of a territory by its code or its name; empty for a word that means none, or several."""
        if word not in self._places:
            last = word.rstrip("/").rpartition("/")[2]
            rows = list(Territory.objects.filter(code=last)[:2]) or list(
                Territory.objects.filter(name__iexact=word)[:2]
            )
            self._places[word] = f"{rows[0].kind}:{rows[0].code}" if len(rows) == 1 else ""
        return self._places[word]

    def _tell(self, report: Report) -> None:
        with transaction.atomic():
            if report.item is not None:
                self._mark_seen(report.item, report.outcome)
            if report.outcome != Outcome.UNCHANGED or report.reasons:
                self._row_of(report).save()
        self._add(report.outcome)

    def _row_of(self, report: Report) -> RunItem:
        return RunItem(
            run=self.run,
            item=report.item,
            identifier=report.identifier[:500],
            title=report.title[:500],
            outcome=report.outcome,
            reasons=[reason.to_json() for reason in report.reasons],
            page=self.run.page,
            dataset=report.dataset,
        )

    def _mark_seen(self, row: Item, outcome: Outcome) -> None:
        if row.dataset_id is not None:
            row.dataset = Dataset.objects.filter(pk=row.dataset_id).first()
        row.last_run, row.last_page, row.missing, row.outcome = self.run.pk, self.run.page, 0, outcome
        row.save()

    def _refused(self, refusal: Refusal) -> Report:
        self._nameless += 1
        name = identifier_of(refusal.identifier) or f"{NAMELESS}{self._nameless}"
        row = self.source.items.filter(identifier=name).first() if refusal.identifier else None
        return Report(Outcome.FAILED, name, "", [Sentence(refusal.reason[:1000])], row)


def _keep(row: Item, state: Mapping[str, Any]) -> None:
    """What came so far, for a process that is killed to find it."""
    row.copied = dict(state)
    row.save(update_fields=["copied"])
