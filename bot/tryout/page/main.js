// The page: puts its parts together, follows the person one is, and remembers in the address who and where.
import { post } from "./api.js";
import { viewSurface } from "./acting.js";
import { blockNodes } from "./blocks.js";
import { composer } from "./composer.js";
import { announce, el, icon, keepingFocus } from "./dom.js";
import { drawHead, heading, placeName } from "./heading.js";
import { modals } from "./modal.js";
import { clearNotices, noticePlace } from "./notice.js";
import { enter } from "./session.js";
import { sidebar } from "./sidebar.js";
import { channel, dm, goTo, nameOf, on, openThread, store } from "./store.js";
import { timeline } from "./timeline.js";
import { topbar } from "./topbar.js";
import { forEditing } from "./typing.js";
import { W } from "./words.js";

const FIRST_PERSON = "U01EMPLOYEE";
const phone = matchMedia("(max-width: 759px)");

// --- parts

const nav = sidebar({ switchTo });
const scrim = el("div", { class: "scrim", onclick: () => setNav(false) });
const main = el("main", { class: "main" });
const talk = timeline({ label: W.messages, thread: () => null, hint: emptyHint });
const write = composer({ id: "composer", thread: () => null, label: () => W.composer(placeName()) });
const home = el("div", { class: "home blocks", role: "tabpanel", "aria-label": W.homeTab, tabindex: "0" });
const away = el("p", { class: "away", hidden: true, text: W.botAwayNote });
const talkPart = el("div", { class: "talk" }, el("div", { class: "talk-list" }, talk.nodes), away, write.node);
main.append(heading, talkPart, home);

const threadList = timeline({ label: W.thread, thread: () => store.thread, hint: () => W.threadGone });
const threadWrite = composer({
    id: "thread-composer",
    thread: () => store.thread ?? "-",
    label: () => W.threadComposer,
});
const threadPane = el(
    "aside",
    { class: "thread", "aria-label": W.thread, hidden: true },
    el(
        "div",
        { class: "main-head" },
        el("h2", { class: "main-title", text: W.thread }),
        el("span", { class: "main-note thread-place" }),
        el(
            "button",
            { type: "button", class: "tool", "aria-label": W.closeThread, onclick: () => openThread(null) },
            icon("close"),
        ),
    ),
    el("div", { class: "talk-list" }, threadList.nodes),
    threadWrite.node,
);

const lost = el("div", { class: "lost", role: "status", hidden: true }, icon("warning"), W.lost);
document.getElementById("app").append(
    el("a", {
        class: "skip",
        href: "#composer",
        text: W.skip,
        onclick: (event) => (event.preventDefault(), write.focus()),
    }),
    topbar({ toggleNav: () => setNav(!document.body.classList.contains("nav-open")) }),
    lost,
    nav,
    scrim,
    main,
    threadPane,
    noticePlace(),
    modals(),
);

// --- what is shown where

function emptyHint() {
    if (channel().kind !== "dm") return [el("p", { text: W.noMessages }), el("p", { text: W.channelHint })];
    const example = (text) => el("button", { type: "button", class: "example", onclick: () => write.put(text), text });
    return [
        el("span", { class: "avatar bot", "aria-hidden": "true" }, icon("lock")),
        el("p", { text: W.dmHint }),
        el("div", { class: "examples" }, W.examples.map(example)),
    ];
}

function drawHome() {
    const view = store.home;
    keepingFocus(home, () =>
        home.replaceChildren(
            ...(view ? blockNodes(view.blocks, viewSurface(view)) : [el("p", { class: "empty", text: W.homeEmpty })]),
        ),
    );
}

function drawPlace() {
    const atHome = store.place === "home";
    home.hidden = !atHome;
    talkPart.hidden = atHome;
    away.hidden = channel().bot_member || channel().kind === "dm";
    drawHead();
    if (!atHome) {
        talk.draw(store.place);
        write.refresh();
    }
    drawThread();
}

function drawThread() {
    threadPane.hidden = !store.thread;
    document.body.classList.toggle("thread-open", Boolean(store.thread));
    if (!store.thread) return;
    threadPane.querySelector(".thread-place").textContent = placeName();
    threadList.draw(channel().id);
    threadWrite.refresh();
}

/** On phones the list of people is out of sight: the button tells that somebody has something to read. */
function drawToggle() {
    const unread = [...store.unreadOf].reduce((sum, [id, count]) => (id === store.me ? sum : sum + count), 0);
    const own = [...store.channels.values()].reduce((sum, one) => (one.id === store.place ? sum : sum + one.unread), 0);
    const toggle = document.querySelector(".nav-toggle");
    toggle.classList.toggle("has-unread", unread + own > 0);
    toggle.setAttribute("aria-label", W.openNav + (unread + own ? `。${W.unread(unread + own)}` : ""));
}

function setNav(open) {
    document.body.classList.toggle("nav-open", open);
    nav.inert = phone.matches && !open;
    main.inert = phone.matches && open;
    if (open) nav.querySelector("[aria-current]")?.focus();
}

// --- going on

function markRead() {
    if (document.hidden || store.place === "home" || !channel().unread) return;
    post("read", { user: store.me, channel: store.place });
}

on("state", () => {
    drawHome();
    drawPlace();
    markRead();
});
on("home", drawHome);
on("clock", drawPlace); // what is today and yesterday has moved
on("messages", (where) => {
    if (where !== channel().id) return;
    if (store.place !== "home") talk.draw(where);
    drawThread();
});
on("message", ({ channelId, message }) => {
    if (message.user === store.me || channelId !== channel().id) return;
    const words = forEditing(message.text ?? "").slice(0, 300);
    announce((message.ephemeral ? W.saidOnly : W.said)(nameOf(message.user) ?? W.deletedPerson, words));
});
on("channels", markRead);
on("thread", () => {
    drawThread();
    if (store.thread) threadWrite.focus();
    else if (!phone.matches) write.focus();
});
on("place", () => {
    clearNotices();
    drawPlace();
    setNav(false);
    remember();
    opened();
    markRead();
    if (store.place !== "home" && !phone.matches) write.focus();
});
on("state people channels", drawToggle);
on("link", () => (lost.hidden = store.link !== "lost"));
document.addEventListener("visibilitychange", () => store.app && markRead());
document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (document.body.classList.contains("nav-open")) setNav(false);
    else if (store.thread) openThread(null);
});
phone.addEventListener("change", () => setNav(false));
addEventListener("hashchange", () => {
    const [person, place] = remembered();
    if (person !== store.me) switchTo(person, place);
    else if (place && place !== store.place) goTo(place);
});

/** Tells the app that its home or its messages were opened. */
function opened() {
    if (store.place === "home") post("home", { user: store.me, tab: "home" });
    else if (store.place === dm().id) post("home", { user: store.me, tab: "messages" });
}

// --- who one is

function remembered() {
    const [person, place] = location.hash.replace(/^#\/?/, "").split("/");
    return [person || store.me || FIRST_PERSON, place ?? ""];
}

function remember() {
    history.replaceState(null, "", `#/${store.me}/${store.place}`);
}

async function switchTo(person, place = store.place) {
    if (!store.people.has(person)) return;
    clearNotices();
    try {
        await enter(person, place);
    } catch {
        return; // the stream says that the server is away, and goes on trying
    }
    remember();
    opened();
    setNav(false);
    const { real_name: name, role_label: role } = store.people.get(person);
    announce(W.switched(name, role));
    if (store.place !== "home" && !phone.matches) write.focus();
}

async function start() {
    const [person, place] = remembered();
    document.body.classList.add("is-loading");
    setNav(false);
    try {
        await enter(person, place, { reload: true }).catch(() => enter(FIRST_PERSON, "", { reload: true }));
    } catch {
        main.replaceChildren(
            el(
                "div",
                { class: "failed", role: "alert" },
                el("p", { text: W.loadFailed }),
                el("button", {
                    type: "button",
                    class: "btn primary",
                    text: W.reload,
                    onclick: () => location.reload(),
                }),
            ),
        );
        return;
    } finally {
        document.body.classList.remove("is-loading");
    }
    remember();
    opened();
    if (!phone.matches && store.place !== "home") write.focus();
}

start();
