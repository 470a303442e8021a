"""`himitsu remind`: who would get what next, and the proof that people were told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ... import streams

if TYPE_CHECKING:
    from ...conversation import Conversation

_FILE = click.Path(dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(short_help="週に一度のお知らせと、知らせた記録。", invoke_without_command=True)
@click.option("--dry-run", is_flag=True, help="だれに、いつ、何を知らせるかを出すだけで、何も送りません。")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="出す人数の上限。")
@click.pass_context
def remind(ctx: click.Context, dry_run: bool, limit: int) -> None:
    """週に一度のお知らせは、himitsu serve が自分で送ります。ここでは、次に送るものと、知らせた記録を見ます。

    Nudges are sent by `himitsu serve`. This shows who would get what next (--dry-run), and exports the proof that
    people were told.
    """
    if ctx.invoked_subcommand:
        return
    if not dry_run:
        click.echo(ctx.get_help())
        return
    with _data() as talk:
        for line in preview(talk, limit):
            click.echo(streams.printable(line))


@remind.command(short_help="知らせた記録を、ファイルに書き出します。")
@click.argument("file", type=_FILE, metavar="FILE.csv|xlsx|pdf")
@click.option("--rule", default="", metavar="ID", help="このルールだけ。")
@click.option("--person", default="", metavar="U…", help="この人だけ(SlackのメンバーID)。")
@click.option("--since", type=_DAY, help="この日から(日本の日付)。")
@click.option("--until", type=_DAY, help="この日まで(日本の日付)。")
@click.option("--dry-run", is_flag=True, help="件数を出すだけで、ファイルは作りません。")
def export(file: Path, rule: str, person: str, since: datetime | None, until: datetime | None, dry_run: bool) -> None:
    """だれに、どの版を、いつ知らせ、どう確かめたかを書き出します。形はファイル名の終わりで決まります。

    The proof that people were told, per rule, person and period: csv, xlsx or PDF by the name's ending. Exit 1 where
    the audit chain is broken.
    """
    from .house import House
    from .proof import FORMATS, Proofs, Wanted, to_file

    form = file.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        raise click.BadParameter("ファイル名の終わりを .csv .xlsx .pdf のどれかにしてください。", param_hint="FILE")
    wanted = Wanted(rule, person, _date(since), _date(until))
    with _data() as talk:
        now = talk.workplace.clock.now()
        proof = Proofs(House(talk)).collect(wanted, now)
        if not dry_run:
            try:
                file.write_bytes(to_file(proof, form, now))
            except OSError as reason:
                raise click.ClickException(f"{file} に書けません: {reason.strerror}") from None
    done = "件あります" if dry_run else f"件を {file} に書き出しました"
    click.echo(f"記録 {len(proof.rows)}{done}。\n{proof.chain}")
    click.get_current_context().exit(0 if proof.whole else 1)


@remind.command(short_help="知らせた記録が書きかえられていないかを確かめます。")
def verify() -> None:
    """記録のつながり(各行のHMAC)を、はじめから最後まで確かめます。

    Goes through the whole audit chain. Exit 1 where it is broken.
    """
    from .house import House
    from .proof import Proofs

    with _data() as talk:
        whole, said = Proofs(House(talk)).chain()
    click.echo(said)
    click.get_current_context().exit(0 if whole else 1)


def preview(talk: Conversation, limit: int) -> list[str]:
    """A line for everybody whose turn comes next, the earliest first: when, who, what."""
    from dialogs.rules.calendar import ZONE, next_slot

    from ...store import nudges, people
    from .house import House, day_time, words
    from .planner import Planner

    house, now = House(talk), talk.workplace.clock.now()
    planner = Planner(house)
    round, found = planner.round(now), []
    everyone = house.everyone()
    for id in nudges.listeners(house.store, everyone=everyone, now=now):
        kept, member = people.get(house.store, id), nudges.member(house.store, id)
        zone = kept.tz if kept and kept.tz else ZONE
        slot = next_slot(house.calendar, zone, member.weekday, member.hour, now)
        if slot and not house.gone(id):
            found.append((slot.at, id, zone))
    lines = []
    for at, id, zone in sorted(found)[:limit]:
        choice = planner.choice(id, round, planner.people([id], at), at)
        rule = round.rules.get(choice.due.subject) if choice.due else None
        kinds = words()["manage"]["kinds"]
        what = "なし(送りません)" if choice.due is None else kinds[choice.due.kind]
        lines.append(f"{day_time(at, zone)} {zone}  {house.name(id)} ({id})  {what}{_titled(rule)}")
    rest = len(found) - limit
    return [*lines, *([f"ほか{rest}人"] if rest > 0 else [])] or ["いま、お知らせを受け取っている人はいません。"]


def _titled(rule: Any) -> str:
    return f"「{rule.content.title}」({rule.id})" if rule else ""


def _date(given: datetime | None) -> date | None:
    return given.date() if given else None


def _data() -> Any:
    from contextlib import contextmanager

    from ...office import opened
    from ...settings import SettingsError
    from ...store import StoreError

    @contextmanager
    def calm() -> Any:
        try:
            with opened() as talk:
                yield talk
        except (StoreError, SettingsError) as reason:
            raise click.ClickException(str(reason)) from None

    return calm()
