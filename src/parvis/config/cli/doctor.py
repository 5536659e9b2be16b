"""``parvis doctor``: is this instance whole and well set?"""

from __future__ import annotations

import json
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from parvis.config.cli.main import DONE, WRONG
from parvis.config.serving.memory import machine, portal_of, shares
from parvis.core.acts.reading import OFFICE_INSTALLATION, TESSERACT_INSTALLATION, find_office
from parvis.core.basemap.archive import Archive
from parvis.core.children import Permits, call
from parvis.core.children.proof import prove
from parvis.core.engine.plans import Count
from parvis.core.errors import ParvisError
from parvis.core.versions.formats import FEDERATED
from parvis.hub import file_modes
from parvis.hub.accounts.mails import mail_is_configured
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.second_factor import has_second_factor
from parvis.hub.accounts.selectors import superusers
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to, versions
from parvis.hub.datastore.confined import may_read_strangers
from parvis.hub.datastore.readings import missing_readings
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.datastore.services.recovery import stored_versions
from parvis.hub.fulltext.libraries import libraries
from parvis.hub.fulltext.writing import documents_held
from parvis.hub.jobs.process_locks import living
from parvis.hub.jobs.selectors import waiting_since
from parvis.hub.maps.basemap_files import base_map_in_service
from parvis.hub.maps.basemap_files import folder as basemap_folder
from parvis.hub.maps.ign import cache_folder
from parvis.hub.seals.selectors import chain_state, late_stamp, unprotected_tables
from parvis.hub.search.writing import datasets_held
from parvis.hub.store import is_stored, store
from parvis.hub.ui import assets
from parvis.hub.uploads.acts import recogniser

LEAST_FREE = 1_000_000_000
LEAST_MEMORY = 400_000_000
"""Bytes that must be free for an import, which may have 384 MB (``PARVIS_IMPORT_MEMORY``)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, what to do when it is not. ``blocking`` makes the status 1."""

    name: str
    well: bool
    seen: str
    advice: str = ""
    blocking: bool = True


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding("base de données", False, str(error), "Vérifiez PARVIS_DATABASE_URL et que la base tourne.")
    waiting = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    seen = f"{connection.vendor}, {len(waiting)} migrations en attente" if waiting else f"{connection.vendor}, à jour"
    return Finding("base de données", not waiting, seen, "Lancez parvis init.")


def _home() -> Finding:
    folder = settings.PARVIS_HOME
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("dossier de l’instance", True, str(folder))
    except OSError as error:
        return Finding("dossier de l’instance", False, f"{folder} : {error.strerror}", "Donnez le droit d’y écrire.")


def _disk() -> Finding:
    elsewhere = store().free_bytes()
    home_free = shutil.disk_usage(settings.PARVIS_HOME).free
    free = home_free if elsewhere is None else min(home_free, elsewhere)
    advice = "Faites de la place, ou gardez moins de versions (PARVIS_VERSIONS_KEPT)."
    return Finding("place sur le disque", free >= LEAST_FREE, f"{free / 1e9:.1f} Go libres".replace(".", ","), advice)


def _memory() -> Finding:
    """Of the portal that works on this instance, by process, beside what the machine has."""
    name, memory = "mémoire", machine()
    if memory is None:
        return Finding(name, True, "ce système ne la dit pas")
    portal = portal_of(int(holder.rsplit("-", 2)[1]) for holder in sorted(living()))
    size_by_role = shares(portal) if portal is not None else {}
    parts = ", ".join(f"{role} {size / 1e6:.0f}" for role, size in size_by_role.items())
    whole = f"portail {sum(size_by_role.values()) / 1e6:.0f} Mo ({parts})" if size_by_role else "aucun portail ouvert"
    seen = f"{whole} ; machine : {memory.free / 1e6:.0f} Mo libres sur {memory.total / 1e6:.0f}"
    advice = (
        "Un import en demande 400 : ouvrez le portail avec moins de processus (parvis serve --workers 1), réduisez "
        "PARVIS_ENGINE_MEMORY et PARVIS_CACHE_MEMORY, ou prenez une machine plus grande."
    )
    return Finding(name, memory.free >= LEAST_MEMORY, seen, advice, blocking=False)


def _missing_folders() -> Finding:
    rows = versions()
    lost = [row.name for row in rows if not is_stored(row.dataset.uid, row.name)]
    seen = f"{len(rows) - len(lost)} versions sur {len(rows)} ont leur dossier"
    return Finding(
        "dossiers des versions", not lost, seen, f"Restaurez depuis une sauvegarde : {', '.join(lost[:10])}."
    )


def _confinement() -> Finding:
    """Tried, not supposed: a child is asked to do what it must not be able to do."""
    name, advice = "lecture des fichiers reçus", "Il faut Linux 5.13 ou plus récent, avec Landlock, et libseccomp2."
    try:
        proof = call(prove, permits=Permits(seconds=30))
    except ParvisError as error:
        return Finding(name, False, str(error), advice)
    open_ways = [
        word for word, closed in zip(("fichiers", "réseau", "processus"), astuple(proof), strict=True) if not closed
    ]
    if not open_ways:
        return Finding(name, True, "isolée : ni fichiers, ni réseau, ni processus")
    public = "acceptés" if may_read_strangers() else "refusés"
    seen = f"mal isolée ({', '.join(open_ways)}) ; les fichiers du public sont {public}"
    return Finding(name, False, seen, advice, blocking=not proof.files and may_read_strangers())


def _recognition() -> Finding:
    """Of scans of acts, and of the older formats of office files."""
    data, office = recogniser(), find_office()
    seen = [
        f"scans par {data}" if data else "les scans ne sont pas lus : les données françaises de Tesseract manquent",
        f"DOC et RTF par {office}" if office else "les fichiers DOC et RTF ne sont pas lus : LibreOffice manque",
    ]
    advice = [] if data else [f"{TESSERACT_INSTALLATION} (ailleurs qu’à sa place, réglez PARVIS_TESSDATA)"]
    advice += [] if office else [OFFICE_INSTALLATION]
    return Finding("lecture des actes", not advice, " ; ".join(seen), " ; ".join(advice), blocking=False)


def _unknown_folders() -> Finding:
    names = set(versions().values_list("name", flat=True))
    unknown = [name for name in stored_versions() if name.rpartition("/")[2] not in names]
    advice = "Laissés en place : " + ", ".join(unknown[:5])
    return Finding("dossiers inconnus de la base", not unknown, f"{len(unknown)}", advice, blocking=False)


def _engine() -> Finding:
    dataset = datasets_managed_by(OPERATOR).filter(current__isnull=False).exclude(current__format=FEDERATED).first()
    if dataset is None:
        return Finding("moteur de requêtes", engine() is not None, "prêt, aucun jeu à lire")
    try:
        rows = sum(batch.column(0)[0].as_py() for batch in engine().stream(source_of(dataset), Count()))
    except ParvisError as error:
        return Finding("moteur de requêtes", False, str(error), "Voyez les autres points.")
    well = rows == dataset.current.rows
    return Finding(
        "moteur de requêtes", well, f"{dataset.dataset_id} : {rows} lignes lues", "Le dossier a été modifié."
    )


def _readings() -> Finding:
    """What charts, maps, indicators and layers read by name: a dataset that is gone leaves them empty without a word."""
    rows = list(missing_readings())
    descriptions = [
        f"{row.dataset_id}"
        + (f", sans {', '.join(row.columns)}" if row.columns else "")
        + (f" (lu par « {row.records[0].title} »)" if row.records else "")
        for row in rows
    ]
    seen = f"manquent : {' ; '.join(descriptions[:10])}" if descriptions else "tous ceux qui sont lus sont en ligne"
    advice = "Publiez-les de nouveau, ou changez ce qui les lit : leur page, dans l’espace des agents, le montre."
    return Finding("jeux de données lus", not rows, seen, advice, blocking=False)


def _search_index() -> Finding:
    """Datasets are counted: an index that lacks some, or holds some that are gone, was lost or belongs to another database."""
    indexed, published = datasets_held(), datasets_visible_to(OPERATOR).count()
    seen = f"{indexed} jeux sur {published}" if indexed is not None else "en attente de parvis serve"
    advice = "Refaites-le : parvis search rebuild"
    return Finding("index de recherche", indexed in (None, published), seen, advice, blocking=False)


def _library_indexes() -> Finding:
    """The same for the long documents of each subject."""
    counts = [(str(library.label), documents_held(library), library.count()) for library in libraries()]
    wrong = [label for label, indexed, expected in counts if indexed not in (None, expected)]
    rows = [
        f"{label} : {indexed} sur {expected}" if indexed is not None else f"{label} : en attente de parvis serve"
        for label, indexed, expected in counts
    ]
    advice = "Refaites-les : parvis search rebuild"
    return Finding("index des documents longs", not wrong, " ; ".join(rows) or "aucun", advice, blocking=False)


def _assets() -> Finding:
    try:
        assets.asset("styles/main.css")
    except (ParvisError, OSError, LookupError) as error:
        return Finding("styles et scripts", False, str(error), "Lancez make setup (ou réinstallez le paquet).")
    return Finding("styles et scripts", True, "construits")


def _base_map() -> Finding:
    """What lies under the data of maps, and whether it can be read."""
    name, choice = "fond de carte", settings.PARVIS["PARVIS_MAP_BASE"]
    if choice == "ign":
        size = sum(path.stat().st_size for path in cache_folder().glob("*/*/*.png"))
        return Finding(name, True, f"Plan de l’IGN, {size / 1e6:.0f} Mo de tuiles gardées")
    base_map = base_map_in_service() if choice == "pmtiles" else None
    if base_map is None:
        return Finding(name, True, "contours livrés avec Parvis ; pour des rues : parvis basemap build FICHIER.osm.pbf")
    try:
        with Archive(base_map.path(basemap_folder())) as archive:
            archive.metadata()
    except ParvisError as error:
        return Finding(name, False, error.message(), error.hint(), blocking=False)
    return Finding(name, True, f"{base_map.source}, OpenStreetMap du {base_map.date[:10] or 'jour inconnu'}")


def _work() -> Finding:
    old = timezone.now() - timedelta(minutes=2)
    stuck = waiting_since(old).count()
    seen = f"{stuck} tâches attendent depuis plus de deux minutes" if stuck else "aucune tâche en souffrance"
    return Finding("travaux de fond", not stuck, seen, "Lancez parvis serve.", blocking=False)


def _people() -> Finding:
    number = superusers().filter(is_active=True).count()
    advice = "Créez un compte : parvis user add ADRESSE --superuser"
    return Finding("administrateurs", bool(number), str(number), advice, blocking=False)


def _second_factors() -> Finding:
    without = [person.email for person in superusers().filter(is_active=True) if not has_second_factor(person)]
    seen = f"manquent à : {', '.join(without[:5])}" if without else "chaque administrateur en a un"
    advice = "Ils en ajoutent un à leur prochaine connexion (PARVIS_SUPERUSER_SECOND_FACTOR)."
    return Finding("seconds facteurs", not without, seen, advice, blocking=False)


def _mail() -> Finding:
    well = mail_is_configured()
    advice = "Réglez PARVIS_MAIL_URL ; sans elle, parvis user link montre les liens de mot de passe."
    return Finding("courrier", well, "réglé" if well else "aucun serveur", advice, blocking=False)


def _rights() -> Finding:
    """The home is closed at each start: what is still open belongs to another account, or was opened since."""
    folder = settings.PARVIS_HOME
    paths = file_modes.open_to_others(folder)
    names = ", ".join(path.name for path in paths[:5])
    seen = f"ouverts à d’autres comptes : {names}" if paths else "lisible par son seul propriétaire"
    return Finding("droits du dossier", not paths, seen, f"chmod -R go-rwx {folder}")


def _proxy() -> Finding:
    """HTTPS needs a proxy in front: one that is not told makes a single caller of everybody."""
    chosen = settings.PARVIS
    proxies = ", ".join(map(str, chosen["PARVIS_TRUSTED_PROXIES"]))
    if not chosen["PARVIS_SECURE"]:
        return Finding("serveur mandataire", True, proxies or "aucun : PARVIS_SECURE est à false")
    seen = (
        proxies
        or "PARVIS_SECURE est à true et PARVIS_TRUSTED_PROXIES est vide : tout le monde a l’adresse du mandataire"
    )
    advice = (
        'Écrivez PARVIS_TRUSTED_PROXIES = "127.0.0.1" (son adresse) : sans cela, dix mots de passe faux ferment la connexion '
        "à tous, et un seul lecteur épuise le quota de chacun."
    )
    return Finding("serveur mandataire", bool(proxies), seen, advice, blocking=False)


def _seals() -> Finding:
    """The database still refuses changes of the chain, and its last day was stamped when the settings want that."""
    name, unprotected, late = "sceaux", unprotected_tables(), late_stamp()
    if unprotected:
        seen = f"la base laisse changer {', '.join(unprotected)}"
        return Finding(
            name, False, seen, "Vérifiez la chaîne (parvis deliberations verify), puis rejouez la migration."
        )
    if late is not None:
        seen = f"horodatage du {late.root.day:%d/%m/%Y} en échec ({late.attempts} essais) : {late.failure}"
        return Finding(name, False, seen, "Vérifiez PARVIS_TIMESTAMP_URL ; rien n’est perdu.", blocking=False)
    return Finding(name, True, f"{chain_state().entries} lignes")


CHECKS: tuple[Callable[[], Finding], ...] = (
    _home,
    _database,
    _disk,
    _memory,
    _rights,
    _proxy,
    _missing_folders,
    _unknown_folders,
    _confinement,
    _recognition,
    _engine,
    _readings,
    _search_index,
    _library_indexes,
    _assets,
    _base_map,
    _work,
    _people,
    _second_factors,
    _mail,
    _seals,
)


def run(args: Namespace) -> int:
    """Look at each thing; exit status 1 when something that matters is not well."""
    findings = list(_findings())
    if args.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark = "✓" if finding.well else "✗" if finding.blocking else "!"
            print(f"{mark} {finding.name} : {finding.seen}")
            if not finding.well and finding.advice:
                print(f"    → {finding.advice}")
    return DONE if all(finding.well or not finding.blocking for finding in findings) else WRONG


def _findings() -> Iterator[Finding]:
    for check in CHECKS:
        yield check()
