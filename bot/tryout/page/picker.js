// A field that searches: for one choice or several, from a list at hand or from the app. Arrow keys, Enter, Esc, Backspace.
import { el, icon, newId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { W } from "./words.js";

/**
 * options: async (query) -> [{value, label, note?, group?}] or {error}. chosen: the same kind of entries.
 * multi: several; most: at most so many. onChange(chosen) after each choice. attributes go to the input.
 */
export function picker({
    options,
    chosen,
    multi = false,
    most = Infinity,
    minLetters = 0,
    placeholder,
    onChange,
    attributes,
}) {
    const listId = newId("list");
    const input = el("input", {
        type: "text",
        class: "field",
        role: "combobox",
        autocomplete: "off",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": listId,
        placeholder: placeholder || W.typeToSearch,
        ...attributes,
    });
    const chips = el("ul", { class: "chips", hidden: true });
    const list = el("ul", {
        class: "listbox",
        role: "listbox",
        id: listId,
        hidden: true,
        "aria-multiselectable": multi ? "true" : null,
        "aria-label": W.completion,
    });
    const node = el("div", { class: "picker" }, chips, input, list);
    let taken = [...chosen];
    let shown = [];
    let active = -1;
    let asked = 0;

    const drawChosen = () => {
        if (!multi) {
            input.value = taken[0] ? withEmoji(taken[0].label) : "";
            return;
        }
        chips.hidden = taken.length === 0;
        chips.replaceChildren(
            ...taken.map((entry) =>
                el(
                    "li",
                    { class: "chip" },
                    withEmoji(entry.label),
                    el(
                        "button",
                        {
                            type: "button",
                            class: "chip-x",
                            "aria-label": W.removeChosen(entry.label),
                            onclick: () => toggle(entry),
                        },
                        icon("close"),
                    ),
                ),
            ),
        );
    };

    const close = () => {
        list.hidden = true;
        active = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
    };

    const highlight = (to) => {
        active = to;
        const items = [...list.querySelectorAll("[role=option]")];
        items.forEach((item, at) => item.classList.toggle("is-active", at === active));
        if (items[active]) {
            input.setAttribute("aria-activedescendant", items[active].id);
            items[active].scrollIntoView({ block: "nearest" });
        } else input.removeAttribute("aria-activedescendant");
    };

    const toggle = (entry) => {
        const had = taken.some((one) => one.value === entry.value);
        if (!multi) taken = [entry];
        else if (had) taken = taken.filter((one) => one.value !== entry.value);
        else if (taken.length < most) taken = [...taken, entry];
        else return;
        drawChosen();
        if (multi) {
            input.value = "";
            if (!list.hidden) open("");
        } else close();
        onChange(taken);
    };

    const draw = () => {
        let group = null;
        const rows = shown.flatMap((entry) => {
            const heading =
                entry.group && entry.group !== group
                    ? [el("li", { class: "listbox-group", role: "presentation", text: entry.group })]
                    : [];
            group = entry.group;
            const on = taken.some((one) => one.value === entry.value);
            const row = el(
                "li",
                {
                    role: "option",
                    id: newId("option"),
                    class: "option",
                    "aria-selected": String(on),
                    onpointerdown: (event) => event.preventDefault(),
                    onclick: () => toggle(entry),
                },
                el("span", { class: "tick" }, on ? icon("check") : null),
                el(
                    "span",
                    null,
                    withEmoji(entry.label),
                    entry.note ? el("span", { class: "option-note", text: entry.note }) : null,
                ),
            );
            return [...heading, row];
        });
        list.replaceChildren(
            ...(rows.length ? rows : [el("li", { class: "listbox-empty", role: "presentation", text: W.noOptions })]),
        );
    };

    const open = async (query) => {
        const turn = ++asked;
        if (query.length < minLetters) return close();
        const found = await options(query);
        if (turn !== asked || !node.isConnected) return; // newer letters are being looked up, or it is gone
        shown = Array.isArray(found) ? found : [];
        draw();
        if (found.error)
            list.replaceChildren(
                el("li", { class: "listbox-empty", role: "presentation", text: W.actionFailed(found.error) }),
            );
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
        highlight(-1);
    };

    const keys = {
        ArrowDown: () =>
            list.hidden ? open(multi ? input.value : "") : highlight(Math.min(active + 1, shown.length - 1)),
        ArrowUp: () => highlight(Math.max(active - 1, 0)),
        Enter: () => shown[active] && toggle(shown[active]),
    };
    input.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        if (keys[event.key]) {
            event.preventDefault();
            keys[event.key]();
        } else if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            event.stopPropagation();
            close();
        } else if (event.key === "Backspace" && multi && !input.value && taken.length) toggle(taken.at(-1));
    });
    input.addEventListener("input", () => open(input.value));
    input.addEventListener("focus", () => open(multi ? input.value : ""));
    input.addEventListener("click", () => list.hidden && open(multi ? input.value : ""));
    input.addEventListener("blur", () => {
        close();
        if (multi) input.value = "";
        else drawChosen();
    });
    drawChosen();
    return { node, input };
}
