"""Two people at once on the same dataset: nothing is lost, nothing is public without a decision."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import Blocker, PublicationHeld, blockers_of
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import publish, rename_dataset, set_access, unpublish, update_card
from parvis.hub.privacy.models import Decision
from parvis.hub.privacy.rules import AlreadyDecided
from parvis.hub.privacy.services import decide, withdraw
from parvis.hub.privacy.tests.conftest import HALLS, PEOPLE, Bring
from parvis.hub.registry import MODULES, Module

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Élus du conseil municipal, nommés dans l’exercice de leur mandat."


@dataclass
class Pause:
    """A gate that lets ``other`` act while somebody publishes, the ``rank``-th time that the gates are asked: before the row is
    taken, then once it is. There the other waits for the row, so that the pause ends by itself."""

    rank: int
    other: Callable[[], object]
    asked: int = 0
    thread: threading.Thread | None = None
    errors: list[BaseException] = field(default_factory=list)

    def __call__(self, dataset: Dataset, version: Version) -> list[Blocker]:
        self.asked += 1
        if self.asked == self.rank and self.thread is None:
            self.thread = threading.Thread(target=self._act)
            self.thread.start()
            self.thread.join(timeout=0.5)
        return []

    def _act(self) -> None:
        try:
            self.other()
        except ParvisError as error:
            self.errors.append(error)
        finally:
            connection.close()

    def publish(self, dataset: Dataset) -> None:
        """Publish while the other acts; whether it succeeds is for the test to say."""
        MODULES["pause"] = Module(slug="pause", publication_check=self)
        try:
            publish(OPERATOR, dataset)
        except PublicationHeld as error:
            self.errors.append(error)
        finally:
            MODULES.pop("pause", None)
            assert self.thread is not None
            self.thread.join()


@pytest.fixture(autouse=True)
def no_pause_left() -> Iterator[None]:
    yield
    MODULES.pop("pause", None)


def again(dataset: Dataset) -> Dataset:
    """The dataset as another request reads it."""
    return Dataset.objects.get(pk=dataset.pk)


def is_clean(dataset: Dataset) -> bool:
    """Whether everything that everybody reads is covered by a decision: were it a draft, it could be published."""
    current = again(dataset)
    if current.status != Status.PUBLISHED or current.access != Access.PUBLIC:
        return True
    Dataset.objects.filter(pk=current.pk).update(status=Status.DRAFT)
    missing = [one for one in blockers_of(current, current.current) if one.blocking]
    Dataset.objects.filter(pk=current.pk).update(status=Status.PUBLISHED)
    return not missing


@pytest.mark.parametrize("rank", [1, 2])
def test_a_decision_withdrawn_while_another_publishes_leaves_nothing_public(
    dataset: Dataset, bring: Bring, rank: int
) -> None:
    bring(PEOPLE)
    made = decide(OPERATOR, dataset, dataset.versions.first(), ground="office", explanation=WHY)
    Pause(rank, lambda: withdraw(OPERATOR, made)).publish(dataset)
    assert again(dataset).status != Status.PUBLISHED
    assert not Decision.objects.filter(withdrawn=None).exists()


@pytest.mark.parametrize("rank", [1, 2])
def test_what_another_changes_while_a_dataset_is_published_is_kept(dataset: Dataset, bring: Bring, rank: int) -> None:
    bring(HALLS)
    unpublish(OPERATOR, dataset)
    Pause(rank, lambda: update_card(OPERATOR, again(dataset), {"title": "Salles municipales"})).publish(dataset)
    assert (again(dataset).title, again(dataset).status) == ("Salles municipales", Status.PUBLISHED)
    unpublish(OPERATOR, dataset)
    Pause(rank, lambda: set_access(OPERATOR, again(dataset), Access.RESTRICTED, [], [])).publish(dataset)
    assert (again(dataset).access, again(dataset).status) == (Access.RESTRICTED, Status.PUBLISHED)
    dataset = again(dataset)
    Pause(rank, lambda: rename_dataset(OPERATOR, again(dataset), "salles")).publish(dataset)
    assert again(dataset).dataset_id == "salles"


@pytest.mark.parametrize("rank", [1, 2])
def test_a_person_written_on_the_card_or_data_opened_while_a_dataset_is_published_waits(
    dataset: Dataset, bring: Bring, rank: int
) -> None:
    bring(HALLS)
    unpublish(OPERATOR, dataset)
    card = {"description": "Appelez Mme Lefebvre au 06 12 34 56 78."}
    Pause(rank, lambda: update_card(OPERATOR, again(dataset), card)).publish(dataset)
    assert is_clean(dataset)
    update_card(OPERATOR, again(dataset), {"description": "Des salles."})
    unpublish(OPERATOR, again(dataset))
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [])
    bring(PEOPLE, publish=False)
    waiting = dataset.versions.first()
    Dataset.objects.filter(pk=dataset.pk).update(current=waiting)
    Pause(rank, lambda: set_access(OPERATOR, again(dataset), Access.PUBLIC, [], [])).publish(again(dataset))
    assert is_clean(dataset)


def test_a_card_read_long_ago_brings_back_neither_its_words_nor_its_access(dataset: Dataset, bring: Bring) -> None:
    bring(HALLS)
    long_ago = again(dataset)
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [])
    update_card(OPERATOR, dataset, {"title": "Salles municipales"})
    update_card(OPERATOR, long_ago, {"keywords": ["salles"]})
    now = again(dataset)
    assert (now.access, now.title, now.keywords) == (Access.RESTRICTED, "Salles municipales", ["salles"])
    unpublish(OPERATOR, Dataset.objects.get(pk=dataset.pk))
    assert again(dataset).title == "Salles municipales"


def test_of_two_who_decide_at_the_same_moment_one_decides_and_the_other_is_told(dataset: Dataset, bring: Bring) -> None:
    bring(PEOPLE)
    version, outcomes, start = dataset.versions.first(), [], threading.Barrier(4)

    def choose() -> None:
        start.wait()
        try:
            outcomes.append(decide(OPERATOR, dataset, version, ground="office", explanation=WHY).pk)
        except AlreadyDecided as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose) for _n in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert outcomes.count("privacy-decided") == 3
    assert Decision.objects.count() == 1
