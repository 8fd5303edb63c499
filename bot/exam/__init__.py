"""The exam: questions made from the corpus itself, by rule, and how well they are answered."""
