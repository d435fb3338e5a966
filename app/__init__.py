"""Starts the parts: settings, wiring, the command line, the gateway, the engine worker, the supervisor."""
