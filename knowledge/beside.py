"""Whether what is asked about is the very thing that was published, or another that stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import phrases
from .grammar import mention_of, tokens_at
from .lexicon import Lexicon, Mention, Message
from .phrases import another
from .text import Token
from .things import EMPTY, FEATURES, OTHER, PICTURES

_OF_WHOM = re.compile(
    r"を[^。!?\n、をにへ]{1,10}?(?:る|た)(?:人|方(?!法)|お客(?:さん|様)?|会社|業者|友達|友人|知り合い|親|学生|先生|家族)(?:さん|たち)?(?:の[^。!?\n、]{1,4})?(?:に|へ|から)"
)
# さっきの図, あの表: pointed at, not named.
_BUT = re.compile(
    r"として(?:、|も)|けれど|けど|ですが|ますが|たが|ものの|一方|ただ(?!い)|でも(?=、|うち)|(?:裏|後ろ|余白|欄外|下|横|隣)(?:に|の)|あと(?:は|、)|(?:ほか|他|別)に"
)
_AS_IT_IS = re.compile(
    r"(?:表|資料|ページ|公報|発表|公表|掲載|記載|開示|案内|書いて(?:ある|いる))(?:の)?(?:どおり|通り|とおり)"
)
_CONTENTS = re.compile(r"の(?:中身|内容|内訳|詳細|根拠|裏側|続き|元)(?=を|も|まで|って|、)")
_TOPIC = re.compile(r"(?:[一-鿿ァ-ヺー]|だけ|まで)は(?:もう|すでに|既に|全部)?[^。!?\n、はがも]{0,8}$")
_BACK = re.compile(
    r"その(?:[^。!?\n、をはがも]{0,6}(?:ページ|サイト|カタログ|公報|記事|本|動画|論文|資料|表|リリース|ポスター|チラシ|冊子|特許|説明書|案内|番組|放送|映像|図|投稿|看板|紙|パンフ|広告|レシピ|データ|リスト)の"
    r"|(?!裏|元|もと|奥|根拠|続き|先の|後ろ|隣|他|ほか|(?!(?:中|うち|通り|とおり|まま|内容|部分|範囲|ところ)の)[^。!?\n、をはがも]{1,8}の[一-鿿ァ-ヺa-z]))|"
    r"(?:そこ|あれ|これ|それ)(?:の|に(?:書い|載っ|出))(?!裏|元|もと|奥|根拠|続き|先の|後ろ|隣|他|ほか|工場|会社|店|人|担当|社員|ほう|方)[^。!?\n、をはがもの]{1,10}(?=を|は|も|って|だけ|、)|"
    r"^中の(?:対談|年表|写真|図|表|文章|文|記事|章|地図|グラフ|イラスト|コラム|インタビュー|ページ|絵)(?=を|は|も|だけ|って)|"
    r"この(?:pdf|ページ|サイト|カタログ|公報|記事|動画|論文|リリース|ポスター|チラシ|冊子|スライド|報告書)の(?:[0-9一二三四五六七八九十]+(?:ページ|頁|枚目|章|番)|図|表)|(?:放送|生放送|番組|会見|発表(?:会)?|配信|動画|講演|展示)で(?:出た|使った|流れた|見せた|映った|話した|言った|配った)|"
    r"同じ(?!(?:人|方|お?宅|家|会社|店|お?客(?:さん|様)?|現場|工場|機械|案件|工事|物件|患者(?:さん)?|生徒)の)|そのまま|載(?:っ|せ(?:た|て(?:い|あ)?る|とる))|流れた|書いて(?:あ|い(?!い))|に(?:は)?(?:書い|記し|示し|掲げ|貼っ|刷っ)た|出て(?:い)?る|記載|範囲|だけ(?!や|だ|で|$)|公報|公開(?:の|さ|済|し)|対象の|該当(?:の|する)|当該|上記|前述"
)


# 公開しているライブラリの、うちにしかない次の版を: of it, and another thing, unless it is on its face.
_PART_OF = re.compile(
    r"[ぁ-ん]{0,4}[^。!?\n、をはがも]{1,12}の、(?!"
    + phrases.publication.ON_ITS_FACE
    + r"(?:だけ)?(?:を|は|も))[^。!?\n]{2,40}?(?:を|も(?!う)|まで|です|なん|だ(?=。|よ|$))"
)
# カタログに載っている | 製品の部品表を: the product is shown there, not what it is made of.
_OF_THE_SHOWN = re.compile(
    r"[ぁ-ん]{0,7}?(?:うちの|弊社の|当社の)?([一-鿿ァ-ヺーa-z0-9]{1,12})の(?:[一-鿿ァ-ヺー]{1,6}の)?([一-鿿ァ-ヺーa-z]{2,10})(?=を|は|も|、|って|まで|だけ)"
)
# 店で売っている | 弁当の味付けの順番を: what a buyer sees is public, how it is made is not.
_SOLD = re.compile(
    r"(?!.*(?:印刷|刷っ|書い|本|誌|書|図鑑|新聞))[^。]*?(?:売(?:っ|られ)|買え|並[べん]|販売|配(?:っ|布)|渡し|差し上げ|あげて|お取り|持ち帰)"
)
# 店のドアに掲示している | スタッフの当番: of those who work there, wherever it hangs
_OF_STAFF = re.compile(
    r"[ぁ-ん]{0,3}(?:スタッフ|社員|従業員|職員|バイト|パート|店員|係員)(?:たち|さん)?(?:の|用の?|向けの?|同士の)"
    r"(?!募集|求人|紹介|写真|声|ブログ|インタビュー|おすすめ|お勧め)[^。!?\n、をはが]{1,10}(?=を|は|も|、|って)"
    r"|[ぁ-ん]{0,3}[^。!?\n、をはが]{0,6}(?:シフト|当番|勤務|連絡網)[^。!?\n、をはが]{0,4}(?=を|は|も|、|って)"
)
_GIVEN = re.compile(r"配(?:っ|布)|渡し|差し上げ|あげて|お取り|持ち帰")
_OF_GOODS = re.compile(
    r"(?:ください)?(?:で|と)?(?:置いて(?:い|あ)る)?(?:て|で)?(?:い)?る?(?:うちの|自社の|弊社の|当社の)?([一-鿿ァ-ヺーa-z0-9]{1,12})の、?([^。!?\n、をはが]{1,24}?)(?=を|は|も(?!う)|って|、|まで|だけ|とか|が|。|\?|$)"
)
_FACE = re.compile(
    r".*(?:ラベル|箱|袋|裏|包装|パッケージ|容器)に(?:印刷|刷|書|載|表示|記載)(?!.*(?:ない|ません|から)).*|.*(?:名前|名称|商品名|値段|ねだん|価格|料金|金額|写真|画像|外観|発売日|日付|日程|特徴|概要|色|型番|サイズ|大きさ|説明書?|取説|ロゴ|成分表示|全成分|カロリー|内容|中身|こと|話|原材料名?|内容量|量|重さ|アルコール(?:分|度数)?|アレルゲン|アレルギー(?:の?(?:表示|表|一覧|物質))?|栄養(?:成分|表示)?|期限|保存(?:の仕方|方法)?|産地|使い方|表示|箱|袋|ラベル|パッケージ|デザイン|題名|目次|章|文|絵|曲|見た目|形|飾り|盛り付け|置き場所|棚|売り場|日にち|営業時間)$"
)
_PRINT = re.compile(
    r"(?:本|書|誌|紙|集|書籍|図鑑|地図|カタログ|パンフ(?:レット)?|チラシ|メニュー|ポスター|ラベル|箱|cd|dvd|新聞|カレンダー|リーフレット|冊子|案内|しおり|フリーペーパー|ビラ|だより|便り|マップ|うちわ|ティッシュ|クーポン|券|カード|広報|広告|プリント|印刷物?|表|紙面|やつ|もの|通り|とおり|まま)(?:の(?:ほう|方|やつ|分))?$"
)
_SHEET = re.compile(
    r"(?:公報|資料|論文|カタログ|ページ|記事|冊子|本|書|動画|映像|ポスター|チラシ|スライド|リリース|発表|特許|写真|規格|サイト|パンフレット|表|図|結果|統計|調査|報告|データ)$"
)
_FINER_HEAD = re.compile(
    r"(?:内訳|根拠|明細|元データ|原価|仕入れ?|仕入れ?先|調達先|購入先|外注先|委託先|卸値|仕入値|部品表|配合|粗利|利益率|掛け率|設計データ|製造条件|作業手順|検査基準)$"
)
# 社外秘の方針と一緒に送る: a thing told to be hidden goes along
_HIDDEN_TOO = re.compile(
    r"(?:社外秘|部外秘|極秘|マル秘|非公開|未公開)の[一-鿿ァ-ヺー]{1,10}"
    r"(?:と(?:一緒|いっしょ|あわせ|合わせ|セット|まとめ)|も(?=添え|付け|つけ|入れ|渡|送|見せ|一緒))"
)
# 新聞に載った事故の件、社内の調査報告書を見せていい
_INNER_ONE = re.compile(
    r"(?<![たるい])(?<=[、。!?])(?:社内|部内|院内|園内|校内|内部|うち)の(?:[一-鿿ァ-ヺー]{1,8}の)?[一-鿿ァ-ヺー]{1,8}"
    r"(?:報告書|票|議事録|メモ|ノート|記録|台帳|稟議書?|日報|帳簿|調書)(?=を|は|も|って)"
    r"|(?<=[、。!?])(?:うち|当社|自社|弊社|こちら|私)(?:が|から)(?:[^。!?\n、をはが]{1,6}に)?(?:出した|提出した|応募した|申請した|送った|書いた|まとめた)[一-鿿ァ-ヺー]{1,8}(?:書|書類|資料|案|票)(?:の[^。!?\n、をはが]{1,6})?(?=を|は|も|って)"
)
# 採択は公表済み。申請書を頼まれた。中に原価が書いてあるけど: what is asked about holds more than was published
_WITHIN = re.compile(
    r"(?:(?<=[。!?\n、])|^)(?:その)?中(?:身)?に(?:は|も)?[^。!?\n、]{0,24}?(?:書いて|書か|載って|入って|含ま|記載|出て)"
)
_OPEN_ONE_MEANT = re.compile(
    r"、?(?:[^。!?\n、]{0,12}?(?:国|県|市|町|村|役所|役場|省|庁|公式|一般(?:公開)?|公開(?:されて(?:い)?る|版|中)?|サイト|ホームページ|hp|カタログ|パンフ(?:レット)?|チラシ|市販)の?(?:ほう|方|もの|やつ|版|ページ|だけ))"
)
_OURS_DENIED = re.compile(
    r"(?:うち|自社|社内|内部|弊社|当社|手元|下書き|未公開|非公開|社外秘)(?:の|用の?|で)?[^。!?\n、をはが]{0,10}$"
)
_NOT_BUT = re.compile(
    r"(?<=[一-鿿ァ-ヺーa-z」つ])(?:じゃ|では|や)なく(?:て|、)"
)  # 有報に載っている連結の数字じゃなくて、店ごとの数字
# 取説は公開しているけど、サービスマニュアルは社外秘: of two things told apart, the hidden one
_OTHER_HIDDEN = re.compile(
    r"(?:けど|けれど|が|のに|一方で?)、?(?!今|いま|前|以前|昔|元|最初|当時|去年|昨年|先月|先週)([^。!?\n、はがも「]{1,16})(?<!まで)は"
    r"[^。!?\n]{0,20}?(?:しか(?![^。!?\n、]{0,12}(?:載|分か))[^。!?\n、]{0,12}(?:ない|ません|へん|ず)|社外秘|部外秘|極秘|門外不出|非公開|未公開)(?!だった|でした|やった|では?な|じゃな)"
)
# 玄関に掲示している料金と、法人だけの割引の金額を: one more thing, told apart from the first.
_AND_OTHER = re.compile(
    r"[ぁ-ん]{0,6}[^。!?\n、をはがも]{1,20}?(?:と|および|及び|それから)、(?!同じ|その)([^。!?\n、をは]{1,12}(?:の|な|た|る|い|だけ)[^。!?\n、をは]{1,16})(?=を|は|も)"
)
# ラベルに書いてある倍率、うちで試した別の倍率を
_APART_TOO = re.compile(
    r"[ぁ-ん]{0,6}[^。!?\n、をはがも]{1,20}?、(?!同じ|その|それ)"
    r"([^。!?\n、をは]{0,14}?(?:別の|他の|ほかの|もう一つの|裏の|実際の|(?:うち|自社|社内|現場)で[^。!?\n、をは]{1,8}た|仕入れ[^。!?\n、をは]{0,4}|まだ[^。!?\n、をは]{1,10}|だけの)"
    r"[^。!?\n、をは]{1,12})(?=を|も|は)"
)
# 公開されているデータシート | の元になった試験の結果
_MADE_FROM = re.compile(r"の(?:元|もと|ベース|根拠|裏付け)(?:に(?:なった|した|ある)|となった)")
# サイトで話していた数字と、打ち合わせで聞いた数字
_AND_HEARD = re.compile(
    r"[ぁ-ん]{0,6}[^。!?\n、をはがも]{1,20}?(?:と|および|及び|それから)、([^。!?\n、をは]{0,12}(?:で|から|に)(?:聞いた|もらった|教わった|見せてもらった|知った|預かった|測った|調べた|作った)[^。!?\n、をは]{1,10})"
)
_THAT_ONE = re.compile(r"(?<=[。!?\n])(?:それ|これ)(?=を|は|も|って|なら)")
_FAR = 40  # characters
_SOURCE = re.compile(
    r"の(?:元|もと|ベース|根拠|裏付け)(?:に(?:なった|なっている|なってる|した|ある)|の|となった|となる)"
)
_NEAREST = re.compile(r"(?<=[をが])")
_OTHER_ONE = re.compile(
    r"([^。!?\n、]{1,12})(?<!会社)(?<!業者)(?<!人)(?<!さん)(?<!社員)(?<!先)(?<!お客)(?<!住民)(?<!近所)(?<!一般)(?:の|た|る|い)(?:ほう|方)(?!が(?:いい|よ|良|安))(?:の[^。!?\n、をはがも]{1,8})?(?:を|も|は|が|だけ|まで)(?!法)"
)
_OPENLY = re.compile(
    r"貼り紙|張り紙|社告|開示|公表|届出|お知らせ|掲示|看板|ポスター|チラシ|新聞|本$|公開|載|公報|サイト|hp|ホームページ|カタログ|ページ|一般|配布|発表|出て|同じ|公式"
)
_TOLD_OF = re.compile(
    r"([一-鿿ァ-ヺーa-z0-9]{1,16})(?:の(?:ほう|方))?(?:は|も|(?<=[一-鿿ァ-ヺー]{2})って)(?:もう|すでに|既に|全部|ちゃんと)?[^。!?\n、はがを]{0,14}"
)
_POINTER = re.compile(
    r"^(?:中身|内容|全部|同じもの|本文|全文|原文|写し|現物|実物|これ|それ|数字|数値|今|いま|現在|今日|誰で)$"
)
# What carries the same words: the text, a copy, a link.
_CARRIERS = set(
    "余り 残り 写メ pdf url リンク 文面 本文 全文 原文 コピー 写し 画像 画面 スクショ ページ アドレス 印刷"
    " データ".split()
)
_PRINTED = set(
    "値段 ねだん 価格 料金 日時 日にち 日付 時間 場所 住所 電話番号 写真 文章 文言 文面".split()
)  # on the face of it
_NUMBERS = set("数値 値".split())
_MEASURED = re.compile(
    r"(?:結果|データ|統計|検査|測定値?|数値|相場)(?:は|を|も|が|、)[^。!?\n]{0,30}(?:掲示|載|出|公開|公表|貼|書)"
)
_AMOUNT = set("金額 額 値段 価格 料金 代金".split())
_PRICED = re.compile(
    r"(?:[一-鿿ァ-ヺー](?:代|料|費|賃)|料金|値段|価格|金額|同額)(?:表|一覧)?(?:は|を|も|が|、)[^。!?\n]{0,40}(?:掲示|載|出|公開|公表|貼|書)|同額|同じ(?:額|値段|金額|料金)"
)
_POINTING = {"その", "あの", "この", "同じ", "当該"}
_NAMES = {"名前", "番号", "氏名"}
_ON_PAPER = set("表 図 書 版 案 名 文 紙 集 票".split())  # 献立表: of the 献立 that was told of
_INTO = re.compile(
    r"(?:の[^。!?\n、をはがもに]{1,8})?(?:に|へ)(?:も)?(?:貼|載せ|使|入れ|出し|付け|添え|引用|書いて(?:いい|も|よ))"
)  # 学会のポスターに貼る: whereto
_NOT_GIVEN = re.compile(r"(?:は|も|を)[^。!?\n、]{0,8}(?:ません|ない)(?!か)")
_DEALINGS = set("会議 打ち合わせ 商談 やり取り 交渉 選考 審査 面接 聞き取り 相談 検討 調査".split())
_INNER_PAPER = re.compile(
    r"(?:書|票|表|メモ|ノート|シート|報告|資料|控え|帳|台帳|稟議|カルテ|日誌|日報|記録|録|ファイル|原稿|草稿|下書き|フォルダ|システム|メール|帳面)$"
)
_STANDS_IN = re.compile(
    r"((?:[貼張]り)?[一-鿿ァ-ヺーa-z0-9]+)に(?:は|も)?(?:載っ(?:た|て(?:い)?る)|載せ(?:た(?!い)|て(?:い|あ)?る)|書い(?:た|て(?:い|あ)?る)|書かれ|出て(?:い)?る|記載[のさし]|記した|示した|掲げた|貼った|貼ってある|刷った)"
)
_WAY = re.compile(r"[一-鿿ぁ-ん][りきぎしちにびみいえけせてねべめれげ]方(?:の(?:工夫|コツ|勘どころ|決まり|中身))?$")
_ASPECTS = set("図 写真 絵 手順 方法 やり方 内容 中身 数字 数値 値 値段 価格 料金 金額 寸法 名前 表 文 文章".split())
_ATTRIBUTES = set("名前 お名前 実名 社名 住所 連絡先 年齢".split())
_KANA = re.compile(r"[ぁ-んー]+$")
_OBJECT = {"を", "も", "は", "って", "まで", "とか", "について"}


def beside(message: Message, lexicon: Lexicon) -> list[Mention]:
    """What is another thing than the one published: 値段はチラシに出ているけど、裏に粗利が書いてある."""
    public = [
        m
        for m in message.mentions
        if m.concept.id in ("in_medium", "open_access", "in_public", "register")
        or (m.concept.id == "publish" and "done" in m.status)
    ]
    if not public:
        return []
    text, first = message.source.text, min(m.stop for m in public)
    promises = [m for m in message.mentions if m.concept.id == "promise"]
    # その裏の図も渡していい: one thing more than was published
    asked_in = {m.sentence for m in message.mentions if "may" in m.status and m.concept.group == "act"}
    clauses = {m.clause for m in public}
    media = [m for m in message.mentions if m.concept.group == "medium"]
    for m in public:
        part = _PART_OF.match(text, m.stop)
        again = (
            any(text.index("の、", part.start()) < p.start < part.end() for p in media) if part else False
        )  # 〜の、ストアに出ている文を
        if part and not again:
            return [mention_of("beside", *tokens_at(message.tokens, *part.span()), message, lexicon)]
    for m in public:
        rest = another.REST.match(text, m.stop) if "adn" in m.status else None
        if rest:
            return [mention_of("beside", *tokens_at(message.tokens, *rest.span()), message, lexicon)]
        of_staff = _OF_STAFF.match(text, m.stop) if m.concept.id == "in_public" else None
        if of_staff:
            return [mention_of("beside", *tokens_at(message.tokens, *of_staff.span()), message, lexicon)]
        sold = m.concept.id != "in_medium" and _SOLD.match(text[m.start : m.stop])
        of = _OF_GOODS.match(text, m.stop) if sold else None
        given = of and _GIVEN.search(text, m.start, m.stop)
        if of and not _PRINT.search(of[1]) and not _FACE.match(of[2]) and not (given and _PRINT.search(of[2])):
            return [mention_of("beside", *tokens_at(message.tokens, *of.span(2)), message, lexicon)]
        owned = _OF_THE_SHOWN.match(text, m.stop)
        if not owned or _SHEET.search(owned[1]):
            continue
        start, stop = owned.span(2)
        if _FINER_HEAD.search(owned[2]) and owned[2] not in text[: m.start]:
            return [mention_of("beside", *tokens_at(message.tokens, start, stop), message, lexicon)]
    origin = _behind_it(public, message)
    if origin:
        return [mention_of("beside", *tokens_at(message.tokens, *origin), message, lexicon)]
    inner = _INNER_ONE.search(text, first) or _HIDDEN_TOO.search(text)
    if inner:
        return [mention_of("beside", *tokens_at(message.tokens, *inner.span()), message, lexicon)]
    within = _WITHIN.search(text, first)
    if within and any(
        m.concept.nature == "secret" and m.exact and within.start() < m.start < within.end() for m in message.mentions
    ):
        return [mention_of("beside", *tokens_at(message.tokens, *within.span()), message, lexicon)]
    content = another.ITS_CONTENT.search(text, first)
    if content and any(another.ANNOUNCES.search(text, max(0, m.start - 8), m.stop + 4) for m in public):
        return [mention_of("beside", *tokens_at(message.tokens, *content.span()), message, lexicon)]
    root = _MADE_FROM.search(text, first)
    if root:
        return [mention_of("beside", *tokens_at(message.tokens, *root.span()), message, lexicon)]
    for found in phrases.publication.FINER.finditer(text, first):
        if _BUT.search(text[first : found.start()]):
            return [mention_of("beside", *tokens_at(message.tokens, *found.span()), message, lexicon)]
    for found in _OTHER_HIDDEN.finditer(text, first):
        if not any(found[1] in text[m.start : m.stop] for m in public):
            return [mention_of("beside", *tokens_at(message.tokens, *found.span(1)), message, lexicon)]
    for found in _NOT_BUT.finditer(text):
        around = [m for m in public if abs(m.start - found.start()) < _FAR]
        limit = any(a.start() <= found.start() < a.end() for a in phrases.hidden.DENIED.finditer(text))
        meant = _OURS_DENIED.search(text, max(0, found.start() - 16), found.start()) and _OPEN_ONE_MEANT.match(
            text, found.end()
        )  # うちのマニュアルじゃなくて国のほう
        if around and not limit and not meant and all(m.stop <= found.start() for m in around):
            words = tokens_at(message.tokens, *found.span())
            return [mention_of("beside", *words, message, lexicon)]
    for m in public:
        apart = _APART_TOO.match(text, m.stop) or _AND_HEARD.match(text, m.stop)
        if apart:
            return [mention_of("beside", *tokens_at(message.tokens, *apart.span(1)), message, lexicon)]
        more = _AND_OTHER.match(text, m.stop)
        if more and any(
            x.concept.nature == "secret" and x.exact and more.start(1) < x.start < more.end(1) for x in message.mentions
        ):
            return [mention_of("beside", *tokens_at(message.tokens, *more.span(1)), message, lexicon)]
    contents = _CONTENTS.search(text, first)
    if contents and any(_TOPIC.search(text[max(0, m.start - 16) : m.start]) for m in public):
        behind = text[contents.start() : contents.end() + 12]
        if not _BACK.search(text[max(first, contents.start() - 8) : contents.start()]) and "公" not in behind:
            return [mention_of("beside", *tokens_at(message.tokens, *contents.span()), message, lexicon)]
    for m in message.mentions:
        if m.concept.nature != "secret" or not m.exact or m.start < first or m.clause in clauses:
            continue
        if _INTO.match(text, m.stop) or text.startswith(("日が", "日は"), m.stop - 1):
            continue  # 解禁日が今日だった
        if any(p.clause == m.clause and m.begin <= p.end for p in promises):
            continue  # 中の機構の図は入れません
        too = text.startswith("も", m.stop) and message.tokens[m.end - 1].pos == "名詞" and m.sentence in asked_in
        nearest = max((p for p in public if p.stop <= m.start), key=lambda p: (p.stop, p.start))
        last = nearest.stop
        only = _TOPIC.search(text[max(0, nearest.start - 16) : nearest.start])  # 社名は公表済みです
        begin = min(t.start for t, c in zip(message.tokens, message.clause_of, strict=True) if c == m.clause)
        here = _NEAREST.split(text[begin : m.start])[-1] + text[m.start : m.stop + 12]  # その性能を出すための | 手順
        if (
            (only or too or _SOURCE.search(text[last : m.start]) or _BUT.search(text[last : m.start]))
            and text[m.start : m.stop] not in text[:first]
            and (not _BACK.search(here) or _SOURCE.search(here))
        ):
            return [mention_of("beside", m.begin, m.end, message, lexicon)]
    return _another(message, lexicon, public)


def _pointed_at(public: list[Mention], asked: int, message: Message) -> tuple[int, int] | None:
    """Another thing told of between what is out and a question that points to it.

    カタログは公開しています。手元の控えには歩留まりも書いてあります。それを渡していい?
    """
    words, text = message.tokens, message.source.text
    here = message.sentence_of[asked]
    before = [m for m in public if m.sentence < here]
    pointer = another.THIS_ONE.match(text, max(words[asked].start - 1, 0)) if before else None
    if not before or not pointer:
        return None
    ends = [t.end for t, s in zip(words, message.sentence_of, strict=True) if s == max(m.sentence for m in before)]
    first, last = max(ends), words[asked].start
    more = another.ONE_MORE.search(text, first, last)
    if more:
        return more.span()
    held = another.HOLDER.search(text, first, last)
    if not held or held[1] in text[:first] or held[1] in FEATURES | EMPTY | _CARRIERS:
        return None
    media = [m for m in message.mentions if m.concept.group in ("medium", "publication")]
    if any(m.start < held.end(1) and held.start(1) < m.stop for m in media):
        return None
    return held.span()


def _behind_it(public: list[Mention], message: Message) -> tuple[int, int] | None:
    """What a published thing was made from, or written about it: 新聞に出た記事の取材メモ, その原稿, 元データ."""
    text = message.source.text
    first = min(m.stop for m in public)
    promised = {m.clause for m in message.mentions if m.concept.id == "promise"}
    for pattern in (
        another.BEHIND,
        another.BEHIND_IN,
        another.WITH_OURS,
        another.OURS_BY_IT,
        another.MADE_FOR,
        another.NEXT_ONE,
    ):
        for found in pattern.finditer(text, first):
            if any(
                a <= found.start() < b
                for t, c in zip(message.tokens, message.clause_of, strict=True)
                if c in promised
                for a, b in [(t.start, t.end)]
            ):
                continue
            m = max((p for p in public if p.stop <= found.start()), key=lambda p: p.stop)
            if pattern is another.BEHIND and (
                found[0] in text[:first]
                or ("adn" in m.status and another.OWNERS.match(text, m.stop, found.start()))
                or another.STANDS_BEFORE.search(text, max(0, found.start() - 12), found.start())
            ):
                continue
            return found.span()
    return None


def _wanted(wanted: re.Match[str], public: list[Mention], message: Message, lexicon: Lexicon) -> list[Mention]:
    """Another thing that was asked for: 歩留まりを聞かれました。仕様は公開しています。答えていい?"""
    text, name = message.source.text, wanted[1]
    for m in public:
        begin = min(t.start for t, s in zip(message.tokens, message.sentence_of, strict=True) if s == m.sentence)
        topic = _TOLD_OF.search(text, begin, m.stop) or ("adn" in m.status and another.SHOWN.match(text, m.stop))
        if not topic or topic[1] in name or name in text[begin : m.stop] or _POINTER.search(topic[1]):
            return []
    if _POINTER.search(name) or name in EMPTY | _CARRIERS | _ASPECTS:
        return []
    return [mention_of("beside", *tokens_at(message.tokens, *wanted.span(1)), message, lexicon)]


def _past_brackets(words: Sequence[Token], k: int) -> int:
    """The word behind a bracket that opens at k: 抽選テーブル(確率より細かい重み)を. Else k itself."""
    if words[k].surface == "(":
        close = next((n for n in range(k, len(words) - 1) if words[n].surface == ")"), 0)
        return close + 1 if close else k
    return k


def _told_of(k: int, begin: int, told: set[str], known: set[int], message: Message) -> bool:
    """Whether a paper without a name of its own is told apart by what it is of: 会議の録音, やり取りした書面."""
    words = message.tokens
    first = k
    while first > begin and words[first - 1].surface not in ("を", "が", "は", "も", "、", "に", "で", "から"):
        first -= 1
    if first == k or words[k].surface in _CARRIERS - {"データ"} or words[k - 1].pos not in ("助詞", "助動詞", "動詞"):
        return False
    return any(
        t.pos == "名詞"
        and len(t.surface) > 1
        and t.surface not in told
        and (t.surface in _DEALINGS or (first + n not in known and not {t.lemma, t.surface} & (EMPTY | _CARRIERS)))
        for n, t in enumerate(words[first:k])
    )


# 説明会の録画は公開中です。 | 社長が話した見通しを: what was said there
_SAID_THERE = re.compile(
    r"(?<!後で)(?<!別に)(?:社長|会長|代表|登壇者|講師|発表者|本人)が(?:話した|言った|述べた|説明した|語った|答えた)(?!後)"
)
_TALK = re.compile(r"配信|会見|説明会|講演|放送|番組|動画|録画|録音|登壇|インタビュー")


def _goes_back(asked: str, before: str, message: Message) -> bool:
    """Whether a sentence speaks of what was published: その図, 載っている図."""
    if _SAID_THERE.search(asked) and _TALK.search(before) and not _elsewhere(asked, before, message):
        return True
    return _BACK.search(asked) is not None and not _elsewhere(asked, before, message)


def _elsewhere(asked: str, before: str, message: Message) -> bool:
    """Whether a sentence speaks of what stands in a paper of another kind: 推薦書に書いた数字."""
    place = _STANDS_IN.search(asked)
    if not place or place[1] in before or _OPENLY.search(place[1]):
        return False
    if not _INNER_PAPER.search(place[1]):
        return False
    if place[1] in ("明細書", "請求の範囲", "要約書") and "公報" in before:
        return False  # what a gazette prints
    if len(place[1]) > 2 and place[1][:-1] in before and place[1][-1] in _ON_PAPER:  # 適時開示, 開示文
        return False
    media = {message.source.text[m.start : m.stop] for m in message.mentions if m.concept.group == "medium"}
    return not any(place[1].endswith(x) or x.endswith(place[1]) for x in media)


def _told_after(asked: str, public: list[Mention], message: Message, lexicon: Lexicon) -> list[Mention]:
    """Another thing, told behind the question to be published: 図面を渡していい?完成写真はサイトに出ています."""
    text = message.source.text
    for m in public:
        begin = min(t.start for t, s in zip(message.tokens, message.sentence_of, strict=True) if s == m.sentence)
        topic = _TOLD_OF.search(text, begin, m.stop)
        if not topic:
            return []
        name = topic[1]
        if name in asked or (len(name) > 1 and name[-1] in asked) or _POINTER.search(name):
            return []
    return [mention_of("beside", public[0].begin, public[0].end, message, lexicon)]


def _another(message: Message, lexicon: Lexicon, public: list[Mention]) -> list[Mention]:
    """The thing asked about, where a sentence before it told of another thing that is published."""
    words, text = message.tokens, message.source.text
    asks = [
        m
        for m in message.mentions
        if m.concept.id == "ask_permission" or ("may" in m.status and m.concept.group == "act")
    ]
    promised = {m.clause for m in message.mentions if m.concept.id == "promise"}
    kept = [s for s, c in zip(message.sentence_of, message.clause_of, strict=True) if c not in promised]
    here = asks[-1].sentence if asks else kept[-1] if kept else message.sentence_of[-1]
    inside = [k for k, s in enumerate(message.sentence_of) if s == here]
    asked = text[words[inside[0]].start : words[inside[-1]].end]
    other = _OTHER_ONE.search(asked)
    if other and not _OPENLY.search(other[1]) and not any(m.concept.id == "promise" for m in message.mentions):
        return [mention_of("beside", inside[0], inside[-1] + 1, message, lexicon)]
    told = {m.sentence for m in public}
    topic = another.AND_WHAT_OF.search(text, max(m.stop for m in public)) if min(told) <= here else None
    if topic and topic[1] not in text[: topic.start()] and topic[1] not in EMPTY | FEATURES | _CARRIERS | _PRINTED:
        return [mention_of("beside", *tokens_at(message.tokens, *topic.span()), message, lexicon)]
    pointed = _pointed_at(public, inside[0], message)
    if pointed:
        return [mention_of("beside", *tokens_at(message.tokens, *pointed), message, lexicon)]
    vague = {k for m in message.mentions if m.concept.nature == "vague" for k in range(m.begin, m.end)}
    comma = False  # 雑誌に載ったカレー、 | スパイスの順番を
    if here in told:  # 製品は公表していますが、検査の順番を
        close = words[inside[-1]].end
        turns = [
            found.end()
            for m in public
            if m.sentence == here
            for found in [another.TURN.match(text, m.stop, close)]
            if found
        ]
        if not turns:
            turns = [
                found.end()
                for m in public
                if m.sentence == here and "adn" in m.status
                for found in [another.COMMA.match(text, m.stop, close)]
                if found
            ]
            comma = bool(turns) and not another.POINTS_BACK.match(text, max(turns))
            turns = turns if comma else []
        inside = [k for k in inside if turns and words[k].start >= max(turns)]
        if not inside or not any(inside[0] <= m.begin for m in asks):
            return []
        told = told - {here} or {-1}
        asked = text[words[inside[0]].start : words[inside[-1]].end]
    before = text[: words[inside[0]].start]
    how = another.INDIRECT.search(asked)
    if how and min(told) < here and how[1] not in before:  # 値段はネットに出てるから、どこまで下げられるかも
        return [mention_of("beside", inside[0], inside[-1] + 1, message, lexicon)]
    for other_one in (another.NAME_OF, another.SAID_APART, another.THE_OTHERS, another.FOR_SOME):
        found = other_one.search(asked)
        if found and found[0] not in before and min(told) <= here and not promised:
            return [mention_of("beside", inside[0], inside[-1] + 1, message, lexicon)]
    if min(told) > here:
        return _told_after(asked, public, message, lexicon)
    if here in told or _AS_IT_IS.search(asked) or _goes_back(asked, before, message):
        return []
    if _BACK.search(asked):
        return [mention_of("beside", inside[0], inside[-1] + 1, message, lexicon)]
    known = {
        k
        for m in message.mentions
        if m.concept.group in OTHER - {"mood"} or m.concept.nature == "vague" or m.concept.group == "medium"
        for k in range(m.begin, m.end)
    }
    told_words = {t.surface for t in words[: inside[0]] if len(t.surface) > 1}
    acts = {m.begin for m in message.mentions if "may" in m.status and m.concept.group == "act"}
    for k in inside[:-1]:
        if words[k].pos not in ("名詞", "接尾辞"):
            continue
        behind = _past_brackets(words, k + 1)
        bare = k == inside[0] or words[k - 1].surface in ("に", "へ", "で", "、", "は", "も")
        if bare and words[k].surface in _ASPECTS and comma:
            continue
        if words[behind].surface not in _OBJECT and (behind not in acts or _KANA.match(words[k].surface)):
            continue
        if _OF_WHOM.match(text, words[behind].start):
            continue  # 入居を | 考えている方に
        if another.MADE.match(text, words[behind].start) or another.FIGURE.search(
            text, words[inside[0]].start, words[k].end
        ):
            continue
        if words[k].surface in PICTURES and k > inside[0] and words[k - 1].pos in ("動詞", "助動詞"):  # 中を開けた写真
            return [mention_of("beside", k, k + 1, message, lexicon)]
        way = _WAY.search(text, words[inside[0]].start, words[k].end)
        if way and way[0] not in before and not another.HOW_TO_READ.match(way[0]):  # 値段の決め方, 載せた菓子の焼き方
            return [mention_of("beside", k, k + 1, message, lexicon)]
        if (
            k in vague
            and not _NOT_GIVEN.match(text, words[k].end)
            and (
                text.endswith("との", inside[0] and words[inside[0]].start, words[k].start)
                or _told_of(k, inside[0], told_words, known, message)
            )
        ):
            return [mention_of("beside", k, k + 1, message, lexicon)]
        if message.clause_of[k] in promised:
            continue
        first = k
        while first > inside[0] and words[first - 1].pos in ("名詞", "接頭辞", "接尾辞"):
            first -= 1
        head = k
        while head > first and words[head].surface in _ON_PAPER:
            head -= 1
        name = text[words[first].start : words[head].end]
        its_value = (len(name) == 1 or name in _ATTRIBUTES) and name in before + "".join(_ATTRIBUTES)
        named_again = words[k].surface in _NAMES or (k not in known and name in before)
        if (its_value or named_again) and _apart(first, inside[0], before, known, message):
            return [mention_of("beside", first - 2, k + 1, message, lexicon)]  # 観測値は公開、センサーの校正の | 値を
        if k in known and words[k].surface not in _NAMES:
            continue
        if (
            words[k].surface in _PRINTED
            and first > inside[0] + 1
            and words[first - 1].surface == "の"
            and any(
                m.concept.id in ("catalogue", "medium")
                and text[m.start : m.stop] == text[words[first - 2].start : words[first - 2].end]
                for m in message.mentions
                if m.start < words[inside[0]].start
            )
        ):
            continue  # チラシの値段: what everybody reads on the thing that was given out
        if (
            (
                (words[k].surface in _AMOUNT and _PRICED.search(before))
                or (words[k].surface in _NUMBERS and _MEASURED.search(before))
            )
            and first == k
            and (k == inside[0] or words[k - 1].surface not in ("の", "た", "る", "な"))
        ):
            continue  # 差額ベッド代は掲示しています。金額を伝えていい
        if (
            name in before
            or any(t.surface in told_words or t.lemma in EMPTY or t.surface in EMPTY for t in (words[head], words[k]))
            or any(t.surface in _CARRIERS for t in words[first : k + 1])
        ):
            continue
        return [mention_of("beside", first, k + 1, message, lexicon)]
    return [] if another.POINTS_BACK.search(asked) else _introduced(public, message, lexicon)


def _apart(head: int, begin: int, before: str, known: set[int], message: Message) -> bool:
    """Whether a head that was told of is told apart by nouns that were not: センサーの校正の値, 社長の別荘の場所."""
    words = message.tokens
    if any(t.surface in _POINTING for t in words[begin:head]):
        return False
    for _ in range(3):
        if head - 2 < begin or words[head - 1].surface != "の" or words[head - 2].pos not in ("名詞", "接尾辞"):
            return False
        k = head - 3 if words[head - 2].pos == "接尾辞" and head - 3 >= begin else head - 2  # 施主 | 様の
        of = words[k]
        theirs = any(m.begin <= k < m.end and m.concept.group == "counterparty" for m in message.mentions)
        if not ((k in known and not theirs) or of.surface in before or {of.lemma, of.surface} & EMPTY):
            return True
        head -= 2
        while head > begin and words[head - 1].pos in ("名詞", "接頭辞"):
            head -= 1
    return False


def _introduced(public: list[Mention], message: Message, lexicon: Lexicon) -> list[Mention]:
    """The thing a message begins with, where another was published: 版下なんですが、チラシは配りました。渡していい?"""
    text = message.source.text
    intro = another.INTRO.match(text)
    if not intro or intro.end() > min(m.start for m in public):
        intro = another.WANTED.search(text)
        if not intro or any(intro.start() < m.stop and m.start < intro.end() for m in public):
            return []
        return _wanted(intro, public, message, lexicon)
    if _THAT_ONE.search(text, max(m.stop for m in public)):
        return []  # 要項はサイトに残っている。それを送っていい: what was told of last
    name = intro[1].split("の")[-1] if not _POINTER.search(intro[1].split("の")[-1]) else intro[1]
    for m in public:
        topic = _TOLD_OF.search(text, intro.end(), m.stop)
        if not topic or topic[1] in text[: intro.end()] or topic[1][-1] in name or _POINTER.search(topic[1]):
            return []
    return [mention_of("beside", *tokens_at(message.tokens, *intro.span(1)), message, lexicon)]
