"""The core: conversations, tickets, packs and their storage. Knows no dialogue engine and no web framework."""
