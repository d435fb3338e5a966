"""What operators see: log lines, figures, health, traces. Never a person's words, names or addresses."""
