"""Loading the demonstration pack into an instance: territories, organisations, datasets, face."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parvis.core.errors import ParvisError
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.services import create_dataset, publish, update_card
from parvis.hub.catalogue.sidecar import card_from
from parvis.hub.datastore.selectors import source_of
from parvis.hub.datastore.services import abandon, deposit_file, run_import_here, start_import
from parvis.hub.privacy.selectors import publication_status
from parvis.hub.privacy.services import decide
from parvis.hub.sites.services import main_site, set_face
from parvis.hub.territories.models import Territory
from parvis.hub.territories.services import load_reference
from parvis.packs.bundled_files import DemoPack, Key, PackDataset, PackOrganisation, demo_pack

Teller = Callable[[int, int, str], None]
"""Told before each dataset: how many are done, of how many, and the title of the next."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a pack did: datasets imported, left as they were, refused with their error."""

    imported: tuple[str, ...]
    left: tuple[str, ...]
    refused: tuple[tuple[str, ParvisError], ...]


def load_demo(actor: Actor, tell: Teller = lambda done, total, title: None, pack: DemoPack | None = None) -> Loaded:
    """Bring the demonstration into the instance; again, it only does what is missing, and keeps what people changed."""
    require(actor, "administer", None, "charger la démonstration")
    load_reference(actor)
    chosen = pack or demo_pack()
    organisations = {row.slug: load_organisation(actor, row) for row in chosen.organisations}
    imported, left, refused = [], [], []
    for rank, row in enumerate(chosen.datasets):
        tell(rank, len(chosen.datasets), row.metas["title"])
        try:
            done = _load_dataset(actor, chosen, row, organisations[row.organisation])
        except ParvisError as error:
            refused.append((row.dataset_id, error))
        else:
            (imported if done else left).append(row.dataset_id)
    _set_main_face(actor, chosen)
    record(actor.name, actor.person_id, "pack.load", "pack", "demo", imported=len(imported), refused=len(refused))
    return Loaded(tuple(imported), tuple(left), tuple(refused))


def demo_progress() -> tuple[int, int]:
    """How many datasets of the demonstration are published, of how many."""
    dataset_ids = [row.dataset_id for row in demo_pack().datasets]
    return Dataset.objects.filter(dataset_id__in=dataset_ids, current__isnull=False).count(), len(dataset_ids)


def load_organisation(actor: Actor, row: PackOrganisation) -> Organisation:
    """The organisation of that slug, made from the row when there is none yet."""
    require(actor, "administer", None, "créer une organisation")
    existing = Organisation.objects.filter(slug=row.slug).first()
    if existing is not None:
        return existing
    made = Organisation(
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        description=row.description,
        siren=row.siren,
        website=row.website,
        territory=_territory(row.territory),
    )
    made.full_clean()
    made.save()
    record(actor.name, actor.person_id, "organisation.create", "organisation", made.slug, name=made.name)
    return made


def _load_dataset(actor: Actor, pack: DemoPack, row: PackDataset, organisation: Organisation) -> bool:
    """Import and publish one dataset; False when it already holds this very file."""
    dataset = Dataset.objects.filter(dataset_id=row.dataset_id).select_related("current", "organisation").first()
    if dataset is None:
        dataset = create_dataset(actor, organisation, row.dataset_id, _card(pack, row))
    elif dataset.current is not None and _holds(dataset, row):
        return False
    else:
        dataset = update_card(actor, dataset, _card(pack, row))
    if dataset.current is None and (waiting := dataset.versions.first()) is not None:
        _decide(actor, dataset, row)
        publish(actor, dataset, waiting)
        return True
    deposit = deposit_file(actor, row.file)
    imported = start_import(actor, deposit=deposit, dataset=dataset, publish=True, policy=row.on_misfit)
    try:
        run_import_here(actor, imported)
    except PublicationHeld:
        if not row.privacy:
            raise
        dataset.refresh_from_db()
        _decide(actor, dataset, row)
        publish(actor, dataset, dataset.versions.first())
    except BaseException:
        abandon(actor, deposit)
        raise
    return True


def _decide(actor: Actor, dataset: Dataset, row: PackDataset) -> None:
    """Record the decision that comes with the dataset, when one is needed."""
    version = dataset.versions.first()
    if row.privacy and publication_status(dataset, version).waits:
        decide(actor, dataset, version, ground=row.privacy["ground"], explanation=row.privacy["explanation"])


def _holds(dataset: Dataset, row: PackDataset) -> bool:
    with row.file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == source_of(dataset).manifest.original.sha256


def _card(pack: DemoPack, row: PackDataset) -> dict[str, Any]:
    card = card_from(row.card, row.file.name)
    return {
        **card,
        "themes": [row.theme],
        "licence": row.licence,
        "frequency": row.frequency,
        "territories": [f"{kind}:{code}" for kind, code in row.territories],
        "source": row.source[:300],
        "personal_data": row.personal_data,
        "ip_note": row.ip_note,
        "reading": dict(row.reading),
        "overrides": {**card.get("overrides", {}), **row.overrides},
        "featured": pack.featured.index(row.dataset_id) + 1 if row.dataset_id in pack.featured else None,
    }


def _set_main_face(actor: Actor, pack: DemoPack) -> None:
    first = pack.sites[0]
    territory = _territory(first.territory)
    keeper = Organisation.objects.filter(slug=first.organisation).first()
    words = {"name": first.title[:80], "tagline": first.tagline[:200]}
    set_face(actor, main_site(), **words, territory=territory, organisation=keeper)


def _territory(key: Key | None) -> Territory | None:
    return Territory.objects.filter(kind=key[0], code=key[1]).first() if key else None
