// rich_text blocks, tables and the simple part of markdown blocks as nodes.
import { el } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { channelRef, link, linked, mention } from "./mrkdwn.js";
import { now } from "./store.js";
import { formatted } from "./time.js";
import { W } from "./words.js";

/** The children of a rich_text block. */
export function richText(elements) {
    return elements.map((part) => (PARTS[part.type] ?? PARTS.rich_text_section)(part));
}

const PARTS = {
    rich_text_section: (part) => el("div", { class: "prose" }, runs(part.elements)),
    rich_text_quote: (part) => el("blockquote", { class: "prose" }, runs(part.elements)),
    rich_text_preformatted: (part) => el("pre", { class: "code" }, el("code", null, runs(part.elements))),
    rich_text_list: (part) =>
        el(
            part.style === "ordered" ? "ol" : "ul",
            { class: `indent-${Math.min(part.indent ?? 0, 4)}`, start: part.offset ? part.offset + 1 : null },
            part.elements.map((item) => el("li", null, runs(item.elements))),
        ),
};

function runs(elements) {
    return (elements ?? []).map(run);
}

function run(part) {
    switch (part.type) {
        case "text":
            return styled(part.style?.code ? [part.text] : linked(part.text), part.style);
        case "link":
            return styled([link(part.url, part.text)], part.style);
        case "user":
            return mention(part.user_id);
        case "channel":
            return channelRef(part.channel_id);
        case "emoji":
            return emojiOf(part.name);
        case "date":
            return el("time", { text: formatted(part.timestamp, part.format ?? "{date_num}", now()) });
        case "broadcast":
            return el("span", { class: "mention", text: `@${part.range}` });
        case "usergroup":
            return el("span", { class: "mention", text: `@${part.usergroup_id}` });
        default:
            return part.fallback ?? part.text ?? "";
    }
}

function styled(nodes, style = {}) {
    const tags = { bold: "strong", italic: "em", strike: "del", code: "code", underline: "u" };
    return Object.entries(tags).reduce((inner, [name, tag]) => (style[name] ? [el(tag, null, inner)] : inner), nodes);
}

/** A table block: the first row is its heading. */
export function table(block) {
    const align = (at) => block.column_settings?.[at]?.align ?? "left";
    const cell = (tag, content, at) =>
        el(
            tag,
            { class: `align-${align(at)}`, scope: tag === "th" ? "col" : null },
            content.type === "rich_text" ? richText(content.elements) : String(content.text ?? ""),
        );
    const [head, ...rows] = block.rows;
    return scrolling(
        el(
            "table",
            null,
            el(
                "thead",
                null,
                el(
                    "tr",
                    null,
                    head.map((content, at) => cell("th", content, at)),
                ),
            ),
            el(
                "tbody",
                null,
                rows.map((row) =>
                    el(
                        "tr",
                        null,
                        row.map((content, at) => cell("td", content, at)),
                    ),
                ),
            ),
        ),
    );
}

function scrolling(inner) {
    return el("div", { class: "table", role: "region", "aria-label": W.table, tabindex: "0" }, inner);
}

/** A markdown block: headings, lists, quotes, fences, tables, rules, paragraphs. */
export function markdown(text) {
    const nodes = [];
    const rest = text.split("\n");
    while (rest.length) {
        const rule = RULES.find(([test]) => test.test(rest[0]));
        if (rule) nodes.push(rule[1](rest));
        else {
            const line = rest.shift();
            if (line.trim()) nodes.push(el("div", { class: "prose" }, spans(line)));
        }
    }
    return nodes;
}

const takeWhile = (rest, test) => {
    const taken = [];
    while (rest.length && test.test(rest[0])) taken.push(rest.shift());
    return taken;
};

const list = (tag, test) => [
    test,
    (rest) =>
        el(
            tag,
            null,
            takeWhile(rest, test).map((line) => el("li", null, spans(line.replace(test, "")))),
        ),
];

const RULES = [
    [
        /^```/,
        (rest) => {
            rest.shift();
            const code = takeWhile(rest, /^(?!```)/);
            rest.shift();
            return el("pre", { class: "code" }, el("code", { text: code.join("\n") }));
        },
    ],
    [
        /^#{1,6} /,
        (rest) =>
            el(
                "div",
                { class: "subhead", role: "heading", "aria-level": "4" },
                spans(rest.shift().replace(/^#+ /, "")),
            ),
    ],
    [/^(?:-{3,}|\*{3,})\s*$/, (rest) => rest.shift() && el("hr")],
    list("ul", /^\s*[-*] /),
    list("ol", /^\s*\d+[.)] /),
    [
        /^> ?/,
        (rest) =>
            el(
                "blockquote",
                null,
                takeWhile(rest, /^> ?/).map((line) => el("div", null, spans(line.replace(/^> ?/, "")))),
            ),
    ],
    [
        /^\|.*\|\s*$/,
        (rest) => {
            const rows = takeWhile(rest, /^\|.*\|\s*$/).filter((line) => !/^\|[\s:|-]+\|\s*$/.test(line));
            const cells = rows.map((line) =>
                line
                    .trim()
                    .slice(1, -1)
                    .split("|")
                    .map((text) => ({ type: "raw_text", text: text.trim() })),
            );
            return table({ rows: cells });
        },
    ],
];

const SPANS = /(`[^`]+`)|\*\*(.+?)\*\*|~~(.+?)~~|\[([^\]]+)\]\(([^)\s]+)\)|(?<![\w*])[*_](\S(?:.*?\S)?)[*_](?![\w*])/;

function spans(text) {
    const found = SPANS.exec(text);
    if (!found) return text ? linked(text) : [];
    const [whole, code, bold, strike, label, href, italic] = found;
    const node = code
        ? el("code", { text: code.slice(1, -1) })
        : bold
          ? el("strong", null, spans(bold))
          : strike
            ? el("del", null, spans(strike))
            : href
              ? link(href, label)
              : el("em", null, spans(italic));
    return [...linked(text.slice(0, found.index)), node, ...spans(text.slice(found.index + whole.length))];
}
