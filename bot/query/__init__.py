"""What a question means: read against the names of the corpus, and made whole from the conversation."""
