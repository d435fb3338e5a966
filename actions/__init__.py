"""Rasa custom actions, one file a job: read what was heard -> one use case -> one utterance.

All wording is in ``domain.yml`` and ``packs/``; nothing here holds a sentence people read.
"""
