// One message: who, when, what, and what can be done with it.
import { messageSurface } from "./acting.js";
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { blockNodes } from "./blocks.js";
import { confirmed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { menuButton } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { notice } from "./notice.js";
import { nameOf, openThread, store } from "./store.js";
import { shortWhen, timeOf, whenOf } from "./time.js";
import { forEditing } from "./typing.js";
import { W } from "./words.js";

/** compact: follows another one of the same person. inThread: drawn in the thread pane. */
export function messageNode(channel, message, { compact, inThread }) {
    const name = nameOf(message.user) ?? message.username ?? W.deletedPerson;
    const at = Number(message.ts);
    const time = el("time", {
        class: "time",
        datetime: new Date(at * 1000).toISOString(),
        title: whenOf(at),
        text: timeOf(at),
    });
    const body = el("div", { class: "message-body" });
    const node = el(
        "article",
        {
            class: ["message", compact && "compact", message.ephemeral && "only-you"].filter(Boolean).join(" "),
            "data-ts": message.ts,
            "aria-label": `${name} ${timeOf(at)}`,
            tabindex: "-1",
        },
        el("div", { class: "gutter" }, compact ? time : avatar(message.user)),
        body,
        tools(channel, message, inThread, () => edit(body, channel, message)),
    );
    const head = el(
        "div",
        { class: "message-head" },
        el("span", { class: "author", text: name }),
        roleOf(message.user),
        compact ? null : time,
    );
    body.append(
        ...[
            message.ephemeral && el("div", { class: "only" }, icon("eye"), W.only),
            !compact && head,
            ...content(channel, message),
            !inThread && message.reply_count > 0 && threadLink(message),
        ].filter(Boolean),
    );
    return node;
}

function roleOf(id) {
    if (id === store.app.user_id) return el("span", { class: "badge by-app", text: W.appBadge });
    const person = store.people.get(id);
    return person?.role_label ? el("span", { class: "role", text: person.role_label }) : null;
}

function content(channel, message) {
    const shown = message.blocks?.length
        ? blockNodes(message.blocks, messageSurface(channel, message))
        : message.text
          ? [el("div", { class: "block prose" }, mrkdwn(message.text))]
          : [];
    const edited = message.edited && el("span", { class: "edited", text: W.edited });
    return [el("div", { class: "content" }, shown, edited || null), ...(message.files ?? []).map(fileNode)];
}

function fileNode(file) {
    const size =
        file.size >= 1024 * 1024
            ? `${(file.size / 1024 / 1024).toFixed(1)} MB`
            : `${Math.ceil((file.size ?? 0) / 1024)} KB`;
    const label = W.file(file.title || file.name, size);
    const href = file.url_private && new URL(file.url_private, location.href).pathname;
    return el(
        href ? "a" : "span",
        { class: "file", href: href || null, download: href ? file.name : null },
        icon("file"),
        label,
    );
}

function threadLink(message) {
    return el(
        "button",
        {
            type: "button",
            class: "thread-link",
            "data-key": `thread/${message.ts}`,
            onclick: () => openThread(message.ts),
        },
        el(
            "span",
            { class: "faces" },
            (message.reply_users ?? []).slice(0, 3).map((user) => avatar(user, "small")),
        ),
        el("span", { class: "thread-count", text: W.replies(message.reply_count) }),
        message.latest_reply
            ? el("span", { class: "thread-when", text: W.lastReply(shortWhen(Number(message.latest_reply))) })
            : null,
    );
}

// --- what can be done with it

function tools(channel, message, inThread, onEdit) {
    const thread =
        !inThread &&
        !message.ephemeral &&
        el(
            "button",
            {
                type: "button",
                class: "tool",
                "aria-label": W.replyIn,
                title: W.replyIn,
                "data-key": `reply/${message.ts}`,
                onclick: () => openThread(message.thread_ts ?? message.ts),
            },
            icon("thread"),
        );
    const more = el(
        "button",
        {
            type: "button",
            class: "tool",
            "aria-label": W.messageMenu,
            title: W.messageMenu,
            "data-key": `menu/${message.ts}`,
        },
        icon("dots"),
    );
    const items = () => menuItems(channel, message, inThread, onEdit);
    if (items().length) menuButton(more, W.messageMenu, items);
    return el("div", { class: "tools" }, thread || null, items().length ? more : null);
}

function menuItems(channel, message, inThread, onEdit) {
    if (message.ephemeral) return [];
    const shortcuts = store.app.shortcuts
        .filter((shortcut) => shortcut.type === "message")
        .map((shortcut) => ({
            label: shortcut.name,
            note: store.app.name,
            run: () => useShortcut(shortcut, channel, message.ts),
        }));
    const reply = inThread ? [] : [{ label: W.replyIn, run: () => openThread(message.thread_ts ?? message.ts) }];
    const own =
        message.user === store.me
            ? [
                  { label: W.edit, run: onEdit },
                  { label: W.remove, danger: true, run: () => remove(channel, message) },
              ]
            : [];
    return [...shortcuts, ...reply, ...own];
}

/** A shortcut: of a message where ts names it, else a global one. */
export async function useShortcut(shortcut, channel, ts) {
    const answer = await post("shortcut", {
        user: store.me,
        callback_id: shortcut.callback_id,
        ...(ts ? { channel, ts } : {}),
    });
    if (answer.error) notice(W.shortcutFailed(shortcut.name, answer.error));
}

async function remove(channel, message) {
    if (!(await confirmed({ title: W.removeAsk, text: W.removeNote, yes: W.remove, no: W.cancel, danger: true })))
        return;
    const answer = await post("delete", { user: store.me, channel, ts: message.ts });
    if (answer.error) notice(W.sendFailed(answer.error));
}

function edit(body, channel, message) {
    const content = body.querySelector(".content");
    if (!content || body.querySelector(".editor")) return;
    const area = el("textarea", {
        class: "field",
        rows: "2",
        "aria-label": W.editLabel,
        value: forEditing(message.text),
    });
    const done = () => {
        editor.remove();
        content.hidden = false;
    };
    const save = async () => {
        if (!area.value.trim()) return;
        const answer = await post("edit", { user: store.me, channel, ts: message.ts, text: area.value });
        if (answer.error) notice(W.sendFailed(answer.error));
        else done();
    };
    area.addEventListener("keydown", (event) => {
        if (event.isComposing || event.keyCode === 229) return;
        if (event.key === "Escape") {
            event.stopPropagation();
            done();
        } else if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            save();
        }
    });
    const editor = el(
        "div",
        { class: "editor" },
        area,
        el(
            "div",
            { class: "editor-foot" },
            el("button", { type: "button", class: "btn", onclick: done, text: W.cancel }),
            el("button", { type: "button", class: "btn primary", onclick: save, text: W.save }),
        ),
    );
    content.hidden = true;
    content.after(editor);
    area.focus();
}
