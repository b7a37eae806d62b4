"""Invented people and work, to try the software with. Never loaded by the production settings."""
