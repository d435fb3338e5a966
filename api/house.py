"""What the house is made of: departments, categories; and who the token acts as."""

from __future__ import annotations

from api import shapes
from api.layer import Call


def show_self(call: Call) -> shapes.Self:
    client = call.client
    return shapes.Self(
        client.name, client.role.value, client.department, sorted(scope.value for scope in client.scopes)
    )


def list_departments(call: Call) -> shapes.Departments:
    language = call.query.language
    return shapes.Departments(
        [
            shapes.Department(department.code, department.name.in_(language), department.parent)
            for department in call.work.staff.departments()
        ]
    )


def list_staff(call: Call) -> shapes.StaffPage:
    """Who works here. Addresses and absences are nobody's business here."""
    query: shapes.StaffQuery = call.query
    found = call.work.staff.members(
        departments_in=[query.department] if query.department else None,
        after=query.cursor,
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    items = [
        shapes.Member(
            login=member.login,
            name=member.name,
            roles={where: sorted(role.value for role in roles) for where, roles in member.roles.items()},
            skills=list(member.skills),
            languages=list(member.languages),
        )
        for member in page
    ]
    return shapes.StaffPage(items, page[-1].login if len(found) > len(page) else None)


def list_categories(call: Call) -> shapes.Categories:
    language, packs = call.query.language, call.house.packs
    return shapes.Categories(
        [
            shapes.Category(
                code=code,
                name=packs.label(code, language),
                department=category.department.key,
                nature=category.nature,
                severity=category.severity,
                fields=[
                    shapes.Field(
                        field.key, field.label.in_(language), field in category.required, field.sensitive
                    )
                    for field in (*category.required, *category.noted)
                ],
            )
            for code in packs.codes
            if (category := packs.category(code))
        ]
    )
