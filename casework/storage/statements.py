"""The statements of every turn."""

from __future__ import annotations

from sqlalchemy import bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.conversations.model import Event, Owner
from casework.storage.prepared import Prepared
from casework.storage.tables import button_tokens, conversations, media, messages, tickets, trackers

#: Outbound states that still have to be dealt with.
UNSETTLED = ("queued", "sending")

_c, _m, _t = conversations.c, messages.c, tickets.c
_EARLIER, _REPLY = messages.alias("earlier"), messages.alias("reply")
#: Names of parameters; none is a column's, which would make it a value to write.
_ID, _IDS, _NOW = bindparam("the_id"), bindparam("the_ids", expanding=True), bindparam("the_now")
_BOT = Owner.BOT.value

_CONVERSATION = select(conversations).where(_c.id == _ID)
CONVERSATION = Prepared(_CONVERSATION)
CONVERSATION_LOCKED = Prepared(_CONVERSATION.with_for_update())
_CONVERSATION_AT = select(conversations).where(
    _c.channel == bindparam("the_channel"), _c.address == bindparam("the_address")
)
CONVERSATION_AT = Prepared(_CONVERSATION_AT)
CONVERSATION_AT_LOCKED = Prepared(_CONVERSATION_AT.with_for_update())
CHANGE_CONVERSATION = Prepared(update(conversations).where(_c.id == _ID))
#: The conversation that has waited longest for the bot.
READY = Prepared(
    select(conversations)
    .where(_c.ready_at <= _NOW, _c.owner == _BOT, or_(_c.lease_until.is_(None), _c.lease_until < _NOW))
    .order_by(_c.ready_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
NEXT_READY_AT = Prepared(
    select(
        func.min(case((_c.lease_until > _c.ready_at, _c.lease_until), else_=_c.ready_at)).label("at")
    ).where(_c.ready_at.is_not(None), _c.owner == _BOT)
)

MESSAGE_BY_PROVIDER_KEY = Prepared(select(messages).where(_m.provider_key == bindparam("the_key")))
WAITING = Prepared(
    select(messages)
    .where(_m.conversation_id == _ID, _m.direction == "in", _m.state == "waiting")
    .order_by(_m.seq)
)
MESSAGES = Prepared(select(messages).where(_m.id.in_(_IDS)).order_by(_m.seq))
MEDIA_OF = Prepared(
    select(media.c.message_id, media.c.content).where(media.c.message_id.in_(_IDS)).order_by(media.c.id)
)
SAID = Prepared(
    select(_m.text)
    .where(_m.conversation_id == _ID, _m.direction == "out", _m.internal.is_(False), _m.text.is_not(None))
    .order_by(_m.seq.desc())
    .limit(bindparam("the_limit"))
)
LAST_OUTBOUND = Prepared(
    select(messages)
    .where(_m.conversation_id == _ID, _m.direction == "out", _m.internal.is_(False))
    .order_by(_m.seq.desc())
    .limit(1)
)
ADD_MESSAGE = Prepared(insert(messages))
ADD_BUTTON_TOKEN = Prepared(insert(button_tokens))
CHANGE_MESSAGE = Prepared(update(messages).where(_m.id == _ID))
SETTLE_LEASED = Prepared(update(messages).where(_m.id == _ID, _m.lease_token == bindparam("the_token")))
RELEASE_HELD = Prepared(
    update(messages).where(_m.conversation_id == _ID, _m.direction == "out", _m.state == "held")
)

#: The oldest unsettled message of each conversation, if it may be sent now.
TO_SEND = Prepared(
    select(_m.id)
    .join(conversations, _c.id == _m.conversation_id)
    .where(
        _m.direction == "out",
        _m.internal.is_(False),
        _m.state.in_(UNSETTLED),
        _m.next_try_at <= _NOW,
        or_(_m.lease_until.is_(None), _m.lease_until < _NOW),
        _c.channel.in_(bindparam("the_channels", expanding=True)),
        or_(_c.passive_until.is_(None), _c.passive_until <= _NOW),
        ~select(_EARLIER.c.id)
        .where(
            _EARLIER.c.conversation_id == _m.conversation_id,
            _EARLIER.c.direction == "out",
            _EARLIER.c.state.in_(UNSETTLED),
            _EARLIER.c.seq < _m.seq,
        )
        .exists(),
    )
    .order_by(_m.next_try_at, _m.id)
    .limit(bindparam("the_limit"))
    .with_for_update(skip_locked=True, of=messages)
)
LEASE_TO_SEND = Prepared(
    update(messages)
    .where(_m.id == _ID)
    .values(
        state="sending",
        lease_token=bindparam("the_token"),
        lease_until=bindparam("the_end"),
        attempts=_m.attempts + 1,
        # Left in the midst of being sent by a process that died: it may have arrived.
        doubtful=_m.doubtful + case((_m.state == "sending", 1), else_=0),
    )
)
OUTBOUND = Prepared(
    select(messages, _REPLY.c.provider_key.label("reply_key"))
    .outerjoin(_REPLY, _REPLY.c.id == _m.reply_to_id)
    .where(_m.id.in_(_IDS))
    .order_by(_m.seq)
)
NTH_LAST_INBOUND = Prepared(
    select(messages)
    .where(
        _m.conversation_id == _ID, _m.direction == "in", _m.event.in_(bindparam("the_events", expanding=True))
    )
    .order_by(_m.seq.desc())
    .limit(1)
    .offset(bindparam("the_offset"))
)
#: What the person said last, as far as the courier has to know it.
LAST_WORD = Prepared(
    select(_m.seq, _m.created_at, _m.profile)
    .where(
        _m.conversation_id == _ID,
        _m.direction == "in",
        _m.event.in_((Event.MESSAGE.value, Event.START.value)),
    )
    .order_by(_m.seq.desc())
    .limit(1)
)
LATELY = Prepared(
    select(_m.id, _m.direction)
    .where(_m.conversation_id == _ID, _m.seq < bindparam("the_seq"), _m.internal.is_(False))
    .order_by(_m.seq.desc())
    .limit(bindparam("the_limit"))
)
SENT_SINCE = Prepared(
    select(_m.provider_ids, _m.lease_token).where(
        _m.conversation_id == _ID,
        _m.seq > bindparam("the_seq"),
        _m.state == "sent",
        _m.settled_at >= bindparam("the_start"),
        _m.internal.is_(False),
    )
)

TRACKER = Prepared(select(trackers.c.state).where(trackers.c.conversation_key == bindparam("the_key")))
SAVE_TRACKER = {
    name: Prepared(
        (adding := dialect.insert(trackers)).on_conflict_do_update(
            index_elements=["conversation_key"],
            set_={"state": adding.excluded.state, "saved_at": adding.excluded.saved_at},
        )
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}

TICKET = Prepared(select(tickets).where(_t.id == _ID))
DRAFT = Prepared(
    select(tickets).where(_t.conversation_id == _ID, _t.state == "draft").order_by(_t.id.desc()).limit(1)
)
SAVE_DRAFT = Prepared(update(tickets).where(_t.id == _ID, _t.state == "draft"))
IS_FILED = Prepared(select(_t.id).where(_t.complainant_id == _ID, _t.number.is_not(None)).limit(1))
FILED_OF = Prepared(
    select(tickets)
    .where(_t.complainant_id == _ID, _t.number.is_not(None))
    .order_by(_t.id.desc())
    .limit(bindparam("the_limit"))
)
