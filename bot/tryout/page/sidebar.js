// On the left: as whom one uses it, and which conversation is shown. A drawer on phones.
import { readState } from "./api.js";
import { avatar } from "./avatar.js";
import { arrange, el, icon } from "./dom.js";
import { dm, emit, goTo, on, store } from "./store.js";
import { W } from "./words.js";

const OTHERS_EVERY_MS = 4000;

/** switchTo(person id). Returns the two columns. */
export function sidebar({ switchTo }) {
    const people = el("ul", { class: "people" });
    const places = el("div", { class: "places" });
    const node = el(
        "div",
        { class: "nav", id: "nav" },
        el("nav", { class: "rail", "aria-label": W.people }, el("p", { class: "rail-title", text: W.people }), people),
        el("nav", { class: "side", "aria-label": W.nav }, places),
    );
    on("state people channels", () =>
        drawKept(
            people,
            [...store.people.values()].map((person) => personNode(person, switchTo)),
        ),
    );
    on("state channels place", () => drawKept(places, placeNodes()));
    setInterval(readOthers, OTHERS_EVERY_MS);
    on("state", readOthers);
    return node;
}

/** Redraws; the focus stays at the entry with the same key. */
function drawKept(root, nodes) {
    const key = root.contains(document.activeElement) && document.activeElement.dataset.key;
    arrange(root, nodes);
    if (key) root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function unreadOf(id) {
    if (id !== store.me) return store.unreadOf.get(id) ?? 0;
    return [...store.channels.values()].reduce(
        (sum, channel) => sum + (channel.id === store.place ? 0 : channel.unread),
        0,
    );
}

function personNode(person, switchTo) {
    const mine = person.id === store.me;
    const unread = unreadOf(person.id);
    const role = person.role_label || (person.stranger ? W.stranger : person.guest ? W.guest : "");
    return el(
        "li",
        null,
        el(
            "button",
            {
                type: "button",
                class: "person",
                "data-key": person.id,
                "data-person": person.id,
                "aria-current": mine ? "true" : null,
                "aria-label": mine
                    ? W.currentPerson(person.real_name, role)
                    : W.switchTo(person.real_name, role, unread),
                onclick: () => mine || switchTo(person.id),
            },
            el(
                "span",
                { class: "person-face" },
                avatar(person.id),
                unread ? el("span", { class: "count", text: unread > 99 ? "99+" : String(unread) }) : null,
            ),
            el("span", { class: "person-name", text: person.real_name }),
            el("span", { class: "person-role", text: role }),
        ),
    );
}

function placeNodes() {
    const talk = dm();
    const channels = [...store.channels.values()].filter((channel) => channel.kind !== "dm");
    const place = ({ id, sign, name, unread = 0, note }) =>
        el(
            "li",
            null,
            el(
                "button",
                {
                    type: "button",
                    class: unread ? "place has-unread" : "place",
                    "data-key": id,
                    "data-place": id,
                    "aria-current": store.place === id ? "page" : null,
                    onclick: () => goTo(id),
                },
                icon(sign),
                el("span", { class: "place-name", text: name }),
                note ? el("span", { class: "place-note", text: note }) : null,
                unread
                    ? el("span", {
                          class: "count",
                          "aria-label": W.unread(unread),
                          text: unread > 99 ? "99+" : String(unread),
                      })
                    : null,
            ),
        );
    const shownUnread = (channel) => (channel.id === store.place ? 0 : channel.unread);
    return [
        el("h2", { class: "places-title", text: W.appSection }),
        el(
            "ul",
            null,
            place({ id: talk.id, sign: "chat", name: W.dmTitle(store.app.name), unread: shownUnread(talk) }),
            place({ id: "home", sign: "home", name: W.homeTitle(store.app.name) }),
        ),
        el("h2", { class: "places-title", text: W.channelSection }),
        el(
            "ul",
            null,
            channels.map((channel) =>
                place({
                    id: channel.id,
                    sign: channel.kind === "ext" ? "shared" : "hash",
                    name: channel.name,
                    unread: shownUnread(channel),
                    note: channel.kind === "ext" ? W.ext : channel.bot_member ? null : W.botAway,
                }),
            ),
        ),
    ];
}

let reading = false;

/** What the other people have not read yet: the stream tells only of oneself. */
async function readOthers() {
    if (reading || document.hidden || store.link !== "open") return;
    reading = true;
    try {
        for (const id of store.people.keys()) {
            if (id === store.me) continue;
            const { channels } = await readState(id);
            store.unreadOf.set(
                id,
                channels.reduce((sum, channel) => sum + channel.unread, 0),
            );
        }
        emit("people");
    } catch {
        // the server is away: the stream says so
    } finally {
        reading = false;
    }
}
