"""How well it works: question sets with gold evidence, and test collections with relevance judgements."""
