"""What the operations that write take and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from parvis.core.closures import CLOSURE_BY_SLUG
from parvis.core.hvd import CATEGORY_BY_SLUG
from parvis.core.metadata import FREQUENCIES, LICENCES, THEME_BY_SLUG
from parvis.core.versions.misfits import MisfitPolicy
from parvis.hub.accounts.rules import Role
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Moment, Problem, Uri, among
from parvis.hub.apikeys.rules import Scope
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.datastore.models import Import
from parvis.hub.writing.card_schemas import (
    CardTranslation,
    FieldWords,
    InspireWords,
    Line,
    Names,
    Question,
    Text,
    Words,
)


class CardChange(Question):
    """What is changed of a card; what is left out stays as it is."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None
    description: Annotated[Words, Documented(_("Du HTML simple : paragraphes, listes, liens, tableaux."))] | None = None
    organisation: Annotated[Line, Documented(_("L’identifiant de l’organisation qui publie."))] | None = None
    contact_name: Line | None = None
    contact_email: Line | None = None
    themes: Annotated[Names, Documented(_("Des thèmes du portail."), items={"enum": [*THEME_BY_SLUG]})] | None = None
    keywords: Annotated[list[Line], Field(max_length=30)] | None = None
    hvd: Annotated[Names, Documented(_("Catégories de forte valeur."), items={"enum": [*CATEGORY_BY_SLUG]})] | None = (
        None
    )
    hvd_refused: Annotated[bool, Documented(_("Quelqu’un a jugé que ce n’est pas un jeu de forte valeur."))] | None = (
        None
    )
    inspire: (
        Annotated[InspireWords, Documented(_("La description INSPIRE, champ par champ ; null reprend ce qui est dit."))]
        | None
    ) = None
    licence: Annotated[Text, among(row.slug for row in LICENCES)] | None = None
    frequency: Annotated[Text, among(row.slug for row in FREQUENCIES)] | None = None
    temporal_start: date | None = None
    temporal_end: date | None = None
    territories: Annotated[Names, Documented(_("« commune:91228 », « epci:200057859 »…"))] | None = None
    language: Annotated[Text, StringConstraints(max_length=8)] | None = None
    source: Line | None = None
    source_url: Line | None = None
    ip_note: Words | None = None
    personal_data: Words | None = None
    closure: (
        Annotated[Names, Documented(_("Motifs de l’accès réservé."), items={"enum": [*CLOSURE_BY_SLUG]})] | None
    ) = None
    closure_note: Annotated[Words, Documented(_("Précisions sur l’accès réservé."))] | None = None
    fields: Annotated[dict[str, FieldWords], Field(max_length=2000), Documented(_("Par nom de colonne."))] | None = None
    translations: (
        Annotated[
            dict[str, CardTranslation | None],
            Field(max_length=24),
            Documented(_("Par code de langue ; null retire une langue.")),
        ]
        | None
    ) = None


class NewDataset(CardChange):
    """A dataset to make, as a draft."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    organisation: Line
    dataset_id: Annotated[Line, Documented(_("L’identifiant ; fait du titre si rien n’est dit."))] | None = None


class AccessChange(Question):
    """To whom a dataset is open."""

    access: Annotated[Access, among(row.value for row in Access)]
    organisations: Annotated[Names, Documented(_("Les organisations nommées, pour l’accès interne."))] = []
    groups: Annotated[Names, Documented(_("Les groupes nommés, pour l’accès restreint."))] = []
    announced: bool | None = None
    all_organisations: bool | None = None
    closure: (
        Annotated[Names, Documented(_("Motifs de l’accès réservé."), items={"enum": [*CLOSURE_BY_SLUG]})] | None
    ) = None
    closure_note: Annotated[Words, Documented(_("Précisions sur l’accès réservé."))] | None = None


class NewIdentifier(Question):
    """Another identifier; the former one leads to it for ever."""

    dataset_id: Line


class FollowedSchema(Question):
    """The schema that a dataset follows."""

    schema_name: Annotated[
        Line | None,
        Field(alias="schema"),
        Documented(_("« scdl/subventions », « scdl/subventions@2.0.2 » ou une adresse ; null pour aucun.")),
    ]


class DatasetState(Body):
    """A dataset as those who edit it see it in a list."""

    dataset_id: str
    title: str
    organisation: str
    status: Annotated[str, among(row.value for row in Status)]
    access: Annotated[str, among(row.value for row in Access)]
    version: str | None
    rows: Count | None
    modified: Moment
    url: Uri


class DatasetStates(Listing[DatasetState]):
    """One page of them."""


class DatasetCard(DatasetState):
    """The whole card."""

    revision: Annotated[Count, Documented(_("Le numéro de la révision, qui est aussi l’ETag."))]
    description: str
    contact_name: str
    contact_email: str
    themes: list[str]
    keywords: list[str]
    hvd: list[str]
    hvd_refused: bool
    inspire: dict[str, Any]
    licence: str
    frequency: str
    temporal_start: str | None
    temporal_end: str | None
    territories: list[str]
    language: str
    source: str
    source_url: str
    ip_note: str
    personal_data: str
    closure: list[str]
    closure_note: str
    fields: dict[str, Any]
    translations: Annotated[
        dict[str, Any], Documented(_("Par langue ; « sources » : l’empreinte des textes traduits."))
    ]
    schema_name: Annotated[str | None, Field(serialization_alias="schema"), Documented(_("Le schéma suivi."))] = None
    announced: bool
    all_organisations: bool
    allowed_organisations: list[str]
    allowed_groups: list[str]


class Publication(Question):
    """What is put online."""

    version: (
        Annotated[Line, Documented(_("La version ; celle en ligne, sinon la dernière, si rien n’est dit."))] | None
    ) = None


class Upload(Body):
    """A file on its way."""

    id: Annotated[str, Documented(_("À donner quand on l’importe."))]
    name: str
    offset: Annotated[Count, Documented(_("Le nombre d’octets reçus : le prochain morceau commence là."))]
    length: Count


class Reading(Question):
    """How the file is read; what is left out is found in the file, or is as the dataset keeps it."""

    encoding: Line | None = None
    delimiter: Line | None = None
    header_line: Annotated[int, Field(ge=0, le=10_000)] | None = None
    sheet: Line | None = None
    member: Line | None = None
    json_path: Line | None = None
    multiline: bool | None = None
    keep_total: bool | None = None
    file_column: bool | None = None
    header_groups: (
        Annotated[Line, Documented(enum=["join", "drop"]), StringConstraints(pattern="^(join|drop)$")] | None
    ) = None


class NewVersion(Question):
    """A file that was sent, or one at an address, to import as a new version."""

    upload: Annotated[str, Documented(_("L’identifiant du fichier envoyé."))] | None = None
    url: Annotated[Line, Documented(_("Ou l’adresse d’un fichier."), format="uri")] | None = None
    publish: Annotated[bool, Documented(_("Mettre la version en ligne dès qu’elle est écrite."))] = False
    policy: Annotated[
        str,
        StringConstraints(pattern="^(stop|text|null)$"),
        Documented(
            _("Des valeurs qui n’ont pas le type de leur colonne : refuser, garder la colonne en texte, les vider."),
            enum=[*MisfitPolicy],
        ),
    ] = "stop"
    reading: Reading | None = None
    text: Annotated[Names, Documented(_("Les colonnes à laisser en texte."))] = []


class ImportNote(Body):
    """Something noticed while the file was read."""

    code: str
    column: str
    message: str


class ImportReport(Body):
    """Where an import stands, and what came of it."""

    id: Count
    dataset_id: str
    file: str
    state: Annotated[str, among(Import.State.values)]
    finished: Annotated[bool, Documented(_("Plus rien ne change : fait, en attente d’une décision, refusé, arrêté."))]
    version: str | None
    published: bool
    rows: Count | None
    columns: Count | None
    rejects: Annotated[Count | None, Documented(_("Les lignes du fichier qui n’ont pas pu devenir des lignes du jeu."))]
    aside: Annotated[Count | None, Documented(_("Les lignes autour du tableau : titres, notes, totaux."))]
    nulled: Annotated[Count | None, Documented(_("Les valeurs vidées parce qu’elles n’avaient pas le type."))]
    notes: list[ImportNote]
    valid: Annotated[bool | None, Documented(_("Si le schéma suivi est respecté ; rien s’il n’y en a pas."))]
    faults: Count | None
    error: Annotated[Problem | None, Documented(_("Ce qui l’a arrêté ou refusé."))]
    blockers: Annotated[list[Problem], Documented(_("Ce qui retient la publication : à lever au back-office."))]


class VersionState(Body):
    """A version of a dataset."""

    version: str
    current: bool
    created: Moment
    published: Annotated[str | None, Documented(format="date-time")]
    rows: Count
    columns: Count
    bytes: Count
    format: str
    original: str
    rejects: Count
    nulled: Count


class VersionStates(Listing[VersionState]):
    """One page of them."""


class Changes(Body):
    """What changed from one version to another."""

    state: Annotated[str, among(("ready", "preparing"))]
    key: Annotated[str | None, Documented(_("La colonne qui distingue les lignes."))] = None
    added: Count = 0
    removed: Count = 0
    changed: Count = 0
    unchanged: Count = 0
    columns_added: list[str] = []
    columns_removed: list[str] = []
    columns_retyped: list[str] = []


MOST_SET_ASIDE = 1_000
"""Lines or values set apart that are told; the back office has them all."""


class SetAsideRow(Body):
    """A line of the file that could not become a row, or a value that was emptied."""

    line: Annotated[Count, Documented(_("La ligne du fichier."))]
    column: str
    reason: str
    content: str


class SetAside(Body):
    """How many there are, and the first ones."""

    total_count: Count
    results: list[SetAsideRow]


class AttachedDocument(Body):
    """A document that goes with a dataset."""

    slug: str
    title: str
    mimetype: str
    bytes: Count
    held: Annotated[bool, Documented(_("Il attend une décision et n’est montré qu’à ceux qui modifient le jeu."))]


class AttachedDocuments(Listing[AttachedDocument]):
    """One page of them."""


class OrganisationChange(Question):
    """What is changed of an organisation."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=160)] | None = None
    kind: Line | None = None
    siren: Annotated[str, StringConstraints(pattern="^([0-9]{9})?$")] | None = None
    territory: Annotated[Line, Documented(_("« commune:91228 » ; vide pour aucun."))] | None = None
    description: Words | None = None
    website: Line | None = None
    email: Line | None = None


class NewOrganisation(OrganisationChange):
    """An organisation to make."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=160)]


class OrganisationCard(Body):
    """An organisation."""

    slug: str
    name: str
    kind: str
    siren: str
    territory: str | None
    description: str
    website: str
    email: str
    role: Annotated[str | None, Documented(_("Ce que la clé y permet au plus."), enum=[*Role, None])]


class OrganisationCards(Listing[OrganisationCard]):
    """One page of them."""


class Invitation(Question):
    """Somebody to give a role, who is invited when they have no account."""

    email: Line
    role: Annotated[Role, among(Role)]
    first_name: Annotated[Text, StringConstraints(max_length=150)] = ""
    last_name: Annotated[Text, StringConstraints(max_length=150)] = ""


class RoleChange(Question):
    """A role."""

    role: Annotated[Role, among(Role)]


class AccountChange(Question):
    """Whether an account is open."""

    active: bool


class Member(Body):
    """Somebody who has a role in an organisation."""

    id: Count
    email: str
    name: str
    role: Annotated[str, among(Role)]
    active: bool
    invited: Annotated[bool | None, Documented(_("Si un lien d’invitation vient de partir."))] = None


class Members(Listing[Member]):
    """One page of them."""


class Account(Body):
    """An account."""

    id: Count
    email: str
    active: bool


class NewKey(Question):
    """A key to make, of the owner of the key that asks, and no stronger than it."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=80)]
    scope: Annotated[Scope, among(Scope)] = Scope.READ_PUBLIC
    organisation: Line | None = None
    datasets: Names = []
    expires: Annotated[date, Documented(_("Le dernier jour d’usage."))] | None = None


class KeyState(Body):
    """A key, without its secret."""

    id: Count
    name: str
    start: str
    person: str
    scope: Annotated[str, among(Scope)]
    organisation: str | None
    datasets: list[str]
    expires: Annotated[str | None, Documented(format="date-time")]
    last_used: Annotated[str | None, Documented(format="date")]
    live: bool
    key: Annotated[str | None, Documented(_("Le secret, dans la seule réponse qui la crée."))] = None


class KeyStates(Listing[KeyState]):
    """One page of them."""


class PageChange(Question):
    """A page: made when there is none at this address, else changed. It stays a draft until it is published."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=255)]
    introduction: Words | None = None
    theme: Line | None = None
    body: Annotated[
        list[dict[str, Any]], Field(max_length=200), Documented(_("Les blocs, tels que Wagtail les garde."))
    ] = []


class PageState(Body):
    """A page of the main site."""

    slug: str
    title: str
    introduction: str
    theme: str
    live: bool
    changed: Annotated[bool, Documented(_("Un brouillon attend d’être publié."))]
    url: Uri
    body: list[dict[str, Any]] | None = None


class PageStates(Listing[PageState]):
    """One page of them."""
