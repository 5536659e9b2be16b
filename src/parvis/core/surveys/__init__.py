"""Collection forms: what they ask, when a question is asked, whether an answer will do, and the table that answers make. Pure."""
