"""`himitsu bench`: run the measurements and print the figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ..streams import json_line

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
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


@bench.command("all", short_help="すべて。")
@_messages
@_ir
@_json
def bench_all(messages: Path | None, ir: Path | None, as_json: bool) -> None:
    """すべてを一度に測ります。

    Everything in one run.
    """
    figures = {"read": _read_figures(messages)}
    if ir:
        figures["search"] = _search_figures(ir)
    else:
        click.echo("検索の質は測りません(--ir DIR で測ります)。", err=True)
    _print_figures(figures, as_json)


def _read_figures(messages: Path | None) -> dict[str, Any]:
    from . import read

    source = messages or Path(__file__).parents[2] / "tests" / "eval" / "dev.jsonl"
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
