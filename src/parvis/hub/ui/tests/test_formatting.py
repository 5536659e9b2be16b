from parvis.hub.ui import formatting


def test_a_description_reads_as_its_words():
    assert formatting.plain_text("<p>R&amp;D&nbsp;:</p><p>2 &lt; 3</p>") == "R&D\u00a0: 2 < 3"
