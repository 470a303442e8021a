"""`himitsu inventory`: the inventory in from a file and out to one, on the machine where the bot runs."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.inventory.files import Seed
    from dialogs.inventory.model import Item
    from dialogs.inventory.transfer import Plan

    from .store import Store
    from .store.inventory import Write

WHO = "himitsu inventory import"  # in the history, in place of a person


@click.group(short_help="情報の台帳を、ファイルから取り込み、ファイルに書き出します。")
def inventory() -> None:
    """情報の台帳を、ファイルから取り込み、ファイルに書き出します。データベースは himitsu serve と同じものです。

    The inventory of information, in from csv or xlsx and out to it. Uses the database of `himitsu serve`.
    """


@inventory.command("import", short_help="表を台帳に取り込みます。")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="どうなるかだけを出して、何も書きません。")
@click.pass_context
def take_in(ctx: click.Context, file: Path, dry_run: bool) -> None:
    """csvかxlsxの表を台帳に取り込みます。直すところが1つでもあれば、行と列を出して、何も書きません。

    All of the file, or nothing with every line that has to be put right (exit 1).
    """
    from dialogs.inventory import transfer

    from .features.inventory import shown
    from .store import inventory as kept

    with _opened() as (store, seed):
        if not dry_run:
            kept.seed(store, [(i.id, i.content()) for i in seed.items], now=_now())
        there = _items(store, seed)
        plan = transfer.plan(file.name, file.read_bytes(), there, seed.house, lambda: uuid.uuid4().hex[:16])
        say = shown.words()["import"]
        if plan.troubles:
            for trouble in plan.troubles:
                click.echo(streams.printable(f"{file}: {shown.trouble(trouble)}"))
            click.echo("1件も取り込んでいません。")
            ctx.exit(1)
        for line in shown.planned(plan):
            click.echo(streams.printable(line))
        if dry_run:
            click.echo("(--dry-run なので、何も書いていません)")
            return
        kept.save(store, _writes(plan), by=WHO, now=_now(), origin="import")
        click.echo(say["done"].format(new=len(plan.new), changed=len(plan.changes)))


@inventory.command("export", short_help="台帳をファイルに書き出します。")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def write_out(file: Path) -> None:
    """台帳を FILE(.csv か .xlsx)に書き出します。秘密の名前の一覧なので、本人だけが読めるファイルにします。

    Everything, as import reads it back. The file is made anew, readable by its owner alone.
    """
    from dialogs.inventory import transfer

    from .store import audit

    writers = {".csv": transfer.export_csv, ".xlsx": transfer.export_xlsx}
    if file.suffix.lower() not in writers:
        raise click.BadParameter(".csv か .xlsx で終わる名前にしてください。", param_hint="FILE")
    with _opened() as (store, seed):
        items = _items(store, seed)
        data = writers[file.suffix.lower()](items)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(data)
        except FileExistsError:
            raise click.ClickException(f"{file} はもうあります。別の名前にしてください。") from None
        except OSError as reason:
            raise click.ClickException(f"{file} に書けません: {reason.strerror}") from None
        audit.append(store, "inventory.exported", "inventory", actor="", now=_now(), data={"count": len(items)})
    click.echo(f"{len(items)}件を {file} に書き出しました。")


@contextmanager
def _opened() -> Iterator[tuple[Store, Seed]]:
    """The store, and what the company's files say. Ends the command with what is to be put right."""
    from dialogs.inventory import files
    from knowledge.company import default_dir
    from knowledge.content import load

    from .settings import Settings
    from .store import StoreError, open_key, open_store, store_is_new

    settings, problems = Settings.read(os.environ)
    if problems := [p for p in problems if not p.startswith("SLACK_")]:
        raise click.ClickException("\n".join(problems))
    folder = settings.company_dir or default_dir()
    seed = files.read(folder, load(folder).company.departments)
    if seed.problems:
        raise click.ClickException("\n".join(map(str, seed.problems)))
    try:
        new = store_is_new(settings.database_url)
        store = open_store(settings.database_url, open_key(settings.key_file, store_is_new=new))
        try:
            yield store, seed
        finally:
            store.close()
    except StoreError as reason:
        raise click.ClickException(str(reason)) from None


def _items(store: Store, seed: Seed) -> list[Item]:
    """What is kept, and what the company's files would bring in at the next start."""
    from dialogs.inventory.model import Item

    from .store import inventory as kept

    there = [Item.of(e.id, e.version, e.content) for e in kept.entries(store)]
    known = {i.id for i in there} | set(kept.removed(store))
    return [*there, *(i for i in seed.items if i.id not in known)]


def _writes(plan: Plan) -> Sequence[Write]:
    from .features.inventory.shelf import written

    return [*(written(None, i) for i in plan.new), *(written(c.before, c.after) for c in plan.changes)]


def _now() -> float:
    return time.time()
