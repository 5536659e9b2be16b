"""XML: the element that repeats is a row, whatever surrounds it; nothing of the text is obeyed."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.errors import UnreadableFile, UnsafeFile
from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import (
    BrokenXml,
    CellTooLarge,
    NoSuchPart,
    NoTable,
    TooDeep,
    TooManyColumns,
    XmlEntities,
)

Stage = Callable[..., Any]

CONTRACTS = """<?xml version="1.0" encoding="UTF-8"?>
<marches xmlns="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x marches.xsd">
  <marche>
    <id>2024-01</id>
    <acheteur><id>21910228500018</id><nom>Ville d’Évry &amp; Courcouronnes</nom></acheteur>
    <techniques><technique>Concours</technique></techniques>
    <titulaires>
      <titulaire><id>55204599900869</id><type>SIRET</type></titulaire>
      <titulaire><id>38012986646850</id><type>SIRET</type></titulaire>
    </titulaires>
    <montant>1200.50</montant>
  </marche>
  <marche>
    <id>2024-02</id>
    <acheteur><id>21910228500018</id><nom/></acheteur>
    <techniques><technique>Concours</technique><technique>Accord-cadre</technique></techniques>
    <modification><montant>9</montant><date>2024-05-02</date></modification>
    <modification><montant>8</montant><date>2024-05-03</date></modification>
    <montant xsi:nil="true"/>
  </marche>
</marches>"""

RESULTS = """<Election><Scrutin><Annee>2022</Annee></Scrutin><Departement><Code>90</Code><Circonscriptions>
  <Circonscription><Code>9001</Code><Tours>
    <Tour><Num>1</Num><Mentions><Inscrits><Nombre>47752</Nombre></Inscrits></Mentions><Candidats>
      <Candidat><Nom>A</Nom><Voix>12</Voix></Candidat><Candidat><Nom>B</Nom><Voix>3</Voix></Candidat>
      <Candidat><Nom>C</Nom><Voix>2</Voix></Candidat><Candidat><Nom>D</Nom><Voix>1</Voix></Candidat></Candidats></Tour>
    <Tour><Num>2</Num><Mentions><Inscrits><Nombre>47000</Nombre></Inscrits></Mentions><Candidats>
      <Candidat><Nom>A</Nom><Voix>13</Voix></Candidat><Candidat><Nom>B</Nom><Voix>9</Voix></Candidat>
      <Candidat><Nom>C</Nom><Voix>8</Voix></Candidat></Candidats></Tour></Tours></Circonscription>
  <Circonscription><Code>9002</Code></Circonscription>
</Circonscriptions></Departement></Election>"""


def test_a_record_is_what_repeats_and_its_children_are_cells(stage: Stage) -> None:
    table = stage(CONTRACTS, name="decp.txt")
    assert table.format == "xml"
    assert table.reading["json_path"] == "marches.marche"
    assert table.headers[:5] == ["id", "acheteur.id", "acheteur.nom", "techniques", "titulaires"]
    first, second = (dict(zip(table.headers, row, strict=True)) for row in table.rows)
    assert first["acheteur.nom"] == "Ville d’Évry & Courcouronnes"
    assert (first["montant"], second["montant"], second["acheteur.nom"]) == ("1200.50", None, None)
    assert json.loads(first["techniques"]) == ["Concours"]
    assert json.loads(second["techniques"]) == ["Concours", "Accord-cadre"]
    assert [holder["type"] for holder in json.loads(first["titulaires"])] == ["SIRET", "SIRET"]
    assert json.loads(second["modification"])[1] == {"montant": "8", "date": "2024-05-03"}
    assert dict(zip(table.headers, table.hints, strict=True))["titulaires"] == "json_blob"
    assert table.lines == [1, 2]


def test_lists_of_lists_are_read_to_the_last_with_what_is_above_and_no_branch_is_lost(stage: Stage) -> None:
    table = stage(RESULTS)
    assert table.headers == ["Departement.Code", "Code", "Num", "Mentions.Inscrits.Nombre", "Nom", "Voix"]
    assert table.rows[0] == ("90", "9001", "1", "47752", "A", "12")
    assert table.rows[4] == ("90", "9001", "2", "47000", "A", "13")
    assert table.rows[-1] == ("90", "9002", None, None, None, None)
    assert len(table.rows) == 8
    assert table.notes["around-records"] == {"count": 1, "fields": ["Election.Scrutin.Annee"]}


def test_a_record_of_several_lists_stays_whole(stage: Stage) -> None:
    station = (
        '<pdv id="{0}" cp="91000"><adresse>1 rue</adresse><horaires><jour nom="Lundi" ferme=""/><jour nom="Mardi" ferme="1"/>'
        '</horaires><services><service>Bar</service></services><prix nom="Gazole" valeur="1.5"/><prix nom="SP95" valeur="1.6"/></pdv>'
    )
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><pdv_liste>'
        + "".join(map(station.format, range(9)))
        + "</pdv_liste>"
    )
    table = stage(text)
    assert table.headers == ["id", "cp", "adresse", "horaires", "services", "prix"]
    assert table.rows[8][0] == "8"
    assert json.loads(table.rows[0][5])[1] == {"nom": "SP95", "valeur": "1.6"}


def test_a_feed_gives_its_articles_and_tells_what_was_left_around_them(stage: Stage) -> None:
    item = '<item><title>Un &lt;b&gt;titre&lt;/b&gt;</title><dc:title>autre</dc:title><guid isPermaLink="false">{0}</guid></item>'
    feed = (
        "<rss xmlns:dc='d' version='2.0'><channel><title>Ville</title>"
        + "".join(map(item.format, range(3)))
        + "</channel></rss>"
    )
    table = stage(feed)
    assert table.headers == ["title", "dc:title", "guid.isPermaLink", "guid"]
    assert table.rows[2] == ("Un <b>titre</b>", "autre", "false", "2")
    assert table.notes["around-records"]["fields"] == ["rss.version", "rss.channel.title"]


@pytest.mark.parametrize("articles", [1, 2])
def test_a_feed_of_few_articles_gives_them_too(stage: Stage, articles: int) -> None:
    about = "".join(
        f"<{name}>x</{name}>" for name in ("title", "link", "description", "docs", "generator", "lastBuildDate")
    )
    item = "<item><title>un</title><pubDate>Mon, 6 Sep 2021</pubDate></item>"
    table = stage(f"<rss version='2.0'><channel>{about}{item * articles}</channel></rss>")
    assert table.rows == [("un", "Mon, 6 Sep 2021")] * articles


def test_of_several_lists_the_largest_is_read_and_another_can_be_chosen(stage: Stage) -> None:
    text = (
        "<export>"
        + '<arret id="1" nom="Gare"/>' * 3
        + '<horaire id="1" a="7:00" d="7:01"/>' * 5
        + "<mot>x</mot>" * 50
        + "</export>"
    )
    table = stage(text)
    assert table.headers == ["id", "a", "d"]
    assert table.notes["other-records"] == {"read": "export.horaire", "others": ["export.arret (3)"]}
    assert stage(text, json_path="export.arret").headers == stage(text, json_path="arret").headers == ["id", "nom"]
    with pytest.raises(NoSuchPart):
        stage(text, json_path="export.train")


def test_values_in_attributes_alone_and_wrapped_records_are_plain(stage: Stage) -> None:
    text = '<doc><member><Ligne><Nature V="60611"/><Mt V="10"/></Ligne></member><member><Ligne><Nature V="6068"/></Ligne></member></doc>'
    table = stage(text)
    assert table.headers == ["Nature", "Mt"]
    assert table.rows == [("60611", "10"), ("6068", None)]


def test_text_that_holds_marks_is_one_text(stage: Stage) -> None:
    table = stage("<a><p><n>1</n><t>un <b>gros</b> chien</t></p><p><n>2</n><t>deux</t></p></a>")
    assert table.rows == [("1", "un gros chien"), ("2", "deux")]


def test_a_text_without_list_is_one_row(stage: Stage) -> None:
    assert stage('<question type="QE"><auteur><nom>N</nom></auteur><ana>a</ana><ana>b</ana></question>').rows == [
        ("QE", "N", '["a","b"]')
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "iso-8859-15"])
def test_the_declared_encoding_is_followed(stage: Stage, encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'\n<?xml version="1.0" encoding="{declared}"?><a><l><n>Évry</n><o>œ</o></l><l><n>Ÿ</n><o>x</o></l></a>'
    text = text.replace("œ", "o").replace("Ÿ", "ÿ") if encoding == "iso-8859-1" else text
    table = stage(text.encode(encoding))
    assert table.rows[0][0] == "Évry"
    assert table.rows[1][0] in "ÿŸ"


def test_a_declaration_that_lies_is_not_followed(stage: Stage) -> None:
    text = '<?xml version="1.0" encoding="{0}"?><a><l><n>Évry été</n><o>1</o></l><l><n>x</n><o>2</o></l></a>'
    assert stage(text.format("iso-8859-1").encode()).rows[0][0] == "Évry été"
    assert stage(text.format("utf-8").encode("cp1252")).rows[0][0] == "Évry été"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>',
    ],
)
def test_entities_are_refused(stage: Stage, doctype: str) -> None:
    with pytest.raises(XmlEntities):
        stage(f"<?xml version='1.0'?>{doctype}<a><l><n>1</n><o>2</o></l><l><n>1</n><o>2</o></l></a>")
    with pytest.raises(XmlEntities):
        stage(f"<?xml version='1.0'?>{doctype}<a><l><n>1</n></l></a>".encode("utf-16"))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:1/x.dtd">',
        "<!DOCTYPE a [<!ELEMENT l (n, o)><!ELEMENT n (#PCDATA)>]>",
        '<!DOCTYPE a [<!ATTLIST l more CDATA "added by nobody">]>',
    ],
)
def test_a_document_type_without_entities_is_neither_fetched_nor_followed(stage: Stage, doctype: str) -> None:
    text = f"<?xml version='1.0'?>\n{doctype}<a><l><n>R&amp;D</n><o>2</o></l><l><n>b</n><o>&#233;</o></l></a>"
    for content in (text.encode(), text.encode("utf-16")):
        table = stage(content)
        assert (table.headers, table.rows) == (["n", "o"], [("R&D", "2"), ("b", "é")])


@pytest.mark.parametrize("body", ["<n>Caf&eacute;</n><o>1</o>", '<n t="&x;">1</n><o>1</o>', "<n>1</n><o>&passwd;</o>"])
def test_entities_that_a_document_type_elsewhere_would_tell_are_not_dropped(stage: Stage, body: str) -> None:
    filler = "<l><n>1</n><o>2</o></l>" * 20_000
    with pytest.raises(XmlEntities):
        stage(f'<!DOCTYPE a SYSTEM "x.dtd"><a>{filler}<l>{body}</l></a>')


def test_what_is_no_table_or_no_xml_says_so(stage: Stage) -> None:
    for text in ("<DocumentBudgetaire/>", "<a>rien</a>", "<a><b>1</b><b>2</b></a>"):
        with pytest.raises(NoTable):
            stage(text)
    with pytest.raises(BrokenXml) as error:
        stage("<a><b><c>1</c><d>2</d></b>\n<b><c>1</c></a>")
    assert "ligne 2" in error.value.message("fr")


def test_what_costs_too_much_is_refused(stage: Stage) -> None:
    with pytest.raises(TooDeep):
        stage("<a>" * 100 + "</a>" * 100)
    with pytest.raises(TooManyColumns):
        stage("<a>" + "".join(f"<b{n}/>" for n in range(30_000)) + "</a>")
    small = Limits(max_cell_bytes=10_000)
    row = "<l><n>1</n><o>2</o></l>"
    for heavy in (f"<l><n>{'x' * 50_000}</n></l>", "<l>" + "<n/>" * 20_000 + "</l>", f'<l n="{"x" * 2_000_000}"/>'):
        with pytest.raises(CellTooLarge):
            stage(f"<a>{row}{row}{heavy}{row}</a>", limits=small)


def test_what_is_above_is_not_repeated_without_end(stage: Stage) -> None:
    inner = "<Ds>" + '<D n="1" o="2" p="3"/>' * 3_000 + "</Ds>"
    table = stage(f"<a><Cs><C><t>{'x' * 40_000}</t>{inner}</C><C><t>y</t></C></Cs></a>")
    assert table.headers == ["n", "o", "p"]
    assert table.notes["around-records"]["fields"] == ["a.Cs.C.t"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=20)
names = st.sampled_from(["a", "b", "c", "item", "items", "x:a", "_d.e"])
trees = st.recursive(
    st.tuples(names, st.dictionaries(names, texts, max_size=2), texts),
    lambda inner: st.tuples(names, st.dictionaries(names, texts, max_size=2), st.lists(inner, max_size=6)),
    max_leaves=40,
)


def written(tree: Any) -> str:
    name, attributes, inside = tree
    marks = "".join(f" {key.replace(':', '')}={quoteattr(value)}" for key, value in attributes.items())
    body = escape(inside) if isinstance(inside, str) else "".join(map(written, inside))
    return f"<{name}{marks}>{body}</{name}>"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees)
def test_any_well_formed_text_is_a_table_or_is_said_to_be_none(stage: Stage, tree: Any) -> None:
    try:
        table = stage(f"<root>{written(tree) * 2}</root>")
    except NoTable:
        return
    assert table.rows
    assert len(set(table.headers)) == len(table.headers)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, len(RESULTS)),
    sign=st.sampled_from(["<", ">", "&", "/", '"', "\0", "]]>", "<!--", "<Tour>", "é"]),
)
def test_a_damaged_text_is_read_or_refused(stage: Stage, place: int, sign: str) -> None:
    with suppress(UnreadableFile, UnsafeFile):
        stage(RESULTS[:place] + sign + RESULTS[place + 1 :])
