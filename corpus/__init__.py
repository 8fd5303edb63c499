"""What we know: documents in, entries and passages out, and the store that keeps them."""
