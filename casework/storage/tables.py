"""Tables. Every column is classed *personal* (encrypted, or an address needed to answer) or *safe* in
:data:`PERSONAL`; a test fails on a column that could hold a person's words or data and is not encrypted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from casework.storage.fields import EncryptedJson, EncryptedText, Id, UtcDateTime
from casework.tickets.states import OPEN

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _only(condition: str) -> dict[str, Any]:
    """Of an index that holds the rows of ``condition`` alone: few of very many, so that it stays small and quick.

    Where the condition names values, SQLite, which sees none when it plans, has the whole index.
    """
    where = text(condition)
    return (
        {"postgresql_where": where}
        if " IN " in condition
        else {"postgresql_where": where, "sqlite_where": where}
    )


_OPEN = ", ".join(f"'{state}'" for state in sorted(state.value for state in OPEN))
#: Of tickets on which work is still to be done; of messages that nobody has dealt with.
_OPEN_TICKETS = f"state IN ({_OPEN})"
_UNSETTLED = "state IN ('waiting', 'queued', 'sending', 'held', 'failed')"
_RUNNING = "met_at IS NULL AND stopped_at IS NULL"

complainants = Table(
    "complainants",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("profile", EncryptedJson),  # name as the channel gives it
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("address", String(190), nullable=False),  # needed to answer; not readable as a name or number
    Column("complainant_id", Id, ForeignKey("complainants.id"), nullable=False),
    Column("owner", String(8), nullable=False, server_default="bot"),
    Column("owner_name", String(120)),
    Column("owner_since", UtcDateTime),  # when the owner changed last; none while the bot always had it
    Column("owner_seen_at", UtcDateTime),  # last sign of the member of staff who has the chat
    Column("queue_told_at", UtcDateTime),  # when somebody who waits was last told how the wait stands
    Column("unclaimed_at", UtcDateTime),  # when they were told that nobody came in time
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("language", String(8)),
    Column("script", String(8)),
    Column("profile", EncryptedJson),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("ready_at", UtcDateTime),  # when the bot may take the waiting messages as one turn
    Column("lease_token", String(32)),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),  # of the turn under way
    Column("passive_until", UtcDateTime),  # the courier leaves answers to the provider's open call until then
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_inbound_at", UtcDateTime),
    Column("seen_at", UtcDateTime),  # last sign of the person's open page; none on channels without one
    Column("typing_until", UtcDateTime),  # until then the page shows that staff write
    UniqueConstraint("channel", "address"),
    Index("ix_conversations_ready", "ready_at", **_only("ready_at IS NOT NULL")),
    Index("ix_conversations_address", "address"),
    Index("ix_conversations_complainant_id", "complainant_id"),
    Index("ix_conversations_with_people", "owner", "owner_since", **_only("owner IN ('queue', 'staff')")),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("direction", String(3), nullable=False),  # in | out
    Column("author", String(12), nullable=False),
    Column("author_name", String(120)),
    Column("provider_key", String(255), unique=True),  # channel + provider id of an inbound delivery
    Column("event", String(12), nullable=False, server_default="message"),
    Column("text", EncryptedText),
    Column("payload", String(190)),  # meaning of a pressed button
    Column("buttons", EncryptedJson),
    Column("profile", JSON),  # trigger, unknown kind, truncated: safe words only
    Column("understanding", EncryptedJson),  # what the engine understood: intent, emotion, emergency
    Column(
        "state", String(8), nullable=False
    ),  # in: waiting done aside note; out: queued sending sent failed held
    Column("internal", Boolean, nullable=False, server_default=text("false")),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("reply_to_id", Id, ForeignKey("messages.id")),  # out: last inbound message of the turn it answers
    Column("group_key", String(120)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("doubtful", Integer, nullable=False, server_default="0"),  # attempts of which nobody knows the end
    Column("next_try_at", UtcDateTime),
    Column("lease_token", String(32)),
    Column("lease_until", UtcDateTime),
    Column("provider_ids", JSON),
    Column("error", String(190)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("provider_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("conversation_id", "seq"),
    Index("ix_messages_unsettled", "state", "next_try_at", **_only(_UNSETTLED)),
    Index("ix_messages_unsettled_in", "conversation_id", "state", **_only(_UNSETTLED)),
    Index("ix_messages_reply_to_id", "reply_to_id"),
)

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("ticket_id", Id, ForeignKey("tickets.id")),
    Column("kind", String(12), nullable=False),
    Column("content", EncryptedJson, nullable=False),  # ref, mime, name, size, text, position, phone
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="none"),  # none pending kept refused gone
    Column("reason", String(60)),  # why it is refused or gone, or what failed last
    Column("sha", String(64)),  # name of the bytes in the vault
    Column("thumb_sha", String(64)),
    Column("mime", String(80)),  # by the first bytes
    Column("size_bytes", Integer),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Index("ix_media_message_id", "message_id"),
    Index("ix_media_conversation_id", "conversation_id"),
    Index("ix_media_ticket_id", "ticket_id"),
    Index("ix_media_state_next_try_at", "state", "next_try_at"),
    Index("ix_media_sha", "sha"),
    Index("ix_media_thumb_sha", "thumb_sha"),
)

#: Bytes whose person was forgotten, to be deleted from the vault unless somebody else sent the same.
dead_files = Table(
    "dead_files",
    metadata,
    Column("sha", String(64), primary_key=True),
)

button_tokens = Table(
    "button_tokens",
    metadata,
    Column("token", String(16), primary_key=True),
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("message_id", Id, ForeignKey("messages.id"), nullable=False),
    Column("payload", String(190), nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_button_tokens_message_id", "message_id"),
)

trackers = Table(
    "trackers",
    metadata,
    Column("conversation_key", String(64), primary_key=True),
    Column("state", EncryptedText, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

#: Engine workers and their last sign of life; rows of dead ones are swept.
engines = Table(
    "engines",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("state", String(12), nullable=False),  # starting | ready | renewing
    Column("model", String(64), nullable=False, server_default=""),
    Column("seen_at", UtcDateTime, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(24), unique=True),  # none while a draft
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("complainant_id", Id, ForeignKey("complainants.id"), nullable=False),
    Column("state", String(24), nullable=False),
    Column("pack", String(32)),
    Column("category", String(24)),
    Column("department", String(64)),
    Column("nature", String(16)),
    Column("language", String(8), nullable=False),
    Column("anonymous", Boolean, nullable=False, server_default=text("false")),
    Column("severity", Integer),
    Column("priority", String(4)),
    Column("score", EncryptedJson),  # inputs and the words they came from
    Column("description", EncryptedText),
    Column("details", EncryptedJson),  # field key -> {value, text, source, display}
    Column("promise", EncryptedJson),
    Column("intake", EncryptedJson),  # working memory of a draft; none once submitted
    Column("cycle", Integer, nullable=False, server_default="1"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("returns", Integer, nullable=False, server_default="0"),
    Column("handler", String(120)),
    Column("escalation", Integer, nullable=False, server_default="0"),
    Column("merged_into", Id),  # the ticket that is worked on instead
    Column("wake_at", UtcDateTime),  # when silence ends the state it is in
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Index("ix_tickets_conversation_id_state", "conversation_id", "state"),
    Index("ix_tickets_complainant_id_id", "complainant_id", "id"),
    # Lists of all there are, the newest first; and of those that are open, in any order.
    Index("ix_tickets_state_id", "state", "id"),
    Index("ix_tickets_department_id", "department", "id"),
    Index("ix_tickets_handler_id", "handler", "id"),
    Index("ix_tickets_category_id", "category", "id"),
    Index("ix_tickets_priority_id", "priority", "id"),
    Index("ix_tickets_changed_at_id", "changed_at", "id"),
    Index("ix_tickets_submitted_at", "submitted_at"),
    Index("ix_tickets_open", "department", "handler", "priority", **_only(_OPEN_TICKETS)),
    Index("ix_tickets_open_handler", "handler", "priority", "state", **_only(_OPEN_TICKETS)),
    Index("ix_tickets_open_changed", "changed_at", "id", **_only(_OPEN_TICKETS)),
    Index("ix_tickets_open_priority", "priority", "id", **_only(_OPEN_TICKETS)),
    Index("ix_tickets_waking", "wake_at", **_only("wake_at IS NOT NULL")),
    Index("ix_tickets_merged", "merged_into", **_only("merged_into IS NOT NULL")),
)

clocks = Table(
    "clocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("estimated", Boolean, nullable=False, server_default=text("false")),
    Column("working", Boolean, nullable=False, server_default=text("false")),  # counts while doors are open
    Column("length_s", Integer, nullable=False, server_default="0"),  # from start to due, pauses apart
    Column("paused_at", UtcDateTime),
    Column("paused_until", UtcDateTime),  # when the pauses of this clock are used up
    Column("paused_s", Integer, nullable=False, server_default="0"),
    Column("paused_working_s", Integer, nullable=False, server_default="0"),
    Column("met_at", UtcDateTime),
    Column("breached_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),  # ended without being met: withdrawn, merged, referred, returned
    Column("next_level", Integer),  # the next alarm, in percent of the length; none when all were given
    Column("next_alarm_at", UtcDateTime),  # none while the clock does not run
    Column("run", Integer, nullable=False, server_default="1"),  # the how-manieth of its kind in the cycle
    UniqueConstraint("ticket_id", "cycle", "kind", "run"),
    Index("ix_clocks_running", "due_at", "ticket_id", **_only(_RUNNING)),
    Index("ix_clocks_alarming", "next_alarm_at", **_only("next_alarm_at IS NOT NULL")),
    Index("ix_clocks_pausing", "paused_until", **_only("paused_until IS NOT NULL")),
)

#: Alarms given. The row decides that each is given once, however many look.
alarms = Table(
    "alarms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("level", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),  # when the level was reached
    Column("given_at", UtcDateTime, nullable=False),
    Column("told", JSON, nullable=False),  # [role, name of staff or department], …
    Column("run", Integer, nullable=False, server_default="1"),  # of the clock
    UniqueConstraint("ticket_id", "cycle", "kind", "run", "level"),
    Index("ix_alarms_given_at", "given_at"),
)

#: Work beside a ticket.
tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("kind", String(12), nullable=False),  # follow_up supervision co_handling extension
    Column("state", String(8), nullable=False, server_default="open"),  # open done dropped
    Column("department", String(64)),
    Column("assignee", String(120)),
    Column("created_by", String(120)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(120)),
    Column("data", EncryptedJson),  # what is wanted and what came of it
    Index("ix_tasks_ticket_id", "ticket_id"),
    Index("ix_tasks_state_due_at", "state", "due_at"),
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(12), nullable=False),
    Column("actor_name", String(120)),
    Column("action", String(32), nullable=False),
    Column("from_state", String(24)),
    Column("to_state", String(24)),
    Column("cycle", Integer, nullable=False),
    Column("data", EncryptedJson),  # reason, finding, remedy, added text …
    Column("spread_at", UtcDateTime),  # when the followers were told; none while they were not
    Column("spread_tries", Integer, nullable=False, server_default="0"),
    Column("spread_again_at", UtcDateTime),  # when telling is tried again after a failure
    Column("spread_error", String(190)),  # which follower failed last, and the kind of its error
    Index("ix_events_ticket_id_id", "ticket_id", "id"),
    Index("ix_events_dangers", "action", "ticket_id", **_only("action IN ('alarm', 'alarm_seen')")),
    Index("ix_events_set_aside", "id", **_only("spread_error IS NOT NULL")),
    Index("ix_events_unspread", "id", **_only("spread_at IS NULL")),
)

#: Look-ups of somebody's ticket by number that failed: kept for an hour's count, never for what was typed.
tries = Table(
    "tries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("complainant_id", Id, ForeignKey("complainants.id"), nullable=False),
    Column("number", String(24), nullable=False),  # the ticket number that was asked for
    Column("at", UtcDateTime, nullable=False),
    Index("ix_tries_complainant_id_at", "complainant_id", "at"),
    Index("ix_tries_number_at", "number", "at"),
)

#: Columns that hold a person's words or data. All are encrypted.
PERSONAL: frozenset[str] = frozenset(
    {
        "complainants.profile",
        "conversations.profile",
        "messages.text",
        "messages.buttons",
        "messages.understanding",
        "media.content",
        "trackers.state",
        "tickets.score",
        "tickets.description",
        "tickets.details",
        "tickets.promise",
        "tickets.intake",
        "events.data",
        "tasks.data",
        "staff.email",
        "credentials.code_secret",
        "sessions.device",
        "sign_ons.verifier",
        "sign_ons.next_page",
        "audits.reason",
        "webhooks.url",
        "webhooks.secret",
    }
)
