"""Bringing the rest of a portal: read step by step, so that any process goes on from where another was killed; nothing goes online."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.db import transaction
from django.utils import timezone

from parvis.core.progress import Progress
from parvis.core.sources.portal_lists import is_whole
from parvis.core.translation import Sentence
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, Role, require
from parvis.hub.accounts.selectors import person_by_email
from parvis.hub.accounts.services import PersonExists, add_person, send_link
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting.models import Run, Source
from parvis.hub.moving.catalogues import CKAN_STEPS, UDATA_STEPS
from parvis.hub.moving.charts import compare_charts
from parvis.hub.moving.drawings import bring_view, views_of
from parvis.hub.moving.models import Move, Part
from parvis.hub.moving.pages import bring_page, digest_of
from parvis.hub.moving.portal_sites import site_of_part
from parvis.hub.moving.reading import AUTOMATION, CATALOGUE, NOT_GIVEN, Portal, is_nobody, skeleton, views_told
from parvis.hub.moving.reuses import is_enough, propose, taker
from parvis.hub.moving.rule_extracts import follow_extract
from parvis.hub.moving.rules import KINDS, State, kinds_of, words_of
from parvis.hub.moving.selectors import group_rights, proposed_role
from parvis.hub.moving.steps import Late, Step, Work, alone, datasets_of, do, is_useless, place_of
from parvis.hub.moving.widgets import Place
from parvis.hub.sites.services import main_site


def leave_out(actor: Actor, source: Source, words: Iterable[str]) -> Move:
    """Say which kinds of things of a portal do not come; UnknownPart."""
    require(actor, "publish", source.organisation_id, f"régler « {source.title} »")
    move, _made = Move.objects.update_or_create(source=source, defaults={"without": kinds_of(words)})
    return move


def bring_rest(run: Run, actor: Actor, progress: Progress, deadline: float | None) -> bool:
    """Bring what of a portal is not a dataset; False when the time is over before the end. Safe to do twice."""
    move, _made = Move.objects.get_or_create(source=run.source)
    if move.run != run.pk:
        move.run, move.step, move.place, move.notes = run.pk, 0, 0, {}
        move.save()
    steps = STEPS[run.source.dialect]
    work = Work(run, actor, move, Portal(run.source, progress), progress, deadline, steps)
    while move.step < len(steps):
        step = steps[move.step]
        try:
            if step.kind not in move.without:
                do(step, work)
        except Late:
            return False
        move.step, move.place = move.step + 1, 0
        move.save()
    return True


def _counts(work: Work) -> None:
    """How often each dataset was asked before, as of today."""
    here, today = dict(datasets_of(work.source)), timezone.localdate().isoformat()
    for row in work.portal.every(CATALOGUE, "datasets", KINDS["counts"].most, "&include_app_metas=true"):
        dataset = here.get(row["identifier"])
        if row["counts"] and dataset is not None:
            facts = {"identifier": row["identifier"], "counts": row["counts"], "day": today}
            part = work.part("counts", facts, title=row["title"])
            part.dataset, part.state = dataset, State.TOLD
            part.save()


def _portals(work: Work) -> None:
    """The portals that some of its datasets come from, with these datasets."""
    here = dict(datasets_of(work.source))
    portals: dict[str, dict[str, Any]] = {}
    for row in work.portal.every(CATALOGUE, "datasets", KINDS["counts"].most):
        domain = row["source_domain"]
        if domain in ("", urlsplit(work.portal.root).hostname):
            continue
        facts = {"identifier": domain, "title": row["source_domain_title"] or domain, "datasets": []}
        portal = portals.setdefault(domain, {**facts, "address": row["source_domain_address"]})
        dataset = here.get(row["identifier"])
        portal["datasets"].append(dataset.dataset_id if dataset is not None else row["identifier"])
    for facts in list(portals.values())[: KINDS["portals"].most]:
        part = work.part("portals", facts)
        names = ", ".join(facts["datasets"][:20])
        values: dict[str, str | int | Sentence] = {"count": len(facts["datasets"]), "names": names}
        part.notes = [Sentence("jeux qui en viennent : {count} ({names})", values).to_json()]
        if part.target and site_of_part(part) is None:
            part.state = State.LEFT
        part.save()


def _users(work: Work) -> None:
    for facts in work.portal.every(f"{AUTOMATION}/users/", "users", KINDS["users"].most):
        part = work.part("users", facts)
        if part.state not in (State.MADE, State.LEFT):
            is_here = person_by_email(part.identifier) is not None
            part.state = State.HERE if is_here else State.TOLD if is_nobody(facts) else State.WAITS
        part.notes = [] if facts["is_active"] else [Sentence("son compte était fermé là-bas").to_json()]
        if facts["is_of_the_supplier"]:
            part.notes = [Sentence("c’est un compte du fournisseur du portail").to_json()]
        part.save()


def _groups(work: Work) -> None:
    for facts in work.portal.every(f"{AUTOMATION}/groups/", "groups", KINDS["groups"].most):
        part = work.part("groups", facts)
        part.state = State.TOLD
        part.notes = [Sentence("droits : {names}", {"names": ", ".join(facts["permissions"]) or "—"}).to_json()]
        part.save()


def _pages(work: Work) -> None:
    """With a key the pages as they were written; without, those that the portal lists, as everybody sees them."""
    place, done = place_of(work.source), work.move.place
    if work.portal.has_key:
        try:
            rows = work.portal.every(f"{AUTOMATION}/code_editor_pages/", "pages", KINDS["pages"].most)
            for rank, facts in enumerate(rows, start=1):
                if rank > done:
                    _page(work, facts, place)
                    work.reached(rank)
            _studio(work)
            return
        except NOT_GIVEN as error:
            values: dict[str, str | int | Sentence] = {"reason": error.sentences()[0]}
            work.say(
                "pages",
                Sentence("lues comme tout le monde les voit : la clé n’ouvre pas leur source ({reason})", values),
            )
    rows = work.portal.every("/api/v2/pages", "pages", KINDS["pages"].most)
    for rank, facts in enumerate(rows, start=1):
        if rank > done:
            _page(work, {**facts, "html": {}}, place)
            work.reached(rank)


def _studio(work: Work) -> None:
    try:
        for facts in work.portal.every(f"{AUTOMATION}/studio_pages/", "pages", KINDS["pages"].most):
            part = work.part("pages", {**facts, "html": {}}, identifier=f"studio:{facts['identifier']}")
            part.state = State.TOLD
            part.notes = [Sentence("page de Studio : le portail n’en donne que le nom, elle est à refaire").to_json()]
            part.save()
    except NOT_GIVEN:
        return  # a portal without them


def _page(work: Work, facts: Mapping[str, Any], place: Place) -> None:
    """One page: an error of its own ends it alone."""
    texts: Mapping[str, str] = facts["html"]
    part = work.part("pages", {name: value for name, value in facts.items() if name != "html"})
    with alone(part):
        if facts["is_archived"]:
            part.state, part.notes = State.TOLD, [Sentence("archivée là-bas : laissée").to_json()]
            return
        html = texts.get("fr") or next(iter(texts.values()), "")
        pieces = skeleton(part.title or part.identifier, html) if html else work.portal.public_page(part.identifier)
        mark = digest_of(facts, [repr(pieces.pieces), sorted(place.datasets)])
        if part.digest == mark and part.state in (State.MADE, State.KEPT, State.LEFT):
            return
        written = bring_page(work.actor, work.portal, main_site(), part, place, pieces)
        if written is not None:
            notes = compare_charts(work.portal, written.charts)
            if facts["is_restricted"]:
                notes.append(Sentence("elle n’était pas montrée à tout le monde là-bas"))
            if len(texts) > 1:
                notes.append(Sentence("une langue est venue, sur {count}", {"count": len(texts)}))
            part.notes += [note.to_json() for note in notes]
        part.digest = mark


def _drawings(work: Work) -> None:
    """The charts and the map that each dataset showed, and in words what else its tabs did."""
    here, place, done = dict(datasets_of(work.source)), place_of(work.source, is_for_all=False), work.move.place
    for rank, facts in enumerate(views_told(work.portal), start=1):
        dataset = here.get(facts["identifier"])
        if rank <= done or dataset is None or dataset.current is None:
            continue
        for view in views_of(facts):
            part = work.part(
                "drawings", view.facts, title=dataset.title, identifier=f"{facts['identifier']} {view.name}"
            )
            part.dataset = dataset
            with alone(part):
                bring_view(work.actor, work.portal, part, dataset, place, view)
        work.reached(rank)


def _filters(work: Work) -> None:
    """The rules of each dataset, in words: rows are not closed one by one here, so that what a rule closed is closed whole."""
    here = dict(datasets_of(work.source))
    left, refusals = KINDS["filters"].most, 0
    for facts in work.portal.every(f"{AUTOMATION}/datasets/", "settled", KINDS["counts"].most):
        dataset = here.get(facts["identifier"])
        title = dataset.title if dataset is not None else facts["identifier"]
        rules = [{"identifier": "default", "rule": facts["rule"], "permissions": []}]
        try:
            for kind in ("groups", "users"):
                path = f"{AUTOMATION}/datasets/{quote(facts['uid'], safe='')}/security/{kind}/"
                rules += work.portal.every(path, "rulesets", 1_000)
        except NOT_GIVEN as error:
            refusals += 1
            if is_useless(work, "filters", facts["identifier"], error, refusals):
                return
        for rule in rules[:left]:
            if rule["identifier"] == "default" and is_whole(rule["rule"]):
                continue
            _rule(work, dataset, f"{facts['identifier']} {rule['identifier']}", title, rule)
        left -= len(rules)
        if left <= 0:
            work.say("filters", Sentence("règles non lues, au-delà de {count}", {"count": KINDS["filters"].most}))
            return


def _rule(work: Work, dataset: Dataset | None, name: str, title: str, rule: Mapping[str, Any]) -> None:
    part = work.part("filters", rule, title=title, identifier=name)
    part.dataset, part.state = dataset, State.TOLD
    who, _colon, target = str(rule["identifier"]).partition(":")
    values: dict[str, str | int | Sentence] = {"name": target}
    readers = {
        "default": Sentence("pour tout le monde"),
        "group": Sentence("pour le groupe « {name} »", values),
        "user": Sentence("pour « {name} »", values),
    }
    words = [readers[who], *words_of(rule["rule"])]
    if rule["permissions"]:
        words.append(Sentence("droits : {names}", {"names": ", ".join(rule["permissions"])}))
    mark = digest_of(rule)
    # Once for each rule: whoever opens the dataset later, having read it, is not overruled by the next reading.
    if who == "default" and part.digest != mark and dataset is not None and dataset.access == Access.PUBLIC:
        update_card(work.actor, dataset, {"access": Access.RESTRICTED.value})
        words.append(Sentence("le jeu est réservé ici"))
    follow_extract(part, mark, words)
    part.digest, part.notes = mark, [sentence.to_json() for sentence in words]
    part.save()


def _reuses(work: Work, dataset: Dataset, far_name: str) -> bool:
    take_in = taker(work)
    if take_in is None:
        return False
    path = f"/api/v2/catalog/datasets/{quote(far_name, safe='')}/reuses"
    for facts in work.portal.page(path, "reuses").facts()[:200]:
        if is_enough(work):
            return False
        propose(work, take_in, facts, [dataset])
    return True


_EXPLORE_STEPS = (
    Step("counts", whole=_counts),
    Step("portals", whole=_portals),
    Step("users", whole=_users),
    Step("groups", whole=_groups),
    Step("filters", whole=_filters),
    Step("pages", whole=_pages),
    Step("drawings", whole=_drawings),
    Step("reuses", each=_reuses),
)
"""In order. Rules come before pages and drawings: a page shows nothing of what they close."""
STEPS: Final[Mapping[str, Sequence[Step]]] = {"explore": _EXPLORE_STEPS, "ckan": CKAN_STEPS, "udata": UDATA_STEPS}
"""What is brought of each kind of portal."""


def invite(actor: Actor, part: Part, organisation: Organisation, role: Role | None = None) -> Part:
    """Make the account of somebody of the former portal and send them the link that opens it; Forbidden, PersonExists."""
    require(actor, "administer", organisation.pk, "inviter une personne")
    with transaction.atomic():
        row = Part.objects.select_for_update().get(pk=part.pk, kind="users")
        if row.state != State.WAITS:
            return row
        names = {name: str(row.facts.get(name) or "")[:60] for name in ("first_name", "last_name")}
        try:
            person = add_person(
                actor, organisation, row.identifier, role or proposed_role(row, group_rights(row.source)), **names
            )
        except PersonExists:
            row.state = State.HERE
            row.save()
            return row
        row.state, row.target = State.MADE, str(person.pk)
        row.save()
        record(actor.name, actor.person_id, "move.invite", "person", row.identifier, portal=row.source.url)
    send_link(actor, person)
    return row
