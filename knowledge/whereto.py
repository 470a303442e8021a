"""Where a thing is to be put: that the place is open to all says nothing of the thing (掲示板は誰でも見られる)."""

from __future__ import annotations

import re
from dataclasses import replace

from .lexicon import Lexicon, Message

_OUT = {"open_access", "in_public", "in_medium", "publish"}
_PUT = (
    r"(?:貼|はっ|はり|張っ|張り|載せ|のせ|上げ|あげ|アップ|投稿|書[きいけこ]|流[しすせ]|晒|さら[しす]|置[きいく]|掲載|登録|入れ|出[しす]|送[りっる]"
    r"|ポスト|ツイート|質問|相談|公開し|公開す|配信|置か|プッシュ|push"
    r"|移[しすせ]|移行|移管|切り替え|載せ替え|転載)"
)
# 載せた, 載っている, 公開済み: it is there already, so that the place does tell.
_THERE = (
    r"(?!れて|され|[ぁ-ん]{0,2}て(?:い)?(?:な|ませ|おら|へん)"
    r"|[ぁ-ん]{0,3}?(?:た(?!い|ら|り|く|めに)|て(?:い|あ)?(?:る|た|ます|まし|て)|と(?:る|い)|済))"
)
_DESTINATION = re.compile(
    r"([一-龠々ァ-ヺーa-z0-9]{2,16})(?:さん)?(?:に|へ)(?:も|は)?、?(?:(?!に|へ|載っ|出て|書いて|ある|あっ|され)[^。!?\n、]){0,24}?"
    + _PUT
    + _THERE
)
# 誰でも見られる | 掲示板に
_OPEN_ONE = re.compile(
    r"(?:誰でも|だれでも|誰もが|誰にでも|一般公開|全体公開|公開|オープン|世界中|全世界|不特定"
    r"|(?:会員|ユーザー)?(?:登録|ログイン|パスワード|アカウント)(?:なし|無し|不要|いら(?:ない|ず))(?:で|の|に)?)[^。!?\n、にへを]{0,10}$"
)
# 掲示板は | 誰でも見られる
_TOPIC = re.compile(
    r"([一-龠々ァ-ヺーa-z0-9]{2,16}|そこ|あそこ|向こう)(?:さん)?(?:自体|の方|のほう)?(?:は|って|も|が|なら|だと)"
    r"[^。!?\n]{0,12}?(?:誰でも|だれでも|誰もが|一般(?:の|に|公開)|全体公開|公開|オープン|世界中|全世界|不特定)[^。!?\n]{0,12}"
)


_EFFORT = re.compile(
    r"(?:覗|のぞ|解析|分解|解読|逆コンパイル|傍受|測|ほど|溶か|分析)[^。!?\n、]{0,4}(?:ば|たら)[^。!?\n]{0,4}$"
    r"|(?:アプリ|ソフト|ゲーム)[^。!?\n]{0,24}(?:落と|ダウンロード|インストール|入れ|買|遊)[^。!?\n、]{0,4}(?:ば|たら)[^。!?\n]{0,6}$"
)


# 店の見えるところに | 掲示している: shown on purpose
_SEEN_AT = re.compile(r"見える(?:とこ|所|ところ|場所|位置)に[^。!?\n、]{0,4}?(?:掲示|掲げ|貼っ|貼り|張り)")
# Beside these, that a thing is sold is no way to know it: what is printed is out, and what no buyer sees is not.
_BEHIND_SALE = {"in_medium", "in_public", "drawing", "software", "suppliers", "mould", "inner_cost"}
# Sold, and nothing said of finding it out.
_ON_SALE = re.compile(
    r"(?:発売中|販売して(?:い)?る|売って(?:い)?る|市販(?:も)?)(?:の|品|製品|商品|完成品|され(?:て)?)*$"
)


def whereto(message: Message, lexicon: Lexicon) -> None:
    """Drop what says of the place, and not of the thing, that it is out.

    誰でも見られる掲示板に手順書を貼っていい, 原価表をブログに載せていい?ブログは誰でも読める. What stands there already
    (誰でも見られるサイトに載せた表) is left as it is.
    """
    text = message.source.text
    if any(m.concept.id in _BEHIND_SALE for m in message.mentions):
        message.mentions = [
            m
            for m in message.mentions
            if m.concept.id != "reverse"
            or not (_ON_SALE.match(text[m.start : m.stop]) or _SEEN_AT.match(text, m.start))
        ]  # 市販の教科書に載っている: of the print, not of what can be found out
    message.mentions = [
        replace(
            m, concept=lexicon.concepts["reverse"]
        )  # 通信を覗けば誰でも拾える: it takes an effort, and is no publication
        if m.concept.id == "open_access" and _EFFORT.search(text, max(0, m.start - 40), m.start)
        else m
        for m in message.mentions
    ]
    places = [(found.start(1), found[1]) for found in _DESTINATION.finditer(text)]
    if not places:
        return
    spans = []
    for start, _ in places:
        before = _OPEN_ONE.search(text, max(0, start - 16), start)
        if before:
            spans.append((before.start(), start))
    for found in _TOPIC.finditer(text):
        if found[1] in ("そこ", "あそこ", "向こう") or any(
            start != found.start(1) and (name.endswith(found[1]) or found[1].endswith(name)) for start, name in places
        ):
            spans.append(found.span())
    if spans:
        message.mentions = [
            m
            for m in message.mentions
            if m.concept.id not in _OUT or not any(a < m.stop and m.start < b for a, b in spans)
        ]
