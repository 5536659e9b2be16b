"""Collection forms: an organisation asks, people answer, online or not, and the answers make a dataset."""
