"""A turn without words: photos that prove something, voice, stickers, places, cards."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.heard import Heard
from actions.intake.changing import put
from actions.intake.parts import Line, Listened, Setting
from casework.packs import Field
from casework.tickets.model import DetailValue, Intake

#: Fields that a picture or a file can fill.
_SHOWN = re.compile(r"(?:^|_)(?:evidence|photo|proof|sample|receipt|record|screenshot)(?:_|$)")
_PICTURES = frozenset(["photo", "video", "file"])


def takes_pictures(target: Field) -> bool:
    """Whether a photo, a film or a file answers the question for this field."""
    return _SHOWN.search(target.key) is not None and not target.choices


def with_pictures(setting: Setting, intake: Intake, heard: Heard) -> Intake:
    """The draft with pictures where one is asked for or noted; the files themselves go with the ticket."""
    kinds = sorted({str(item.get("kind")) for item in heard.media} & _PICTURES)
    if not kinds:
        return intake
    asked = setting.asked(intake)
    fields = [asked] if asked is not None and takes_pictures(asked) else list(setting.fields(intake))
    target = next((f for f in fields if takes_pictures(f) and f.key not in intake.details), None)
    if target is None:
        return intake
    shown = setting.house.word("sent_here", setting.language)
    message_id = heard.message_ids[-1] if heard.message_ids else None
    filled = put(setting, intake, target, DetailValue(kinds, shown, shown, "", message_id))
    return filled if target is asked else replace(filled, pending=intake.pending, failures=intake.failures)


def without_words(setting: Setting, intake: Intake, heard: Heard) -> Listened:
    """What follows from a turn that holds no text and no button."""
    if heard.stale_button:
        return Listened(intake, (Line("utter_button_of_earlier"),))
    kinds = {str(item.get("kind")) for item in heard.media}
    if not kinds:
        nothing = heard.unknown or heard.event == "message"
        return Listened(intake, (Line("utter_unreadable_in_intake"),) if nothing else ())
    if kinds == {"sticker"}:
        return Listened(intake, (Line("utter_sticker_in_intake"),))
    if "voice" in kinds:
        return Listened(intake, (Line("utter_voice_kept_in_intake"),))
    asked = setting.asked(intake)
    if asked is not None and "location" in kinds and asked.type == "place":
        return Listened(intake)  # it is in the pool and fills the field that is asked
    if asked is not None and "contact" in kinds and asked.type == "contact":
        return Listened(intake)
    return Listened(with_pictures(setting, intake, heard), (Line("utter_media_kept"),))
