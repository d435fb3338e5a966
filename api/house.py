"""What the house is made of: departments, categories; and who the token acts as."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from api.layer import Call
from api.shapes import Filter, Language, Limit


class Field(Struct):
    """What a category wants to know."""

    key: str
    label: str
    required: bool
    personal: bool


class Category(Struct):
    """A kind of complaint, and who handles it by default."""

    code: str
    name: str
    department: str
    nature: str
    severity: int
    fields: list[Field]


class Categories(Struct):
    """In the order of the packs."""

    items: list[Category]


class Department(Struct):
    """`code`: what tickets call it; `parent`: of the one above it, or empty."""

    code: str
    name: str
    parent: str


class Departments(Struct):
    """All of the house."""

    items: list[Department]


class StaffQuery(Struct, forbid_unknown_fields=True):
    """Which members, by login."""

    department: Filter = ""
    limit: Limit = 100
    cursor: Filter = ""


class Member(Struct):
    """A member of staff. `login`: what tickets call them; `roles`: by department, an empty one is the whole house."""

    login: str
    name: str
    roles: dict[str, list[str]]
    skills: Annotated[list[str], Meta(description="Beginnings of categories; empty: all")]
    languages: list[str]


class StaffPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[Member]
    next: str | None


class Self(Struct):
    """Who the token acts as."""

    name: str
    role: str
    department: str
    scopes: list[str]


class LanguageQuery(Struct, forbid_unknown_fields=True):
    """Language of names."""

    language: Language = "zh"


def show_self(call: Call) -> Self:
    client = call.client
    return Self(
        client.name, client.role.value, client.department, sorted(scope.value for scope in client.scopes)
    )


def list_departments(call: Call) -> Departments:
    language = call.query.language
    return Departments(
        [
            Department(department.code, department.name.in_(language), department.parent)
            for department in call.work.staff.departments()
        ]
    )


def list_staff(call: Call) -> StaffPage:
    """Who works here. Addresses and absences are nobody's business here."""
    query: StaffQuery = call.query
    found = call.work.staff.members(
        departments_in=[query.department] if query.department else None,
        after=query.cursor,
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    items = [
        Member(
            login=member.login,
            name=member.name,
            roles={where: sorted(role.value for role in roles) for where, roles in member.roles.items()},
            skills=list(member.skills),
            languages=list(member.languages),
        )
        for member in page
    ]
    return StaffPage(items, page[-1].login if len(found) > len(page) else None)


def list_categories(call: Call) -> Categories:
    language, packs = call.query.language, call.house.packs
    return Categories(
        [
            Category(
                code=code,
                name=packs.label(code, language),
                department=category.department.key,
                nature=category.nature,
                severity=category.severity,
                fields=[
                    Field(field.key, field.label.in_(language), field in category.required, field.sensitive)
                    for field in (*category.required, *category.noted)
                ],
            )
            for code in packs.codes
            if (category := packs.category(code))
        ]
    )
