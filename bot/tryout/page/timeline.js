// A list of messages that grows: by day, close together where one person goes on, keeping place and focus.
import { arrange, el, icon, keepingFocus } from "./dom.js";
import { messageNode } from "./message.js";
import { messagesOf, now, store } from "./store.js";
import { dayLabel, sameDay } from "./time.js";
import { W } from "./words.js";

const TOGETHER_S = 300;
const NEAR_PX = 80;
const SAME_PX = 4;
const MARGIN_PX = 8;
const ANSWER_MS = 5000; // what comes so soon after a press is its answer

/** thread(): the ts of a thread, or null for the conversation itself; hint(): nodes for an empty conversation. */
export function timeline({ label, thread, hint }) {
    const list = el("div", { class: "timeline-list" });
    const node = el(
        "div",
        { class: "timeline", role: "log", "aria-live": "off", "aria-label": label, tabindex: "0" },
        list,
    );
    const below = el(
        "button",
        { type: "button", class: "below", hidden: true, onclick: () => toEnd() },
        icon("down"),
        W.newBelow,
    );
    let drawn = new Map(); // ts -> {node, message, look}
    let shown = "";

    const toGo = () => node.scrollHeight - node.scrollTop - node.clientHeight;
    const atEnd = () => toGo() < NEAR_PX;
    const toEnd = () => {
        node.scrollTop = node.scrollHeight;
        below.hidden = true;
    };
    /** The end, or as near to it as leaves the beginning of an entry in sight: a long answer is read from its top. */
    const toStart = (entry) => {
        const top = entry.node.getBoundingClientRect().top - node.getBoundingClientRect().top + node.scrollTop;
        node.scrollTop = Math.min(node.scrollHeight - node.clientHeight, top - MARGIN_PX);
        stick = toGo() < SAME_PX;
        below.hidden = true;
    };
    const isCutAbove = (entry) => {
        const [place, own] = [node.getBoundingClientRect(), entry.node.getBoundingClientRect()];
        return own.top < place.top && own.bottom > place.top;
    };
    node.addEventListener("scroll", () => atEnd() && (below.hidden = true));
    // what is drawn late (wrapping, pictures, a field that grows) must not push the end out of sight
    let stick = true;
    node.addEventListener("scroll", () => (stick = toGo() < SAME_PX));
    new ResizeObserver(() => stick && toEnd()).observe(node);

    const draw = (channel) => {
        const root = thread();
        const what = `${store.me}/${channel}/${root}`;
        const fresh = what !== shown;
        const end = fresh || atEnd();
        if (fresh) drawn = new Map();
        const messages = messagesOf(channel, root);
        const wanted = [];
        const next = new Map();
        let before = null;
        for (const message of messages) {
            if (!root && (!before || !sameDay(Number(before.ts), Number(message.ts))))
                wanted.push(dayNode(Number(message.ts)));
            const compact = !root && follows(before, message);
            const known = drawn.get(message.ts);
            const entry =
                known && known.message === message && known.compact === compact
                    ? known
                    : { message, compact, node: messageNode(channel, message, { compact, inThread: Boolean(root) }) };
            next.set(message.ts, entry);
            wanted.push(entry.node);
            if (root && message.ts === root && messages.length > 1) wanted.push(countNode(messages.length - 1));
            before = message;
        }
        if (!messages.length) wanted.push(el("div", { class: "empty" }, hint()));
        const own = messages.at(-1)?.user === store.me && !drawn.has(messages.at(-1).ts);
        const grown = messages.filter((message) => !drawn.has(message.ts));
        const changed = messages.find((message) => (drawn.get(message.ts) ?? { message }).message.text !== message.text);
        drawn = next;
        shown = what;
        keepingFocus(list, () => arrange(list, wanted));
        const news = fresh ? messages.at(-1) : (grown.find((message) => message.user !== store.me) ?? changed);
        const awaited = end || Date.now() - store.actedAt < ANSWER_MS;
        if (own || (end && !news)) toEnd();
        else if (awaited && news) toStart(next.get(news.ts));
        else if (changed && isCutAbove(next.get(changed.ts))) toStart(next.get(changed.ts));
        else if (grown.length) below.hidden = false;
    };
    return { nodes: [node, below], draw, forget: () => (shown = ""), node };
}

function follows(before, message) {
    return Boolean(
        before &&
        before.user === message.user &&
        !before.ephemeral &&
        !message.ephemeral &&
        !before.reply_count &&
        sameDay(Number(before.ts), Number(message.ts)) &&
        Number(message.ts) - Number(before.ts) < TOGETHER_S,
    );
}

function countNode(count) {
    return el("div", { class: "day left", role: "separator" }, el("span", { text: W.replies(count) }));
}

function dayNode(epoch) {
    return el("div", { class: "day", role: "separator" }, el("span", { text: dayLabel(epoch, now()) }));
}
