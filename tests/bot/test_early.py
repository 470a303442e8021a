"""A message's words are read while it is being kept; what they say is told only once it is kept."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from bot.early import Early, hear
from bot.services import Services
from knowledge.text import normalise, remembering, tokens

from .conftest import EMPLOYEE, Office

ASKED = "原価表を客に見せていい？"
DAY = date(2026, 11, 27)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(1) as made:
        yield made


def begun(pool: ThreadPoolExecutor, services: Services) -> Early:
    early = Early(pool, ASKED, services, DAY)
    pool.submit(int).result()  # what was asked for before is done by now
    return early


def test_early_is_what_would_be_read_later(pool, services):
    assert begun(pool, services).get(ASKED, services, DAY) == hear(ASKED, services, DAY)


@pytest.mark.parametrize("other", ["text", "services", "day"])
def test_what_is_about_something_else_is_not_taken(pool, services, other):
    about = {"text": ASKED, "services": services, "day": DAY}
    about[other] = {
        "text": ASKED[1:],
        "services": Services(services.knowledge, None),
        "day": DAY + timedelta(1),
    }[other]
    assert begun(pool, services).get(about["text"], about["services"], about["day"]) is None


def test_what_has_not_begun_is_left(services):
    with ThreadPoolExecutor(1) as busy:
        busy.submit(time.sleep, 0.3)
        assert Early(busy, ASKED, services, DAY).get(ASKED, services, DAY) is None


def test_a_message_is_read_once(office: Office, monkeypatch):
    office.say(ASKED)  # who that is, has to be known
    read, texts = Services.read, []
    monkeypatch.setattr(
        Services, "read", lambda self, said, *a, **k: (texts.append(said), read(self, said, *a, **k))[1]
    )
    office.say("新製品の図面を客先に送っていい？")
    assert len(texts) == 1


def test_nothing_is_told_before_it_is_kept(office: Office):
    office.say(ASKED)
    with office.running.workplace.store.begin():  # so long nobody can write
        office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
        time.sleep(0.5)
        assert len(office.answers()) == 1 and not office.slack.last_deliveries(1)[0].acked
    office.slack.wait(lambda: len(office.answers()) == 2)


def test_texts_are_cut_once_and_forgotten():
    with remembering() as memory:
        assert normalise(ASKED) is normalise(ASKED)
        first = tokens(normalise(ASKED).text)
        first.clear()  # a list of one's own
        assert tokens(normalise(ASKED).text) == tokens(normalise(ASKED).text) != []
        assert len(memory.words) == 1
        assert normalise(ASKED, limit=3).truncated and not normalise(ASKED).truncated
    assert normalise(ASKED) is not normalise(ASKED)
