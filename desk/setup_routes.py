"""The routes of the set-up pages: who may look has the right ``setup``, who may change ``configure``."""

from __future__ import annotations

from casework.access.rights import Right
from desk import setting_up
from desk.desk import Desk
from desk.setup_hours import HoursPage
from desk.setup_packs import PackPages
from desk.visits import DeskRoute, Door


def setup_routes(desk: Desk, door: Door) -> list[DeskRoute]:
    packs, hours = PackPages(desk), HoursPage(desk)
    look, change = Right.SETUP, Right.CONFIGURE
    return [
        door.get("/setup", setting_up.show, right=look),
        door.get("/setup/hours", hours.show, right=look),
        door.post("/setup/hours", hours.change, right=change),
        door.post("/setup/hours/days", hours.set_day, right=change),
        door.post("/setup/hours/back", hours.back, right=change),
        door.get("/setup/packs", packs.all, right=look),
        door.post("/setup/packs", packs.switch, right=change),
        door.get("/setup/packs/{pack}", packs.one, right=look),
        door.get("/setup/packs/{pack}/edit", packs.part, right=look),
        door.post("/setup/packs/{pack}/edit", packs.change, right=change),
        door.post("/setup/packs/{pack}/back", packs.back, right=change),
    ]
