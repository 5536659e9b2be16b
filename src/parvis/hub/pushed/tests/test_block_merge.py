"""Merging keeps what a site changed, takes what the source corrected, and tells where both changed the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parvis.hub.pushed.block_merge import differences, merge, taken


def content(*blocks: str, title: str = "Titre") -> dict:
    """Blocks written ``id`` or ``id=text``."""
    body = [
        {"type": "text", "id": one.partition("=")[0], "value": one.partition("=")[2] or "au début"} for one in blocks
    ]
    return {"facts": {"title": title}, "body": body}


def shown(page_content: dict) -> list[str]:
    return [
        f"{block['id']}={block['value']}" if block["value"] != "au début" else block["id"]
        for block in page_content["body"]
    ]


def merged(base, source, local) -> tuple[list[str], tuple[str, ...]]:
    result = merge(base, source, local)
    return shown(result.content), result.conflicts


def test_a_correction_flows_down():
    assert merged(content("a", "b"), content("a=mieux", "b"), content("a", "b")) == (["a=mieux", "b"], ())


def test_a_local_change_stays():
    assert merged(content("a", "b"), content("a", "b=mieux"), content("a=ici", "b")) == (["a=ici", "b=mieux"], ())


def test_both_changed_the_local_text_stays_and_is_told():
    assert merged(content("a"), content("a=mieux"), content("a=ici")) == (["a=ici"], ("a",))


def test_both_changed_alike_is_no_conflict():
    assert merged(content("a"), content("a=mieux"), content("a=mieux")) == (["a=mieux"], ())


def test_a_new_block_comes_after_the_one_it_follows():
    assert merged(content("a", "b"), content("a", "n", "b"), content("a", "l", "b"))[0] == ["a", "n", "l", "b"]
    assert merged(content("a"), content("n", "a"), content("a"))[0] == ["n", "a"]


def test_a_block_withdrawn_by_the_source_goes_unless_it_was_changed():
    assert merged(content("a", "b"), content("b"), content("a", "b")) == (["b"], ())
    assert merged(content("a", "b"), content("b"), content("a=ici", "b")) == (["a=ici", "b"], ("a",))


def test_a_block_withdrawn_here_stays_away_and_its_correction_is_told():
    assert merged(content("a", "b"), content("a", "b"), content("b")) == (["b"], ())
    assert merged(content("a", "b"), content("a=mieux", "b"), content("b")) == (["b"], ("a",))


def test_order_follows_who_changed_it():
    assert merged(content("a", "b", "c"), content("c", "a", "b"), content("a", "b", "c"))[0] == ["c", "a", "b"]
    assert merged(content("a", "b", "c"), content("a", "b", "c"), content("c", "b", "a"))[0] == ["c", "b", "a"]


def test_facts_merge_like_blocks():
    result = merge(content(title="A"), content(title="B"), content(title="ici"))
    assert result.content["facts"] == {"title": "ici"}
    assert result.conflicts == ("fact:title",)
    assert merge(content(title="A"), content(title="B"), content(title="A")).content["facts"] == {"title": "B"}


def test_taking_the_source_s_part():
    base, local = content("a=mieux", "b", "c", title="B"), content("c", "a=ici", title="ici")
    assert shown(taken(base, local, "a")) == ["a=mieux", "c"] or shown(taken(base, local, "a")) == ["c", "a=mieux"]
    assert "b" in shown(taken(base, local, "b"))
    assert taken(base, local, "fact:title")["facts"]["title"] == "B"
    assert shown(taken(content("a"), content("a", "l"), "l")) == ["a"]
    assert shown(taken(content("a", "b"), content("b", "a"), "order")) == ["a", "b"]


contents = st.builds(
    lambda rows, title: {
        "facts": {"title": title},
        "body": [{"type": "text", "id": key, "value": value} for key, value in rows],
    },
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")), unique_by=lambda row: row[0], max_size=6),
    st.sampled_from("TUV"),
)


@given(contents, contents, contents)
def test_laws_of_merging(base, source, local):
    assert merge(base, source, base).content == source
    assert merge(base, base, local).content == local
    once = merge(base, source, local)
    again = merge(source, source, once.content)
    assert again.content == once.content
    assert again.conflicts == ()
    local_blocks = {block["id"]: block for block in local["body"]}
    before = {block["id"]: block for block in base["body"]}
    result = {block["id"]: block for block in once.content["body"]}
    for key, block in local_blocks.items():  # what the site wrote is never lost
        if before.get(key) != block:
            assert result[key] == block
    assert set(once.conflicts) <= set(differences(source, once.content))


@given(contents, contents)
def test_taking_every_part_gives_the_source_back(base, local):
    for key in differences(base, local):
        local = taken(base, local, key)
    while keys := differences(base, local):
        assert keys == ("order",)
        local = taken(base, local, "order")
    assert local == base
