"""Polarity, time and mood of a word in its sentence: what the words behind (and just before) it say about it.

`status_of` walks from a word over auxiliaries, particles and formal nouns to the next content word and names what it
met.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from .text import Token

# What `status_of` can say. `validate` accepts only these behind a slash in words and rules.
STATUSES = {
    "neg": "否定されている(していない・未・非・不可)",
    "neg2": "否定が二つ重なる(していないわけではない)",
    "past": "過去(した)",
    "prog": "続いている(している)",
    "done": "済んだこと、または続いている状態として述べられている",
    "regret": "してしまった",
    "passive": "される",
    "may": "してよいかを尋ねている(していい・大丈夫・OK)",
    "ought": "すべきか・したほうがよいか",
    "q": "問いの文にある",
    "if": "仮定・条件(もし・たら・場合)",
    "req": "頼み(してください・してほしい)",
    "want": "したい",
    "plan": "これから(予定・前・まで・つもり)",
    "doubt": "確かでない(かも・気がする・はず・未確認)",
    "said": "人から聞いた話(らしい・と言われた)",
    "adn": "名詞にかかる(送った資料)",
    "after": "その後(済み・後)",
    "bare": "助動詞を伴わない体言止め",
    "whether": "かどうかという形で埋め込まれている",
    "role": "する人・される相手として出てくる(〜に、〜から、〜が)",
    "end": "文の述語として終わる",
    "ban": "禁止(するな・しちゃだめ)",
}

_PERSON_ENDINGS = {
    "ご",
    "御",
    "家族",
    "親",
    "保護者",
    "さん",
    "様",
    "さま",
    "方",
    "かた",
    "たち",
    "達",
    "皆",
    "皆さん",
    "皆様",
    "みんな",
    "みなさん",
    "ら",
}
_ASKS = ("か", "かな", "かね", "かしら", "の", "んだろう", "でしょう", "っけ", "ですかね", "かい")
# What the words of the walk say by themselves.
_IN_TAIL = {
    "if": re.compile(r"たら(?!し)|れば|なら(?!な|ず|ば?い)|場合|とき|時に|際に|としたら"),
    "want": re.compile(r"(?<!み)たい(?!へん)|たく(?!さん)|たかっ"),
    "plan": re.compile(
        r"予定|つもり|積り|まで|前(?!の?職)|(?<!し)よう(?:と|か|かな)|ことにな|見込み|方向|方針|これから|途中|段階|直前|手前"
    ),
    "after": re.compile(r"済|ずみ|後(?!か)|以降"),
}
# What a word takes over from the verb it is joined to by て.
_FROM_LINKED = set("past prog regret may if req want plan doubt said adn q ought ban".split())
_VERBS = set(
    """
    為る 居る 有る 貰う 呉れる 頂く 下さる くださる 来る 行く 仕舞う しまう 置く 見る 出来る 成る 遣る
    上げる 致す 御座る 願う 致し てる とる 過ぎる 終わる 始める 切る 仰る
    """.split()
)
_ADJECTIVES = set("無い 良い 宜しい 欲しい 不味い やばい 構わない".split())
_NA = set("大丈夫 駄目 可能 平気 そう みたい よう 様 結構 無理 自由".split())
_FORMAL = set(
    """
    事 前 後 予定 積もり 積り 筈 訳 所 場合 時 際 不可 無し 問題 ok ng セーフ アウト 済み 中 段階 のみ
    方 有り アリ 可 気 形 状態 途中 直前 直後 手前 見込み 方向 方針 許可 差し支え さしつかえ 支障 以前
    以降 時点 最中 つもり 恐れ 疑い 可能性 様子
    """.split()
)
_PARTICLES = set(
    """
    て で も は と か な ね よ の に って が を けれど から ので のに し ば たり ながら わ ぞ さ や とか
    なんか ん だけ まで しか ぐらい くらい など へ ちゃ じゃ
    """.split()
)
# The words a walk passes over, by part of speech.
_WALKED = {"動詞": _VERBS, "形容詞": _ADJECTIVES, "形状詞": _NA | _FORMAL, "名詞": _FORMAL, "助動詞": _FORMAL}
_CLAUSE_PARTICLES = {"けれど", "から", "ので", "のに", "し"}
_SENTENCE_END = re.compile(r"[。!?\n]")
_SENTENCE = 300  # characters; a sentence that is longer is none
_CHAIN = 40  # words; no predicate is longer
_CLOSING = set("。！？!?\n")
_PUNCT = set("。！？!?\n、,，;；・「」『』（）()【】")

_NEG = re.compile(
    r"な(?:い(?!か|かな|の?でしょう|の?だろう)|く|かっ|けれ)|無い|無く|(?<!は)ず(?!っと|つ)|ません(?!か)|ぬ(?=$|の)|(?<!し)まい$|(?<!っぱ)なし|不可|(?<![るただなう])んで(?!す)|んかっ|へん"
)
_ASK_NEG = re.compile(
    r"(?:ない|ません)(?:です)?か|じゃない|ではない(?:の)?(?:か|でしょう|だろう)|ないかな|ないの(?:か|で?しょう)|^しない(?=$)"
)
_MAY = re.compile(
    r"(?:て|で|ちゃ|じゃ|ちゃって|る|の|もん|もの|ん|り|う|く|つ|ぶ|む|す|ぬ|ぐ|事)?(?:も|は|って|が|を|に|とか)*(?:構わ|かまわ|いいです|いいでしょ|いいの|いいか|いいよ|いいやつ|いいもん|いいもの|いいっす|いいん|いいだろ|いい(?=$|\?|。|ね|な|と|す)|良い|よい(?!う)|よろし|宜し|よく?(?:ない|な)|ok|大丈夫|だいじょうぶ|平気|セーフ|あり(?=$|で|か|だ|な|\?)|アリ|だめ|ダメ|駄目|ng|アウト|まず[いく]|やば[いく]|差し支え|さしつかえ|可能|(?<!不)可(?=$|で|か)|問題(?:が|は|も)?(?:な|あり)|許され|いけ(?:る|ます|ない|ません)|支障|許可|違反|自由|怒られ|結構)"
)
_OUGHT = re.compile(r"(?:た|る|ない)(?:ほう|方)が|べき|しないと|なきゃ|なければ|ないと(?:だめ|いけ)|ねば|必要")

# What the writer means to do: 配ろうと思ってます, 送付しようと考えております.
_MEANS_TO = re.compile(r"[^。!?\n、]{0,8}?う(?:か)?と(?:思|考え)(?:って|て)(?:い|お)?(?:る|ます|り)")
_DIFFERS = re.compile(r"(?:と)?ちゃう|(?:と)?ちがう|(?:と)?違う")
_NOT_SO = re.compile(
    r"(?:ない|なかった|ぬ)(?:なんて|という|って(?:いう)?|といった)?(?:こと|事)(?:は|も|なんか|など)?(?:な(?:い|く)|あり(?:ません|えない)|ございません)"
    r"|わけ(?:では|じゃ|で)(?:は)?(?:ない|な|あり)|とは(?:言|い|限)|とも(?:言|い|限)"
)
# いくら乗せたかは出していない: what is asked for is how much, not whether.
_HOW_MUCH = re.compile(
    r"(?:いくら|何[円割個度分回人台枚杯]|どうやって|どれだけ|どれくらい|どのくらい|どの)[^。!?\n、]{0,10}$"
)
_KNOWN = re.compile(r"(?!(?:は|も|が|まで)?[^。!?\n、]{0,8}(?:分か|わか|不明|知ら|覚え|忘れ|確か|はっきり))")
_UNDER_WAY = re.compile(r"中(?!止)|っぱなし")
_LEFT_SO = re.compile(r"て(?:あ|有)[るりっ]")
_REGRET = re.compile(r"ちゃ[いうえおっ]|てしま|でしま")
_REQUEST = re.compile(r"ください|下さい|ほしい|欲しい|てくれ|お願い|願い|頼|[てと]いて(?=」|$)")
_DOUBT = re.compile(
    r"かも|気が|らしい|はず|みたい|っぽい|ようです|ような|か(?:どうか|は|も)?(?:分か|わか|不明)|だろう|でしょう|と思|とおも|可能性|疑い|恐れ|おそれ|のか$|かな|っけ"
)
_SAID = re.compile(
    r"らしい|そうです|そうで|そうだ|とのこと|(?<![なわ])って(?:言|い|聞)|と(?:言|いっ|聞)|んだって|ですって|んだと"
)
_BAN = re.compile(r"る?な$|(?:ちゃ|ては|じゃ|では)(?:だめ|駄目|いけ|ならん)")
_STOP = re.compile(r"[。!\n?]")
_E_ROW = frozenset("えけげせてねべめれ")
_ONE_STEM = re.compile("[いきぎしじちぢにひびみりえけげせぜてでねへべめれ見着似寝出来経]る$")
_PASSIVE, _NOTHING = frozenset({"passive"}), frozenset[str]()
_GOING_ON = frozenset(("てる", "とる", "居る"))
_SHIMAU = frozenset(("仕舞う", "しまう", "ちゃう", "じゃう"))


def chain_end(tokens: Sequence[Token], i: int) -> int:
    """Index of the first token behind `i - 1` that no longer belongs to the predicate ending there."""
    j = i
    while j < min(len(tokens), i + _CHAIN):
        t = tokens[j]
        if t.surface in _PUNCT or (j and t.start > tokens[j - 1].end):  # a line break leaves a gap between words
            break
        if t.pos == "助動詞" or t.pos == "接尾辞" or t.lemma in ("ok", "ng"):
            j += 1
        elif t.pos == "助詞":
            if t.lemma not in _PARTICLES:
                break
            if t.surface == "か" and j > i and _whether(tokens, j):
                break
            j += 1
            if t.lemma in _CLAUSE_PARTICLES or (t.lemma == "が" and t.pos2 == "接続助詞"):
                break
        elif t.lemma in _WALKED.get(t.pos, ()):
            j += 1
        else:
            break
    return j


def _can(head: Token, chain: Sequence[Token]) -> bool:
    """A verb of being able to: 送れる, 見せられる. Asked, it asks for leave (図面を客に送れますか)."""
    able = head.surface.removesuffix("る")[-1:] in _E_ROW and not _ONE_STEM.search(head.lemma)
    return head.pos == "動詞" and (
        (able and not head.form.startswith(("命令形", "仮定形"))) or bool(_mere_can(head, chain))
    )


def _mere_can(head: Token, chain: Sequence[Token]) -> frozenset[str]:
    """The passive of a verb like 見せる, which may as well say that it can be done."""
    return _PASSIVE if chain and chain[0].lemma == "られる" and _ONE_STEM.search(head.lemma) else _NOTHING


def _whether(tokens: Sequence[Token], j: int) -> bool:
    """か at j ends an embedded question (載っているか | 分からない), not the sentence and not かも."""
    following = tokens[j + 1] if j + 1 < len(tokens) else None
    return (
        following is not None
        and following.surface not in _PUNCT
        and following.surface not in ("も", "な", "ね", "しら", "よ", "い", "の", "いな", "ねえ")
        and not _which(tokens, j)
    )


_WH = set("何 どの どこ 何処 誰 いくら 幾ら いくつ 幾つ どれ どう どんな どちら いつ 何時 なぜ 何故".split())
_KNOWING = set(
    "分かる 知る 覚える 不明 確か 確認 確かめる 見る 聞く 調べる 思い出す はっきり 怪しい 曖昧 謎 微妙 自信".split()
)


def _which(tokens: Sequence[Token], j: int) -> bool:
    """か at j ends what is told or kept, and no doubt of the writer's: どの工種にいくら乗せたか | は県にも出さない."""
    first = max(0, j - 12)
    asked = False
    for k in range(j - 1, first - 1, -1):
        if tokens[k].surface in _PUNCT:
            break
        asked = asked or (
            {tokens[k].lemma, tokens[k].surface} & _WH != set() and tokens[k + 1].surface not in ("でも", "か", "も")
        )
    return asked and not any(t.lemma in _KNOWING for t in tokens[j + 1 : j + 7])


def _linked(tokens: Sequence[Token], j: int, begin: int) -> bool:
    """The predicate goes on by て into another verb (間違えて | 送った)."""
    if j <= begin or j >= len(tokens):
        return False
    last = tokens[j - 1]
    return last.lemma in ("て", "で") and last.pos2 == "接続助詞" and tokens[j].pos == "動詞"


_SINCE = re.compile(
    r"[\d一二三四五六七八九十]+(?:年|か月|ヶ月|週間)(?:半|以上|余り)?(?=、|。|が|も)|(?:から)?(?:は|、)?(?:もう|はや|早く?も)?(?:、)?(?:だいぶ|かなり|長く|何|数|[\d一二三四五六七八九十]+)?(?:年|か月|ヶ月|月|週間|日)?(?:以上|くらい|ほど)?(?:たつ|たち|たっ|経つ|経ち|経っ|になる|になり|目)"
)


# 告知が出て、 | 今も見られます
_STILL_THERE = re.compile(
    r"、?(?:今|いま|現在|今日|今で)(?:も|でも)(?:まだ|普通に|ちゃんと|誰でも|だれでも|全部)*(?:見(?:られ|れ)|読め|閲覧でき|残って|載って|出て|公開)(?:て)?(?:い)?(?:る(?!か)|ます(?!か))"
)


def _told_later(tokens: Sequence[Token], end: int, stop: int, text: str, depth: int) -> set[str]:
    """What the verb says that a clause goes on to: 載せて | 全戸に配りました; 上げて | もう一年たつ is a state."""
    last = tokens[stop - 1]
    te = stop > end and last.lemma in ("て", "で") and last.pos2 == "接続助詞"
    stem = (
        (stop == end or last.lemma in ("れる", "られる"))
        and last.form.startswith("連用形")
        and stop < len(tokens)
        and tokens[stop].surface == "、"
    )
    if not te and not stem:
        return set()
    if te and (_SINCE.match(text, last.end) or _STILL_THERE.match(text, last.end)):
        return {"prog"}
    for k in range(stop, min(stop + 10, len(tokens))):
        if tokens[k].surface in _CLOSING or (te and tokens[k].pos2 == "接続助詞"):
            break
        if tokens[k].pos == "名詞" and tokens[k + 1 : k + 2] and tokens[k + 1].lemma == "済み":
            return {"prog"}  # サイトに載せて、 | 得意先にも郵送済み
        if tokens[k].pos == "動詞" and tokens[k].pos2 != "非自立可能":
            return set(
                status_of(tokens, k, k + 1, text, depth=depth + 1) & {"past", "prog", "plan", "may", "want", "if"}
            )
    return set()


class _Said(NamedTuple):
    """What the words of a walk say, whatever they stand behind. before_may: characters in front of what asks leave."""

    asked_neg: bool
    may: bool
    before_may: int
    negations: int
    under_way: bool
    statuses: frozenset[str]
    ban: bool


@functools.lru_cache(maxsize=1024)
def _said_by(tail: str) -> _Said:
    """Auxiliaries and particles, of which there are few: what is remembered names no thing of a message."""
    may = _MAY.search(tail)
    before_may = tail[: may.start()] if may else tail
    return _Said(
        asked_neg=bool(_ASK_NEG.search(tail)),
        may=bool(may),
        before_may=len(before_may),
        negations=len(_NEG.findall(_ASK_NEG.sub("", before_may))) - before_may.count("ません"),
        under_way=bool(_UNDER_WAY.match(tail)),
        statuses=frozenset(status for status, form in _IN_TAIL.items() if form.search(tail)),
        ban=bool(_BAN.search(tail)),
    )


@functools.lru_cache(maxsize=1024)
def _told_by(predicate: str) -> frozenset[str]:
    """The same of auxiliaries and particles with the verb that they stand behind: what is done, not with what."""
    forms = {"ought": _OUGHT, "prog": _LEFT_SO, "regret": _REGRET}
    return frozenset(status for status, form in forms.items() if form.search(predicate))


def status_of(tokens: Sequence[Token], begin: int, end: int, text: str, *, depth: int = 0) -> frozenset[str]:
    """Statuses of the word made of tokens[begin:end].

    Counts negations up to the next content word; a word joined by て takes mood and time from the verb it is joined to.
    Gives names of STATUSES; an empty set says nothing is said of it.
    """
    found: set[str] = set()
    head = tokens[end - 1]
    stop = chain_end(tokens, end)
    chain = tokens[end:stop]
    tail = text[head.end : chain[-1].end] if chain else ""
    verbal = head.pos in ("動詞", "形容詞", "助動詞")
    full = (head.surface if verbal else "") + tail
    lemmas = [t.lemma for t in chain]
    does = bool(chain) and chain[0].lemma == "為る"  # 公開して, 印刷して

    if begin and tokens[begin - 1].surface in ("未", "非", "不", "無") and tokens[begin - 1].end == tokens[begin].start:
        found.add("neg")
    said = _said_by(tail)
    asked_neg, may, count = said.asked_neg, said.may, said.negations
    stop_at = head.end + said.before_may
    if tail.startswith("んで") and head.surface.endswith(("る", "た", "だ", "な", "う")):
        count -= 1  # 書いてあるんで: since it is
    if "ん" in tail:
        count += sum(t.surface == "ん" and t.lemma in ("ず", "ぬ") and t.start < stop_at for t in chain)
    if head.pos == "名詞" and _DIFFERS.match(text[head.end : head.end + 4]):
        count += 1
    if "neg" in found:
        count += 1
        found.discard("neg")
    if count == 1:
        found.add("neg")
    elif count >= 2:
        found.add("neg2")
    if count and _NOT_SO.search(text[head.end : head.end + 16]):
        found.discard("neg")
        found.add("neg2")

    if may:
        found.add("may")
    if _MEANS_TO.match(text, head.end if not head.form.startswith("意志推量形") else head.start):
        found.add("want")
    found |= _told_by(full)
    bare = True
    for t in chain:
        if t.lemma == "た" and not t.form.startswith("仮定"):
            found.add("past")
        elif t.pos == "助動詞" and t.lemma in ("れる", "られる"):
            found.add("passive")
        bare = bare and t.pos == "助詞"
    if not _GOING_ON.isdisjoint(lemmas) or said.under_way:
        found.add("prog")
    if not _SHIMAU.isdisjoint(lemmas):
        found.add("regret")
    found |= said.statuses
    if _REQUEST.search(tail + text[head.end + len(tail) : head.end + len(tail) + 4]):
        found.add("req")
    if _DOUBT.search(tail + text[head.end + len(tail) : head.end + len(tail) + 8]):
        found.add("doubt")
    if _SAID.search(_SENTENCE_END.split(text[head.end : head.end + len(tail) + 6])[0]):
        found.add("said")
    if (
        not may
        and stop < len(tokens)
        and tokens[stop].surface == "か"
        and _whether(tokens, stop)
        and not (tokens[stop - 1].pos == "動詞" and tokens[stop - 1].form.startswith("意志推量形"))
        and not (_HOW_MUCH.search(text, max(0, head.start - 14), head.start) and _KNOWN.match(text, tokens[stop].end))
    ):
        found |= {"whether", "doubt"}
    if bare:
        found.add("bare")
    if stop >= len(tokens) or tokens[stop].surface in _CLOSING or tokens[stop].start > tokens[stop - 1].end:
        found.add("end")
    if said.ban and not may:
        found.add("ban")
    if stop < len(tokens) and tokens[stop].pos in ("名詞", "代名詞", "接頭辞") and (verbal or chain):
        last = tokens[stop - 1]
        if last.pos in ("動詞", "形容詞", "助動詞") and last.surface not in ("だ", "です"):
            found.add("adn")
    limit = min(len(text), head.end + _SENTENCE)
    ended = _STOP.search(text, head.end, limit)
    sentence = ended.start() if ended else limit
    if (sentence < limit and text[sentence] == "?") or text.endswith(_ASKS, head.end, sentence):
        found.add("q")
    person = end
    while person < min(end + 5, len(tokens)) and (
        tokens[person].surface in _PERSON_ENDINGS
        or (
            tokens[person].surface == "の"
            and person + 1 < len(tokens)
            and tokens[person + 1].surface in _PERSON_ENDINGS
        )
    ):
        person += 1
    if (
        person < len(tokens)
        and tokens[person].surface
        in ("に", "へ", "から", "と", "が", "は", "って", "も", "向け", "むけ", "宛て", "宛", "あて")
        and not verbal
    ):
        found.add("role")
    if _linked(tokens, stop, end) and depth < 3:
        onward = status_of(tokens, stop, stop + 1, text, depth=depth + 1)
        found |= onward & _FROM_LINKED
    elif (does or verbal) and depth < 3 and not found & {"may", "neg", "plan", "want", "if"}:
        found |= _told_later(tokens, end, stop, text, depth)
    if asked_neg:
        found.add("q")
    unable = found & ({"past", "if", "passive"} - _mere_can(head, chain))
    if found >= {"q", "end"} and not unable and "じゃ" not in tail and "では" not in tail and _can(head, chain):
        found.add("may")
    if (
        ({"past", "prog", "after"} & found)
        and not ({"neg", "neg2", "if", "may", "want", "ought", "whether"} & found)
        and "plan" not in found
    ):
        found.add("done")
    return frozenset(found)
