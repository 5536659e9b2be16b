"""The HTTP side of ``parvis serve``: bodies received before a thread is taken, answers sent without one, processes supervised."""
