"""The statements of every turn, built once.

SQLAlchemy needs longer to build a statement and to find out that it knows it than the database to run it; of a
statement that is there already it remembers. Values of a row to write are given by name when it is run.
"""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update

from casework.storage.tables import button_tokens, conversations, media, messages, tickets, trackers

_c, _m, _t = conversations.c, messages.c, tickets.c
#: Names of parameters; none is a column's, which would make it a value to write.
_ID, _IDS = bindparam("the_id"), bindparam("the_ids", expanding=True)

CONVERSATION = select(conversations).where(_c.id == _ID)
CONVERSATION_LOCKED = CONVERSATION.with_for_update()
CONVERSATION_AT = select(conversations).where(
    _c.channel == bindparam("the_channel"), _c.address == bindparam("the_address")
)
CONVERSATION_AT_LOCKED = CONVERSATION_AT.with_for_update()
LEASE = select(_c.lease_token, _c.lease_until).where(_c.id == _ID)
SEQ = select(_c.seq).where(_c.id == _ID)
CHANGE_CONVERSATION = update(conversations).where(_c.id == _ID)
NEXT_SEQ = CHANGE_CONVERSATION.values(seq=_c.seq + 1)

MESSAGE_BY_PROVIDER_KEY = select(messages).where(_m.provider_key == bindparam("the_key"))
WAITING = (
    select(messages)
    .where(_m.conversation_id == _ID, _m.direction == "in", _m.state == "waiting")
    .order_by(_m.seq)
)
MESSAGES = select(messages).where(_m.id.in_(_IDS)).order_by(_m.seq)
MEDIA_OF = (
    select(media.c.message_id, media.c.content).where(media.c.message_id.in_(_IDS)).order_by(media.c.id)
)
ADD_MESSAGE = insert(messages)
ADD_BUTTON_TOKEN = insert(button_tokens)
CHANGE_MESSAGES = update(messages).where(_m.id.in_(_IDS))
SETTLE_LEASED = update(messages).where(_m.id == _ID, _m.lease_token == bindparam("the_token"))

TRACKER = select(trackers.c.state).where(trackers.c.conversation_key == bindparam("the_key"))

DRAFT = select(tickets).where(_t.conversation_id == _ID, _t.state == "draft").order_by(_t.id.desc()).limit(1)
SAVE_DRAFT = update(tickets).where(_t.id == _ID, _t.state == "draft")
FILED_OF = (
    select(tickets)
    .where(_t.complainant_id == _ID, _t.number.is_not(None))
    .order_by(_t.id.desc())
    .limit(bindparam("the_limit"))
)
