"""What each room of the hub and each subject of public life gives the house, declared as data: one frozen ``Module`` a room.

Anyone who shows, counts, runs or describes what rooms have loops over ``modules()``: it names no room above or beside it, and a
subject that is not installed is simply not there. A room declares its module in ``module.py``, which is the file to read first;
its ``AppConfig`` is a ``ModuleConfig``, which makes it known. The file is imported when it is first asked for, or something changes
that a module may listen to: most commands of ``parvis`` ask for none of the screens and libraries behind.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urlencode

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.dispatch import Signal
from django.urls import reverse
from django.utils.module_loading import import_string

from parvis.hub.carried import Carried

if TYPE_CHECKING:
    from pathlib import Path

    from parvis.core.overlays import Overlay
    from parvis.core.rowlog.laying import LaidRows
    from parvis.hub.accounts.models import Organisation, Person
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.backoffice.screens import ScreenSet
    from parvis.hub.backoffice.viewsets import CivicViewSet
    from parvis.hub.catalogue.attachments import AttachmentCheck
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.catalogue.publication_checks import Blocker
    from parvis.hub.collections.declaration import Collection
    from parvis.hub.datastore.elsewhere import FarRows
    from parvis.hub.datastore.inspections import Inspection
    from parvis.hub.datastore.models import Import
    from parvis.hub.fulltext.rules import TextLibrary
    from parvis.hub.harvesting.move_rest import RestOfMove
    from parvis.hub.harvesting.told_services import ServiceKeeper
    from parvis.hub.jobs.daily import Awaited, Daily
    from parvis.hub.jobs.rules import Kind
    from parvis.hub.notifications.rules import NoticeKind
    from parvis.hub.pages.figures import Provider
    from parvis.hub.pages.module_blocks import PageBlock
    from parvis.hub.publications.declaration import Publication
    from parvis.hub.records.models import CivicRecord
    from parvis.hub.republication.package import Package
    from parvis.hub.search.rules import SearchKind
    from parvis.hub.sites.menu_targets import Room
    from parvis.hub.ui.atom import Entry
    from parvis.hub.usage.addresses import Address
    from parvis.hub.visitors.receipt_rules import ReceiptKind


@dataclass(frozen=True, slots=True)
class Listener:
    """What a room does when something happens elsewhere: a signal, who hears it, and whose signal it must be (None: anybody's)."""

    signal: Signal
    receiver: Callable[..., Any]
    sender: type | None = None


@dataclass(frozen=True, slots=True)
class Steady:
    """Light work that one worker does again and again, ``seconds`` after it was last done: it looks whether there is any."""

    function: Callable[[], object]
    seconds: float


@dataclass(frozen=True, slots=True)
class Link:
    """A way to an address of the module, from a page of somebody else's: its words, the name of the address, and what is added."""

    label: Any
    url_name: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A link as a page shows it."""

    label: Any
    address: str


def way_of(link: Link, value: str = "") -> Way:
    """The link on the site that answers; ``value`` is what its query is given."""
    address = reverse(link.url_name)
    return Way(link.label, f"{address}?{urlencode({link.query: value})}" if link.query else address)


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing whose readings are counted: its word on screen, and the French word in the data that is published."""

    label: Any
    published: str


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that a search engine should know: its path from the root of the site, and its last change."""

    path: str
    modified: date | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that maps may begin with: a dataset that the module publishes, and how its places are best shown.

    ``kind`` is one of ``core.atlas.KINDS``; ``colour`` and ``time`` are columns, empty for none.
    """

    dataset_id: str
    title: Any
    kind: str = "points"
    colour: str = ""
    time: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it shows."""
        return tuple(name for name in (self.colour, self.time) if name)


@dataclass(frozen=True, slots=True)
class Reading:
    """A dataset that a module reads by its identifier, and the columns that it cannot do without.

    ``record`` is the chart, the map or the indicator that reads it; None when the module itself does.
    """

    dataset_id: str
    columns: tuple[str, ...] = ()
    record: CivicRecord | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that an assistant may ask: ``function`` is given who asks, then what they say.

    The assistant knows the tool by the name of its function, and by ``description`` and ``parameters`` how to use it well; these are
    in English, as what it answers; ``title`` is what a person reads, in French.
    """

    function: Callable[..., dict[str, Any]]
    title: str
    description: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatasetTab:
    """A page of a dataset that a module gives: ``url_name`` takes ``dataset_id``; ``shown`` says whether this dataset has it."""

    name: str
    label: Any
    url_name: str
    shown: Callable[[Dataset], bool] = lambda dataset: True


@dataclass(frozen=True, slots=True)
class DatasetSection:
    """What a module adds below the card of a dataset: ``facts`` for ``template``, None when there is nothing to show."""

    template: str
    facts: Callable[[Dataset, Actor], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class RowLink:
    """A way from one row of a dataset, in its table, its map and its lists: the list of its values of ``columns``, as JSON, ends
    ``address``. Scripts write the same."""

    label: Any
    columns: tuple[str, ...]
    address: str

    def of(self, row: Mapping[str, Any]) -> str:
        """The address for one row."""
        values = [row.get(name) for name in self.columns]
        return f"{self.address}{quote(json.dumps(values, ensure_ascii=False, default=str, separators=(',', ':')))}"


@dataclass(frozen=True, slots=True)
class CellTrail:
    """Where the value of one cell comes from: pairs of label and value for its card, and a page that says the same."""

    facts: tuple[tuple[str, str], ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """Everything that one room gives; what it has not is left empty. Words are lazy translations."""

    slug: str
    """Its name among modules."""

    # Background work
    jobs: tuple[Kind, ...] = ()
    daily: tuple[Daily, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    steady: tuple[Steady, ...] = ()
    listeners: tuple[Listener, ...] = ()

    # Datasets and people
    inspection: Callable[[Import, Path], Inspection | None] | None = None
    """What looks at each file received, made for its import and for the folder where it may write; None for one not looked at."""
    publication_check: Callable[[Dataset, Version], Sequence[Blocker]] | None = None
    """Asked before a version becomes readable: why it should not be."""
    told_imports: Callable[[Dataset], Sequence[int]] | None = None
    """Imports that failed and say nothing of the dataset itself: who sent the file is told."""
    overlay: Callable[[Dataset], Overlay | None] | None = None
    """What was accepted of a dataset and is laid over its source each time that it is imported; None for one without."""
    laid_rows: Callable[[Dataset], LaidRows | None] | None = None
    """Rows that came since a dataset's current version was written, which readers see with it; None for one without."""
    far_rows: Callable[[Dataset], FarRows | None] | None = None
    """The rows of a federated dataset, to be asked of its portal at that moment; None for one that it does not ask."""
    told_services: ServiceKeeper | None = None
    """What keeps the services (APIs, servers of maps) that sources tell beside their datasets."""
    rest_of_move: RestOfMove | None = None
    """What is not a dataset of a portal that moves in: how much would come, what is left out, and what brings it."""
    takes_in: Mapping[str, Callable[[Actor, Mapping[str, Any], Sequence[Dataset]], str]] = field(default_factory=dict)
    """What it makes of things of a portal that moves in, by their kind: what became of one, told by its address."""
    dataset_object: str = ""
    """The dotted path of what makes of a dataset the object by which a public API describes it: a portal that is moved in is compared
    with that."""
    attachment_check: AttachmentCheck | None = None
    versions_relied_on: Callable[[Dataset], Collection[str]] | None = None
    """Names of the versions that must stay so that what the module shows can be shown again: pruning leaves them."""
    groups: Callable[[Person, Organisation], Mapping[int, str]] | None = None
    """Groups that a person leaves with their role in an organisation, by key, and what each opens, in words."""

    publishes: tuple[Publication, ...] = ()
    """Datasets that it keeps up to date with its own rows."""
    publications: Callable[[], Iterable[Publication]] | None = None
    """More of them, that depend on what it has: one an organisation. Asked each time, for little."""
    republished: Callable[[Organisation], Iterable[Package]] | None = None
    """What it has appear on data.gouv.fr of an organisation that wants it (``hub.republication``)."""
    reads: Callable[[], Iterable[Reading]] | None = None
    """Datasets that it reads at present, no matter who publishes them: ``parvis doctor`` says which are missing, and the page of a
    dataset what reads it."""
    layers: tuple[Layer, ...] = ()
    """Layers that maps may begin with; the OGC service gives them like any dataset that has places."""

    sealed_files: Callable[[str], Iterable[tuple[str, Callable[[], BinaryIO]]] | None] | None = None
    """What opens each file that is online at a sealed address (``hub.seals``), by the name that the chain gives it: ``parvis
    deliberations verify`` reads them again. A file replaced or withdrawn is left out; None for an address that is not the module's."""

    # Public addresses
    collections: tuple[Collection, ...] = ()
    """Its records as everybody sees them: addresses, feeds, menu entry, site map, search, tools of assistants, section of homes,
    « Liste d’un sujet » among blocks (pages, light pages, paper), and what is counted of them come from it."""
    urls: str = ""
    """The dotted path of its addresses, mounted at the root of every site."""
    api: str = ""
    """The dotted path of its operations of the house's own API, ``/api/parvis/v1``: an ``ApiRouter``."""
    site_map: Callable[[], Iterable[PublicPage]] | None = None
    """Pages that search engines should know, asked at each request."""
    feeds: tuple[Link, ...] = ()
    """Feeds that readers of news discover on homes, besides those of collections."""
    search: tuple[SearchKind, ...] = ()
    """What searches find, besides the records of collections."""
    texts: tuple[TextLibrary, ...] = ()
    """Long documents that have an index of their own, to be asked by words, phrases and facets (``hub.fulltext``)."""
    tools: tuple[Tool, ...] = ()
    """What assistants may ask, besides searching and reading collections."""
    menu: tuple[Room, ...] = ()
    """Places of the portal that a menu may lead to."""
    figures: Provider | None = None
    """Figures offered to the blocks of pages (« Chiffre », « Chiffres », « Jauge ») and to homes."""
    blocks: tuple[PageBlock, ...] = ()
    """Kinds of blocks of its own, for pages, light pages and paper, besides « Liste d’un sujet » and figures."""
    dataset_tabs: tuple[DatasetTab, ...] = ()
    """Pages of each dataset, beside its table and its map."""
    dataset_sections: tuple[DatasetSection, ...] = ()
    dataset_links: Callable[[Dataset], Iterable[str]] | None = None
    """Addresses that it shows on the page of a dataset, which are asked over time whether they still answer."""
    organisation_links: tuple[Link, ...] = ()
    """Ways from the page of an organisation; each address takes its ``slug``."""
    dataset_news: Callable[[Dataset], Iterable[Entry]] | None = None
    """What the feed of a dataset tells besides its versions, the latest first."""
    row_link: Callable[[Dataset], RowLink | None] | None = None
    """What can be done from one row of a dataset; None when nothing can."""
    cell_trails: Callable[[Dataset, Sequence[Mapping[str, Any]]], Mapping[tuple[int, str], CellTrail]] | None = None
    """Where cells of some rows of a dataset's current version come from, when that is not its source: by rank and column."""
    home_links: tuple[Link, ...] = ()
    """What homes offer to elected representatives and staff."""

    # What is told and counted
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    """Kinds of things counted, by their name in the database (12 letters at most)."""
    addresses: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    """Addresses that are counted, by the first word of their path: the first that matches tells."""
    journal_actions: Mapping[str, Any] = field(default_factory=dict)
    """The acts that it writes in the journal, in words that follow the name of a person."""
    journal_targets: Mapping[str, Any] = field(default_factory=dict)

    receipts: tuple[ReceiptKind, ...] = ()
    """What people without an account may send, and follow, sign off or erase at a secret address."""
    notices: tuple[NoticeKind, ...] = ()
    """Kinds of mails that it writes: to who asked for them, or to who answers for something."""

    # Back office
    viewsets: tuple[str, ...] = ()
    """The dotted paths of the screens of its records, and of its other screens: imported with the back office (``viewsets``)."""
    from_dataset: tuple[Link, ...] = ()
    """What may be made of a published dataset; ``query`` receives its identifier."""
    from_chart: tuple[Link, ...] = ()
    """What may be made of a saved chart; ``query`` receives its address."""

    # When the whole instance leaves
    carried: tuple[Carried, ...] = ()
    """Its tables that leave as open files (``parvis export-all``)."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Its other tables, ``app_label.Model``, and why each stays."""

    # Demonstration and benchmark
    demo: Callable[[], object] | None = None
    """Loads what is missing of the module's part of the demonstration, once its datasets are there."""
    examples: Callable[[str, int], Sequence[str]] | None = None
    """Publishes so many records about a dataset of measures (``jour``, ``passages``); the figures to put forward, as homes name them."""


MODULES: dict[str, Module] = {}
"""Every module installed, by slug, in the order of the settings, once ``load`` was called."""

_AWAITED: list[str] = []
"""The modules that nobody has asked for yet, by the name of their file."""
_LOADING = threading.RLock()


class HouseSignal(Signal):
    """A signal that a room sends those above it: every module that listens is there before it is sent."""

    def send(self, sender: Any, **named: Any) -> list[tuple[Callable[..., Any], Any]]:
        """Have the modules loaded, then told."""
        load()
        return super().send(sender, **named)


def register(module: Module) -> None:
    """Make a module known, and have it hear what it listens to; the same slug again takes the place of the former."""
    MODULES[module.slug] = module
    for listener in module.listeners:
        listener.signal.connect(
            listener.receiver,
            sender=listener.sender,
            dispatch_uid=(module.slug, listener.receiver.__name__, listener.sender),
        )


def load() -> None:
    """Import the modules that are not yet, and register them in order."""
    with _LOADING:
        awaited = _AWAITED[:]
        _AWAITED.clear()
        for name in awaited:
            register(import_module(name).MODULE)


def _load_before_changes(**_facts: Any) -> None:
    """A row is about to be saved, deleted or related: whoever listens to what follows must hear it."""
    for signal in (pre_save, pre_delete, m2m_changed):
        signal.disconnect(dispatch_uid="parvis.modules")
    load()


def modules() -> tuple[Module, ...]:
    """Those installed, in order."""
    load()
    return tuple(MODULES.values())


def viewsets() -> tuple[type[CivicViewSet] | ScreenSet, ...]:
    """The screens of every module, in order."""
    return tuple(import_string(path) for module in modules() for path in module.viewsets)


def collections() -> tuple[Collection, ...]:
    """The collections of every module, in order."""
    return tuple(collection for module in modules() for collection in module.collections)


def publications() -> list[Publication]:
    """The datasets that modules keep up to date with their own rows, in order."""
    return [
        publication
        for module in modules()
        for publication in (*module.publishes, *(module.publications() if module.publications is not None else ()))
    ]


def readings() -> list[Reading]:
    """The datasets that modules and their layers read, in order."""
    own = [reading for module in modules() if module.reads is not None for reading in module.reads()]
    return own + [Reading(layer.dataset_id, layer.columns) for module in modules() for layer in module.layers]


def row_links(dataset: Dataset) -> list[RowLink]:
    """What can be done from one row of a dataset, in order."""
    links = [module.row_link(dataset) for module in modules() if module.row_link is not None]
    return [link for link in links if link is not None]


def cell_trails(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], CellTrail]:
    """What modules say of where cells come from."""
    return {
        place: trail
        for module in modules()
        if module.cell_trails is not None
        for place, trail in module.cell_trails(dataset, rows).items()
    }


def overlay_of(dataset: Dataset) -> Overlay | None:
    """What modules lay over the source of a dataset: at most one of them has something to lay."""
    laid = (module.overlay(dataset) for module in modules() if module.overlay is not None)
    return next((overlay for overlay in laid if overlay), None)


def laid_rows_of(dataset: Dataset) -> LaidRows | None:
    """The rows that lie over the current version of a dataset: of at most one module."""
    laid = (module.laid_rows(dataset) for module in modules() if module.laid_rows is not None)
    return next((rows for rows in laid if rows is not None), None)


def feeds() -> list[Way]:
    """The feeds of every module, on the site that answers."""
    return [
        way_of(link)
        for module in modules()
        for link in (*module.feeds, *(Link(row.title, row.feed_name) for row in module.collections))
    ]


def public_pages() -> list[PublicPage]:
    """The pages that modules and their collections tell to search engines, in order."""
    own = [page for module in modules() if module.site_map is not None for page in module.site_map()]
    return own + [page for collection in collections() for page in collection.public_pages()]


class ModuleConfig(AppConfig):
    """Django's entry to a room that declares itself as ``MODULE`` in its ``module.py``."""

    def __init_subclass__(cls, **named: Any) -> None:
        """Django finds two entries in each ``apps.py``, this class being imported there; the room's own is meant."""
        super().__init_subclass__(**named)
        cls.default = True

    def ready(self) -> None:
        """Make it known; imported later, it finds every model ready."""
        _AWAITED.append(f"{self.name}.module")
        for signal in (pre_save, pre_delete, m2m_changed):
            signal.connect(_load_before_changes, dispatch_uid="parvis.modules")
