"""Telling other programs what happens to tickets: signed events, sent to addresses that an operator registered."""
