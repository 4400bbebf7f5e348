"""Markdown text into safe HTML and facts about it."""
