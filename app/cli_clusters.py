"""`tingsu clusters …`: several people who told of one thing, handled as one task force."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.cli_staff import AtConsole, JsonOut, acting, errors

if TYPE_CHECKING:
    from casework.tickets.model import Cluster, Ticket

clusters_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="""Clusters: three people or more who told of one thing within a week (packs/house.yml says how many).

[bold]Look:[/bold]    [cyan]tingsu clusters list[/cyan], then [cyan]tingsu clusters show 3[/cyan]: tickets, tasks.
[bold]Change:[/bold]  [cyan]tingsu clusters set 3 --lead TS261121-482913[/cyan] · [cyan]--leave NUMBER[/cyan] · \
[cyan]--add NUMBER[/cyan] · [cyan]--end[/cyan]

Nothing is merged: every ticket keeps its person, its dates and its state. One that was taken out stays out.""",
)

_Id = Annotated[int, typer.Argument(help="Number from `tingsu clusters list`.")]
#: Tickets of a cluster that are shown.
_MOST = 200


@clusters_app.command("list")
def clusters_list(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    ended: Annotated[bool, typer.Option("--all", help="Those that ended, too.")] = False,
    json_out: JsonOut = False,
) -> None:
    """List clusters, newest first."""
    with acting() as at:
        found = at.work.matching.clusters(limit=limit, ended=ended)
        sizes = at.work.matching.count_members([cluster.id for cluster in found])
        leads = {ticket.id: ticket for ticket in at.work.tickets.many([cluster.lead_id for cluster in found])}
        rows = [_json(cluster, leads[cluster.lead_id], sizes.get(cluster.id, 0)) for cluster in found]
    if json_out:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        typer.echo(
            "No clusters. One is made when several people tell of one thing: see clusters in packs/house.yml"
        )
        return
    table = Table("cluster", "of one", "tickets", "lead", "category", "department", "last joined", "ended")
    for row in rows:
        keys = ("id", "kind", "tickets", "lead", "category", "department", "joined_at", "ended_at")
        table.add_row(*(str(row[key] or "") for key in keys))
    Console().print(table)


@clusters_app.command("show")
def clusters_show(cluster_id: _Id, json_out: JsonOut = False) -> None:
    """Show one cluster: its tickets, and the task of each department."""
    with acting() as at:
        cluster = _cluster(at, cluster_id)
        members = at.work.matching.members(cluster.id, limit=_MOST)
        tickets = {t.id: t for t in at.work.tickets.many([m.ticket_id for m in members])}
        tasks = [
            task
            for task in at.work.clocks.tasks(cluster.lead_id, kind="task_force")
            if task.data.get("cluster") == cluster.id
        ]
        lead = at.work.tickets.get(cluster.lead_id)
        size = at.work.matching.count_members([cluster.id]).get(cluster.id, 0)
    row = _json(cluster, lead, size)
    row["members"] = [
        {
            "number": tickets[member.ticket_id].number,
            "state": tickets[member.ticket_id].state.value,
            "priority": tickets[member.ticket_id].priority,
            "department": tickets[member.ticket_id].department,
            "joined_at": member.joined_at.isoformat(),
        }
        for member in members
    ]
    row["tasks"] = [{"department": task.department, "state": task.state} for task in tasks]
    if json_out:
        typer.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    console.print(
        f"[bold]cluster {cluster.id}[/], of one {cluster.kind}, led by {row['lead']}, {size} tickets"
    )
    table = Table("number", "state", "priority", "department", "joined")
    for member_row in row["members"]:
        table.add_row(*(str(value) for value in member_row.values()))
    console.print(table)
    for task in row["tasks"]:
        console.print(f"task of {task['department'] or 'nobody'}: {task['state']}", markup=False)


@clusters_app.command("set")
def clusters_set(
    cluster_id: _Id,
    lead: Annotated[str, typer.Option(help="The ticket that leads from now on; its tasks come along.")] = "",
    leave: Annotated[str, typer.Option(help="Take this ticket out; it is not drawn in again.")] = "",
    add: Annotated[str, typer.Option(help="Put this open ticket in.")] = "",
    end: Annotated[bool, typer.Option("--end", help="Nothing joins it any more.")] = False,
) -> None:
    """Change one cluster; each change is in the history of its tickets."""
    from casework.tickets import clusters

    if not (lead or leave or add or end):
        errors.print("Say what to change: --lead NUMBER, --leave NUMBER, --add NUMBER or --end")
        raise typer.Exit(2)
    with acting() as at:
        cluster = _cluster(at, cluster_id)
        if add:
            clusters.add(at.work, cluster, _ticket(at, add), by=at.by, now=at.now)
        if lead:
            cluster = clusters.give_lead(at.work, cluster, _ticket(at, lead), by=at.by, now=at.now)
        if leave:
            clusters.take_out(at.work, cluster, _ticket(at, leave), by=at.by, now=at.now)
        if end:
            clusters.end(at.work, cluster, by=at.by, now=at.now)
    typer.echo(f"Done. See: tingsu clusters show {cluster_id}")


def _cluster(at: AtConsole, cluster_id: int) -> Cluster:
    found = at.work.matching.cluster(cluster_id, lock=True)
    if found is None:
        raise ValueError(f"there is no cluster {cluster_id}; see: tingsu clusters list --all")
    return found


def _ticket(at: AtConsole, number: str) -> Ticket:
    from casework.tickets.acts import find_number

    found = at.work.tickets.by_number(find_number(number) or number)
    if found is None:
        raise ValueError(f"there is no ticket {number}; see: tingsu tickets list")
    return found


def _json(cluster: Cluster, lead: Ticket, size: int) -> dict[str, Any]:
    return {
        "id": cluster.id,
        "kind": cluster.kind,
        "tickets": size,
        "lead": lead.number,
        "category": lead.category,
        "department": lead.department,
        "created_at": cluster.created_at.isoformat(),
        "joined_at": cluster.joined_at.isoformat(),
        "ended_at": cluster.ended_at.isoformat() if cluster.ended_at else None,
    }
