"""What a sentence says that no single word of it says; seen as statuses and mentions, so that rules can speak of it.

- `unsure`: the writer does not know (載っているか分からない, 公開用か社内用か). What stands in its scope is in doubt.
- `told_not`: somebody asked that it stays inside (外に出すなと言われた), or allowed one use only (社内評価にのみ).
- `not_yet`: it is still to come (発行は再来週, まだ決まっていない). `inside_only`: 社内の人しか知らない.
- `named`: a thing is called by a name of its own (換算シート), not only pointed at (この資料).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from . import phrases
from .lexicon import Concept, Lexicon, Mention, Message
from .status import status_of
from .text import Token

GRAMMAR = {
    "unsure": ("doubt", "分からないと述べている"),
    "told_not": ("consent", "出さないように言われている"),
    "not_yet": ("unpublished", "これからのこと"),
    "inside_only": ("unpublished", "限られた人だけのもの"),
    "named": ("form", "名前のあるもの"),
    "in_public": ("publication", "人の集まるところに出ている"),
    "promise": ("same_part", "載っていないことは出さないと述べている"),
    "not_there": ("unpublished", "公にした資料に載っていない"),
    "partly": ("unpublished", "一部だけが公開されている"),
    "limited": ("unpublished", "限られた相手に出されている"),
    "beside": ("unpublished", "公開されたものとは別のもの"),
    "inner_cost": ("cost_part", "原価や仕入れのこと"),
    "third_party_ban": ("consent", "第三者への開示が禁じられている"),
    "beyond_consent": ("unpublished", "承諾の外にあるもの"),
    "partly_agreed": ("consent", "一部だけ承諾されている"),
    "left_already": ("past_staff", "ほかの人がもう辞めている"),
    "duty": ("mood", "しなければならないかを尋ねている"),
    "reason": ("mood", "わけを尋ねている"),
    "everyday": ("value_doubt", "数や使っているものなど、ふだんのこと"),
}

_BREAK = {"けれど", "ので", "のに", "から"}
_STOP = set("。!?\n")


def grammar_concepts() -> list[Concept]:
    return [Concept(name, group, (), label=label) for name, (group, label) in GRAMMAR.items()]


def grammar(message: Message, lexicon: Lexicon) -> None:
    """Put what stands in doubt into doubt, and add mentions of `unsure`, `told_not` and `not_yet`."""
    text = message.source.text
    scopes = list(_doubtful(message))
    for begin, end, stop in scopes:
        message.mentions = [
            replace(m, status=(m.status - {"done"}) | {"whether", "doubt"}) if begin <= m.begin and m.end <= end else m
            for m in message.mentions
        ]
        message.mentions.append(mention_of("unsure", begin, stop, message, lexicon))
    for found in phrases.hidden.TO_SOME.finditer(text):
        begin, end = tokens_at(message.tokens, found.start(), found.end())
        message.mentions = [
            replace(m, status=m.status - {"done", "prog", "past"})
            if m.concept.group == "publication" and begin <= m.begin < end
            else m
            for m in message.mentions
        ]
        message.mentions.append(mention_of("limited", begin, end, message, lexicon))
    for name, pattern in phrases.PHRASES:
        for found in pattern.finditer(text):
            if name == "not_yet" and phrases.doubt.IGNORANT.search(found[0]):
                continue
            begin, end = tokens_at(message.tokens, found.start(), found.end())
            if name == "in_public" and phrases.doubt.HEARSAY.match(text, found.end()):
                message.mentions.append(mention_of("weak_doubt", begin, end, message, lexicon))
                continue
            if end and not any(a <= begin and end <= c for a, _, c in scopes):
                hidden = pattern in (phrases.hidden.COMING, phrases.hidden.AFTER) or (
                    pattern is phrases.hidden.STILL and phrases.hidden.PUBLISHING.search(found[0])
                )
                message.mentions.append(mention_of(name, begin, end, message, lexicon))
                if name == "inside_only" or hidden:
                    message.mentions.append(mention_of("unpublished", begin, end, message, lexicon))
    really = phrases.events.REALLY.search(text)
    if really:
        message.mentions = [m for m in message.mentions if m.concept.id != "hypothetical" or m.start > really.start()]
    for name, pattern in phrases.EVENTS:
        for found in pattern.finditer(text):
            begin, end = tokens_at(message.tokens, found.start(), found.end())
            if end:
                message.mentions.append(mention_of(name, begin, end, message, lexicon))
    _suppose(message)
    _put_behind(message, lexicon)
    message.mentions.sort(key=lambda m: (m.begin, m.end, m.concept.id))


def _suppose(message: Message) -> None:
    """Nothing has happened inside a condition (仮に持ち出していたと分かったら), or where it is to be found out."""
    text = message.source.text
    spans = [found.span() for found in phrases.asking.SUPPOSED.finditer(text)]
    spans += [(_clause_start(text, found.start(), 40), found.end()) for found in phrases.asking.SUPPOSES.finditer(text)]
    solved = [
        m for m in message.mentions if m.concept.id == "past_solved" and not m.status & {"neg", "want", "if", "adn"}
    ]
    disputed = phrases.asking.DISPUTE.search(text)
    if solved and disputed and any(m.concept.id in _FROM_NOW and m.begin > solved[0].end for m in message.mentions):
        last = solved[-1].clause  # 示談は済みました。次からどう残せば: what was told up to there is over
        spans += [(0, max(t.end for t, n in zip(message.tokens, message.clause_of, strict=True) if n == last))]
    if spans:
        message.mentions = [
            replace(m, status=(m.status - _HAPPENED) | {"if"})
            if any(a <= m.start and m.stop <= b for a, b in spans)
            else m
            for m in message.mentions
        ]


def _clause_start(text: str, before: int, most: int) -> int:
    """Where the clause begins that ends at `before`, at most so many characters earlier."""
    first = max(0, before - most)
    return max((text.rfind(mark, first, before) + 1 for mark in "。!?\n、「"), default=0) or first


_PARTY = re.compile(
    r"(?:し|になっ|がつい|済み|済)?(?:た|だ|の|て(?:い)?た|て(?:い)?る)?(?:はずの)?(?:相手|会社|先方|人|社員|業者|店|メーカー|得意先|取引先|同業)"
)
_FROM_NOW = {"ask_how", "ask_why", "ask_ought", "from_now_on"}
_HAPPENED = {"done", "past", "prog", "regret"}
_MAYBE = re.compile(r"かも(?!、?(?:まだ)?(?:不明|分から|わから|判ら|知ら|未|覚え|聞い|確か|はっきり|書い))")
_CARRIER = re.compile(
    r"フロッピー|usb|hdd|ssd|ディスク|テープ|メモリ|cd|dvd|sdカード|ハードディスク|ファイル|封筒|段ボール|ダンボール|バインダー"
)
_OTHER_TERM = re.compile(r"(?:掲載|公開|募集|販売|配信|展示|保証|会期|開催|工事|応募|受付|試用|キャンペーン)(?:の)?$")
# 市の契約課のページ is everybody's; 県の非公開の資料 is not
_OFFICE = re.compile(
    r"(?:市|県|府|都|区|町|村|省|庁|国|道)(?:役所|役場)?の[一-鿿]{0,6}?(?:課|部|係|室|局)の(?:ページ|サイト|コーナー)"
)
_WHO_WEIGHS = re.compile(r"(?:検討|考え|見学|契約|相談)中の(?:人|方(?![一-鿿])|お客|会社|企業|店|家族|オーナー)")
_OPEN_CLASS = re.compile(r"公開(?:講座|セミナー|授業|講演|収録|シンポジウム|討論|審査|練習)")
_GOES_TO = re.compile(
    r"[けう用]の[^。!?\n、のをはがも]{1,8}(?:に|へ)(?:も)?(?:載せ|貼|使|入れ|配|出(?!て)|流|転載|書(?!いて(?:あ|い)))"
)
_ASKED_WHOM = re.compile(r"に(?:は|も)?(?:確認|聞|尋ね)")
# 限定公開で上げた動画: how it was put there, and so it still is
_HELD_SO = re.compile(
    r"(?:で|に|として|のまま|設定で)(?:[^。!?\n、]{0,6}?)(?:上げ|あげ|アップ|載せ|出し|置い|公開|投稿|配信|共有|掲載|保存|保管)"
)
_BELIEVED_HID = re.compile(r"(?:非公開|未公開|公開前|社外秘|部外秘|極秘|秘密)(?:だっ|である|な|の)?[ただ]?(?:の)?はず")
_NOT_DONE = re.compile(r"い?(?:ない|ません|へん|おらん)")
_SAID_HID = re.compile(
    r"「[^」も]{0,12}(?:社外秘|非公開|部外秘|秘密|極秘)(?:だ|です|や|(?:なん)?じゃない\?|では\?)?(?:よ|ね|ぞ)?」(?:って|と)"
)
_NONE = re.compile(r"(?:は|も|が)?(?:ナシ|なし|無し|ゼロ)")
_MAY_I = re.compile(r"[^。!?\n、]{0,6}(?:て|で)(?:も)?(?:いい|良い|よい|大丈夫|構わない)[^。!?\n]{0,10}?(?:か|\?|の)")
_SOUGHT = re.compile(r"(?:調べ|探し|さがし|検索し|確かめ|見に行っ|見|開い)(?:て|た)(?:も|みた|ら|が|けど|ところ)")
_WHAT_TO = re.compile(
    r"(?:何を|なにを|内容(?:は|が|も)?|中身(?:は|が|も)?|どれ(?:を)?|どこまで)[^。!?\n、]{0,12}(?:決ま|決め)(?:て|っ)"
    r"[^。!?\n、]{0,4}(?:ない|ません|なく|ず|らん|へん)"
)
_STANDING = re.compile(r"(?:載って(?:い)?る|載せた|公開した|公開して(?:い)?る|出て(?:い)?る|発表した)[^。!?\n、]{1,6}$")
_BECAME = re.compile(r"(?:扱い)?(?:に|と)(?:なっ|なり|し(?:た|ま|て)|され|変わ|変え|切り替)")
_DENIABLE = {"unpublished", "inside_only", "limited", "mark", "entrusted"}
_HIDING = {"unpublished", "mark", "told_not", "not_yet", "inside_only"}
_PROMISED = {"not_carried", "extra_part", "unpublished", "mark", "entrusted", "credential", "inside_only", "told_not"}


def _put_behind(message: Message, lexicon: Lexicon) -> None:
    """What was once hidden is past (以前は社内だけ, 非公開だった); what is promised to be left out is not there."""
    text = message.source.text
    promises = [m for m in message.mentions if m.concept.id == "promise"]
    labels = [
        span
        for found in phrases.hidden.LABELLED.finditer(text)
        for span in (found.span(1), found.span(2))
        if span[0] >= 0
    ]
    doubts = [m for m in message.mentions if m.concept.id in ("unsure", "unknown_content")]
    nobodys = [found.span() for found in phrases.matter.NOBODYS.finditer(text)]
    refused = [
        m
        for m in message.mentions
        if m.concept.id == "consent_no" and phrases.consent.ANSWER.search(text, m.start, m.stop)
    ]
    out = any(
        m.concept.id in ("in_public", "open_access") or (m.concept.id == "publish" and "done" in m.status)
        for m in message.mentions
    )
    unread = [d for d in doubts if d.concept.id == "unknown_content"]
    approved = [found.span() for found in phrases.consent.OWN_APPROVAL.finditer(text)]
    carriers = {
        m.sentence for m in message.mentions if m.concept.id == "device" and _CARRIER.search(text, m.start, m.stop)
    }
    found_inside = {found.start() for found in phrases.hidden.FOUND_INSIDE.finditer(text)}
    tools = [found.span() for found in phrases.matter.TOOLS.finditer(text)]
    elsewhere = [found.span() for found in phrases.hidden.ELSEWHERE.finditer(text)]
    weighed = [found.span() for found in phrases.hidden.WEIGHED.finditer(text)]
    firms = [found.span() for found in phrases.matter.FIRMS_NAME.finditer(text)]
    silenced = [found.span() for found in phrases.consent.TO_SILENCE.finditer(text)]
    stopped = [found.span() for found in phrases.hidden.STOPPED.finditer(text)]
    recorded = [found.span() for found in phrases.asking.RECORDED.finditer(text)]
    which = [found.span() for found in phrases.asking.WHICH.finditer(text)]
    sold = [found.span() for found in phrases.asking.SHOP.finditer(text)]
    offices = [found.span() for found in _OFFICE.finditer(text)]
    visitors = [found.span() for found in _WHO_WEIGHS.finditer(text)]
    undecided = [found.span() for found in _WHAT_TO.finditer(text)]
    requests = [found.span() for found in phrases.events.REQUEST_SENT.finditer(text)]
    no_plea = [f.span() for p in phrases.asking.NO_PLEA for f in p.finditer(text)]
    no_plea += [(_clause_start(text, f.start(), 12), f.end()) for f in phrases.asking.DECIDER.finditer(text)]
    kept = []
    for m in message.mentions:
        if m.concept.group == "act" and any(a <= m.start < b for a, b in recorded):
            continue  # 台帳に載せる shows it to nobody
        if any(a < m.stop and m.start < b for a, b in no_plea):
            if m.concept.id in ("ask_permission", "ask_secret", "mistake"):  # いいと思っていた
                continue
            m = replace(m, status=m.status - {"may"})
        if m.concept.id in ("a_desk", "who_where", "who_inside") and any(a <= m.start < b for a, b in which):
            continue
        if m.concept.id == "past_solved" and _PARTY.match(text, m.stop):
            continue  # 和解した相手からまた届いた: who they are, not how it stands
        if m.concept.group == "event" and any(a <= m.start < b for a, b in (*sold, *requests)):
            continue
        if m.concept.id == "not_yet" and any(r.begin < m.end and m.begin < r.end for r in (*refused, *unread)):
            continue  # まだ返事をもらえていない, まだ中身を読んでいない: of the answer or the reader, not of the thing
        if m.concept.id == "consent_no" and phrases.consent.LIFTED.search(text[max(0, m.start - 16) : m.start + 8]):
            continue
        if m.concept.id == "person_record" and any(a <= m.start and m.stop <= b for a, b in nobodys):
            continue
        if m.concept.id == "consent_no" and any(d.begin < m.end and m.begin < d.end for d in doubts):
            continue
        if m.concept.id == "consent_yes" and (
            any(a <= m.start < b for a, b in silenced) or text.endswith("ば", 0, m.start)
        ):
            continue  # 決まったところとだけ結べばいいよ: advice, no leave
        if m.concept.id == "consent_no" and phrases.consent.UNTOLD.search(text, max(0, m.start - 6), m.stop + 12):
            continue
        if m.concept.id == "insider_leaving" and phrases.matter.GIVEN_UP.search(text, max(0, m.start - 12), m.stop + 8):
            continue  # 作るのをやめた脱穀機
        if m.concept.id in ("consent_yes", "consent_noun") and phrases.consent.NOT_TOLD.search(
            text[m.stop : m.stop + 24]
        ):
            continue
        if (
            m.concept.id == "consent_no"
            and "past" in m.status
            and phrases.consent.BACK_THEN.search(text[max(0, m.start - 8) : m.start])
        ):
            continue
        if (m.concept.id in _HIDING or m.concept.id == "not_carried") and any(a <= m.start < b for a, b in elsewhere):
            continue
        if m.concept.id in _HIDING and any(a <= m.start < b for a, b in weighed):
            m = replace(m, status=m.status | {"whether", "doubt"})
        if m.concept.nature == "secret" and any(a <= m.start and m.stop <= b for a, b in tools):
            continue  # what a tool is used for
        if (
            m.concept.nature == "secret"
            and m.concept.id not in ("person_record", "customer_list")
            and any(a <= m.start < b for a, b in firms)
        ):
            continue
        if (
            m.concept.group == "medium"
            and text[m.start : m.stop] in ("ラベル", "外箱")
            and carriers
            & {
                m.sentence,
                m.sentence - 1,
            }
        ):
            continue  # what is written on a floppy disk is not printed on goods
        if m.concept.id == "nda_expired" and _OTHER_TERM.search(text[max(0, m.start - 6) : m.start]):
            continue
        if (
            m.concept.id in ("consent_yes", "consent_noun")
            and out
            and any(a < m.stop and m.start < b for a, b in approved)
        ):
            continue
        if m.concept.id == "mark" and text[m.stop - 1] == "て" and _NOT_DONE.match(text, m.stop):
            continue  # どこにも社外秘って書いてない
        if m.concept.id == "weak_doubt" and (
            _BELIEVED_HID.search(text, max(0, m.start - 10), m.stop)
            or _SAID_HID.search(text, max(0, m.start - 24), m.stop + 2)
        ):
            continue  # 「それは社外秘だ」と言い張る: of no publication
        if m.concept.id == "consent_yes" and _NONE.match(text, m.stop):
            m = replace(m, concept=lexicon.concepts["consent_no"])  # 先方の了解はナシ
        if m.concept.id == "consent_no" and text.startswith("勝手に", m.start) and _MAY_I.match(text, m.stop):
            continue  # 勝手に載せていいですか asks whether leave is needed
        if m.concept.id in _DENIABLE and phrases.hidden.NOT_SO.search(text[m.stop : m.stop + 16]):
            continue
        if m.concept.id in _HIDING and any(a <= m.start < b for a, b in stopped):
            continue
        if m.concept.id in _HIDING and any(a <= m.start and m.stop <= b for a, b in (*offices, *visitors)):
            continue  # 市の契約課のページ, 検討中の人
        if m.concept.id in _HIDING and _OPEN_CLASS.search(text, m.start, m.stop):
            continue  # 公開講座で話す予定
        if m.concept.id in ("inside_only", "limited", "unpublished") and _GOES_TO.match(text, m.stop - 1):
            continue  # 販売店向けの新聞に載せる: whereto
        if m.concept.id == "doubt_publication" and _ASKED_WHOM.search(text, max(0, m.start - 3), m.stop):
            m = replace(m, concept=lexicon.concepts["consent_no"])  # A社には確認していません
        if m.concept.id in ("not_yet", "unpublished") and any(a < m.stop and m.start < b for a, b in undecided):
            m = replace(m, concept=lexicon.concepts["unknown_content"])  # 何を話すかもまだ決めていない
        if m.concept.id == "told_not" and _STANDING.search(text, max(0, m.start - 10), m.start):
            continue  # 載っている表だけ使って
        if m.concept.id == "limited" and (
            phrases.hidden.THEN.search(text[max(0, m.start - 24) : m.start])
            and phrases.hidden.NOW_OPEN.search(text, m.stop)
        ):
            continue
        if m.concept.id == "limited" and phrases.hidden.BEFORE.search(text[max(0, m.start - 24) : m.start]):
            continue  # 去年までは会員だけに配っていた
        refusing = m.concept.id == "consent_no" and m.status >= {"neg", "end"} and not m.status & {"past", "prog"}
        if refusing and any(p.begin < m.end and m.begin < p.end for p in promises):
            continue  # 追加の説明はしません: a promise, no missing consent
        found = (
            m.start in found_inside
            or _HELD_SO.match(text, m.stop) is not None
            or ("しか" in text[m.start : m.stop] and _SOUGHT.search(text, max(0, m.start - 60), m.start))
        )
        if found and m.concept.id in ("inside_only", "unpublished", "mark"):
            m = replace(m, status=m.status - {"past", "done"})  # 見つかったのは社内ポータルだけでした: it still is
        elif m.concept.id in _HIDING and any(a <= m.start < b for a, b in labels):
            m = replace(m, status=m.status | {"past"})
        if m.concept.id in _PROMISED and any(
            p.begin <= m.begin < p.end or (p.clause == m.clause and m.begin <= p.begin) for p in promises
        ):
            continue
        if m.concept.id in _HIDING and _BECAME.match(text, m.stop):
            m = replace(m, status=m.status - {"past", "done"})  # 公開停止になりました: it is so now
        elif m.concept.id in _HIDING and "past" not in m.status and not found:
            before = phrases.hidden.BEFORE.search(text[max(0, m.start - 24) : m.start])
            then = phrases.hidden.THEN.search(text[max(0, m.start - 24) : m.start])
            changed = then and phrases.hidden.NOW_OPEN.search(text, m.stop)
            if (
                (before and not re.search(r"今(?!まで)|現在|来", before[0]))
                or changed
                or phrases.hidden.WAS.search(text[m.stop :])
            ):
                m = replace(m, status=m.status | {"past"})
        kept.append(m)
    message.mentions = kept


def tokens_at(words: list[Token], start: int, stop: int) -> tuple[int, int]:
    inside = [k for k, t in enumerate(words) if t.start < stop and start < t.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def mention_of(name: str, begin: int, end: int, message: Message, lexicon: Lexicon) -> Mention:
    words = message.tokens
    return Mention(
        lexicon.concepts[name],
        begin,
        end,
        words[begin].start,
        words[end - 1].end,
        status_of(words, begin, end, message.source.text),
        message.clause_of[end - 1],
        message.sentence_of[end - 1],
    )


def _doubtful(message: Message) -> Iterable[tuple[int, int, int]]:
    """(first word in doubt, end of what is in doubt, end of the words that say so)."""
    words, text = message.tokens, message.source.text
    for found in phrases.doubt.VAGUELY.finditer(text):
        if _BELIEVED_HID.search(text, max(0, found.start() - 10), found.end()):
            continue  # 非公開だったはず: no doubt that it is out
        first, stop = tokens_at(words, found.start(), found.end())
        if stop:
            begin = first
            while begin and message.clause_of[begin - 1] == message.clause_of[first]:
                begin -= 1
            yield begin, stop, stop
    k = 0
    while k < len(words):
        close = _sentence_end(words, k)
        asked = [
            i
            for i in range(k + 1, close)
            if words[i].surface in ("か", "やら", "なんか")
            and words[i].pos == "助詞"
            and i + 1 < close
            and words[i - 1].surface != "と"
            and (
                words[i - 1].surface != "どう" or words[i + 1].surface in "…。"
            )  # 泊まったかどうかを答える: no doubt of the writer's
            and words[i - 1].lemma not in ("誰", "何", "何処", "何時")
            and not phrases.doubt.ALLOWED.search(text[max(0, words[i].start - 16) : words[i].start])
        ]
        asked = [
            i
            for i in asked
            if not text.startswith(("かな", "かね", "からの", "かしら", "かと"), words[i].start)
            and not _MAYBE.match(text, words[i].start)
        ]
        if asked:
            first, last = asked[0], asked[-1]
            behind = text[words[last].end : min(words[close - 1].end, words[last].end + 34)]
            said = phrases.doubt.IGNORANT.search(behind)
            quoted = text[words[k].start : words[last].end].count("「") > text[words[k].start : words[last].end].count(
                "」"
            )
            if said or (len(asked) > 1 and not quoted):
                begin = first
                while begin > k and not (
                    words[begin - 1].pos2 == "接続助詞" and words[begin - 1].lemma in (*_BREAK, "が")
                ):
                    begin -= 1
                stop = tokens_at(words, words[last].end, words[last].end + said.end())[1] if said else last + 1
                yield begin, last + 1, max(stop, last + 1)
        k = close


def _sentence_end(words: list[Token], k: int) -> int:
    while k < len(words):
        if words[k].surface in _STOP or (k and words[k].start > words[k - 1].end):  # a line break leaves a gap
            return k + 1
        k += 1
    return k
