"""Conversations: what was really received and really sent, in order, and who may speak next."""
