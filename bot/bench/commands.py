"""`himitsu bench`: run the measurements and print the figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ..streams import json_line

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SENTENCES = Path(__file__).parents[2] / "tests" / "eval" / "dev.jsonl"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(short_help="速さと大きさを測ります。")
def bench() -> None:
    """速さと大きさを測ります。

    Measurements, side by side in one run.
    """


_messages = click.option(
    "--messages", type=_FILE, metavar="FILE.jsonl", help="読ませる文。なければ tests/eval/dev.jsonl。"
)
_ir = click.option("--ir", type=_FOLDER, metavar="DIR", help="検索の問題のフォルダ(passages.jsonl と queries.jsonl)。")
_json = click.option("--json", "as_json", is_flag=True, help="JSON 1行で出します。")


@bench.command("read", short_help="文を読む速さ、始まりの速さ、メモリ。")
@_messages
@_json
def bench_read(messages: Path | None, as_json: bool) -> None:
    """文を読む速さ、規則が増えたときの速さ、最初の答えまでの時間、索引を作る時間、メモリを測ります。

    Reading: time of a message, of many rules, of a start, of the index; memory.
    """
    _print_figures({"read": _read_figures(messages)}, as_json)


@bench.command("search", short_help="検索の質と速さ。")
@_ir
@_json
def bench_search(ir: Path | None, as_json: bool) -> None:
    """問題のフォルダで、検索の質と速さを測ります。

    Search: quality and time on a folder of labelled questions.
    """
    _print_figures({"search": _search_figures(ir)}, as_json)


@bench.command("slack", short_help="Slackでの速さとメモリ、一度だけ答えること。")
@click.option(
    "--messages", "count", type=click.IntRange(20), default=10_000, show_default=True, help="メッセージの数。"
)
@click.option("--crash", is_flag=True, help="速さではなく、プロセスを止めても一度だけ答えるかを数えます。")
@click.option("--kills", type=click.IntRange(0), default=3, show_default=True, help="--crash: kill -9 の回数。")
@click.option("--processes", type=click.IntRange(1, 10), help="--crash: プロセスの数。SQLiteは1、ほかは2。")
@click.option("--database", metavar="URL", help="--crash: 空のデータベース。なければSQLiteのファイル。")
@_json
def bench_slack(
    count: int, crash: bool, kills: int, processes: int | None, database: str | None, as_json: bool
) -> None:
    """Slackの代わりに対して、答えるまでの時間、ボタンの確認応答、メモリ、始まりの速さを、二つのエコーボットと並べて測ります。

    On Slack: event in to message out beside two echo bots, acks, memory, start; with --crash: answered exactly once.
    """
    _print_figures({"slack": _slack_figures(count, crash, kills, processes, database)}, as_json)


def _slack_figures(count: int, crash: bool, kills: int, processes: int | None, database: str | None) -> dict[str, Any]:
    from . import crash as crashes
    from . import read, slack

    texts = read.messages_of(_SENTENCES) if _SENTENCES.exists() else [read.QUESTION, slack.VAGUE]
    if not crash:
        return slack.run(texts, count)
    several = processes or (2 if database and not database.startswith("sqlite") else 1)
    return crashes.run(texts, count, kills=kills, database=database, processes=several)


@bench.command("checks", short_help="自己チェックの速さ、おおぜいで同時に使うこと。")
@click.option("--people", type=click.IntRange(1, 5000), default=500, show_default=True, help="同時に使う人の数。")
@_json
def bench_checks(people: int, as_json: bool) -> None:
    """自己チェックの1問の速さをエコーボットと並べて測り、おおぜいが同時に答えて失われるものがないか、200部署をまとめる時間を測ります。

    Self-checks: a step beside an echo bot that commits, everybody at the same time, a merge of 200 departments.
    """
    from . import checks

    _print_figures({"checks": checks.run(people)}, as_json)


@bench.command("cases", short_help="漏えいの期限のお知らせが、一度だけ届くこと。")
@click.option("--cases", "count", type=click.IntRange(1), default=1000, show_default=True, help="開いている受付の数。")
@click.option("--kills", type=click.IntRange(0), default=20, show_default=True, help="kill -9 の回数。")
@click.option("--processes", type=click.IntRange(1, 10), help="プロセスの数。SQLiteは1、ほかは2。")
@click.option("--database", metavar="URL", help="空のデータベース。なければSQLiteのファイル。")
@_json
def bench_cases(count: int, kills: int, processes: int | None, database: str | None, as_json: bool) -> None:
    """開いている漏えいの受付の期限を、プロセスを何度も止めながら知らせ、抜けと重なりを数えます。

    Leak cases: follow-ups of open cases under kill -9, missed and doubled.
    """
    from . import cases

    several = processes or (2 if database and not database.startswith("sqlite") else 1)
    _print_figures({"cases": cases.run(count, kills=kills, database=database, processes=several)}, as_json)


@bench.command("nudges", short_help="週に一度のお知らせの速さと、一度だけ届くこと。")
@click.option("--people", type=click.IntRange(10), default=10_000, show_default=True, help="人の数。")
@click.option("--kills", type=click.IntRange(0), default=12, show_default=True, help="kill -9 の回数。")
@click.option("--processes", type=click.IntRange(1, 10), help="プロセスの数。SQLiteは1、ほかは2。")
@click.option("--database", metavar="URL", help="空のデータベース。なければSQLiteのファイル。")
@click.option("--plan-only", is_flag=True, help="計画の速さだけを測ります。")
@_json
def bench_nudges(
    people: int, kills: int, processes: int | None, database: str | None, plan_only: bool, as_json: bool
) -> None:
    """お知らせの計画の速さを測り、送るあいだにプロセスを何度も止めて、抜けと重なり、429、そのあいだのボタンの速さを数えます。

    Nudges: planned with rows, then sent under kill -9: missed, doubled, 429s, and a person's tap meanwhile.
    """
    from . import nudges

    several = processes or (2 if database and not database.startswith("sqlite") else 1)
    figures: dict[str, Any] = {"plan": nudges.plan(people)}
    if not plan_only:
        figures["crash"] = nudges.run(people, kills=kills, database=database, processes=several)
    _print_figures({"nudges": figures}, as_json)


@bench.command("all", short_help="すべて。")
@_messages
@_ir
@_json
def bench_all(messages: Path | None, ir: Path | None, as_json: bool) -> None:
    """すべてを一度に測ります。

    Everything in one run.
    """
    from . import checks, nudges

    figures = {"read": _read_figures(messages)}
    if ir:
        figures["search"] = _search_figures(ir)
    else:
        click.echo("検索の質は測りません(--ir DIR で測ります)。", err=True)
    figures["slack"] = _slack_figures(10_000, False, 0, None, None)
    figures["checks"] = checks.run()
    figures["nudges"] = {"plan": nudges.plan(10_000)}
    _print_figures(figures, as_json)


def _read_figures(messages: Path | None) -> dict[str, Any]:
    from . import read

    source = messages or _SENTENCES
    if not source.exists():
        raise click.UsageError("読ませる文のファイルを --messages で教えてください。")
    try:
        return read.run(read.messages_of(source))
    except ValueError as reason:
        raise click.ClickException(str(reason)) from None


def _search_figures(ir: Path | None) -> dict[str, Any]:
    from . import search

    if ir is None:
        raise click.UsageError("検索の問題のフォルダを --ir で教えてください。")
    try:
        return search.run(ir)
    except (OSError, ValueError) as reason:
        raise click.ClickException(str(reason)) from None


def _print_figures(figures: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json_line(figures))
        return

    def rows(name: str, value: Any) -> list[str]:
        if isinstance(value, Mapping):
            return [row for key, inner in value.items() for row in rows(f"{name}.{key}" if name else key, inner)]
        return [f"{name:34} {value}"]

    click.echo("\n".join(rows("", figures)))
