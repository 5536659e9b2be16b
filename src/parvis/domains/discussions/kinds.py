"""The kinds of mails of this subject."""

ANSWER = "discussion-message"
"""To who follows a dataset: somebody wrote in its discussions."""
WAITS = "discussion-waits"
"""To who publishes a dataset, once a day at most: something waits for them."""
DISCUSSION = "discussion"
"""What a search finds, by its threads."""
