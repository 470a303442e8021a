"""What befell only private things is no leak; what holds anything of the firm's stays one."""

from __future__ import annotations

import pytest

from bot.services import open_services
from knowledge.read import draft
from knowledge.text import normalise

PRIVATE = """
財布を食堂に置き忘れたみたいです。黒の長財布、見かけた人いませんか
個人で使ってるインスタが乗っ取られました。仕事では一切使ってません。どうしたら戻せますか
私物のスマホを落としました。会社のデータは入っていません。安い修理屋ありますか
妻に送るはずの「今日も愛してるよ」を義母に送ってしまいました
会議中におなかの音が漏れて恥ずかしかったです
私の水筒、誰か間違えて持って帰ってませんか
更衣室のドライヤーが壊れました。誰に言えば直してもらえますか
夫のへそくりが親戚にばれた
なくしたピアス、洗面所で見た人いませんか
"""
OURS = """
財布に挟んでた客先の門の番号の紙、財布ごと落とした
私物のスマホ盗まれました。会社のデータは入ってないと思うけど、メールの同期は切ってなかったかも
会社のデータは入ってないけど、会社のiPhone落とした
個人のスマホなくしました。仕事の電話帳だけ入ってます
傘と一緒に図面筒も電車に忘れた
自転車のカゴに入れてた集金カバン、戻ったら無くなってた
夫のタブレットに会社の提案書入れてて、夫がそれごと売った
冷蔵庫の試作プリンが盗まれました。来月発売のやつです
公開処刑みたいに、部長が全員の評価点を一覧で全社チャットに流しました
眼鏡の度数の控え、別の方に渡しちゃった
うちの犬が社用スマホくわえてって見つからない
妻の友達がうちの来年出す店の場所を知ってた。誰にも言ってないのに
"""


@pytest.mark.parametrize("text", PRIVATE.split("\n")[1:-1])
def test_what_is_private_is_no_leak(text: str) -> None:
    assert draft(normalise(text), open_services().knowledge.books).intent == "out_of_scope"


@pytest.mark.parametrize("text", OURS.split("\n")[1:-1])
def test_what_may_hold_ours_stays_a_leak(text: str) -> None:
    assert draft(normalise(text), open_services().knowledge.books).intent == "leak"


def test_who_lost_a_private_thing_is_told_what_to_write_where_it_was_the_firms():
    services = open_services()
    assert "社員証をなくした" in services.row("財布をなくしました。赤い財布です")["answer"]
    assert "社員証をなくした" not in services.row("今日の天気はどうですか？")["answer"]
    assert services.row("社員証をなくした")["intent"] == "leak"
