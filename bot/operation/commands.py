"""`himitsu audit`, `rotate-key`, `backup`, `restore`, `purge`, `card`."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from .. import render
from ..store import audit as chain
from . import places

_FILE = click.Path(dir_okay=False, path_type=Path)
_dry = click.option("--dry-run", "dry", is_flag=True, help="何をするかだけを出し、何も変えません。")


def _words(part: str) -> dict[str, Any]:
    found: dict[str, Any] = render.wording("operation.yaml")[part]
    return found


def _said_dry() -> None:
    click.echo(render.wording("operation.yaml")["dry"])


# --- audit


class _Head(click.ParamType):
    name = "SEQ:MAC"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, str]:
        found = re.fullmatch(r"(\d+):([0-9a-f]{64})", str(value).strip())
        if not found:
            self.fail("「番号:64けたの英数字」の形で書いてください。", param, ctx)
        return int(found[1]), found[2]


@click.command(short_help="記録の鎖に、切れ目や書きかえがないかを確かめます。")
@click.option(
    "--expect", type=_Head(), metavar="SEQ:MAC", help="前に控えた「最後の記録」が、いまもあるかを確かめます。"
)
@click.pass_context
@places.told
def audit(ctx: click.Context, expect: tuple[int, str] | None) -> None:
    """だれが何をしたかの記録を、最初から最後まで確かめます。壊れていれば、その番号を出して1で終わります。

    Verify the audit chain; exit 1 and the first broken row where it does not hold. Changes nothing.
    """
    words = _words("audit")
    with places.store(places.settings(), reads=True) as store, store.begin(reads=True) as tx:
        broken = chain.verify(tx)
        head = chain.head(tx)
        there = chain.entries(tx, after=expect[0] - 1)[:1] if expect else []
    if broken:
        click.echo(words[broken.reason].format(seq=broken.seq))
        click.echo(words["stop"])
        ctx.exit(1)
    if expect and (not there or (there[0].seq, there[0].mac) != expect):
        click.echo(words["other" if there and there[0].seq == expect[0] else "cut"].format(seq=expect[0]))
        click.echo(words["stop"])
        ctx.exit(1)
    if head is None:
        click.echo(words["empty"])
        return
    click.echo(words["whole"].format(count=head[0]))
    click.echo(words["head"].format(seq=head[0], mac=head[1]))
    click.echo(words["keep"])


# --- rotate-key


@click.command("rotate-key", short_help="封じる鍵を新しくし、封じたものをすべて封じ直します。")
@click.option("--drop-old", is_flag=True, help="使われなくなった古い鍵を、鍵のファイルから消します。")
@_dry
@click.pass_context
@places.told
def rotate_key(ctx: click.Context, drop_old: bool, dry: bool) -> None:
    """新しい鍵を作り、封じたものをすべて封じ直します。途中で止まっても、もう一度動かせば続きから始めます。

    A new sealing key first, then everything that is sealed, in batches. Safe to interrupt and to run again; a bot on
    the same machine may go on running.
    """
    from ..store import sealed, sealing

    words = _words("rotate")
    found = places.settings()
    with places.store(found) as store:
        left = sealed.count_old(store)
        if drop_old:
            ctx.exit(_drop(found.key_file, left, dry))
        if left:
            click.echo(words["resume"].format(count=left))
        if dry:
            if not left:
                click.echo(words["nothing"].format(count=sealed.count_all(store)))
            _said_dry()
            return
        if store.engine_name != "sqlite":
            click.echo(words["machines"])
        if not left:
            sealing.add_key(found.key_file)
            click.echo(words["added"].format(path=found.key_file))
        done = sealed.reseal(store, done=lambda count: click.echo(words["step"].format(done=count), err=True))
    click.echo(words["done"].format(count=done.done) if done.done else words["none"])
    if done.shut:
        click.echo(words["shut"].format(count=len(done.shut), places=", ".join(done.shut[:10])))
    click.echo(words["old"])
    click.echo(words["next"])
    ctx.exit(1 if done.shut else 0)


def _drop(path: Path, left: int, dry: bool) -> int:
    """The exit status."""
    from ..store import sealing

    words = _words("rotate")
    if left:
        click.echo(words["drop_refused"].format(count=left))
        return 1
    count = sealing.count_keys(path) - 1
    if dry or not count:
        click.echo(words["drop_dry"].format(count=count) if count else words["drop_none"])
        if dry:
            _said_dry()
        return 0
    click.echo(words["drop"].format(count=sealing.drop_old_keys(path), path=path))
    return 0


# --- backup, restore


@click.command(short_help="動かしたまま、データベースのバックアップを取ります(SQLite)。")
@click.argument("file", type=_FILE, metavar="FILE")
@click.option("--force", is_flag=True, help="FILE がもうあるときは、置きかえます。")
@_dry
@places.told
def backup(file: Path, force: bool, dry: bool) -> None:
    """データベースの写しを FILE に書きます。ボットは止めなくてかまいません。鍵は入れません。

    An online backup of the SQLite database. The key is left out: keep a copy of it apart. PostgreSQL: use pg_dump.
    """
    from ..store import copies

    words = _words("backup")
    found = places.settings()
    if dry:
        copies.source_of(found.database_url, file, replace=force)
        click.echo(words["dry"].format(path=file))
    else:
        made = copies.backup(found.database_url, file, replace=force)
        click.echo(words["done"].format(path=made.path, size=f"{made.size / 1_000_000:.1f} MB"))
    click.echo(words["key"].format(key=found.key_file))
    if dry:
        _said_dry()


@click.command(short_help="バックアップの中身に戻します(SQLite)。")
@click.argument("file", type=_FILE, metavar="FILE")
@click.option("--yes", is_flag=True, help="聞かずに始めます。")
@_dry
@places.told
def restore(file: Path, yes: bool, dry: bool) -> None:
    """データベースを FILE の中身に戻します。いまの中身は、同じフォルダーに残します。鍵は、先に戻しておきます。

    Put a backup in the place of the SQLite database; what was there is kept beside it. PostgreSQL: use pg_restore.
    """
    from ..store import copies

    words = _words("restore")
    found = places.settings()
    copies.database_of(found.database_url)
    sealer = places.key(found)
    copies.check(file, sealer)
    click.echo(words["ok"].format(path=file))
    if dry:
        click.echo(words["dry"])
        _said_dry()
        return
    if not yes:
        click.confirm(words["ask"].format(path=file), abort=True)
    done = copies.restore(found.database_url, file, sealer, now=time.time())
    click.echo(words["done"].format(path=file))
    if done.before:
        click.echo(words["before"].format(path=done.before.path))
    if done.unclear:
        click.echo(words["unclear"].format(count=done.unclear))


# --- purge


@click.command(short_help="決めた期間を過ぎたものを消します。")
@_dry
@places.told
def purge(dry: bool) -> None:
    """保存の期間を過ぎたものを、種類ごとに消します。漏えいの案件が開いている間は、関わるものを消しません。

    Remove what has been kept long enough; paused for what may belong to a case while one is open. Also run once a day
    by the bot. Leaves a trace without content in the audit log.
    """
    from ..store import retention

    words = _words("purge")
    with places.store(places.settings()) as store:
        removed = retention.purge(store, now=time.time(), dry=dry)
    for row in removed:
        name = words["names"][row.kind]
        if row.paused:
            click.echo(words["paused"].format(name=name))
        elif row.count:
            click.echo(words["row"].format(name=name, count=row.count, days=row.days))
    count = sum(row.count for row in removed)
    click.echo(words["dry" if dry else "done"].format(count=count) if count else words["none"])
    if dry:
        _said_dry()


# --- card


@click.command(short_help="Slackが使えない日のための初動カード(A4 1枚のPDF)を作ります。")
@click.option(
    "--out", type=_FILE, metavar="FILE.pdf", default=Path("card.pdf"), show_default=True, help="書き出すファイル。"
)
def card(out: Path) -> None:
    """会社のファイルから、最初にすること・番号・相談先を、A4 1枚のPDFにします。壁に貼り、スマートフォンにも入れます。

    The first-steps card from the company files: one page, for the wall and the phone. Says what is not registered.
    """
    from dialogs.leak import card as drawn
    from knowledge.content import load

    words = _words("card")
    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    page = drawn.contents(load(), now.date())
    try:
        out.write_bytes(drawn.to_pdf(page, now))
    except drawn.TooMuch as reason:
        raise click.ClickException(str(reason)) from None
    except OSError as reason:
        raise click.ClickException(f"{out} に書けません: {reason.strerror}") from None
    click.echo(words["done"].format(path=out))
    if page.missing:
        click.echo(words["missing"].format(what="、".join(page.missing)))
