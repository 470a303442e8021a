// The modals an app opens: up to three on each other, the one on top is shown.
import { viewSurface } from "./acting.js";
import { post } from "./api.js";
import { blockNodes } from "./blocks.js";
import { el, icon, keepingFocus, newId } from "./dom.js";
import { forget, valuesOf } from "./fields.js";
import { textOf } from "./mrkdwn.js";
import { on, store } from "./store.js";
import { W } from "./words.js";

/** The dialog element; it opens and closes as the stack does. */
export function modals() {
    const titleId = newId("modal");
    const head = el("div", { class: "dialog-head" });
    const body = el("div", { class: "dialog-body blocks" });
    const foot = el("div", { class: "dialog-foot" });
    const alert = el("div", { class: "dialog-alert", role: "alert", hidden: true });
    const form = el("form", { class: "dialog-form", novalidate: true }, head, alert, body, foot);
    const dialog = el("dialog", { class: "dialog modal", "aria-labelledby": titleId }, form);
    let shown = null; // the view that is drawn
    let errors = {};
    let open = new Set();

    const top = () => store.modals.at(-1) ?? null;
    const closeOne = () => post("close", { user: store.me, view_id: top().id });
    const closeAll = () => post("close", { user: store.me, view_id: store.modals[0].id, all: true });

    const draw = () => {
        const view = top();
        const now = new Set(store.modals.map((one) => one.id));
        for (const id of open) if (!now.has(id)) forget(viewSurface({ id }).key);
        open = now;
        if (!view) {
            shown = null;
            if (dialog.open) dialog.close();
            return;
        }
        const other = shown?.id !== view.id;
        if (other || shown !== view) {
            errors = {};
            tell("");
        }
        shown = view;
        drawHead(view);
        keepingFocus(dialog, () => drawParts(view));
        if (!dialog.open) dialog.showModal();
        if (other) {
            body.scrollTop = 0;
            (
                body.querySelector("[autofocus]") ??
                body.querySelector("input, textarea, select") ??
                head.querySelector("h2")
            ).focus();
        }
    };

    const drawHead = (view) => {
        const pushed = store.modals.length > 1;
        head.replaceChildren(
            pushed
                ? el("button", { type: "button", class: "tool", "aria-label": W.back, onclick: closeOne }, icon("back"))
                : "",
            el("h2", { id: titleId, class: "dialog-title", tabindex: "-1" }, textOf(view.title)),
            el(
                "button",
                {
                    type: "button",
                    class: "tool",
                    "aria-label": pushed ? W.closeAll : W.close,
                    "data-key": "x",
                    onclick: closeAll,
                },
                icon("close"),
            ),
        );
    };

    const drawParts = (view) => {
        body.replaceChildren(...blockNodes(view.blocks, viewSurface(view), errors));
        foot.replaceChildren(
            el(
                "button",
                { type: "button", class: "btn", "data-key": "close", onclick: closeOne },
                view.close ? textOf(view.close) : W.close,
            ),
            view.submit
                ? el("button", { type: "submit", class: "btn primary", "data-key": "submit" }, textOf(view.submit))
                : "",
        );
    };

    const tell = (text) => {
        alert.hidden = !text;
        alert.replaceChildren(...(text ? [icon("warning"), text] : []));
    };

    const submit = async () => {
        const view = top();
        const button = foot.querySelector("[type=submit]");
        if (!view?.submit || button.disabled) return;
        button.disabled = true;
        button.replaceChildren(el("span", { class: "spinner" }), W.submitting);
        tell("");
        store.actedAt = Date.now();
        const answer = await post("submit", {
            user: store.me,
            view_id: view.id,
            values: valuesOf(viewSurface(view).key),
        });
        if (shown?.id !== view.id) return;
        errors = answer.errors ?? {};
        keepingFocus(dialog, () => drawParts(shown));
        if (answer.error) tell(W.submitFailed(answer.error));
        if (!answer.errors) return;
        tell(W.fixErrors);
        body.querySelector("[aria-invalid]")?.focus();
        body.querySelector(".is-wrong")?.scrollIntoView({ block: "nearest" });
    };

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        submit();
    });
    // Enter that ends a Japanese conversion must not send the form
    form.addEventListener(
        "keydown",
        (event) => event.key === "Enter" && (event.isComposing || event.keyCode === 229) && event.preventDefault(),
    );
    dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        if (event.target === dialog && top()) closeOne();
    });
    on("state modals", draw);
    return dialog;
}
