// Being somebody: reads what they see and follows the changes, through reconnects.
import { follow, readState } from "./api.js";
import { apply, emit, store, take } from "./store.js";

let stopFollowing = () => {};

/** Becomes a person at a place. reload: as their client does when it is loaded anew. Rejects where nobody answers. */
export async function enter(person, place, { reload = false } = {}) {
    stopFollowing();
    let waiting = []; // changes that came before the state
    let entered = false;
    const read = async (again) => {
        waiting = [];
        const state = await readState(person, { reload: again });
        if (!entered) {
            store.place = place;
            store.thread = null;
        }
        store.link = "open";
        take(state);
        waiting.forEach(apply);
        waiting = null;
        emit("link");
    };
    return new Promise((resolve, reject) => {
        stopFollowing = follow(person, {
            onOpen: () =>
                read(reload && !entered).then(() => {
                    const first = !entered;
                    entered = true;
                    if (first) resolve();
                }, reject),
            onChange: (change) => {
                if (change.type === "reset")
                    read(false).catch(() => {}); // the stream tells where the server is away
                else if (waiting) waiting.push(change);
                else apply(change);
            },
            onLost: () => {
                if (!entered) reject(new Error("lost"));
                store.link = "lost";
                emit("link");
            },
        });
    });
}
