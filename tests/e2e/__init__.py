"""Whole conversations in process: people as YAML cases, the real engine, a real store, a clock that cases move."""
