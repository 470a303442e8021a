"""Any order of deliveries, duplicates, losses and restarts: each delivery is finished once, or given up and counted."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import inbox, open_store
from bot.store.schema import inbox as table

NOW = 1_800_000_000
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "finish", "claim", "expire", "restart"]), st.integers(0, 3), st.integers(0, 400)
    ),
    max_size=40,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_delivery_is_finished_once_or_given_up(url, sealer, steps):
    store, now = open_store(url, sealer), NOW
    with store.begin() as tx:
        tx.connection.execute(table.delete())  # the example before
    state, leased, came = {}, {}, {}
    for what, number, wait_s in steps:
        now += wait_s
        id = f"Ev{number}"
        if what == "receive":
            new = inbox.receive(store, id, "event", id.encode(), owner="a", now=now)
            assert new == (id not in state)
            if new:
                state[id], leased[id], came[id] = "open", now + 60, now
        elif what == "finish":
            assert inbox.finish(store, id, now=now) == (state.get(id) == "open")
            state |= {id: "done"} if state.get(id) == "open" else {}
        elif what == "claim":
            lost = {key for key in state if state[key] == "open" and leased[key] <= now}
            claimed = inbox.claim_stale(store, owner="b", now=now)
            assert {each.id for each in claimed} == lost and all(each.payload == each.id.encode() for each in claimed)
            leased |= dict.fromkeys(lost, now + 60)
        elif what == "expire":
            old = {key for key in state if state[key] == "open" and came[key] <= now - 900}
            assert inbox.expire(store, now=now) == len(old)
            state |= dict.fromkeys(old, "expired")
        else:
            store.close()
            store = open_store(url, sealer)
    backlog = inbox.open_deliveries(store)
    assert (backlog.open, backlog.expired) == tuple(list(state.values()).count(name) for name in ("open", "expired"))
    store.close()
