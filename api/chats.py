"""Conversations: who waits, what was said, taking one over, answering, passing on, giving back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from anyio import from_thread
from msgspec import Meta, Struct

from api.beside import number_in
from api.layer import Call
from api.paging import cursor_of, place_of
from api.problems import Refusal
from api.shapes import Cursor, Limit, Word, Words
from casework.conversations import handover
from casework.conversations.model import Conversation, Owner, Reply, StoredMessage
from casework.conversations.reaching import reach


class ChatQuery(Struct, forbid_unknown_fields=True):
    """Which conversations, the longest wait first."""

    owner: Annotated[
        Literal["queue", "staff"], Meta(description="queue: waits for a person; staff: is with one")
    ] = "queue"
    limit: Limit = 50
    cursor: Cursor = ""


class Chat(Struct):
    """A conversation. `owner`: bot, queue, staff."""

    id: int
    channel: str
    owner: str
    owner_name: str
    owner_since: datetime | None
    language: str
    reachable: bool
    last_seq: int


class ChatPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[Chat]
    next: str | None


class TranscriptQuery(Struct, forbid_unknown_fields=True):
    """`after`: `seq` of the last message that is known."""

    after: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    limit: Limit = 100


class Message(Struct):
    """One message. `author`: complainant, bot, staff, system. `internal`: a note that is never sent."""

    id: int
    seq: int
    at: datetime
    author: str
    author_name: str
    text: str
    media: list[str]
    state: str
    internal: bool


class Transcript(Struct):
    """Messages in order, from after `after` on."""

    conversation: Chat
    items: list[Message]


class Reached(Struct):
    """What becomes of a message that is written now.

    `state`: free, open (`left` more until `until`), asked (the provider decides), spent, over, in_call (kept until the
    person writes), unreachable (kept until they come back), there or away (a page), nowhere. `announced`: the person is
    told that something waits. `waiting`: messages that are kept already. `seen_at`: when the page was last open.
    """

    state: str
    left: int
    until: datetime | None
    announced: bool
    waiting: int
    seen_at: datetime | None


class Say(Struct, forbid_unknown_fields=True):
    """What to tell the person. Saying something takes the conversation."""

    text: Words


class Said(Struct):
    """The message in the outbox."""

    id: int


class Closing(Struct, forbid_unknown_fields=True):
    """What was agreed: told to the person first, and kept."""

    agreed: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")] = ""


class Colleague(Struct, forbid_unknown_fields=True):
    """Who carries on."""

    to: Word


def list_chats(call: Call) -> ChatPage:
    query: ChatQuery = call.query
    found = call.work.listing.chats(
        Owner(query.owner), after=place_of(query.cursor, query.owner), limit=query.limit + 1
    )
    page = found[: query.limit]
    more = len(found) > len(page)
    following = cursor_of(query.owner, (page[-1].owner_since, page[-1].id)) if more else None
    return ChatPage([_chat(chat) for chat in page], following)


def show_chat(call: Call) -> Transcript:
    query: TranscriptQuery = call.query
    chat = _found(call)
    call.read.append(("conversation", str(chat.id)))
    stored = call.work.messages.transcript(chat.id, after_seq=query.after, limit=query.limit)
    return Transcript(_chat(chat), [_message(message) for message in stored])


def show_reach(call: Call) -> Reached:
    chat = _found(call)
    window = from_thread.run(call.services.window, chat.channel, call.work.sending.heard(chat.id))
    found = reach(call.work, chat, window, now=call.now)
    return Reached(found.state.value, found.left, found.until, found.announced, found.waiting, found.seen_at)


def claim(call: Call) -> Chat:
    chat = handover.claim(call.work, _found(call).id, name=call.client.name, now=call.now)
    return _told(call, chat)


def say(call: Call) -> Said:
    body: Say = call.body
    chat = _found(call)
    said = handover.staff_says(call.work, chat.id, Reply(body.text), name=call.client.name, now=call.now)
    call.said_in.append(chat.id)
    return Said(said)


def release(call: Call) -> Chat:
    body: Closing = call.body
    chat = _found(call)
    back = call.house.word("back_to_bot", _language(call, chat))
    closing = Reply(f"{body.agreed}\n{back}" if body.agreed else back)
    handover.release(
        call.work, chat.id, closing=closing, agreed=body.agreed, name=call.client.name, now=call.now
    )
    return _told(call, call.work.conversations.get(chat.id))


def transfer(call: Call) -> Chat:
    body: Colleague = call.body
    chat = _found(call)
    told = Reply(call.house.word("passed_on", _language(call, chat)))
    changed = handover.transfer(
        call.work, chat.id, name=call.client.name, to=body.to, told=told, now=call.now
    )
    return _told(call, changed)


def _told(call: Call, chat: Conversation) -> Chat:
    call.said_in.append(chat.id)
    return _chat(chat)


def _found(call: Call) -> Conversation:
    chat = call.work.listing.chat(number_in(call))
    if chat is None:
        raise Refusal("unknown", f"there is no conversation {call.path['id']}")
    return chat


def _language(call: Call, chat: Conversation) -> str:
    return chat.language or call.house.languages[0]


def _chat(chat: Conversation) -> Chat:
    return Chat(
        id=chat.id,
        channel=chat.channel,
        owner=chat.owner.value,
        owner_name=chat.owner_name,
        owner_since=chat.owner_since,
        language=chat.language,
        reachable=chat.reachable,
        last_seq=chat.seq,
    )


def _message(message: StoredMessage) -> Message:
    return Message(
        id=message.id,
        seq=message.seq,
        at=message.created_at,
        author=message.author.value,
        author_name=message.author_name,
        text=message.text,
        media=[item.kind for item in message.media],
        state=message.state,
        internal=message.internal,
    )
