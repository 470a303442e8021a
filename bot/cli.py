"""The `himitsu` command. Thin: each command reads its arguments, calls the core and prints.

Modules are imported where they are used, so that a command starts without the others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import streams
from .bench.commands import bench
from .edge import Edge, note_failure

if TYPE_CHECKING:
    from knowledge.index import Index

    from .services import Services

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


def _version() -> str:
    try:
        return version("himitsu")
    except PackageNotFoundError:
        return "(インストールされていません)"


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"himitsu {_version()}")
        ctx.exit()


@click.group(cls=Edge, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="版を表示します。"
)
def main() -> None:
    """秘密情報の相談に答えます。

    Answers whether something is a company secret, what to do, and whom to ask.

    \b
    はじめに:  himitsu try
    1件だけ:   himitsu ask "この図面、客先に送ってもいいですか"
    """
    streams.prepare()


_OPERATION = "bot.operation.commands"
main.elsewhere = {
    "audit": f"{_OPERATION}:audit",
    "backup": f"{_OPERATION}:backup",
    "card": f"{_OPERATION}:card",
    "inventory": "bot.inventory_commands:inventory",
    "purge": f"{_OPERATION}:purge",
    "remind": "bot.features.rules.commands:remind",
    "restore": f"{_OPERATION}:restore",
    "rotate-key": f"{_OPERATION}:rotate_key",
}


# --- reading ----------------------------------------------------------------------------------------------------------


def _services() -> Services:
    from .services import open_services

    return open_services()


def _message(words: tuple[str, ...]) -> str:
    """The words of the command line, or all of standard input where something is piped in, or blank."""
    if words:
        return streams.argument(" ".join(words))
    return "" if sys.stdin is None or sys.stdin.isatty() else "\n".join(streams.lines(sys.stdin))


class BadLine(ValueError):
    """A line of input that cannot be read; the message says why, without quoting it."""


def _each_line(make: Callable[[str], Mapping[str, Any]]) -> bool:
    """Read JSON lines {"id", "text"}, print what `make` gives of each text, in order. False where a line was bad."""
    good = True
    for number, line in enumerate(streams.lines(sys.stdin), 1):
        if not line.strip():
            continue
        try:
            id, text = _id_and_text(line)
            made = {"id": id, **make(text)}
        except BadLine as reason:
            made, good = {"id": None, "line": number, "error": str(reason)}, False
        except Exception as error:  # one message that fails does not end the others
            made, good = {"id": None, "line": number, "error": note_failure(error)}, False
        click.echo(streams.json_line(made))
        sys.stdout.flush()
    return good


def _id_and_text(line: str) -> tuple[str | int, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine('JSONとして読めません。1行に1つ、{"id": "x1", "text": "…"} と書いてください。') from None
    if not isinstance(row, dict):
        raise BadLine('{"id": "x1", "text": "…"} の形ではありません。')
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise BadLine('"id" に文字列がありません。')
    if not isinstance(row.get("text"), str):
        raise BadLine('"text" に文字列がありません。')
    return row["id"], row["text"]


def _only_one(words: tuple[str, ...], as_json: bool, as_jsonl: bool) -> None:
    if as_json and as_jsonl:
        raise click.UsageError("--json と --jsonl は、どちらか1つにしてください。")
    if as_jsonl and words:
        raise click.UsageError("--jsonl のときは、文を標準入力から1行ずつ渡してください。")


@main.command(short_help="1つの文を読んで、答えを出します。")
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="読み取りの結果を、JSON 1行で出します。")
@click.option("--jsonl", "as_jsonl", is_flag=True, help='標準入力の {"id","text"} を1行ずつ読んで、1行ずつ出します。')
@click.option(
    "--choose",
    "choices",
    type=click.IntRange(1),
    multiple=True,
    metavar="N",
    help="質問に選択肢Nで答えて、先へ進みます。何度でも。",
)
@click.pass_context
def ask(ctx: click.Context, text: tuple[str, ...], as_json: bool, as_jsonl: bool, choices: tuple[int, ...]) -> None:
    """1つの文を読んで、答えを出します。文がなければ標準入力から読みます。

    Read one message, or JSON lines from standard input, and print the reading.
    """
    _only_one(text, as_json, as_jsonl)
    services = _services()
    if as_jsonl:
        ctx.exit(0 if _each_line(lambda said: _row(services, said, choices)) else 1)
    said = _message(text)
    try:
        row = _row(services, said, choices)
    except BadLine as reason:
        raise click.BadParameter(str(reason), param_hint="--choose") from None
    if choices and services.follow(said, choices)[1] < len(choices):
        raise click.BadParameter("質問より番号のほうが多くあります。", param_hint="--choose")
    click.echo(streams.json_line({"id": None, **row}) if as_json else streams.printable(row["answer"]))


def _row(services: Services, said: str, choices: tuple[int, ...]) -> dict[str, Any]:
    from .services import NoSuchOption

    try:
        return services.row(said, choices)
    except NoSuchOption:
        raise BadLine("その番号の選択肢はありません。") from None


@main.command(short_help="手引きの内容を探します。")
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="結果を、JSON 1行で出します。")
@click.option("--jsonl", "as_jsonl", is_flag=True, help='標準入力の {"id","text"} を1行ずつ読んで、1行ずつ出します。')
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="出す件数の上限。")
@click.option(
    "--corpus",
    type=_FILE,
    metavar="FILE.jsonl",
    help='手引きの代わりに、{"id","text"} の行からなるファイルを探します。',
)
@click.pass_context
def search(
    ctx: click.Context, text: tuple[str, ...], as_json: bool, as_jsonl: bool, limit: int, corpus: Path | None
) -> None:
    """手引き・法律・リーフレットの内容を、近い順に出します。文がなければ標準入力から読みます。

    Passages that answer a question, best first.
    """
    _only_one(text, as_json, as_jsonl)
    from knowledge.search import search as find

    services = None if corpus else _services()
    index = services.index if services else _corpus_index(corpus)

    def hits(question: str) -> dict[str, Any]:
        found = find(question, index, limit=limit)
        return {"hits": [{"id": hit.id, "score": round(hit.score, 4)} for hit in found]}

    if as_jsonl:
        ctx.exit(0 if _each_line(hits) else 1)
    question = _message(text)
    if as_json:
        click.echo(streams.json_line({"id": None, **hits(question)}))
        return
    if not question.strip():
        raise click.UsageError("探す言葉を書いてください。")
    found = hits(question)["hits"]
    click.echo(streams.printable(_hits_text([hit["id"] for hit in found], index, services)))


def _corpus_index(corpus: Path | None) -> Index:
    """An index of somebody's own passages, in memory: nothing of them is left behind."""
    from knowledge.index import Index

    from .bench.search import read_corpus

    try:
        return Index.open(read_corpus(corpus) if corpus else [], None)
    except ValueError as reason:
        raise click.ClickException(str(reason)) from None


def _hits_text(ids: list[str], index: Index, services: Services | None) -> str:
    """Hits for people: what is said, and where it comes from."""
    if not ids:
        return "見つかりませんでした。言葉を変えて、もう一度試してください。"
    texts = {passage.id: passage.text for passage in index.passages}
    origins = [services.origin(id) if services else id for id in ids]
    found = zip(ids, origins, strict=True)
    return "\n\n".join(f"{n}. {texts[id]}\n   もと: {origin}" for n, (id, origin) in enumerate(found, 1))


# --- content ----------------------------------------------------------------------------------------------------------


@main.command(short_help="内容と会社の設定を、すべて確かめます。")
@click.argument("folder", metavar="[DIR]", required=False, type=_FOLDER)
@click.pass_context
def validate(ctx: click.Context, folder: Path | None) -> None:
    """手引き・規則・言葉・窓口と、会社の設定を確かめ、直すところをすべて出します。

    Every problem in our content and in the company files of DIR (HIMITSU_COMPANY_DIR, or ./company). Exit 1 where there
    is one.
    """
    from dialogs.inventory import files as inventory_files
    from knowledge.company import default_dir
    from knowledge.validate import validate as problems_of

    problems = [*problems_of(folder), *inventory_files.read(folder or default_dir()).problems]
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"直すところが{len(problems)}件あります。" if problems else "直すところはありません。")
    ctx.exit(1 if problems else 0)


@main.command(short_help="会社の設定の見本を作ります。")
@click.argument("folder", metavar="[DIR]", required=False, type=_FOLDER)
def init(folder: Path | None) -> None:
    """会社の設定の見本を、説明つきで書き出します。いまあるファイルには触りません。

    Write a commented example of the company files into DIR (HIMITSU_COMPANY_DIR, or ./company).
    """
    from knowledge import company

    target = folder or company.default_dir()
    try:
        written = company.init(target)
    except FileExistsError as reason:
        raise click.ClickException(str(reason)) from None
    except OSError as reason:
        raise click.ClickException(f"{target} に書けません: {reason.strerror}") from None
    for path in written:
        click.echo(path)
    click.echo("\n中の説明を読んで書きかえたら、himitsu validate で確かめてください。")


# --- trying it out ----------------------------------------------------------------------------------------------------


@main.command("try", short_help="Slackなしで試します。")
@click.option("--terminal", is_flag=True, help="ブラウザーの代わりに、このターミナルで話します。")
@click.option("--port", type=click.IntRange(0, 65535), help="ページのポート番号。0 は空いている番号。")
@click.option(
    "--keep", type=_FOLDER, metavar="DIR", help="記録を DIR に残して、次に続けます(なければ終わると消えます)。"
)
@click.option("--no-open", is_flag=True, help="ブラウザーを開きません。")
@click.pass_context
def try_(ctx: click.Context, terminal: bool, port: int | None, keep: Path | None, no_open: bool) -> None:
    """Slackなしで、同じボットをブラウザーで試します。外には何も送りません。

    The bot on a page of this machine, with a small stand-in for Slack. With --terminal, or with input from a pipe, a
    chat in the terminal: one message a line.
    """
    piped = sys.stdin is not None and not sys.stdin.isatty()
    if terminal or (piped and port is None):
        from .tryout.terminal import Chat, run

        run(Chat(_services()), failed=note_failure)
        return
    from .tryout import browser

    ctx.exit(browser.run(port, keep, show=not no_open))


@main.command(short_help="Slackで動かします。")
@click.option("--http", is_flag=True, help="Socket Modeの代わりに、署名付きのHTTPで受けます。")
@click.pass_context
def serve(ctx: click.Context, http: bool) -> None:
    """Slackで動かします。止めるときは Ctrl-C か SIGTERM です。

    The bot on Slack: over Socket Mode, or over signed HTTP requests behind a proxy. Needs SLACK_BOT_TOKEN and
    SLACK_APP_TOKEN (--http: SLACK_SIGNING_SECRET). `himitsu doctor` says what is missing.
    """
    import os

    from .serve import CannotStart, log_to_stderr
    from .serve import serve as run
    from .settings import Settings, SettingsError
    from .store import StoreError

    log_to_stderr()
    try:
        ctx.exit(run(Settings.from_environment(os.environ, http=http), http=http))
    except (SettingsError, CannotStart, StoreError) as reason:
        raise click.ClickException(str(reason)) from None


@main.command(short_help="Slackアプリの設定(マニフェスト)を出します。")
@click.option("--http", "url", metavar="URL", default="", help="HTTPで受けるときの、外から見えるアドレス(https://…)。")
@click.option("--least", is_flag=True, help="なくても動く権限(ファイル、ルールを知らせる先)を入れません。")
def manifest(url: str, least: bool) -> None:
    """Slackアプリの設定(マニフェスト)をYAMLで出します。Slackの画面に貼りつけて使います。

    The app manifest, for Socket Mode, or for `himitsu serve --http` behind URL. --least leaves out the optional scopes:
    for files, and for knowing who is in the groups that a handling rule is meant for.
    """
    from .manifest import BadUrl, as_yaml

    try:
        text = as_yaml(url, least=least)
    except BadUrl:
        raise click.BadParameter("https:// で始まるアドレスを書いてください。", param_hint="--http") from None
    click.echo(text, nl=False)


@main.command(short_help="動かすのに要るものを、すべて確かめます。")
@click.option("--http", is_flag=True, help="himitsu serve --http のために確かめます。")
@click.pass_context
def doctor(ctx: click.Context, http: bool) -> None:
    """トークン、権限、時計、鍵、データベース、会社のファイルなどを確かめ、直すところを出します。何も変えません。

    Looks at everything the bot needs on Slack and says what to do. Exit 1 where something has to be put right.
    """
    import os

    from .doctor import examine
    from .doctor.finding import line, summary

    found = []
    for each in examine(os.environ, http=http):
        found.append(each)
        click.echo(streams.printable(line(each)))
    click.echo(f"\n{summary(found)}")
    ctx.exit(1 if any(each.state == "do" for each in found) else 0)


# --- figures ----------------------------------------------------------------------------------------------------------


@main.command("eval", short_help="ラベル付きの文で、読み取りの質を測ります。")
@click.argument("file", type=_FILE, metavar="FILE.jsonl")
@click.option("--variants", is_flag=True, help="言い方を変えても同じに読めるかも測ります。")
@click.option("--misses", type=click.IntRange(0), default=0, metavar="N", help="外れた文を、N件まで出します。")
@click.option("--json", "as_json", is_flag=True, help="JSON 1行で出します。")
def evaluate(file: Path, variants: bool, misses: int, as_json: bool) -> None:
    """ラベル付きの文(tests/eval/LABELS.md)を読ませて、正しさの割合を出します。

    Quality figures over labelled messages, the same as tests/eval/score.py, and robustness over other ways to say them.
    """
    from . import evaluate as quality

    try:
        gold = quality.labelled(file)
    except quality.LabelError as reason:
        raise click.ClickException(f"このファイルは使えません。\n{reason}") from None
    services = _services()

    def reader(text: str) -> dict[str, Any]:
        return services.read(text).to_json()

    report = quality.report(gold, reader, variants=variants)
    if as_json:
        click.echo(streams.json_line(report.figures))
    else:
        click.echo("\n".join(report.lines()))
    for line in report.misses[:misses]:
        click.echo(streams.printable(line), err=as_json)


main.add_command(bench)

if __name__ == "__main__":
    main()
