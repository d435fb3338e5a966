"""The routes of the set-up pages: who may look has the right ``setup``, who may change ``configure``."""

from __future__ import annotations

from casework.access.rights import Right
from desk import setting_up
from desk.desk import Desk
from desk.setup_departments import DepartmentPages
from desk.setup_hours import HoursPage
from desk.setup_packs import PackPages
from desk.visits import DeskRoute, Door


def setup_routes(desk: Desk, door: Door) -> list[DeskRoute]:
    places, packs, hours = DepartmentPages(desk), PackPages(desk), HoursPage(desk)
    look, change = Right.SETUP, Right.CONFIGURE
    return [
        door.get("/setup", setting_up.show, right=look),
        door.get("/setup/departments", places.show, right=look),
        door.post("/setup/departments", places.save, right=change),
        door.get("/setup/departments/{code}", places.one, right=look),
        door.post("/setup/routes", places.set_route, right=change),
        door.post("/setup/routes/remove", places.remove_route, right=change),
        door.post("/setup/areas", places.set_area, right=change),
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
