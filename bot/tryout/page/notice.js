// A line above everything but dialogs that says what did not work, until it is put away or something else is sent.
import { el, icon } from "./dom.js";
import { W } from "./words.js";

const place = el("div", { class: "notices", role: "alert" });

export function noticePlace() {
    return place;
}

export function notice(text) {
    const node = el(
        "div",
        { class: "notice" },
        icon("warning"),
        el("span", { text }),
        el(
            "button",
            { type: "button", class: "tool", "aria-label": W.dismiss, onclick: () => node.remove() },
            icon("close"),
        ),
    );
    place.replaceChildren(node);
}

export function clearNotices() {
    place.replaceChildren();
}
