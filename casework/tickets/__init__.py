"""Tickets: what one complaint is, which steps it may take, and what was promised."""
