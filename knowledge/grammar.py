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

from .lexicon import Concept, Lexicon, Mention, Message
from .status import status_of
from .text import Token

GRAMMAR = {
    "unsure": ("doubt", "分からないと述べている"),
    "told_not": ("consent", "出さないように言われている"),
    "not_yet": ("unpublished", "これからのこと"),
    "inside_only": ("unpublished", "社内の人しか知らない"),
    "named": ("form", "名前のあるもの"),
    "in_public": ("publication", "人の集まるところに出ている"),
    "promise": ("same_part", "載っていないことは出さないと述べている"),
    "partly": ("unpublished", "一部だけが公開されている"),
    "limited": ("unpublished", "限られた相手に出されている"),
    "beside": ("unpublished", "公開されたものとは別のもの"),
    "everyday": ("value_doubt", "数や使っているものなど、ふだんのこと"),
}

_SHOW = r"(?:出|見せ|話|言|渡|教え|伝え|配|公開|公表|発表|載せ|貸|開示|漏ら|もら|売|しゃべ|喋)"
_NOT = r"(?:な|ず|ん|へん|ませ|まへん|ぬ)"
_IGNORANT = re.compile(
    r"(?<!しか)(?:分か|わか|判ら|解)(?:ら" + _NOT + r"|り(?:ませ|かね|にくい)|んな)"
    r"|(?<!しか)(?:知ら|思い出せ|思い出さ|判断(?:が|は|も)?(?:でき|つか))" + _NOT + "|知りませ|判断(?:が)?つきませ"
    r"|(?<!しか)(?:知っ|覚え|おぼえ|書い|書かれ|見|読め|読ん|聞い|聞け|聞き返し|聞き返せ|調べ|確かめ|確認し|確認でき|確認とれ|確認取れ|控え|残っ|見比べ|開い|開け)"
    r"(?:て|と)(?:は|も)?(?:い|お)?(?:な|ませ|ん|へん|ら|りませ)"
    r"|(?:読め|見え|聞こえ|聞き取れ)(?:ない|ません|へん|ん(?=です|。|$))"
    r"|不明|未確認|はっきり(?:と)?(?:し|せ)|あいまい|曖昧|怪しい|あやしい|謎|微妙|自信(?:が|は|も)?(?:な|あり)|定か"
    r"|(?:人|者|記録|記憶|資料|証拠|手がかり|印)(?:が|も|は)?(?:誰も)?(?:お(?:ら|りませ)|い(?:な|ませ)|残っ|な[いし]|ありませ)"
)
# A memory or an impression: あったような気がする, 写ってる気もする, 出したはず.
_VAGUELY = re.compile(
    r"(?:た|だ|てる|ている|とる|でる|ような|らしい|ない|ねえ|ん|な)(?:ような)?気(?:が|も|ぃ|い|は)?(?:す|し)"
    r"|(?:た|だ|てる|ている|とる)(?:か)?ような(?=。|、|$|\n|[^。!?\n]{0,8}(?:ない|なかった|とらん|てない)ような)"
    r"|(?:た|てる|ている|とる|済みの)はず(?!が|だった|でした|やった)"
    r"|(?:て(?:い)?る|とる|のか|んか)も(?!ら|ん(?!(?:な|し|。)))(?:しれ|知れ|。|\?|$|な)"
    r"|(?:知って(?:い)?る|知っとる|分かる|わかる|覚えて(?:い)?る|覚えとる)(?:人|者|社員)(?:が|は|も)(?:もう|誰も)?(?:お(?:らん|らない|りません)|い(?:ない|ません))"
    r"|誰も(?:教えて|覚えて|分から|わから|判ら|説明)|(?:理由|経緯|事情|わけ)(?:を|は|も|が)[^。!?\n、]{0,8}(?:聞いて(?:い)?(?:な|ま)|知ら|知りま|不明|分から|わから|教えて)"
)
_ALLOWED = re.compile(
    r"(?:いい|よい|良い|ok|大丈夫|べき|よろしい|ええ|よか|セーフ|アウト|平気|秘密|構わない|すれば|したら|問題ない|だめ|ダメ|まずい)"
    r"(?:もの|ん|の|もん|こと|やつ|な|です|でしょう|だろう)*$"
)
_BREAK = {"けれど", "ので", "のに", "から"}
_STOP = set("。!?\n")

_KEPT = re.compile(
    r"(?:(?:出|見せ|(?<!秘密の)話|言|渡|載せ|配|送|使|回|広め|漏ら|もらさ|教え|伝え|公開|公表|撮|口外|コピー|転送|持ち出)"
    r"[ぁ-ん]{0,3}?(?:ない|ぬ)?(?:な|ない(?:こと|で(?:ほしい|くれ|ください|ね|よ)?|ように|でおいて)|禁止|厳禁|不可|だめ|ダメ)"
    r"|内緒(?:に|で|ね|だ)?|伏せ(?:て|と)|黙って(?:い)?て|秘密に(?:して|しと(?=い)))[^。!?\n、]{0,6}?(?:」|』)?"
    r"(?:って|と|との|という|ように)[^。!?\n、]{0,6}?"
    r"(?:言わ|いわ|頼ま|釘|書い|書か|約束|念を|指示|注意|お願い|ある|あり|あっ|条件|聞い|決ま|なって)"
)
_ONLY = re.compile(
    r"(?:のみ|だけ|に限(?:り|って|る)|以外(?:に|には)?)(?:に|で)?(?:使用|利用|使う|使い|使わ|使っ|用い|閲覧|許可|承諾|同意)(?!できる|て(?:い|も))"
    r"|目的以外|以外(?:に|には)[^。!?\n、]{0,8}(?:ない|ません)(?:約束|条件|こと|と)"
)

_NEVER = re.compile(
    r"(?:外|社外|部外|よそ|他所|他社|誰|だれ|どこ|世間|表|公)(?:に|へ|には|へは|にも|へも|で)(?:は|も)?[^。!?\n、]{0,6}?"
    + _SHOW[:-1]
    + r"|書)[ぁ-ん]{0,2}(?:て|で|と|た)[ぁ-ん]{0,6}?"
    r"(?:ない|ません|ん(?=です|。|、|の|$|や|だ)|へん|ず|なく|なかっ|まへん|ね(?=え|。|、|$))(?!か)"
    r"|" + _SHOW + r"[ぁ-ん]{0,2}た(?:こと|人|例|相手|実績|覚え|試し|ためし|前例)(?:は|が|も|なんて|など)?"
    r"(?:まだ|一度も|一回も|一切|誰も|これまで)?"
    r"(?:な[いくか]|無[いくし]|なし|ゼロ|い(?:ない|ません)|お(?:らん|りません)|あり(?:ません|まへん)|ございません|あらへん)"
)
_TURNED = re.compile(
    r"(?<![非未定])(?:一般|全体)?(?:公開|オープン)(?:に|へ)(?:切り替[えわ]|変え|変わ|変更|移行|なり|なっ)"
    r"[^。!?\n、]{0,4}?(?:た|てい|てる|ます)"
)
_THERE = re.compile(
    r"(?:ホームページ|hp|サイト|ページ|カタログ|パンフ(?:レット)?|公報|新聞|web|ネットショップ|アプリストア|チラシ|看板)"
    r"(?:に|で)(?:も)?[^。!?\n、]{0,8}?(?:もの|の|やつ|内容|図|写真|版|表|数字)?(?:が|は|も)?(?:ある(?!か)|あり(?!ませ)|あった|あっと)"
)
_TO_SOME = re.compile(
    r"(?:社内(?:報)?|社員|従業員|職員|スタッフ|役員(?:会)?|取締役会|朝礼|朝会|会議|打ち合わせ|ミーティング|部会|課内|部内|グループウェア|イントラ(?:ネット)?|ポータル"
    r"|チャット|slack|teams|メーリングリスト|回覧(?:板)?|組合員|会員|支援者|出資者|株主|取引先|得意先|仕入先|客先|先方|相手|親会社|発注者|元請|代理店|販売店|関係者|保護者"
    r"|工場|休憩室|バックヤード|更衣室|事務所|作業場|現場|厨房|調理場|クラウド|サーバー|共有フォルダ|フォルダ|ドライブ|nda(?:を結んで|で|を結んだ)?[^。!?\n、]{0,8}"
    r"|[a-z〇○某]社)(?:さん|様|の人|の方|たち|限定)?(?:の(?![^。!?\n、の]{0,3}(?:サイト|ページ|hp|web|カタログ|公報|チャンネル|報告書|リリース))[^。!?\n、の]{1,6})?"
    r"(?:だけ|のみ|全員)?(?:に|へ|で|には|でだけ|向けに)(?:だけ|のみ)?"
    r"(?:[^。!?\n、にへで]{0,8}?)"
    r"(?:公開|公表|発表|掲載|開示|配っ|配ら|配布|掲示|貼|はっ|流し|流れ|流さ|上げ|アップ|載[っせ]|出し|出て|回覧|共有|説明|提出|見せ)"
    r"(?=(?:し|さ|れ|ら|り|い|え|て)?(?:た(?!い|ら)|て(?:い|る|あ|お|き)|とる|とい|済|中|ました|られ|れた|さ))"
)
_AGE = re.compile(
    r"(?:[二三四五六七八九]?十数?|[1-9]\d|数十|何十)年(?:くらい|ぐらい|ほど|以上|近く)?も?前|(?:明治|大正|昭和|戦前)の"
)
_OLD = re.compile(
    r"(?:古い|旧|昔の|以前の|前の|去年の|初版|廃版|[\d一二三四五六七八九十]+年前の)[^。!?\n、]{0,6}?(?:カタログ|パンフ|版|サイト|ページ|要旨集|チラシ|取説|説明書|広告|記事|告知)"
    r"[^。!?\n]{0,24}?(?:今|現行|現在|最新|新しい)[^。!?\n]{0,10}?(?:載って(?:い)?な|載って(?:い)?ませ|載っと(?:ら|りませ)|消え|な[いくし]|外され|違|変わ)"
)
_MISTAKEN = re.compile(
    r"(?:誤って|間違え?て|まちがえ?て|うっかり|手違いで|設定(?:ミス|の誤り|を間違え))[^。!?\n]{0,14}?(?:公開|置[いか]|載[せっ]|上げ|上が|アップ|出[しさてた]|見え|見られ)"
    r"|誤公開|誤掲載"
)
_APART = re.compile(
    r"(?:公開|オープンソース|一般|カタログ|サイト|hp|ホームページ|公報|論文|配布|発表)[^。!?\n、]{0,6}?(?:と|とは)(?:別に|別の|別で|違う|違って|異なる)"
)
_NEXT = re.compile(r"(?:数字|データ|表|図|版|数値|結果|報告書)の(?:今年|今期|来年|来期|最新|次の|続き|速報)")
_BY_TRYING = re.compile(
    r"(?<!検索し)(?<!検索す)(?<!調べ)(?<!ググ)(?:たら|れば|えば|せば|てば|めば|けば|りゃ)、?(?:誰|だれ|素人|よその人)"
    r"(?:に)?(?:で|だって)?も?[^。!?\n、]{0,6}?(?:分か|わか|調べ|測|見え|知|割り出|真似|作|当て|気づ|再現|推測)"
    r"|(?:分かる|わかる|見える|気づく)(?:人|もん|者)(?:に)?(?:は|も)(?:分か|わか|見え|気づ|おる|いる|います)"
)
_BARRED = r"(?:社内|内部|部内|社員|従業員|職員|関係者|代理店|特約店|販売店|会員|役員|得意先|取引先|加盟店|組合員|契約者|株主|グループ会社|部署)(?:の人|さん|様|内)?"
_WALLED = re.compile(
    _BARRED + r"(?:だけ|のみ|限定|専用|向け|版|用|限り)"
    r"|(?:"
    + _BARRED
    + r"|専用|ログイン|限定|イントラ|管理|パスワード|非公開|有料)(?:の|用|限定|向け|専用|制|限り|だけの)*"
    r"(?:ページ|サイト|ポータル|フォルダ|画面|コーナー|エリア|掲示板|チャンネル|グループ|サーバー)"
)
_OPEN_PLACE = re.compile(
    r"(?:(?:店|みせ)(?:の)?(?:入口|入り口|前|外|そと|先|頭|内|壁|表|中)|店頭|店先|玄関|レジ(?:横|前|脇)|窓口|受付|待合(?:室)?|ロビー|駅|売り場|棚|掲示板|図書館|書店|本屋"
    r"|コンビニ|スーパー|量販店|ホームセンター|案内所|道の駅|看板|ショーウィンドウ|街頭)"
    r"(?:の[^。!?\n、の]{1,6})?(?:に|で|へ)(?:も)?[^。!?\n、]{0,8}?"
    r"(?:貼っ|はっ|置い|出し|出て|並べ|並ん|掲示|掲げ|売っ|売られ|配っ|飾っ|流し|流れ|掛け|書い)(?:て(?:ある|あっ|あり|い[るたま]|る|ます)|とる|とっ|とり|た(?!い|ら)|ました)"
)
_PROMISE = re.compile(
    r"(?:ない|無い|以外の|外れる|余計な|よけいな|ほかの|他の|うちの)(?:こと|話|部分|数字|内容|もの|情報|資料)?(?:は|を|も|には|に)(?:一切|いっさい|何も)?"
    r"(?:書|話|言|触れ|出|載せ|見せ|教え|足|加え|し|使|渡|混ぜ)[かさわえせ]?(?:ない|ません|ぬ|ん)(?!か|と|よ?うに)(?:つもり|です)?"
)
_QUOTED = re.compile(
    r"(?:に|には|で|も)(?:は|も)?[^「。!?\n、]{0,6}「(?!取扱|取り扱|社外|部外|極秘|秘|マル秘|未公開|持出|禁)[^」]{1,24}」(?:と|って)(?:だけ|しか)?(?:書|載|出て|出し|記|言っ|発表|公表)"
)
_LEFT_OUT = re.compile(
    r"(?:は|には|からは|も|を)(?:一切|いっさい|一つも|1つも|何も|全く)?(?:(?:使い|使わ|触れ|出し|出さ|入れ|渡し|渡さ|見せ|混ぜ|含め|付け|話し|話さ|言い|言わ)"
    r"|(?:使って|取って|入れて|含めて|混ぜて)(?:い)?)(?:ません|ない|ず)(?=です|つもり|し|、|。|$|の|で|もの)"
    r"|(?:人|顔|人物|個人名|個人情報|社外秘|秘密|うち独自[^。!?\n、]{0,6})(?:は|も|が)(?:一切)?(?:写|映|入|載|出|書か|含まれ)"
    r"(?:って|っと|れて|て|れと)?(?:い)?(?:ない|ません|ず|らん|へん|りません)"
    r"|(?:載って|書いて|出て|公開し)[^。!?\n、]{0,8}(?:しか|以外)[^。!?\n、]{0,6}(?:ない|ません|ん)"
)
_SAME = re.compile(
    r"(?:載って|載っと|書いて|書いと|出て|出と|公開されて|公開して|掲載されて|掲載して|公表されて|公表して|発表されて)(?:い|あ)?る[^。!?\n、]{0,16}(?:だけ|のみ|範囲|まま|通り|とおり)"
    r"|(?:公開|開示|公表|発表|掲載|配布)済み?の(?:もの|分|部分|内容|数字|データ|範囲)"
    r"|その(?:公開|ページ|サイト|シート|動画|記事|公報|リンク|url|投稿|発表文|カタログ|プレス|リリース|掲載)"
)
_PARTLY = re.compile(
    r"(?:だけ|のみ|[\d一二三四五六七八九十]+(?:位|章|ページ|巻|話|番|つ目)まで|一部|概要|一部分|半分)(?:は|を|が|なら)?(?:もう|すでに|既に|先に|正式に)?[^。!?\n、]{0,6}?(?:公開|公表|発表|開示|掲載|載っ|載せ|出し|出て|出ま|出た)"
    r"(?=し|さ|済|て|た|ま|と|が|、|。|け)[^。!?\n]{0,14}?(?:けど|が、|ですが|ます。|ました。|です。|だが|ただ|のに)"
    r"|" + _SHOW + r"[ぁ-ん]{0,2}(?:た|ている|てる)のは[^。!?\n、]{1,14}?(?:だけ|のみ|まで)(?=で|です|だ|。|、)"
)
_BEFORE = re.compile(
    r"(?:以前|昔|前|もと(?:もと)?|元(?:々)?|当時|かつて|従来|これまで|今まで|(?:昨日|きのう|先週|先月|去年|昨年|春|夏|秋|冬)まで)(?:は|に|ずっと|から)?[^。!?\n]{0,10}$"
)
_WAS = re.compile(
    r"^[^。!?\n、]{0,9}?(?:だった|でした|やった|だったが|から(?:一般)?(?:公開|開示)に(?:切り替|変))|^前?(?:に|から)[^。!?\n、]{0,14}(?:した|して(?:い)?た|もら(?:った|い)|確認|了承|済)"
)
_LABELLED = re.compile(
    r"(?:フォルダ|ファイル|件名|タイトル|名前)[^「。!?\n]{0,6}「([^」]{1,20})」(?:の|に)?(?:まま|なって)|「([^」]{1,20})」(?:って|という|の)(?:名前|フォルダ|ファイル|タイトル)"
)
# What looks like a person's and is a place's or an offer's: 本店の住所, 求人票の給料.
_NOBODYS = re.compile(
    r"(?:本社|本店|支店|店|工場|センター|施設|会社|事務所|営業所|物件|拠点|登記|hp|サイト|ホームページ|移転)[^。!?\n、人者様]{0,12}?(?:住所|所在地|電話番号|連絡先|電話)"
    r"|(?:求人票?|募集(?:広告|要項)?|採用(?:ページ|サイト|案内))[^。!?\n、人者様]{0,12}?(?:給料|時給|月給|初任給|給与|手当|年収|待遇)"
    r"|名刺(?:の値段|に刷|代わり|交換|入れ)"
)
_VERSION = re.compile(
    r"((?:第?\d+|旧|新|前の|今の|一般|公開|社内|詳細|簡易|英語|試作|改訂|最新|初)(?:版|型|モデル|バージョン))"
)
_EVERYDAY = re.compile(
    r"平均(?:年齢|年収|勤続|残業|時給)|男女(?:比|の割合|の比率)|年齢層|離職率|定着率|"
    r"何(?:台|名|社|軒|店舗|席|坪|棟|機)|何人(?:くらい|ぐらい|で|いる|の)|(?:台|人|社|坪|席|店舗|社員|便|頭|羽|室|床|従業員)数(?!字|値|量)"
    r"|どこ(?:の[^。!?\n、]{1,8}?)?(?:で|から|に|へ|さ|を)?(?:使|買|仕入れ|頼|卸|おろし|納め|借り|取|注文|任せ|外注)(?:っ|い|ん|り|れ|し|め|う)*(?:て|と)(?:い)?る(?:か|の|ん)"
    r"|の(?:銘柄|メーカー|ブランド|色|曲|柄|由来|広さ|面積|築年数|本数)(?=を|は|って|も|とか|、|が)"
    r"|どのくらいの(?:広さ|大きさ|人数|規模)"
    r"|(?:使って(?:い)?る|使っとる|使うとる)[^。!?\n、]{0,12}(?:銘柄|メーカー|名前|機種|型番|会社|業者|ソフト|道具|油|店)"
)
_INSIDE = re.compile(
    r"(?:社員|社内|うち|内部|部内|課内|課|社長|会長|役員|上|担当|本部|本社|店長|工場|開発|研究|設計|製造|現場|親方|職人|師匠|家族|身内|自分|わし|俺|私|ワイ|僕"
    r"|[\d一二三四五六七八九十数]+(?:人|名)|関係者|一部の人|限られた|メンバー|チーム|サーバー|pc|パソコン|金庫|机|棚|usb|紙|ノート|帳面|頭の中|契約し[^。!?\n、]{0,8}|会員|株主|代理店)"
    r"[^。!?\n、]{0,8}?しか(?:ない|なく|なかっ|ありません|あらへん|[^。!?\n、]{0,10}?(?:知ら|見|持っ|分か|わか|使|入|開け|読|触|聞|話し|渡し|配っ|出し|出て|残っ|載っ|書い|な)"
    r"[^。!?\n、]{0,4}?(?:ない|ません|なく|なかっ|ず|ん|へん|ね))"
)

_ONLY_THEY = re.compile(
    r"(?:知って(?:い)?る|知っとる|分かる|見られる|見れる|使える|持って(?:い)?る|入れる|開ける)(?:の|ん|人)(?:は|が)[^。!?\n、]{1,14}だけ"
)
_FORBIDDEN = re.compile(
    r"(?:外|以外|第三者|他者|他社|ほか)(?:へ|に|へは|には)?(?:の|は)?[^。!?\n、]{0,8}(?:配布|転載|複製|転送|持ち出し|口外|公開|開示|使用|利用|提供|閲覧|貸与|譲渡)"
    r"(?:を|は)?(?:禁|厳禁|不可|お断り|ご遠慮|控え)"
)

_EVENT = (
    r"(?:公開|発表|発行|発売|公表|解禁|リリース|配信|放送|放映|掲載|開示|公示|告示|公告|刊行|出版|オープン|上映|封切り|開業|開店|公布"
    r"|お披露目|ローンチ|出願|登録|情報解禁|プレス|決算発表|記者会見|締結|調印|実施|施行|開催|入札|開札|本番|試験|テスト|決定|投稿)"
)
_LATER = (
    r"(?:(?:再来|来)(?:週|月|年|期|季|春|夏|秋|冬|シーズン|年度)|明日|あした|明後日|あさって|今(?:夜|晩)|これから|先(?:です|だ|の話|なん)"
    r"|(?:\d+|[一二三四五六七八九十]+)(?:日|週間|か月|ヶ月|ヵ月|カ月|ケ月|月|年)(?:後|先)|予定|近々|もうすぐ|まだ(?!お)|後日|未定)"
)
_COMING = re.compile(
    _EVENT
    + r"(?:日|時期)?(?:は|が|も|って|まで(?:は|に)?|前)?(?:[^。!?\n、]{0,8}?)"
    + _LATER
    + r"(?![^。!?\n、]{0,3}(?:以前|前に))|"
    + _EVENT
    + r"(?:日|時期)?は(?:今日|本日|今週|今月)?(?:の)?(?:春|夏|秋|冬|年末|年明け|月末|正午|夕方|午後|\d+月|\d+日|\d+時)(?:ごろ|頃)?"
    r"(?=。|、|です|だ(?!っ)|や(?!っ)|の予定|から|$)|"
    + _LATER
    + r"(?:に|の|から)?(?:公開|発表|発行|発売|公表|解禁|リリース|配信|放送|放映|刊行|出版|封切り|開業|開店|お披露目)(?!し(?:た|て)|済|会)"
)
_PUBLISHING = re.compile(r"公開|発表|公表|発売|発行|出|載|配|売|リリース|世|解禁|言|見せ|話|秘密|極秘|内緒")
_AFTER = re.compile(
    r"(?:出す|載せる|見せる|配る|話す|言う|出る|載る|始める|売る|並べる|並ぶ|上げる)の(?:は|が)[^。!?\n、]{0,14}?"
    r"(?:の後|のあと|以降|てから|終わって|来|月末|週末|年末|年度末|春|夏|秋|冬|まだ|予定|これから)"
)
_STILL = re.compile(
    r"まだ(?!お客)(?:(?:です|だ|や|なん|の(?=[^。!?\n、]{0,12}(?:を|は|が|、))|で(?=、|す|し)|。|$)"
    r"|[^。!?\n、]{0,14}?(?:て|で)?(?:い|お)?(?:ない|ません|なく|なかっ|ず(?!っと)|らん|とらん|へん|てん|前|中(?!の人)|途中|段階))"
)


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
        message.mentions.append(_mention("unsure", begin, stop, message, lexicon))
    for found in _TO_SOME.finditer(text):
        begin, end = _tokens_at(message.tokens, found.start(), found.end())
        message.mentions = [
            replace(m, status=m.status - {"done", "prog", "past"})
            if m.concept.group == "publication" and begin <= m.begin < end
            else m
            for m in message.mentions
        ]
        message.mentions.append(_mention("limited", begin, end, message, lexicon))
    for name, pattern in (
        ("told_not", _KEPT),
        ("told_not", _ONLY),
        ("told_not", _FORBIDDEN),
        ("not_yet", _COMING),
        ("not_yet", _AFTER),
        ("not_yet", _STILL),
        ("inside_only", _INSIDE),
        ("inside_only", _WALLED),
        ("inside_only", _NEVER),
        ("inside_only", _ONLY_THEY),
        ("in_public", _TURNED),
        ("in_public", _THERE),
        ("reverse", _BY_TRYING),
        ("leaked_out", _MISTAKEN),
        ("doubt_publication", _OLD),
        ("value_doubt", _AGE),
        ("beside", _APART),
        ("beside", _NEXT),
        ("in_public", _OPEN_PLACE),
        ("promise", _PROMISE),
        ("promise", _LEFT_OUT),
        ("same_part", _SAME),
        ("partly", _PARTLY),
        ("partly", _QUOTED),
        ("everyday", _EVERYDAY),
    ):
        for found in pattern.finditer(text):
            if name == "not_yet" and _IGNORANT.search(found[0]):
                continue
            begin, end = _tokens_at(message.tokens, found.start(), found.end())
            if end and not any(a <= begin and end <= c for a, _, c in scopes):
                hidden = pattern in (_COMING, _AFTER) or (pattern is _STILL and _PUBLISHING.search(found[0]))
                message.mentions.append(_mention(name, begin, end, message, lexicon))
                if name == "inside_only" or hidden:
                    message.mentions.append(_mention("unpublished", begin, end, message, lexicon))
    _put_behind(message)
    message.mentions.sort(key=lambda m: (m.begin, m.end, m.concept.id))


_HIDING = {"unpublished", "mark", "told_not", "not_yet", "inside_only"}
_PROMISED = {"not_carried", "extra_part", "unpublished", "mark", "entrusted", "credential", "inside_only", "told_not"}


def _put_behind(message: Message) -> None:
    """What was once hidden is past (以前は社内だけ, 非公開だった); what is promised to be left out is not there."""
    text = message.source.text
    promises = [m for m in message.mentions if m.concept.id == "promise"]
    labels = [span for found in _LABELLED.finditer(text) for span in (found.span(1), found.span(2)) if span[0] >= 0]
    nobodys = [found.span() for found in _NOBODYS.finditer(text)]
    kept = []
    for m in message.mentions:
        if m.concept.id == "person_record" and any(a <= m.start and m.stop <= b for a, b in nobodys):
            continue
        if m.concept.id in _HIDING and any(a <= m.start < b for a, b in labels):
            m = replace(m, status=m.status | {"past"})
        if m.concept.id in _PROMISED and any(
            p.begin <= m.begin < p.end or (p.clause == m.clause and m.begin <= p.begin) for p in promises
        ):
            continue
        if m.concept.id in _HIDING and "past" not in m.status:
            before = _BEFORE.search(text[max(0, m.start - 24) : m.start])
            if (before and not re.search(r"今(?!まで)|現在|来", before[0])) or _WAS.search(text[m.stop :]):
                m = replace(m, status=m.status | {"past"})
        kept.append(m)
    message.mentions = kept


def _tokens_at(words: list[Token], start: int, stop: int) -> tuple[int, int]:
    inside = [k for k, t in enumerate(words) if t.start < stop and start < t.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _mention(name: str, begin: int, end: int, message: Message, lexicon: Lexicon) -> Mention:
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
    for found in _VAGUELY.finditer(text):
        first, stop = _tokens_at(words, found.start(), found.end())
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
            and words[i - 1].lemma not in ("誰", "何", "何処", "何時")
            and not _ALLOWED.search(text[max(0, words[i].start - 16) : words[i].start])
        ]
        asked = [
            i
            for i in asked
            if not text.startswith(("かも", "かな", "かね", "からの", "かしら", "かと"), words[i].start)
        ]
        if asked:
            first, last = asked[0], asked[-1]
            behind = text[words[last].end : min(words[close - 1].end, words[last].end + 34)]
            said = _IGNORANT.search(behind)
            quoted = text[words[k].start : words[last].end].count("「") > text[words[k].start : words[last].end].count(
                "」"
            )
            if said or (len(asked) > 1 and not quoted):
                begin = first
                while begin > k and not (
                    words[begin - 1].pos2 == "接続助詞" and words[begin - 1].lemma in (*_BREAK, "が")
                ):
                    begin -= 1
                stop = _tokens_at(words, words[last].end, words[last].end + said.end())[1] if said else last + 1
                yield begin, last + 1, max(stop, last + 1)
        k = close


def _sentence_end(words: list[Token], k: int) -> int:
    while k < len(words):
        if words[k].surface in _STOP or (k and words[k].start > words[k - 1].end):  # a line break leaves a gap
            return k + 1
        k += 1
    return k


_OTHER = {"counterparty", "audience", "time", "mood", "frame", "device", "leaving", "staff", "official", "own", "venue"}
_EMPTY = set(
    """
    事 もの 物 者 為 訳 所 方 人 時 際 中 前 後 上 下 内 外 先 所 分 程 件 話 事柄 感じ 気 形 場合 為 様 自分 皆 みんな 本人 今 今日
    昨日 先週 先月 去年 最近 昔 今回 例 本当 部 リンク 名  最新 最終 中身 数字 文 面 他 ほか 記事 本社 支店 グループ 全部 一部 一つ 一枚 一度 少し 名前 会社 社外 社内 外部 仕事 相手 友達 知り合い 家族 社長 部長 課長
    主任 店長 先輩 同僚 上司 担当 担当者 広報 総務 許可 承諾 同意 返事 連絡 相談 質問 確認 問題 秘密 情報 参考 必要 予定 つもり お願い
    挨拶 お世話 説明 紹介 掲載 公開 発表 利用 使用 提供 共有 送付 転送 配布 投稿 印刷 コピー 翻訳 要約 添付 保存 電話 メール 会議
    打ち合わせ 取材 見学 説明会 研修 勉強会 セミナー 営業 商談 訪問 客 お客 さん
    """.split()
)


def named(message: Message, lexicon: Lexicon) -> list[Mention]:
    """The first thing that is called by a name of its own: a noun that no word list knows as person, place or pointer."""
    words = message.tokens
    known = [False] * len(words)
    for m in message.mentions:
        if (
            m.concept.group in _OTHER
            or m.concept.nature == "vague"
            or m.concept.group in ("publication", "medium", "act")
        ):
            for k in range(m.begin, m.end):
                known[k] = True
    for k, t in enumerate(words):
        if t.pos != "名詞" or t.pos2 != "普通名詞" or known[k] or t.lemma in _EMPTY or t.surface in _EMPTY:
            continue
        end = k + 1
        while end < len(words) and words[end].pos in ("名詞", "接尾辞"):
            end += 1
        behind = words[end].surface if end < len(words) else ""
        if behind in ("を", "は", "も", "って", "、", "が", "とか", "や", "の", "", "?", "。", "(", "なん"):
            return [_mention("named", k, end, message, lexicon)]
    return []


_BUT = re.compile(
    r"として(?:、|も)|けれど|けど|ですが|ますが|たが|ものの|一方|ただ(?!い)|でも(?=、|うち)|(?:裏|後ろ|余白|欄外|下|横|隣)(?:に|の)|あと(?:は|、)|(?:ほか|他|別)に"
)
_CONTENTS = re.compile(r"の(?:中身|内容|内訳|詳細|根拠|裏側|続き|元)(?=を|も|まで|って)")
_TOPIC = re.compile(r"(?:[一-鿿ァ-ヺー]|だけ|まで)は(?:もう|すでに|既に|全部)?[^。!?\n、はがも]{0,8}$")
_BACK = re.compile(
    r"その|同じ|そのまま|載[っせ]|流れた|書いて(?:あ|い)|出て(?:い)?る|記載|範囲|だけ(?!や|だ|で|$)|公報|公開(?:の|さ|済|し)"
)


_OTHER_ONE = re.compile(
    r"([^。!?\n、]{1,12})(?:の|た|る|い)(?:ほう|方)(?:を|も|は|が|だけ|まで)(?!法|が(?:いい|よ|良|安))"
)
_OPENLY = re.compile(r"公開|載|公報|サイト|hp|ホームページ|カタログ|ページ|一般|配布|発表|出て|同じ|公式")
# What carries the same words: the text, a copy, a link.
_CARRIERS = {
    "pdf",
    "url",
    "リンク",
    "文面",
    "本文",
    "全文",
    "原文",
    "コピー",
    "写し",
    "画像",
    "画面",
    "スクショ",
    "ページ",
    "アドレス",
    "印刷",
    "データ",
}
_PICTURES = {"写真", "図", "動画", "図面", "映像", "表", "グラフ", "版"}
_OBJECT = {"を", "も", "は", "って", "まで", "とか", "について"}


def beside(message: Message, lexicon: Lexicon) -> list[Mention]:
    """What is secret by nature and stands beside something published, behind a but: 値段はチラシに出ているけど、裏に粗利が."""
    public = [
        m
        for m in message.mentions
        if m.concept.id in ("in_medium", "open_access", "in_public", "register")
        or (m.concept.id == "publish" and "done" in m.status)
    ]
    if not public:
        return []
    text, first = message.source.text, min(m.stop for m in public)
    clauses = {m.clause for m in public}
    contents = _CONTENTS.search(text, first)
    if contents and any(_TOPIC.search(text[max(0, m.start - 16) : m.start]) for m in public):
        behind = text[contents.start() : contents.end() + 12]
        if not _BACK.search(text[max(first, contents.start() - 8) : contents.start()]) and "公" not in behind:
            return [_mention("beside", *_tokens_at(message.tokens, *contents.span()), message, lexicon)]
    for m in message.mentions:
        if m.concept.nature != "secret" or not m.exact or m.start < first or m.clause in clauses:
            continue
        nearest = max((p for p in public if p.stop <= m.start), key=lambda p: p.stop)
        last = nearest.stop
        only = _TOPIC.search(text[max(0, nearest.start - 16) : nearest.start])  # 社名は公表済みです
        here = "".join(t.surface for t, s in zip(message.tokens, message.clause_of, strict=True) if s == m.clause)
        if (
            (only or _BUT.search(text[last : m.start]))
            and text[m.start : m.stop] not in text[:first]
            and not _BACK.search(here)
        ):
            return [_mention("beside", m.begin, m.end, message, lexicon)]
    return _another(message, lexicon, public)


def _another(message: Message, lexicon: Lexicon, public: list[Mention]) -> list[Mention]:
    """The thing asked about, where a sentence before it told of another thing that is published."""
    words, text = message.tokens, message.source.text
    asks = [
        m
        for m in message.mentions
        if m.concept.id == "ask_permission" or ("may" in m.status and m.concept.group == "act")
    ]
    here = asks[-1].sentence if asks else message.sentence_of[-1]
    inside = [k for k, s in enumerate(message.sentence_of) if s == here]
    asked = text[words[inside[0]].start : words[inside[-1]].end]
    other = _OTHER_ONE.search(asked)
    if other and not _OPENLY.search(other[1]) and not any(m.concept.id == "promise" for m in message.mentions):
        return [_mention("beside", inside[0], inside[-1] + 1, message, lexicon)]
    told = {m.sentence for m in public}
    if here in told or min(told) > here or _BACK.search(asked):
        return []
    known = {
        k
        for m in message.mentions
        if m.concept.group in _OTHER or m.concept.nature == "vague" or m.concept.group == "medium"
        for k in range(m.begin, m.end)
    }
    before = text[: words[inside[0]].start]
    for k in inside[:-1]:
        if words[k].pos not in ("名詞", "接尾辞") or words[k + 1].surface not in _OBJECT:
            continue
        if words[k].surface in _PICTURES and k > inside[0] and words[k - 1].pos in ("動詞", "助動詞"):  # 中を開けた写真
            return [_mention("beside", k, k + 1, message, lexicon)]
        if k in known:
            continue
        first = k
        while first > inside[0] and words[first - 1].pos in ("名詞", "接頭辞", "接尾辞"):
            first -= 1
        if any(
            t.surface in before or t.surface in _CARRIERS or t.lemma in _EMPTY or t.surface in _EMPTY
            for t in words[first : k + 1]
        ):
            continue
        return [_mention("beside", first, k + 1, message, lexicon)]
    return []
