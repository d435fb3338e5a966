"""Programs that use the HTTP API: their tokens, and what each request was answered."""
