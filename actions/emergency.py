"""Numbers to call for the country of the organisation. The steps themselves are responses of ``domain.yml``."""

from __future__ import annotations

from collections.abc import Mapping

from casework.house import House

#: Responses that name several services, with another wording for countries where one number reaches all of them.
_SERVICES: Mapping[str, tuple[str, ...]] = {
    "utter_emergency_live_wire": ("power", "ambulance", "fire"),
    "utter_emergency_manhole": ("road", "police"),
}


def emergency_values(house: House) -> dict[str, str]:
    """Placeholders of the emergency responses: ``n_police n_fire n_ambulance n_power n_gas n_crisis …``."""
    return {f"n_{service}": number for service, number in house.numbers.items() if service != "reviewed"}


def emergency_response(response: str, house: House) -> str:
    """``response``, in the wording that names a number once where it is the same for every service."""
    numbers = {house.numbers[service] for service in _SERVICES.get(response, ())}
    return f"{response}_one_number" if len(numbers) == 1 else response
