"""The intake of a complaint: listening, filling fields, choosing the next question, reading back."""
