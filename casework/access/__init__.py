"""Who may come in at the desk, what each may do there, and the log of it."""
