"""Which thing is asked about, by a name of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .grammar import mention_of
from .lexicon import Lexicon, Mention, Message

OTHER = {"counterparty", "audience", "time", "mood", "frame", "device", "leaving", "staff", "official", "own", "venue"}
EMPTY = set(
    """
    判定 システム 固定
    事 もの 物 者 為 訳 所 方 人 時 際 中 前 後 上 下 内 外 先 分 程 件 話 事柄 感じ 気 形 場合 様 自分 皆
    みんな 本人 今 今日 昨日 先週 先月 去年 最近 昔 今回 例 本当 部 リンク 名 最新 最終 中身 数字 文 面 他 ほか
    記事 本社 支店 グループ 全部 一部 一つ 一枚 一度 少し 名前 会社 社外 社内 外部 仕事 相手 友達 知り合い 家族
    社長 部長 課長 主任 店長 先輩 同僚 上司 担当 担当者 広報 総務 許可 承諾 同意 返事 連絡 相談 質問 確認 問題
    秘密 情報 参考 必要 予定 つもり お願い 挨拶 お世話 説明 紹介 掲載 公開 発表 利用 使用 提供 共有 送付 転送
    配布 投稿 印刷 コピー 翻訳 要約 添付 保存 電話 メール 会議 打ち合わせ 取材 見学 説明会 研修 勉強会 セミナー
    一応 念 事前 ダメ だめ 駄目 とおり 通り 要点 要旨 概要 要約 大意 趣旨
    営業 商談 訪問 客 お客 さん 国 くに かぞく 手元 出入り クラウド アプリ ok ng 一字 一文字 一行 一言
    """.split()
)
# What is on a thing or says something of it; no name of a thing.
FEATURES = set(
    "印 判 判子 ハンコ シール 付箋 マーク 札 表紙 裏 表示 区分"
    " 余り 残り 控え 続き まま 感想 理由 意味 都合 時間 期間".split()
)
_POINTED = re.compile(r"(?:さっき|先ほど|さきほど|今|例|先日|こないだ|この前|この間|上|下|添付|これ|それ|こ|そ|あ)の$")
SHEETS = set("紙 書類 資料 ファイル データ メモ 一覧 リスト シート スライド 文書 画像 画面 録音".split())
PICTURES = {"写真", "図", "動画", "図面", "映像", "表", "グラフ", "版"}


def named(message: Message, lexicon: Lexicon, spans: Sequence[tuple[int, int]] = ()) -> list[Mention]:
    """The first thing called by a name of its own: a noun that no word list knows as person, place or pointer.

    spans: characters (start, stop) of what is left out.
    """
    words = message.tokens
    known = [any(a <= t.start and t.end <= b for a, b in spans) for t in words]
    for m in message.mentions:
        if (
            m.concept.group in OTHER
            or m.concept.nature == "vague"
            or m.concept.group in ("publication", "medium", "act", "mark")
        ):
            for k in range(m.begin, m.end):
                known[k] = True
    for k, t in enumerate(words):
        if t.pos != "名詞" or t.pos2 != "普通名詞" or known[k] or {t.lemma, t.surface} & (EMPTY | FEATURES):
            continue
        end = k + 1
        while end < len(words) and words[end].pos in ("名詞", "接尾辞"):
            end += 1
        if t.surface in PICTURES | SHEETS and end == k + 1 and _POINTED.search(message.source.text[: t.start]):
            continue
        behind = words[end].surface if end < len(words) else ""
        if behind in ("を", "は", "も", "って", "、", "が", "とか", "や", "の", "", "?", "。", "(", "なん"):
            return [mention_of("named", k, end, message, lexicon)]
    return []


# 入居を | 考えている方に: it tells whom
