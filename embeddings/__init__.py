"""How we find it: passages to vectors to ranked entries."""
