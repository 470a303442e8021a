// The line over a conversation: its name, what to know of it, and the bot's two tabs.
import { el, icon, keepingFocus } from "./dom.js";
import { channel, goTo, nameOf, store } from "./store.js";
import { W } from "./words.js";

export const heading = el("div", { class: "main-head" });

export function placeName() {
    if (store.place === "home") return W.homeTitle(store.app.name);
    const shown = channel();
    return shown.kind === "dm" ? W.dmTitle(store.app.name) : `#${shown.name}`;
}

function placeNote() {
    const shown = channel();
    if (shown.kind === "dm") return W.dmNote;
    if (!shown.bot_member) return W.botAway;
    return shown.kind === "ext" ? W.extNote : W.channelNote;
}

export function drawHead() {
    const shown = channel();
    const sign = shown.kind === "dm" ? "lock" : shown.kind === "ext" ? "shared" : "hash";
    const title = shown.kind === "dm" ? store.app.name : shown.name;
    const chosen = (id) => (store.place === "home") === (id === "home");
    const tab = (id, label) =>
        el("button", {
            type: "button",
            role: "tab",
            class: "tab",
            "data-key": id,
            "aria-selected": String(chosen(id)),
            tabindex: chosen(id) ? "0" : "-1",
            onclick: () => goTo(id),
            text: label,
        });
    keepingFocus(heading, () =>
        heading.replaceChildren(
            el("span", { class: "main-sign" }, icon(sign)),
            el("h2", { class: "main-title", text: title }),
            shown.kind === "dm"
                ? el(
                      "div",
                      { class: "tabs", role: "tablist", "aria-label": W.appTabs(store.app.name), onkeydown: walkTabs },
                      tab("home", W.homeTab),
                      tab(shown.id, W.messagesTab),
                  )
                : el("span", { class: "main-note", text: placeNote() }),
        ),
    );
    document.title = `${placeName()} · ${nameOf(store.me)} · ${W.title}`;
}

function walkTabs(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = [...event.currentTarget.children].find((one) => one !== document.activeElement);
    other.click();
    heading.querySelector("[aria-selected=true]").focus();
}
