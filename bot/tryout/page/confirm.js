// A question that must be answered first.
import { el, newId } from "./dom.js";

/** Asks; true where the answer is yes. title, text, yes, no: texts or lists of nodes. */
export function confirmed({ title, text, yes, no, danger = false }) {
    return new Promise((resolve) => {
        const titleId = newId("ask");
        const textId = newId("ask");
        const dialog = el(
            "dialog",
            { class: "dialog ask", role: "alertdialog", "aria-labelledby": titleId, "aria-describedby": textId },
            el("h2", { id: titleId, class: "dialog-title" }, title),
            el("div", { id: textId, class: "dialog-body" }, text),
            el(
                "div",
                { class: "dialog-foot" },
                el("button", { type: "button", class: "btn", onclick: () => dialog.close("no") }, no),
                el(
                    "button",
                    {
                        type: "button",
                        class: danger ? "btn danger" : "btn primary",
                        onclick: () => dialog.close("yes"),
                    },
                    yes,
                ),
            ),
        );
        const back = document.activeElement;
        dialog.addEventListener("close", () => {
            dialog.remove();
            if (back?.isConnected) back.focus();
            resolve(dialog.returnValue === "yes");
        });
        document.body.append(dialog);
        dialog.showModal();
    });
}
