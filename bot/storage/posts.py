"""Posts and absences: who holds a post, who stands in, and when somebody is away."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.desk.errors import StorageError
from bot.desk.staff import Absence, Post, Roster
from bot.storage.handoff_tables import absences, posts


def roster(connection: Connection, day: date) -> Roster:
    """Give all posts, and the absences that are not over on the day."""
    held = connection.execute(sa.select(posts).order_by(posts.c.section_id, posts.c.id))
    away = connection.execute(sa.select(absences).where(absences.c.last_day >= day).order_by(absences.c.id))
    return Roster(
        tuple(Post(row.id, row.section_id, row.name, row.a_id, row.b_id) for row in held),
        tuple(Absence(row.person_id, row.first_day, row.last_day) for row in away),
    )


def put_post(connection: Connection, post: Post) -> None:
    """Write a post, new or changed. Raises ``StorageError`` when A and B are the same person."""
    if post.a == post.b:
        raise StorageError(f"post {post.id}: A and B are the same", "A岗和B岗不能是同一个人。")
    connection.execute(sa.delete(posts).where(posts.c.id == post.id))
    row = {"id": post.id, "section_id": post.section, "name": post.name, "a_id": post.a, "b_id": post.b}
    connection.execute(sa.insert(posts), row)


def remove_post(connection: Connection, post: str) -> bool:
    """Remove a post. ``False``: there is none."""
    return bool(connection.execute(sa.delete(posts).where(posts.c.id == post)).rowcount)


def put_absence(connection: Connection, absence: Absence) -> int:
    """Note that somebody is away, give the key. Raises ``StorageError`` when it ends before it begins."""
    if absence.last < absence.first:
        raise StorageError("an absence that ends before it begins", "结束日期不能早于开始日期。")
    row = {"person_id": absence.person, "first_day": absence.first, "last_day": absence.last}
    return int(connection.execute(sa.insert(absences), row).inserted_primary_key[0])


def absences_from(connection: Connection, day: date) -> list[tuple[int, Absence]]:
    """Give the absences that are not over on the day, each with its key."""
    rows = connection.execute(sa.select(absences).where(absences.c.last_day >= day).order_by(absences.c.id))
    return [(row.id, Absence(row.person_id, row.first_day, row.last_day)) for row in rows]


def remove_absence(connection: Connection, key: int) -> bool:
    """Remove an absence. ``False``: there is none."""
    return bool(connection.execute(sa.delete(absences).where(absences.c.id == key)).rowcount)
