"""Simulated people: each has facts and a temper, files one complaint with the real engine, and is measured."""
