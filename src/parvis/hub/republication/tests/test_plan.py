"""What is sent is the difference between here and there, whatever both are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.hub.republication.package import Document, Package
from parvis.hub.republication.plan import KEY, Gesture, Remote, Resource, card, steps

KEYS = st.sampled_from(["a", "b", "c", "d"])
DOCUMENTS = st.lists(
    st.builds(
        Document,
        key=KEYS,
        title=st.text(min_size=1, max_size=5),
        url=st.just("https://x.example/"),
        format=st.just("pdf"),
    ),
    unique_by=lambda document: document.key,
)
THERE = st.lists(
    st.dictionaries(st.sampled_from([KEY, "parvis:digest", "other"]), st.one_of(KEYS, st.integers(), st.none())),
    max_size=6,
)


def package(documents) -> Package:
    return Package(key="k", page="https://x.example/k/", title="Titre", description="", documents=tuple(documents))


def applied(remote: Remote, todo) -> Remote:
    """What a portal has once it did as it was told."""
    resources, extras = {row.identifier: row for row in remote.resources}, remote.extras
    for number, step in enumerate(todo):
        match step.gesture:
            case Gesture.REMOVE:
                del resources[step.resource]
            case Gesture.ADD:
                resources[f"new{number}"] = Resource(f"new{number}", step.title, step.body["extras"])
            case Gesture.CHANGE:
                resources[step.resource] = Resource(step.resource, step.title, step.body["extras"])
            case Gesture.CARD:
                extras = step.body["extras"]
    return Remote(remote.identifier, extras=extras, resources=list(resources.values()))


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, THERE, st.dictionaries(st.sampled_from(["parvis:digest", "other"]), st.text(max_size=3)))
def test_once_sent_all_is_there_once_and_nothing_is_left_to_send(documents, rows, extras):
    remote = Remote("id", extras=extras, resources=[Resource(str(n), "", row) for n, row in enumerate(rows)])
    wish = package(documents)
    after = applied(remote, steps(wish, remote))
    keys = [row.extras[KEY] for row in after.resources if isinstance(row.extras.get(KEY), str)]
    assert sorted(keys) == sorted(document.key for document in documents)
    foreign = [row for row in remote.resources if not isinstance(row.extras.get(KEY), str)]
    assert all(row in after.resources for row in foreign), "what others put there stays"
    assert after.extras.get("other") == extras.get("other")
    assert steps(wish, after) == []


def test_what_must_not_be_read_any_more_leaves_first():
    remote = Remote("id", resources=[Resource("1", "Retiré", {KEY: "old"})])
    todo = steps(package([Document(key="a", title="A", url="https://x.example/", format="pdf")]), remote)
    assert [step.gesture for step in todo] == [Gesture.REMOVE, Gesture.CARD, Gesture.ADD]


def test_nothing_to_show_makes_nothing():
    assert steps(package([]), None) == []


def test_licences_are_in_the_words_of_udata():
    def licence(slug: str) -> str:
        return card(Package(key="k", page="p", title="t", description="d", licence=slug))["license"]

    assert [licence(slug) for slug in ("lov2", "odbl", "cc-by-4.0", "inconnue")] == [
        "lov2",
        "odc-odbl",
        "cc-by",
        "notspecified",
    ]
