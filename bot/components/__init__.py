"""Rasa graph components, each a thin shell around one module of `understanding`.

Every component adds one JSON-able key to the parse data. What the person's client knows comes in the
message's metadata: ``context`` (key of the question asked last), ``now`` (ISO 8601), ``timezone``,
``region``, ``categories`` (codes in question).
"""
