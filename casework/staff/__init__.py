"""Departments and people: who there is, who is there now, and who gets a case."""
