"""What remains to be done and until when: what the law asks of sittings, and acts that wait."""
