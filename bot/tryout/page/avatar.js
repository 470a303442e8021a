// A face beside a name: a letter, or the bot's sign. Colours only help; the name is always there too.
import { el, icon } from "./dom.js";
import { store } from "./store.js";

export function avatar(id, size = "") {
    if (id === store.app.user_id)
        return el("span", { class: `avatar bot ${size}`.trim(), "aria-hidden": "true" }, icon("lock"));
    const person = store.people.get(id);
    const tint = [...store.people.keys()].indexOf(id) % 7;
    return el("span", {
        class: `avatar tint-${Math.max(tint, 0)} ${size}`.trim(),
        "aria-hidden": "true",
        text: person?.avatar || person?.real_name?.[0] || "?",
    });
}
