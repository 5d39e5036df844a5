"""Whom to call, and what is written down: contacts, plans and premises."""
