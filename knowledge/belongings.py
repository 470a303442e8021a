"""What befell nothing of the firm's: my own umbrella or lunch, a game's account, a rumbling stomach.

The words of an event (盗まれた, 漏れた, 乗っ取られた) are none where what they are said of is private by its nature, or
where the message says that nothing of the firm's is in it. Where anything of the firm's stands beside it, a bag or a
telephone that may hold such, or a doubt, the event stays: when unsure, it is a leak.
"""

from __future__ import annotations

import re

from .lexicon import Lexicon, Mention, Message

_FAMILY = (
    r"(?:妻|嫁|奥さん|家内|夫|旦那|ダンナ|主人|彼氏|彼女|恋人|母|おかん|お母さん|義母|父|おとん|お父さん|義父|親|両親|姉|妹|兄|弟"
    r"|息子|娘|子ども|子供|孫|祖母|祖父|ばあちゃん|じいちゃん|家族|友だち|友達|友人|ツレ)(?:さん|ちゃん)?"
)
_KIN = (
    r"(?:妻|嫁|奥さん|家内|夫|旦那|ダンナ|主人|彼氏|彼女|恋人|元カノ|元カレ|母|おかん|お母さん|義母|父|おとん|お父さん"
    r"|姉|妹|兄|弟|息子|娘|うちの子|孫|祖母|祖父)"
)
_HOME = r"家|自宅|実家|アパート|マンション|部屋"
_MINE = rf"(?:自分|私|わたし|俺|オレ|おれ|僕|ぼく|うち|マイ|{_HOME}|個人|私物|(?:息|娘|うちの)子)"
# Things one wears, eats or goes by: lost or taken, nothing is told by them.
_FOOD = (
    r"(?:弁当|プリン|アイス|ヨーグルト|ゼリー|おやつ|菓子|唐揚げ|ケーキ|カレー|ラーメン|おにぎり|サンドイッチ|差し入れ|(?<!ボック)(?<!ー)パン"
    r"|ジュース|コーヒー|牛乳|お茶|ビール|みかん|バナナ|カップ麺|おつまみ|土産|(?:昼|晩|朝|夕)(?:ごはん|ご飯|飯|めし))"
)
_WORN = (
    r"(?:傘|かさ(?=を|が|わす)|財布|サイフ|さいふ|小銭入れ|定期(?:券|入れ)|suica|icoca|pasmo|眼鏡|メガネ|めがね|コンタクト|イヤホン|airpods|ヘッドホン|腕時計"
    r"|指輪|ピアス|イヤリング|ネックレス|手袋|マフラー|帽子|上着|コート|ジャケット|スーツ(?!ケース)|ワイシャツ|(?<!制)(?<!私)服|靴下|靴|上履き|スニーカー|長靴|サンダル"
    r"|下着|水着|ハンカチ|タオル|水筒|マイボトル|マグカップ|歯ブラシ|化粧ポーチ|口紅|入れ歯|ぬいぐるみ|おもちゃ|漫画|マンガ|ライター|タバコ|充電器|ボールペン|シャーペン|生理用品|ペットボトル|室外機|化粧品"
    r"|自転車|じてんしゃ|チャリ|サドル|マイカー|宝くじ|馬券|(?:飼い)?(?:猫|犬|ワンコ|ニャンコ|ペット(?!ボトル)|ハムスター)(?:の写真)?"
    r"|(?:お気に入りの|買ったばかりの|もらったばかりの|プレゼントの)[^。!?\n「」をがはも、の]{1,8})"
)
_OF_MINE = (
    rf"(?:{_MINE}の?(?:車|クルマ|バイク|原付|鍵|カギ|かぎ|キー)|(?:車|自転車|チャリ|バイク)の(?:鍵|カギ|かぎ|キー))"
)
_GOODS = rf"(?:{_FOOD}|{_WORN}|{_OF_MINE})(?:片方|一式|ごと|一個|ひとつ|一本|二本)?"
# (with the place or the time between, and no other thing)
_GAP = r"[^。!?\n「」をが]{0,24}?"
_TAKEN = (
    r"(?:盗|ぬすま|取られ|とられ|盗られ|すられ|(?:なく|無く|失く|亡く)(?:し|な(?!い))|落とし|おとし|落っこと|落ちて|忘れ|わすれ|消え"
    r"|見当たら|見つから|(?<=[がも])(?:ない|無い|ねえ|ありま)|勝手に|持って(?:帰|行|い|か)|持ち(?:帰|去)|食べ|食わ|足り|置いて|置き忘れ"
    r"|壊|割れ|水没|ぶつけられ|やられ|脱走|逃げ|漏れ|もれ|こぼ)"
)
# … mixed up or handed to another: only where it is said to be one's own, since a shop hands out those of its customers.
_MIXED = r"(?:間違|まちが|取り違|入れ替わ|届|来な|来ま|転載|渡し(?:ちゃ|てし|ても))"
# Parts of life that are nobody's business: known or heard, nothing of the firm's is out.
_LIFE = (
    r"(?:(?:お)?(?:なか|腹)の(?:音|虫)|屁|おなら|オナラ|げっぷ|ゲップ|いびき|寝言|寝顔|寝てる顔|変顔|すっぴん|おしっこ|尿|よだれ|鼻水|ヅラ|かつら|カツラ|白髪"
    r"|浮気|合コン|デート|マッチングアプリ|サプライズ|へそくり|小遣い|片思い|ダイエット|ネタバレ|悪口|推しの(?!会社|店)[^。!?\n]{0,8}"
    r"|(?:誕生日|送別|歓迎|二次)会|打ち上げ|余興|出し物|ビンゴ|景品|くじ|試合|サッカー|草?野球|麻雀|運動会|プレゼント|ドラマ"
    + rf"|{_FAMILY}の(?:成績|点数|通知表|誕生日))(?:の(?:結果|計画|件|話|秘密|サイン|写真|動画|音|幹事))?"
)
_KNOWN = (
    r"(?:漏れ|もれ|漏らし|もらし|流出|ばれ|バレ|ばら[さし]|バラ[さし]|聞かれ|聞こえ|見られ|見つか|晒さ|さらさ|リーク|暴露|密告"
    r"|筒抜|盗|言っちゃ|言ってしま|発掘)"
)
_PRIVATE = re.compile(
    rf"(?P<thing>{_GOODS})(?!の(?!室外機))(?:が|を|は|も|って|まで|、|\s)?{_GAP}{_TAKEN}"
    rf"|{_MINE}(?:の[^。!?\n、のをが]{{1,6}})?の(?:お)?(?P<mine>{_GOODS})(?!の)(?:が|を|は|も|って|、|\s)?{_GAP}{_MIXED}"
    rf"|{_TAKEN}[ぁ-ん、]{{1,6}}(?:{_MINE}の)?(?P<named>{_GOODS})(?:です|だ|や|$|。|!|、)"
    rf"|(?P<life>{_LIFE})(?!の|で|から|に)(?:が|を|は|も|って|まで|、|\s)?[^。!?\n「」]{{0,24}}?{_KNOWN}"
    rf"|(?P<kin>{_KIN}の(?!会社|店|工場|職場|勤め|同僚|上司|取引|仕事)[^。!?\n「」をがはもにで、]{{1,8}})[^。!?\n]{{0,30}}?(?:{_KNOWN}|{_TAKEN}|発見|出てき)"
    r"|(?P<bought>(?:買った|注文した|頼んだ|当たった)(?:もの|物|商品|服|靴|本|お菓子))[^。!?\n、]{0,6}?(?:届|来な|来ま)"
)
# … and of it a business is made, or something is said of what it is made of: a bakery's bread is no lunch.
_TRADE = re.compile(r"屋|店|工場|メーカー|会社|職人|作り|製造|販売|配合|生地|型|柄")
# Out of order, and nothing of the firm's in it: whoever mends it is asked for, and no desk.
_BROKEN = re.compile(
    r"(?P<thing>ドライヤー|エアコン|空調|暖房|冷房|扇風機|ストーブ|冷蔵庫|電子レンジ|レンジ|ポット|洗濯機|掃除機|トイレ|便座|蛇口|照明|電球|蛍光灯|ドア|椅子|自販機|自動販売機"
    r"|エレベーター|プロジェクター|モニターの台|ブラインド|コーヒーメーカー|ウォーターサーバー|製氷機|体重計|台車|給湯器)(?:が|の|は|も|、)?[^。!?\n「」をが]{0,12}?"
    r"(?:壊れ|こわれ|故障|詰ま|つま(?=[っり])|動か(?:な|ん|へ)|つか(?:な|ん)|点か(?:な|ん)|切れ|映ら|映りま|止ま|調子|直|異音|がたがた|ガタガタ|冷え|効か|きか|閉まら|開かな|流れな|水が)"
)
# What has the word of an event in it and tells of none.
_JEST = re.compile(r"公開処刑|黒歴史|公然の秘密")
# Nothing of the firm's is in it: 会社のデータは一切入っていない, 仕事とは何の関係もない.
_FIRMS = r"(?:会社|仕事|業務|職場|勤務先|社内|仕事用)"
_NO_FIRM = re.compile(
    rf"{_FIRMS}(?:の|に関する|関係の|で使う)?[^。!?\n、のをが]{{0,8}}?(?:は|も|が|とか|なんて|など|、)*(?:一切|何も|全然|まったく|全く|ぜんぜん|いっさい)?"
    r"[^。!?\n、]{0,4}?(?:入って?|入れて?|載って|置いて|残って|扱って|使って|書いて|話して|触れて|映って|写って)(?:い|お)?(?:ない|ません|へん|まへん|なく|おらん)"
    rf"|{_FIRMS}(?:と(?:は|も)?|に(?:は|も)?|の(?:こと)?(?:と(?:は)?)?)?[^。!?\n、]{{0,6}}?(?:無関係|関係(?:が|は|も)?(?:な[いくし]|ありま|ございま|ねえ)|かかわりな|別(?:の話|物|で))"
    rf"|{_FIRMS}(?:で|に)(?:は|も)?[^。!?\n、]{{0,6}}?使って?(?:い)?(?:ない|ません|へん|まへん)"
    rf"|{_FIRMS}の(?:物|もの|情報|データ|書類)[^。!?\n、]{{0,4}}?(?:ゼロ|なし|ナシ|無し)"
    r"|(?:中身|中|入って(?:い)?た(?:の|もの))は(?:自分の|私物|私の|未使用|お菓子|食べ物|着替え)[^。!?\n、]{0,8}?(?:だけ|のみ|しか)"
)
_UNSURE = re.compile(
    r"[^。!?\n]{0,4}?(?:はず|と思|とおも|と言い?切|とは|といい|つもり|よな|よね|だろう|でしょう|かな|か(?:ど|分|わ|不|も)|ような|たぶん|多分|気が|らしい|そうで|みたい)"
)
# Said to be one's own: （私用）, 個人的なやつです.
_DECLARED = re.compile(
    r"[(（](?:私用|私物|個人|プライベート)[)）]"
    r"|(?:私用|私物|(?:個人的|プライベート)な(?:もの|物|やつ)|個人の(?:もの|物|やつ))(?:です|だ(?!っ)|なん|$|。)"
)
# A trace of the firm; not that one is at work, or comes from it.
_TRACE = re.compile(
    r"(?:会社|社用|社内|社外|業務|職場|支給|貸与|仕事)(?!の?(?:帰り|近く|前|先輩|同僚|後輩|人|みんな|休|途中|駐|玄関|食堂|更衣|トイレ|冷蔵庫|給湯)|中|帰り|終わり|から帰|休|行き|に行|が手に|にな[らん]|どころ)"
)
# A message for one at home that went elsewhere: 妻に送るはずの「今日も愛してるよ」を.
_FOR_HOME = re.compile(
    rf"{_FAMILY}(?:に|へ|あて|宛て?)(?:の|送る|出す|打つ|打った|書いた)?(?:はず|つもり|予定|気)?(?:の|で|だった)?[^。!?\n、]{{0,6}}?"
    r"(?:「[^」]{0,30}?(?:愛して|好き|会いた|ごはん|ご飯|飯|めし|帰[りるっ]|遅くな|迎え|牛乳|買[いっう]|洗濯|掃除|寝|起き|おやすみ|おはよう|風呂|デート|誕生|記念日|ちゅ)[^」]{0,30}」"
    r"|買い物(?:リスト|メモ)|スタンプ|絵文字|自撮り|のろけ|ラブレター|(?:晩|夕|昼)(?:ごはん|ご飯|飯))"
    r"|(?:ハート|ちゅー|キス|変|へん)[^。!?\n、]{0,6}?(?:絵文字|スタンプ)"
)
# Of the firm, or able to hold what is the firm's.
_OURS = re.compile(
    r"客|取引|得意先|顧客|患者|利用者|会員|生徒|園児|入居|応募|名簿|台帳|書類|資料|伝票|図面|設計|見積|請求|契約|単価|原価|仕入|在庫|売上|社員(?:証|カード|名簿)|社章|入館|入室|カードキー"
    r"|セキュリティ|名刺|試作|サンプル|見本|新作|新商品|新製品|新メニュー|発売|未発表|発表前|社外秘|部外秘|マル秘|評価|査定|与信|給与|給料|一覧|打ち?合わせ|商品|製品|在庫|レシピ|配合|企画|開発|案件|入札|商談|会議(?!中)|議事|録音|録画"
    r"|usb|nas|サーバ|クラウド|ドライブ|sdカード|hdd|ssd|パソコン|(?<![a-z])pc|タブレット|ipad|スマホ|携帯|iphone|手帳|ノート(?!に書)|日報|ファイル|フォルダ|封筒|ダンボール|段ボール|メモ|データ"
    r"|写真(?!撮っとけ)|動画(?!撮っとけ)|画像|チャット|メール|アカウント|パスワード|暗証|社用|業務|現場|プレゼン(?!ト)|(?<!貼)(?<!貼り)紙(?!おむつ|コップ|袋|皿)"
    r"|(?:鞄|カバン|かばん|バッグ|リュック|荷物|車|ロッカー)(?!に(?:入れ|しま)|の(?:鍵|カギ|キー)|室|が?ぶつけ)(?=ごと|が|を|も|荒|上|、)"
    r"|(?:会社|職場|事務所|店|仕事)(?:の|用の?)(?:物|もの|鍵|カギ|かぎ|キー|金|通帳|印|判|車|自転車|傘立て|備品|[a-z一-龥ァ-ヺ]{2,}(?:表|書|証|票|帳|案|鍵))"
)
_HARMLESS = {"generic", "minor", "catalogue", "equipment", "manual", "minor_business"}
_FIRMS_OWN = {"entrusted", "unpublished", "counterparty", "customer_list"}
# What a device or account is does not matter where nothing of the firm's is in it.
_THINGS = re.compile(
    r"スマホ|携帯|iphone|ipad|パソコン|pc|タブレット|アカウント|手帳|写真|動画|画像|データ|メール|パスワード|カバン|鞄|バッグ|リュック|usb"
)
# … nor how a word for one at home went astray, nor a picture in a jest or of the family.
_CHANNELS = re.compile(r"チャット|メール|アカウント|携帯|スマホ")
_PICTURES = re.compile(r"写真|動画|画像|スマホ|携帯")
_KIN_OWN = re.compile(rf"{_KIN}の")
_OWN = ("個人の", "自分の", "私の", "俺の", "オレの")


def private_only(message: Message, lexicon: Lexicon) -> None:
    """Drop the events of a message that befell only what is private, and say so (`not_ours`)."""
    text = message.source.text
    spans = _private_spans(text, message)
    if not spans:
        return
    events = [m for m in message.mentions if m.concept.group == "event"]
    message.mentions = [m for m in message.mentions if m.concept.group != "event" and m.concept.id != "not_ours"]
    a, b = spans[0]
    words = message.tokens
    inside = [k for k, t in enumerate(words) if t.start < b and a < t.end]
    if inside:
        first, last = inside[0], inside[-1]
        status = frozenset[str]().union(*(m.status for m in events))
        message.mentions.append(
            Mention(
                lexicon.concepts["not_ours"],
                first,
                last + 1,
                words[first].start,
                words[last].end,
                status,
                message.clause_of[last],
                message.sentence_of[last],
            )
        )
        message.mentions.sort(key=lambda m: (m.begin, m.end, m.concept.id))


def _private_spans(text: str, message: Message) -> list[tuple[int, int]]:
    """Where the message says that it is private, or [] where anything of the firm's stands beside it."""
    denied = [f.span() for f in _NO_FIRM.finditer(text) if not _UNSURE.match(text, f.end())]
    things = [
        f.span(f.lastgroup)
        for p in (_PRIVATE, _BROKEN)
        for f in p.finditer(text)
        if f.lastgroup and not _TRADE.search(f[0])
    ]
    home = [f.span() for f in _FOR_HOME.finditer(text)]
    declared = [f.span() for f in _DECLARED.finditer(text)]
    jests = [f.span() for f in _JEST.finditer(text)]
    spans = denied or things or home or declared or jests
    if not spans:
        return []
    said = (*denied, *things, *home, *declared, *jests)

    def covered(start: int, stop: int) -> bool:
        return any(a <= start and stop <= b for a, b in said)

    for m in message.mentions:
        kind = m.concept.group == "kind" and m.concept.id not in _HARMLESS
        own = m.concept.id == "credential" and denied and text.endswith(_OWN, 0, m.start)
        if (kind or m.concept.id in _FIRMS_OWN) and not own and not covered(m.start, m.stop):
            return []
    soft = _THINGS if denied else _PICTURES if jests or _KIN_OWN.search(text) else _CHANNELS if home else None
    strict = _TRACE if denied or soft else None
    if strict and any(not covered(*found.span()) for found in strict.finditer(text)):
        return []
    for found in _OURS.finditer(text):
        if not covered(*found.span()) and not (soft and soft.match(found[0])):
            return []
    return spans
