// What is offered while one types: commands with what they do, their sub-commands, people and channels.
import { el, newId } from "./dom.js";
import { store } from "./store.js";
import { mentionable } from "./typing.js";
import { W } from "./words.js";

/** What fits before the caret: {from, items: [{text, label, note}], hint?, eager}. eager: Enter takes the first. null: nothing. */
function offers(text, caret) {
    const before = text.slice(0, caret);
    if (text.startsWith("/")) return commandOffers(before);
    const found = /(?:^|[\s、。(（「])([@#][^\s@#]*)$/.exec(before);
    if (!found) return null;
    const items = mentionable()
        .filter((one) => one.text.toLowerCase().startsWith(found[1].toLowerCase()))
        .map((one) => ({ text: `${one.text} `, label: one.text, note: one.note }));
    return items.length ? { from: caret - found[1].length, items, eager: true } : null;
}

function commandOffers(before) {
    const word = before.match(/^\S+/)[0];
    if (word === before) {
        const items = store.app.commands
            .filter((one) => one.command.startsWith(word))
            .map((one) => ({
                text: `${one.command} `,
                label: one.command,
                hint: one.usage_hint,
                note: one.description,
            }));
        return items.length ? { from: 0, items, eager: items.every((one) => one.label !== word) } : null;
    }
    const command = store.app.commands.find((one) => one.command === word);
    const rest = before.slice(word.length).trimStart();
    if (!command || /\s/.test(rest)) return null;
    const items = (command.subcommands ?? [])
        .filter((one) => one.name.startsWith(rest) || one.alias?.startsWith(rest.toLowerCase()))
        .map((one) => ({ text: `${one.name} `, label: one.name, hint: one.alias, note: one.description }));
    const done = items.length === 1 && items[0].label === rest;
    return (items.length && !done) || !rest
        ? { from: before.length - rest.length, items, hint: W.usage(command.command, command.usage_hint), eager: false }
        : null;
}

/** The list at a text field. take(offer, item) puts one in. Returns {node, update, key(event) -> handled, close}. */
export function completion(field, take) {
    const id = newId("offers");
    const node = el("div", { class: "offers", hidden: true });
    let offer = null;
    let active = -1;

    const close = () => {
        offer = null;
        node.hidden = true;
        field.setAttribute("aria-expanded", "false");
        field.removeAttribute("aria-activedescendant");
    };
    const highlight = (to) => {
        active = to;
        const rows = [...node.querySelectorAll("[role=option]")];
        rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
        if (rows[active]) {
            field.setAttribute("aria-activedescendant", rows[active].id);
            rows[active].scrollIntoView({ block: "nearest" });
        } else field.removeAttribute("aria-activedescendant");
    };
    const choose = (item) => {
        const from = offer;
        close();
        take(from, item);
    };
    const update = () => {
        offer = offers(field.value, field.selectionStart);
        if (!offer) return close();
        node.replaceChildren(
            offer.hint ? el("div", { class: "offers-hint", text: offer.hint }) : "",
            el(
                "ul",
                { role: "listbox", id, "aria-label": W.completion },
                offer.items.map((item) =>
                    el(
                        "li",
                        {
                            role: "option",
                            id: newId("offer"),
                            class: "offer",
                            onpointerdown: (event) => event.preventDefault(),
                            onclick: () => choose(item),
                        },
                        el(
                            "span",
                            { class: "offer-what" },
                            el("span", { class: "offer-name", text: item.label }),
                            item.hint ? el("span", { class: "offer-hint", text: item.hint }) : null,
                        ),
                        item.note ? el("span", { class: "offer-note", text: item.note }) : null,
                    ),
                ),
            ),
        );
        node.hidden = false;
        field.setAttribute("aria-expanded", "true");
        highlight(offer.eager ? 0 : -1);
    };
    const key = (event) => {
        if (!offer) return false;
        const last = offer.items.length - 1;
        if (event.key === "ArrowDown") highlight(active >= last ? 0 : active + 1);
        else if (event.key === "ArrowUp") highlight(active <= 0 ? last : active - 1);
        else if (event.key === "Escape") close();
        else if (event.key === "Tab" && !event.shiftKey && offer.items.length) choose(offer.items[Math.max(active, 0)]);
        else if (event.key === "Enter" && active >= 0) choose(offer.items[active]);
        else return false;
        event.preventDefault();
        event.stopPropagation();
        return true;
    };
    field.setAttribute("aria-controls", id);
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-autocomplete", "list");
    return { node, update, key, close };
}
