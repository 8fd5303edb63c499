"""The Discord face: questions come in as commands and messages, answers go out as embeds."""
