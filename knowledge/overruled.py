"""Mentions that the words around them overrule: 以前は社内だけ is past, 勝手に載せていいか asks.

Each subject has its function. It gives a mention back as it is, changed, or None where it says nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from . import phrases
from .lexicon import Lexicon, Mention, Message
from .sieve import Sieve

_PARTY = re.compile(
    r"(?:し|になっ|がつい|済み|済)?(?:た|だ|の|て(?:い)?た|て(?:い)?る)?(?:はずの)?(?:相手|会社|先方|人|社員|業者|店|メーカー|得意先|取引先|同業)"
)
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
_NOT_DONE = re.compile(r"い?(?:ない|ません|へん|おらん)")
_SAID_HID = re.compile(
    r"「[^」も]{0,14}(?:(?:言|話|出|見せ|教え|書|載せ|漏ら|渡)[ぁ-ん]{0,2}(?:な|ないで|ちゃだめ|てはだめ|たらだめ)|秘密|内緒)(?:よ|ね|ぞ|って)?」(?:って|と)|"
    r"「[^」も]{0,24}(?:社外秘|非公開|部外秘|秘密|極秘|マル秘|機密)(?:だ|です|や|に決まって(?:い)?る|(?:なん)?じゃない\?|では\?)?(?:ろ|ろう|よ|ね|ぞ|で|から|けん)*」(?:って|と)"
)
_ALLOWED_SO = re.compile(r"(?:と|って)(?:聞い|言われ|言って(?:くれ|もら)|書いて|教わ|教えられ)")
_NONE = re.compile(r"(?:は|も|が)?(?:ナシ|なし|無し|ゼロ)")
_MAY_I = re.compile(r"[^。!?\n、]{0,6}(?:て|で)(?:も)?(?:いい|良い|よい|大丈夫|構わない)[^。!?\n]{0,10}?(?:か|\?|の)")
_SOUGHT = re.compile(r"(?:調べ|探し|さがし|検索し|確かめ|見に行っ|見|開い)(?:て|た)(?:も|みた|ら|が|けど|ところ)")
_WHAT_TO = re.compile(
    r"(?:何を|なにを|内容(?:は|が|も)?|中身(?:は|が|も)?|どれ(?:を)?|どこまで)[^。!?\n、]{0,12}(?:決ま|決め)(?:て|っ)"
    r"[^。!?\n、]{0,4}(?:ない|ません|なく|ず|らん|へん)"
)
# NDAは結んでいたはず, 第三者に渡すなと書いてあった気がする: in doubt is what forbids it, so that nothing is freer by it
_BAN = re.compile(
    r"nda|秘密保持|守秘|口外|禁止|禁じ|他言|内緒|社外秘|部外秘|(?:渡す|出す|見せる|言う|話す|漏らす|配る|使う|載せる)(?:な(?!ら|ど|の|ん|と(?:思|考))|べからず)"
    r"|(?:て|で)は(?:いけない|ならない|だめ)"
)
_BAN_OPEN = re.compile(r"許可|承諾|了承|了解|同意|公開|ok|いい|期限|期間|切れ|終わ")
# 代理店ログインの中: a place
_PLACE = re.compile(r"(?:の)?(?:中|奥|先|後|画面|ページ|した人|しないと)")
# 来週のライブ配信で見せる: where it will be shown
OCCASION = re.compile(
    r"(?:来週|来月|来年|明日|あした|今度|次|今夜|今晩|週末|明後日)の[^。!?\n、]{0,8}?(?:配信|放送|発表会?|講演|展示会?|セミナー|説明会|取材|番組|イベント|見学会?|会議)"
    r"(?:で(?!す|した|は?な)|の(?:場|席|中|とき|時)(?:で|に))"
)
_TERMS = re.compile(r"規約|約款|利用条件|ルール|マニュアル|取説|説明書")
_PEOPLE_TOO = re.compile(r"(?:人|者|方|客|さん|社員|業者|子)(?:が|も|は)?(?:混ざっ|混じっ|紛れ)")
_ASKS_ITSELF = re.compile(r"(?:て|で)も?(?:いい|よい|構わない)と(?:よね|ね|か|や|かね|よ)?(?:\?|。|$)")
# 条件付きで受け取った: on terms, and no yes to anything else
_ON_TERMS = re.compile(r"条件(?:付き|つき)で(?:受け取|もら|預か|借り|渡され|送られ|いただ|頂)")
_KNOWN_BY = re.compile(r"(?:何|どの|どんな|どういう|誰)[^。!?\n、]{0,10}?か(?:は|も)?[^。!?\n、は]{0,8}$")
_STANDING = re.compile(r"(?:載って(?:い)?る|載せた|公開した|公開して(?:い)?る|出て(?:い)?る|発表した)[^。!?\n、]{1,6}$")
_BECAME = re.compile(r"(?:扱い)?(?:に|と)(?:なっ|なり|し(?:た|ま|て)|され|変わ|変え|切り替)")
_DENIABLE = {"unpublished", "inside_only", "limited", "mark", "entrusted"}
_LIMITS = {"unpublished", "inside_only", "limited", "not_carried", "mark", "credential", "publish"}
_BARRIER = re.compile(r"[^。!?\n、]{0,4}?(?:ログイン|サインイン|登録|パス|認証|アカウント|id|申し?込)")
_HIDING = {"unpublished", "mark", "told_not", "not_yet", "inside_only"}
_PROMISED = {"not_carried", "extra_part", "unpublished", "mark", "entrusted", "credential", "inside_only", "told_not"}


_NOT_BAD = re.compile(
    r"(?:ダメ|だめ|駄目|まずく)(?:じゃ|では|とか(?:じゃ)?|に(?:は)?)?(?:ない|ありません|なら(?:ない|ん))"
)
# 顧問先に, 紹介元の先生に: whom it goes to, and nothing of theirs
_TO_THEM = re.compile(
    r"(?:さん|様)?(?:の(?:先生|担当(?:者|の人)?|方|人|社長|皆さん|窓口|ニュースレター|事務所|事務の人))?(?:に|へ)"
    r"(?!もら|借り|預か|頂|いただ|渡され|聞い|教わ|教えて(?:もら|くれ)|見せて(?:もら|くれ)|頼まれ|言われ|ある|あっ|も|は|と)"
)
_PARTY_ONLY = re.compile(r"[一-鿿]{1,4}[先元](?:の先生)?")
# 会社の名前と住所, 店の電話番号
_OF_THE_FIRM = re.compile(
    r"(?:会社|かいしゃ|(?<!人の)店|みせ|当社|弊社|自社|本社|支店|工場|営業所)の(?:(?:名前|なまえ|名称|社名|電話番号)と)?$"
)
_ADDRESS = re.compile(r"住所|じゅうしょ|電話(?:番号)?|所在地|名前|なまえ")
# 母子手帳アプリ: what is used, and no record
_APP = re.compile(r"アプリ|ソフト|の(?:書き方|用紙|様式)")
# 電話帳にも看板にも出している店の番号
_DIRECTORY = re.compile(
    r"に(?:も)?[^。!?\n]{0,10}?(?:載っ|載せ|出し|出て|掲載)[^。!?\n、]{0,8}?(?:店|会社|うち|当社|弊社|自社|代表|当院|園|寺|工場)の[^。!?\n、をはが]{0,4}(?:電話番号|番号|住所|所在地|名前)"
)
# 名簿に載せてもらっていい: a list that is written into, and is not given away
_INTO_LIST = re.compile(
    r"(?:に|へ)(?:も)?[^。!?\n、をに]{0,6}?(?:記載|掲載|登録|載せ|書い|書き入れ|入れ)(?:し)?て(?:もら|いただ|いただい|ほしい|欲しい|くれ|も?(?:いい|よい|良い|大丈夫|よろしい))"
)
# 法律でサイトに出すことになっていて、両方出しています: a duty, and it is done
_DUTY = re.compile(r"(?:法律|法令|条例|規則|省令|ガイドライン|指針|決まり|義務)(?:で|により|として)[^。!?\n、]{0,20}$")
# What is put somewhere to be read or taken along.
_TO_TAKE = re.compile(
    r"チラシ|ビラ|パンフ|リーフレット|カタログ|冊子|しおり|案内|お知らせ|ポスター|メニュー|お品書き|地図|マップ|時刻表|カード|フリーペーパー|広報|情報誌|だより|便り"
    r"|(?:値段|料金|価格|献立|運賃|日程|番組|時間割?)表|プログラム|看板|黒板|ボード|のぼり|pop|札|カレンダー|暦|新聞|雑誌|要覧|募集|自由に|持ち帰|お取り|取れ|配布|誰でも|パネル|展示|説明(?:板|書)"
)
_LOCKED = re.compile(r"(?:が|は|も)?(?:かか(?:っ|り)|つい(?:て|た)|付い(?:て|た)|付き|つき(?!まし))")
_NO_SUCH = re.compile(
    r"(?:じゃ|では)ない(?=[一-鿿ァ-ヺ])|(?:…|。|\.{2,3})?(?:じゃ|では)ない(?:です|んだ|の(?:です|だ))?(?:けど|けれど|が|ので|し)"
)
_OURS_ONLY = re.compile(
    r"[ぁ-ん]{0,4}(?:(?:社内|部内|課内|内部|社員用|非公開|未公開)の|棚|部屋|倉庫|引き出し|箱|金庫|机|フォルダ|サーバー|共有|ドライブ)"
)
_HID_BY_WORD = re.compile(
    r"(?:社外秘|部外秘|極秘|マル秘|非公開|未公開|秘密|内緒)(?:だ|です|や|なん(?:だ)?)?(?:と|って)?$"
)
_WHAT_MAY = re.compile(r"(?:いい|よい|良い|秘密)[^。!?\n、]{0,6}(?:何|なに|どれ|どこ)(?:まで)?$")
_TRADE = re.compile(r"屋(?!根|外|台|内|上|敷|号)(?:さん)?|業者")
_NOT_IN_IT = re.compile(
    r"(?:の[^。!?\n、のを]{1,4})?(?:は|も|が)(?:一切|いっさい|一人も|誰も|全部|何も)?(?:写|映|入|載|出|含ま)(?:って|っと|れて|て)(?:い)?"
    r"(?:ない|ません|ず|らん|へん|りません)(?=です|けど|が|し|、|。|$|の(?:で|です|だ)|ので|から|」|\)|よ|ね)"
)


# 国税庁に提出した申告書: handed to an office, and not put out by it
_OFFICE_NAME = re.compile(r"[一-鿿]{1,6}(?:庁|院|省|局|省統計局)|e-gov")
_HANDED_IN = re.compile(
    r"(?:の(?!(?:路線価|法人番号|公表|統計))[^。!?\n、のにへ]{1,8})?(?:に|へ|から|で|と)(?:は|も)?[^。!?\n]{0,10}?(?:提出|申告|申請|届け?出|届け(?:た|て)|納め|送っ|送信|送り|渡し|預け|出した|出して(?!い)|相談|指摘|聞かれ|言われ|報告)"
    r"|の(?:人|職員|担当|調査|査察|監査|検査|立ち入り|立入|指導|審査)"
)
# ショールームの奥の商談室: behind what is open
_BEHIND = re.compile(
    r"の(?:一番)?(?:奥|裏手|地下|バックヤード|倉庫|物置|収蔵庫|事務(?:所|室)|商談(?:室|スペース|ルーム|コーナー)|応接|控え?室|会議室|研究室|作業場|管理(?:画面|者|室)|編集画面|下書き)"
)
# 撮影OKと案内に書いてある: told to all who come, and no leave of somebody's
_NOTICE_OK = re.compile(
    r"(?:だ|です)?(?:と|って)?[^。!?\n、]{0,6}?(?:案内|看板|掲示|入り?口|館内|館|パネル|パンフ(?:レット)?|公式サイト|貼り紙|張り紙)(?:に|が|し)(?:も)?[^。!?\n、]{0,6}?(?:書いて|掲示|出て|出して|載って|明記|貼って|て(?:い)?[るま])"
)
_PHOTO = re.compile(r"(?:撮影|写真|sns|投稿)[^。!?\n、]{0,8}$")
_NOW = re.compile(r"(?:今|いま|現在|最近)(?:は|では|や|じゃ)(?:もう)?[^。!?\n、]{0,8}$")
_ROOM = re.compile(
    r"(?:食堂|玄関|ロビー|入口|入り口|出入り?口|通用口|廊下|掲示板|壁|ホール|受付|待合|棚|窓口|看板|黒板|ボード|フロア)"
)
_OF_THE_STAFF = re.compile(
    r"(?:社員|従業員|職員|スタッフ|関係者|社内|部内|寮|研究(?:棟|所|室)|実験(?:棟|室)|詰所|バックヤード|作業場|控え?室|更衣室)(?:専用|用|向け)?の?[^。!?\n、のをはがも]{0,5}の?$"
)
_DONE_THERE_TOO = re.compile(
    r"でも(?:みんな|皆|普通に|ふつうに|同じ[^。!?\n、]{1,6}|似た[^。!?\n、]{1,6})?や(?:って|っと)(?:い)?(?:た|る)(?:」|って|と(?:言|いう|聞)|らしい|そう|よ)"
)
_OF_OLD = re.compile(r"古|昔|旧|昭和|平成|[0-9一二三四五六七八九十]+年|数年|年以上|年も前|何十年")
_STILL_USED = re.compile(
    r"(?:今|いま|現在|現役)(?:も|でも|なお)?[^。!?\n、]{0,8}?(?:使って(?:い)?[るま]|使っとる|使われて(?:い)?[るま]|現役)|今(?:も|でも)(?:同じ|変わら|この|その)"
)


Spans = list[tuple[int, int]]


@dataclass(slots=True)
class _Scope:
    """What of a message is asked of more than one mention: looked up once."""

    message: Message
    lexicon: Lexicon
    text: str = field(init=False)
    spans: dict[str, Spans] = field(init=False)
    promises: list[Mention] = field(init=False)
    doubts: list[Mention] = field(init=False)
    refused: list[Mention] = field(init=False)
    carriers: set[int] = field(init=False)
    out: bool = field(init=False)
    owed: bool = field(init=False)
    last_out: int = field(init=False)

    def __post_init__(self) -> None:
        text = self.text = self.message.source.text
        said = self.message.mentions
        self.spans = dict.fromkeys(_SPANS, _NOWHERE)
        for name in [_NAMES[n] for n in _SIEVE.passing(text)]:
            self.spans[name] = [found.span() for found in _SPANS[name].finditer(text)]
        self.spans["labelled"] = [
            span
            for found in phrases.hidden.LABELLED.finditer(text)
            for span in (found.span(1), found.span(2))
            if span[0] >= 0
        ]
        self.spans["no_plea"] = [f.span() for p in phrases.asking.NO_PLEA for f in p.finditer(text)] + [
            (clause_start(text, f.start(), 12), f.end()) for f in phrases.asking.DECIDER.finditer(text)
        ]
        self.promises = [m for m in said if m.concept.id == "promise"]
        self.doubts = [m for m in said if m.concept.id in ("unsure", "unknown_content")]
        self.refused = [
            m for m in said if m.concept.id == "consent_no" and phrases.consent.ANSWER.search(text, m.start, m.stop)
        ]
        self.carriers = {
            m.sentence for m in said if m.concept.id == "device" and _CARRIER.search(text, m.start, m.stop)
        }
        self.owed = any(m.concept.id in ("entrusted", "from_them", "unpublished", "received") for m in said)
        self.out = any(
            m.concept.id in ("in_public", "open_access") or (m.concept.id == "publish" and "done" in m.status)
            for m in said
        )
        shown = [
            m.start
            for m in said
            if m.concept.id in ("in_public", "open_access")
            or (m.concept.id in ("publish", "carried") and "done" in m.status)
        ]
        self.last_out = max(shown, default=-1)

    def begins(self, m: Mention, *names: str) -> bool:
        """Whether a mention begins within one of these spans."""
        return any(a <= m.start < b for name in names for a, b in self.spans[name])

    def lies(self, m: Mention, *names: str) -> bool:
        return any(a <= m.start and m.stop <= b for name in names for a, b in self.spans[name])

    def touches(self, m: Mention, *names: str) -> bool:
        return any(a < m.stop and m.start < b for name in names for a, b in self.spans[name])

    def before(self, m: Mention, most: int) -> str:
        return self.text[max(0, m.start - most) : m.start]


_SPANS = {
    "nobodys": phrases.matter.NOBODYS,
    "approved": phrases.consent.OWN_APPROVAL,
    "tools": phrases.matter.TOOLS,
    "elsewhere": phrases.hidden.ELSEWHERE,
    "weighed": phrases.hidden.WEIGHED,
    "firms": phrases.matter.FIRMS_NAME,
    "silenced": phrases.consent.TO_SILENCE,
    "no_barrier": phrases.hidden.NO_BARRIER,
    "denied": phrases.hidden.DENIED,
    "misbelieved": phrases.hidden.MISBELIEVED,
    "stopped": phrases.hidden.STOPPED,
    "found_inside": phrases.hidden.FOUND_INSIDE,
    "some_late": phrases.hidden.TO_SOME_LATE,
    "recorded": phrases.asking.RECORDED,
    "which": phrases.asking.WHICH,
    "sold": phrases.asking.SHOP,
    "knack": phrases.asking.KNACK,
    "requests": phrases.events.REQUEST_SENT,
    "offices": _OFFICE,
    "visitors": _WHO_WEIGHS,
    "undecided": _WHAT_TO,
    "occasions": OCCASION,
}


_NAMES = tuple(_SPANS)
_SIEVE = Sieve(_SPANS.values())
_NOWHERE: Spans = []


def overrule(message: Message, lexicon: Lexicon) -> None:
    """Change or drop the mentions of a message that its other words overrule."""
    scope, kept = _Scope(message, lexicon), []
    for m in message.mentions:
        now: Mention | None = m
        for of_subject in (_asking, _matter, _consent, _doubting, _hiding):
            now = of_subject(now, scope) if now else None
        if now:
            kept.append(now)
    message.mentions = kept


def _asking(m: Mention, s: _Scope) -> Mention | None:
    """Acts, events and questions that are none here."""
    if m.concept.group == "act" and s.begins(m, "recorded"):
        return None  # 台帳に載せる shows it to nobody
    if s.touches(m, "no_plea"):
        if m.concept.id in ("ask_permission", "ask_secret", "mistake"):  # いいと思っていた
            return None
        m = replace(m, status=m.status - {"may"})
    if m.concept.id == "ask_permission" and _ALLOWED_SO.match(s.text, m.stop):
        return None  # 使っていいと聞いて使った: it was allowed, and is not asked
    if m.concept.id == "ask_how" and s.lies(m, "knack"):
        return None
    if m.concept.id in ("a_desk", "who_where", "who_inside") and s.begins(m, "which"):
        return None
    if m.concept.id == "past_solved" and _PARTY.match(s.text, m.stop):
        return None  # 和解した相手からまた届いた: who they are, not how it stands
    if m.concept.group == "event" and s.begins(m, "sold", "requests"):
        return None
    if m.concept.id == "insider_leaving" and phrases.matter.GIVEN_UP.search(s.text, max(0, m.start - 12), m.stop + 8):
        return None  # 作るのをやめた脱穀機
    return m


def _matter(m: Mention, s: _Scope) -> Mention | None:
    """Kinds of information that something else is meant by."""
    if m.concept.id == "person_record" and s.lies(m, "nobodys"):
        return None
    if m.concept.nature == "secret" and _TRADE.match(s.text, m.stop):
        return None  # 名刺屋さん, めっき屋: who deals in it
    if m.concept.id in ("person_record", "customer_list") and (
        _INTO_LIST.match(s.text, m.stop)
        or (_ADDRESS.fullmatch(s.text, m.start, m.stop) and _OF_THE_FIRM.search(s.before(m, 14)))
        or _APP.match(s.text, m.stop)
        or (s.text[m.start : m.stop] == "電話帳" and _DIRECTORY.match(s.text, m.stop))
    ):
        return None
    if m.concept.id in ("person_record", "about_person") and _NOT_IN_IT.match(s.text, m.stop):
        return None  # 子どもの顔は写っていません
    if (
        m.concept.id == "entrusted"
        and _PARTY_ONLY.fullmatch(s.text, m.start, m.stop)
        and _TO_THEM.match(s.text, m.stop)
    ):
        return None
    if m.concept.nature == "secret" and _NO_SUCH.match(s.text, m.stop):
        return None  # 原価じゃないけど
    if m.concept.id == "credential" and _LOCKED.match(s.text, m.stop):
        # パスワードがかかっていて開けない: what bars, not what is given away
        return replace(m, concept=s.lexicon.concepts["unknown_content"]) if "開け" in s.text[m.stop :] else None
    if m.concept.id == "credential" and _PLACE.match(s.text, m.stop):
        return None
    if m.concept.nature == "secret" and s.lies(m, "tools"):
        return None  # what a tool is used for
    if m.concept.nature == "secret" and m.concept.id not in ("person_record", "customer_list") and s.begins(m, "firms"):
        return None
    on_goods = m.concept.group == "medium" and s.text[m.start : m.stop] in ("ラベル", "外箱")
    if on_goods and s.carriers & {m.sentence, m.sentence - 1}:
        return None  # what is written on a floppy disk is not printed on goods
    if m.concept.id in ("register", "medium") and (
        _BEHIND.match(s.text, m.stop)
        or (_OFFICE_NAME.fullmatch(s.text, m.start, m.stop) and _HANDED_IN.match(s.text, m.stop))
    ):
        return None
    if m.concept.id in ("open_access", "in_public") and _OURS_ONLY.match(s.text, m.stop):
        return None  # パスワードなしで開ける社内の表
    if (
        m.concept.id in ("open_access", "in_public")
        and _ROOM.match(s.text, m.start)
        and _OF_THE_STAFF.search(s.before(m, 14))
    ):
        return None  # 社員食堂に貼ってある, 寮の玄関に掲示
    if m.concept.id in ("open_access", "in_public") and "置" in s.text[m.start : m.stop]:
        around = s.text[clause_start(s.text, m.start, 30) : m.stop + 40]
        if not _TO_TAKE.search(re.split(r"[。!?\n]", around)[0] if m.start else around):
            return None  # 受付に置いている記帳簿: it lies there, and is not there to be read
    if m.concept.id == "entrusted" and _DONE_THERE_TOO.match(s.text, m.stop):
        return replace(m, concept=s.lexicon.concepts["value_doubt"])  # 「前の職場でもやってた」って
    if m.concept.id == "value_doubt" and _OF_OLD.match(s.text, m.start) and _STILL_USED.search(s.text):
        return None  # 古い紙ですが、裏は今も使っている管理値
    if m.concept.id == "nda_expired" and _OTHER_TERM.search(s.before(m, 6)):
        return None
    return m


def _consent(m: Mention, s: _Scope) -> Mention | None:
    """A yes or no that was not given, or not to this; 先方の了解はナシ is a no."""
    text, name = s.text, m.concept.id
    if name == "consent_no" and (
        phrases.consent.LIFTED.search(text[max(0, m.start - 16) : m.start + 8])
        or any(d.begin < m.end and m.begin < d.end for d in s.doubts)
        or phrases.consent.UNTOLD.search(text, max(0, m.start - 6), m.stop + 12)
        or ("past" in m.status and phrases.consent.BACK_THEN.search(s.before(m, 8)))
    ):
        return None
    if (
        name == "consent_yes"
        and text[m.stop - 1] == "よ"
        and text.startswith(("ね", "な"), m.stop)
        and "「" not in text
    ):
        return None  # 使っていいですよね?
    if name == "consent_yes" and _NOTICE_OK.match(text, m.stop - 1) and _PHOTO.search(s.before(m, 14)):
        return None
    if name == "consent_yes" and _ASKS_ITSELF.search(text, m.start, m.stop + 4):
        return None  # 出してもいいとよね? asks
    if name == "consent_unclear" and _ON_TERMS.match(text, m.start):
        return replace(m, concept=s.lexicon.concepts["told_not"])
    if name == "consent_yes" and (s.begins(m, "silenced") or text.endswith("ば", 0, m.start)):
        return None  # 決まったところとだけ結べばいいよ: advice, no leave
    if name in ("consent_yes", "consent_noun") and (
        phrases.consent.NOT_TOLD.search(text[m.stop : m.stop + 24]) or (s.out and s.touches(m, "approved"))
    ):
        return None
    if (name == "consent_yes" and _NONE.match(text, m.stop)) or (
        name == "doubt_publication" and _ASKED_WHOM.search(text, max(0, m.start - 3), m.stop)
    ):
        m = replace(m, concept=s.lexicon.concepts["consent_no"])  # 先方の了解はナシ, A社には確認していません
    if m.concept.id == "consent_no" and _NOT_BAD.search(text, m.start, m.stop + 2):
        return None  # 返事に書くのはダメじゃないですよね: asks
    if m.concept.id == "consent_no" and text.startswith("勝手に", m.start) and _MAY_I.match(text, m.stop):
        return None  # 勝手に載せていいですか asks whether leave is needed
    refusing = m.concept.id == "consent_no" and m.status >= {"neg", "end"} and not m.status & {"past", "prog"}
    if refusing and any(p.begin < m.end and m.begin < p.end for p in s.promises):
        return None  # 追加の説明はしません: a promise, no missing consent
    if m.concept.id == "told_not" and _STANDING.search(text, max(0, m.start - 10), m.start):
        return None  # 載っている表だけ使って
    return m


def _doubting(m: Mention, s: _Scope) -> Mention | None:
    """Hearsay that is of no publication: 「それは社外秘だ」と言い張る."""
    if m.concept.id == "doubt_publication" and (
        phrases.doubt.ALLOWED.search(s.before(m, 16)) or _WHAT_MAY.search(s.before(m, 16))
    ):
        return None  # 何が秘密か分からない, 何を言っていいか分からない: of the rule, not of the publication
    if m.concept.id == "weak_doubt" and (
        s.text[m.start : m.stop].startswith(("掲示板に", "掲示板と"))  # 掲示板にもサイトにも: two places
        or _HID_BY_WORD.search(s.before(m, 8))
        or phrases.doubt.BELIEVED_HIDDEN.search(s.text, max(0, m.start - 10), m.stop)
        or _SAID_HID.search(s.text, max(0, m.start - 40), m.stop + 2)
    ):
        return None
    if m.concept.id == "unknown_content" and _TERMS.search(s.text, max(0, m.start - 6), m.stop):
        return None  # 規約は読んでいない
    if m.concept.id == "unknown_content" and _PEOPLE_TOO.search(s.text, max(0, m.start - 8), m.stop):
        return None  # よその人も混ざって来る
    if (
        m.concept.id in ("unsure", "doubt_publication")
        and s.owed
        and _BAN.search(s.text, said := min(m.start, clause_start(s.text, m.start, 24)), m.stop)
        and not _BAN_OPEN.search(s.text, said, m.stop)
    ):
        return None
    return m


def _hiding(m: Mention, s: _Scope) -> Mention | None:
    """What was once hidden is past (以前は社内だけ, 非公開だった); what is promised to be left out is not there."""
    text, name = s.text, m.concept.id
    if name == "not_yet" and (
        any(r.begin < m.end and m.begin < r.end for r in s.refused)
        or any(d.begin < m.end and m.begin < d.end for d in s.doubts if d.concept.id == "unknown_content")
    ):
        return None  # まだ返事をもらえていない, まだ中身を読んでいない: of the answer or the reader, not of the thing
    if name == "publish" and text.startswith("の表に", m.start - 1):
        return None  # 工場の表に出して乾かす
    if name == "publish" and text.startswith("表が", m.start):
        return None  # 仕入値の表が出てきた
    if name == "publish" and not m.status & {"neg", "neg2"}:
        return m
    if name in _LIMITS and (s.begins(m, "denied") or (s.touches(m, "no_barrier") and _BARRIER.search(text, m.start))):
        return None  # 限定公開じゃなくて普通の公開, ログインもいらない
    if name in _LIMITS and any(a <= m.start < b <= s.last_out for a, b in s.spans["misbelieved"]):
        return None  # 非公開だと思ってる人が多いけど、実は毎回サイトに出している
    if name == "mark" and text.endswith("て", 0, m.stop) and _NOT_DONE.match(text, m.stop):
        return None  # どこにも社外秘って書いてない
    if name in _DENIABLE and phrases.hidden.NOT_SO.search(text[m.stop : m.stop + 24]):
        return None
    if (name in _HIDING or name == "not_carried") and s.begins(m, "elsewhere"):
        return None
    if name == "limited" and (_then_open(m, s) or phrases.hidden.BEFORE.search(s.before(m, 24))):
        return None  # 去年までは会員だけに配っていた
    if (
        name in ("inside_only", "unpublished")
        and "しか" in text[m.start : m.stop]
        and _KNOWN_BY.search(s.before(m, 20))
    ):
        return replace(m, concept=s.lexicon.concepts["unknown_content"])  # 何の会議かは課長しか知らない
    if name in ("unpublished", "not_yet") and (
        "ことに" in text[m.start : m.stop] and m.start < s.last_out and _DUTY.search(s.before(m, 30))
    ):
        return None
    if name in ("unpublished", "not_yet") and s.touches(m, "occasions"):
        return None
    if name in ("inside_only", "limited", "unpublished") and _GOES_TO.match(text, m.stop - 1):
        return None  # 販売店向けの新聞に載せる: whereto
    if name in _HIDING:
        if s.begins(m, "stopped") or s.lies(m, "offices", "visitors") or _OPEN_CLASS.search(text, m.start, m.stop):
            return None  # 市の契約課のページ, 検討中の人, 公開講座で話す予定
        if s.begins(m, "weighed"):
            m = replace(m, status=m.status | {"whether", "doubt"})
        if name in ("not_yet", "unpublished") and s.touches(m, "undecided"):
            return replace(m, concept=s.lexicon.concepts["unknown_content"])  # 何を話すかもまだ決めていない
    if name in _PROMISED and any(
        p.begin <= m.begin < p.end or (p.clause == m.clause and m.begin <= p.begin) for p in s.promises
    ):
        return None
    return _when_hidden(m, s) if name in _HIDING else m


def _when_hidden(m: Mention, s: _Scope) -> Mention:
    """A mention of something hidden, with whether it still is."""
    found = (
        any(a == m.start for a, _ in s.spans["found_inside"] + s.spans["some_late"])
        or _HELD_SO.match(s.text, m.stop)
        or ("しか" in s.text[m.start : m.stop] and _SOUGHT.search(s.text, max(0, m.start - 60), m.start))
    )
    if found and m.concept.id in ("inside_only", "unpublished", "mark"):
        m = replace(m, status=m.status - {"past", "done"})  # 見つかったのは社内ポータルだけでした: it still is
    elif s.begins(m, "labelled"):
        m = replace(m, status=m.status | {"past"})
    if _BECAME.match(s.text, m.stop) or _NOW.search(s.before(m, 14)):
        return replace(m, status=m.status - {"past", "done"})  # 公開停止になりました: it is so now
    if "past" in m.status or found:
        return m
    before = phrases.hidden.BEFORE.search(s.before(m, 24))
    then = before and not re.search(r"今(?!まで)|現在|来", before[0])
    if then or _then_open(m, s) or phrases.hidden.WAS.search(s.text[m.stop :]):
        return replace(m, status=m.status | {"past"})
    return m


def _then_open(m: Mention, s: _Scope) -> bool:
    """去年は会員だけに見せていた統計、今年からは誰でも見られる."""
    return bool(phrases.hidden.THEN.search(s.before(m, 24)) and phrases.hidden.NOW_OPEN.search(s.text, m.stop))


def clause_start(text: str, before: int, most: int) -> int:
    """Where the clause begins that ends at `before`, at most so many characters earlier."""
    first = max(0, before - most)
    return max((text.rfind(mark, first, before) + 1 for mark in "。!?\n、「"), default=0) or first
