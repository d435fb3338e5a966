"""Categories as GeoReport services, and what each asks for."""

from __future__ import annotations

from typing import Any

from casework.house import House
from casework.packs import Category
from casework.packs.model import Field

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
#: Fields that have a place of their own in a request.
APART = frozenset({"contact"})


def discovery(house: House, *, url: str, changed: str) -> dict[str, Any]:
    """Where the endpoints are. ``changed``: when they did last."""
    about = "A key is a token of this organisation: tingsu tokens add NAME --scope file"
    return {
        "changeset": changed,
        "contact": house.organisation,
        "key_service": about,
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changed,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def services(house: House, language: str) -> list[dict[str, Any]]:
    return [_service(house.packs.category(code), language) for code in house.packs.codes]


def _service(category: Category, language: str) -> dict[str, Any]:
    parent = category.parent_name.in_(language)
    return {
        "service_code": category.code,
        "service_name": category.name.in_(language),
        "description": f"{parent}: {category.name.in_(language)}",
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join((parent, category.department.name.in_(language))),
        "group": parent,
    }


def asked(category: Category) -> list[Field]:
    """What a request can tell in attributes."""
    return [field for field in (*category.required, *category.noted) if field.key not in APART]


def definition(category: Category, language: str) -> dict[str, Any]:
    """Every attribute helps, none is needed: what is missing, staff ask for."""
    attributes = [
        {
            "variable": True,
            "code": field.key,
            "datatype": "singlevaluelist" if field.choices else "string",
            "required": False,
            "datatype_description": field.example.in_(language),
            "order": place,
            "description": field.ask.in_(language),
            "values": [{"key": choice.value, "name": choice.title.in_(language)} for choice in field.choices],
        }
        for place, field in enumerate(asked(category), 1)
    ]
    return {"service_code": category.code, "attributes": attributes}
