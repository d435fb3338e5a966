"""Numbers to call for the country of the organisation. The steps themselves are responses of ``domain.yml``."""

from __future__ import annotations

from casework.house import House


def emergency_values(house: House) -> dict[str, str]:
    """Placeholders of the emergency responses: ``n_police n_fire n_ambulance n_power n_gas n_crisis …``."""
    return {f"n_{service}": number for service, number in house.numbers.items() if service != "reviewed"}
