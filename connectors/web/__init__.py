"""The web chat: a page at ``/``, its messages in and out.

No dialogue lives here, and no conversation is stored here.
"""
