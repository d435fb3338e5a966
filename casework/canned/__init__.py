"""Canned replies (常用语): what staff say often, in both languages, filled in for the case at hand.

A house has the shipped ones of ``packs/_common/replies.yml`` with what was edited at the desk laid over them.
"""

from casework.canned.model import NAME_CHARS, TEXT_CHARS, VARIABLES, Canned, load_canned, shipped

__all__ = ["NAME_CHARS", "TEXT_CHARS", "VARIABLES", "Canned", "load_canned", "shipped"]
