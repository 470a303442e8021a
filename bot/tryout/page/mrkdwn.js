// Slack's mrkdwn and its <references> as nodes. Marks count only between boundaries, so that *bold* next to Japanese letters
// stays as typed here as it does there.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { nameOf, now, store } from "./store.js";
import { formatted } from "./time.js";

const MARKS = { "*": "strong", _: "em", "~": "del" };
const BOUNDARY = /[\s!"#$%&'()+,\-./:;<=>?@[\\\]^{|}*_~]/;

/** The three entities that Slack's text has. */
export function unescaped(text) {
    return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A text object's content: mrkdwn or plain. */
export function textOf(object) {
    if (!object) return [];
    return object.type === "mrkdwn" ? mrkdwn(object.text) : [withEmoji(object.text)];
}

/** A whole mrkdwn text: fences, quotes, list lines, paragraphs. */
export function mrkdwn(text) {
    const nodes = [];
    const pieces = text.split("```");
    for (const [at, part] of pieces.entries()) {
        const closed = at % 2 === 1 && at < pieces.length - 1;
        if (closed)
            nodes.push(el("pre", { class: "code" }, el("code", { text: unescaped(part.replace(/^\n|\n$/g, "")) })));
        else {
            const before = at < pieces.length - 2 ? part.replace(/\n$/, "") : part; // a fence begins and ends a line of its own
            nodes.push(...lines((at % 2 === 1 ? "```" : "") + (nodes.length ? before.replace(/^\n/, "") : before)));
        }
    }
    return nodes;
}

function lines(text) {
    if (!text) return [];
    const nodes = [];
    let quote = null;
    for (const line of text.split("\n")) {
        const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
        if (quoted) {
            if (!quote) nodes.push((quote = el("blockquote")));
            quote.append(lineOf(quoted[1]));
        } else {
            quote = null;
            nodes.push(lineOf(line));
        }
    }
    return nodes;
}

function lineOf(line) {
    return el("div", { class: lookOf(line) }, line ? inline(line) : el("br"));
}

/** Lines of a list hang: what is wrapped stands under the words, not under the mark. */
function lookOf(line) {
    if (/^\s*[•・◦▪-]\s/.test(line)) return "line point";
    return /^\s*(?:\d{1,2}[.)]|[①-⑳])\s/.test(line) ? "line item" : "line";
}

/** Within a line: code, references, marks. */
function inline(text) {
    const nodes = [];
    let plain = "";
    const flush = () => {
        if (plain) nodes.push(...linked(unescaped(plain)));
        plain = "";
    };
    for (let at = 0; at < text.length;) {
        const found = codeAt(text, at) ?? referenceAt(text, at) ?? markAt(text, at);
        if (found) {
            flush();
            nodes.push(found.node);
            at = found.end;
        } else {
            plain += text[at];
            at += 1;
        }
    }
    flush();
    return nodes;
}

function codeAt(text, at) {
    if (text[at] !== "`") return null;
    const end = text.indexOf("`", at + 1);
    if (end <= at + 1) return null;
    return { node: el("code", { text: unescaped(text.slice(at + 1, end)) }), end: end + 1 };
}

function markAt(text, at) {
    const tag = MARKS[text[at]];
    const next = text[at + 1];
    if (!tag || !next || next === text[at] || /\s/.test(next) || (at > 0 && !BOUNDARY.test(text[at - 1]))) return null;
    for (let end = text.indexOf(text[at], at + 2); end > 0; end = text.indexOf(text[at], end + 1)) {
        const closes = !/\s/.test(text[end - 1]) && (end === text.length - 1 || BOUNDARY.test(text[end + 1]));
        if (closes) return { node: el(tag, null, inline(text.slice(at + 1, end))), end: end + 1 };
    }
    return null;
}

function referenceAt(text, at) {
    if (text[at] !== "<") return null;
    const end = text.indexOf(">", at);
    if (end < 0) return null;
    const node = reference(text.slice(at + 1, end));
    return node && { node, end: end + 1 };
}

function reference(inside) {
    const [target, label] = inside.split(/\|(.*)/s);
    if (target.startsWith("@")) return mention(target.slice(1), label);
    if (target.startsWith("#")) return channelRef(target.slice(1), label);
    if (target.startsWith("!date^")) return dateRef(target, label);
    if (target.startsWith("!"))
        return el("span", { class: "mention" }, `@${label?.replace(/^@/, "") ?? target.slice(1)}`);
    return /^(https?:|mailto:|tel:)/.test(target) ? link(unescaped(target), label && unescaped(label)) : null;
}

export function mention(id, label) {
    const name = nameOf(id) ?? label ?? id;
    return el("span", { class: id === store.me ? "mention mine" : "mention", text: `@${name.replace(/^@/, "")}` });
}

export function channelRef(id, label) {
    return el("span", { class: "mention", text: `#${store.channels.get(id)?.name ?? label ?? id}` });
}

function dateRef(target, fallback) {
    const [, epoch, format, href] = target.split("^");
    const text = Number.isFinite(Number(epoch))
        ? formatted(Number(epoch), format ?? "", now())
        : unescaped(fallback ?? "");
    return href ? link(href, text) : el("time", { text });
}

/** A link that opens beside the page. Only addresses that open something harmless. */
export function link(href, label) {
    if (!/^(https?:|mailto:|tel:)/.test(href)) return el("span", { text: label || href });
    return el("a", {
        href,
        target: "_blank",
        rel: "noopener noreferrer",
        text: label || href.replace(/^mailto:|^tel:/, ""),
    });
}

/** Typed text with its bare addresses as links. */
export function linked(text) {
    return text
        .split(/(https?:\/\/[^\s<>「」、。]+)/)
        .map((part, at) => (at % 2 ? link(part) : withEmoji(part)))
        .filter((part) => part !== "");
}
