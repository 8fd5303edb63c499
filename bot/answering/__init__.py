"""From a question to an answer: facts, candidates, confidence, citations, summary."""
