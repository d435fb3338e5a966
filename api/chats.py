"""Conversations: who waits, what was said, taking one over, answering, passing on, giving back."""

from __future__ import annotations

from api import shapes
from api.beside import number_in
from api.layer import Call
from api.paging import cursor_of, place_of
from api.problems import Refusal
from casework.conversations import handover
from casework.conversations.model import Conversation, Owner, Reply, StoredMessage


def list_chats(call: Call) -> shapes.ChatPage:
    query: shapes.ChatQuery = call.query
    found = call.work.listing.chats(
        Owner(query.owner), after=place_of(query.cursor, query.owner), limit=query.limit + 1
    )
    page = found[: query.limit]
    more = len(found) > len(page)
    following = cursor_of(query.owner, (page[-1].owner_since, page[-1].id)) if more else None
    return shapes.ChatPage([_chat(chat) for chat in page], following)


def show_chat(call: Call) -> shapes.Transcript:
    query: shapes.TranscriptQuery = call.query
    chat = _found(call)
    call.read.append(("conversation", str(chat.id)))
    stored = call.work.messages.transcript(chat.id, after_seq=query.after, limit=query.limit)
    return shapes.Transcript(_chat(chat), [_message(message) for message in stored])


def claim(call: Call) -> shapes.Chat:
    chat = handover.claim(call.work, _found(call).id, name=call.client.name, now=call.now)
    return _told(call, chat)


def say(call: Call) -> shapes.Said:
    body: shapes.Say = call.body
    chat = _found(call)
    said = handover.staff_says(call.work, chat.id, Reply(body.text), name=call.client.name, now=call.now)
    call.said_in.append(chat.id)
    return shapes.Said(said)


def release(call: Call) -> shapes.Chat:
    body: shapes.Closing = call.body
    chat = _found(call)
    back = call.house.word("back_to_bot", _language(call, chat))
    closing = Reply(f"{body.agreed}\n{back}" if body.agreed else back)
    handover.release(
        call.work, chat.id, closing=closing, agreed=body.agreed, name=call.client.name, now=call.now
    )
    return _told(call, call.work.conversations.get(chat.id))


def transfer(call: Call) -> shapes.Chat:
    body: shapes.Colleague = call.body
    chat = _found(call)
    told = Reply(call.house.word("passed_on", _language(call, chat)))
    changed = handover.transfer(
        call.work, chat.id, name=call.client.name, to=body.to, told=told, now=call.now
    )
    return _told(call, changed)


def _told(call: Call, chat: Conversation) -> shapes.Chat:
    call.said_in.append(chat.id)
    return _chat(chat)


def _found(call: Call) -> Conversation:
    chat = call.work.listing.chat(number_in(call))
    if chat is None:
        raise Refusal("unknown", f"there is no conversation {call.path['id']}")
    return chat


def _language(call: Call, chat: Conversation) -> str:
    return chat.language or call.house.languages[0]


def _chat(chat: Conversation) -> shapes.Chat:
    return shapes.Chat(
        id=chat.id,
        channel=chat.channel,
        owner=chat.owner.value,
        owner_name=chat.owner_name,
        owner_since=chat.owner_since,
        language=chat.language,
        reachable=chat.reachable,
        last_seq=chat.seq,
    )


def _message(message: StoredMessage) -> shapes.Message:
    return shapes.Message(
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
