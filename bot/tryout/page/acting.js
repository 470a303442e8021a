// A press on its way: confirmation, the wait for the app's ack, and what is told where it does not come.
import { post } from "./api.js";
import { confirmed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { valuesOf } from "./fields.js";
import { textOf } from "./mrkdwn.js";
import { store } from "./store.js";
import { W } from "./words.js";

/** Surfaces: where blocks stand. `key` names the surface for kept values. */
export function messageSurface(channel, message) {
    return {
        key: `${store.me}/${channel}/${message.ts}`,
        container: { type: "message", channel, ts: message.ts, ephemeral: Boolean(message.ephemeral) },
    };
}

export function viewSurface(view) {
    return { key: `${store.me}/${view.id}`, container: { type: "view", view_id: view.id } };
}

/** A control with the place beside it where its waiting and its failing are told. */
export function marked(control) {
    const note = el("span", { class: "mark", role: "status" });
    const node = el("span", { class: "control" }, control, note);
    return {
        node,
        busy() {
            node.classList.add("is-busy");
            control.setAttribute("aria-busy", "true");
            note.replaceChildren(el("span", { class: "spinner" }), el("span", { class: "sr-only", text: W.busy }));
        },
        done(error) {
            node.classList.remove("is-busy");
            control.removeAttribute("aria-busy");
            note.replaceChildren(
                ...(error ? [el("span", { class: "mark-error" }, icon("warning"), W.actionFailed(error))] : []),
            );
        },
        get waiting() {
            return node.classList.contains("is-busy");
        },
    };
}

export async function confirmedBy(element) {
    const ask = element.confirm;
    if (!ask) return true;
    return confirmed({
        title: textOf(ask.title),
        text: textOf(ask.text),
        yes: textOf(ask.confirm),
        no: textOf(ask.deny),
        danger: ask.style === "danger",
    });
}

/** Tells the app. chosen: {value} or {selected_…}. mark: of the control (see marked). Returns whether it was taken. */
export async function act(surface, block, element, chosen, mark) {
    if (mark.waiting) return false;
    mark.busy();
    store.actedAt = Date.now();
    const answer = await post("action", {
        user: store.me,
        container: surface.container,
        block_id: block.block_id,
        action_id: element.action_id,
        type: element.type,
        ...chosen,
        state: { values: valuesOf(surface.key) },
    });
    mark.done(answer.error);
    return !answer.error;
}
