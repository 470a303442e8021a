// The field one types in: Enter sends, Shift+Enter makes a line, and never in the middle of a Japanese conversion.
import { post } from "./api.js";
import { completion } from "./completion.js";
import { el, icon } from "./dom.js";
import { menuButton } from "./menu.js";
import { useShortcut } from "./message.js";
import { clearNotices, notice } from "./notice.js";
import { channel, store } from "./store.js";
import { W } from "./words.js";

const drafts = new Map(); // who/where/thread -> text

/** thread(): ts of the thread it answers in, or null. label(): its name. Returns {node, refresh, focus}. */
export function composer({ thread, label, id }) {
    const field = el("textarea", {
        id,
        class: "composer-field",
        rows: "1",
        role: "combobox",
        "aria-haspopup": "listbox",
        enterkeyhint: "send",
        spellcheck: "false",
    });
    const button = el(
        "button",
        { type: "button", class: "send", "aria-label": W.send, title: W.send, disabled: true, onclick: () => send() },
        icon("send"),
    );
    const shortcuts = el(
        "button",
        { type: "button", class: "tool", "aria-label": W.shortcuts, title: W.shortcuts },
        icon("bolt"),
    );
    menuButton(shortcuts, W.shortcuts, globalShortcuts);
    const list = completion(field, (offer, item) => {
        field.setRangeText(item.text, offer.from, field.selectionStart, "end");
        changed();
    });
    const node = el(
        "div",
        { class: "composer" },
        list.node,
        el("div", { class: "composer-box" }, thread() ? null : shortcuts, field, button),
        el("p", { class: "composer-hint", text: W.sendHint }),
    );
    const place = () => `${store.me}/${channel().id}/${thread() ?? ""}`;

    function changed() {
        drafts.set(place(), field.value);
        button.disabled = !field.value.trim();
        field.rows = Math.min(8, field.value.split("\n").length);
        list.update();
    }

    async function send() {
        const text = field.value.trim();
        if (!text) return;
        const where = { user: store.me, channel: channel().id };
        clearNotices();
        if (text.startsWith("/")) {
            if (!runnable(text)) return;
            empty();
            await run(where, text);
            return;
        }
        empty();
        const answer = await post("message", { ...where, text, ...(thread() ? { thread_ts: thread() } : {}) });
        if (!answer.error) return;
        notice(W.sendFailed(answer.error));
        if (!field.value) {
            field.value = text; // nothing typed is lost
            changed();
        }
    }

    function runnable(text) {
        const name = text.split(/\s/)[0];
        if (thread()) notice(W.noCommandInThread);
        else if (!store.app.commands.some((one) => one.command === name)) notice(W.unknownCommand(name));
        else return true;
        return false;
    }

    async function run(where, text) {
        const [, name, rest] = /^(\S+)\s*(.*)$/s.exec(text);
        node.classList.add("is-busy");
        const answer = await post("command", { ...where, command: name, text: rest });
        node.classList.remove("is-busy");
        if (answer.error) notice(W.commandFailed(name, answer.error));
    }

    function empty() {
        field.value = "";
        changed();
    }

    field.addEventListener("input", changed);
    field.addEventListener("click", () => list.update());
    field.addEventListener("blur", () => list.close());
    field.addEventListener("keydown", (event) => {
        // keyCode 229: Safari ends the composition before the Enter that ended it
        if (event.isComposing || event.keyCode === 229 || list.key(event)) return;
        if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            send();
        }
    });

    return {
        node,
        focus: () => field.focus(),
        put(text) {
            field.value = text;
            changed();
            field.focus();
        },
        /** Another person or conversation: its own draft and name. */
        refresh() {
            field.setAttribute("aria-label", label());
            field.placeholder = label();
            if (field.value !== (drafts.get(place()) ?? "")) {
                field.value = drafts.get(place()) ?? "";
                changed();
                list.close();
            }
        },
    };
}

function globalShortcuts() {
    const found = store.app.shortcuts.filter((shortcut) => shortcut.type === "global");
    if (!found.length) return [{ label: W.noShortcuts, run() {} }];
    return found.map((shortcut) => ({ label: shortcut.name, note: store.app.name, run: () => useShortcut(shortcut) }));
}
