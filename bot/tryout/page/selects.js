// Elements that choose from a list: at hand, of people and conversations, or asked of the app.
import { marked } from "./acting.js";
import { post } from "./api.js";
import { attributes, changed, plain } from "./control.js";
import { el, icon } from "./dom.js";
import { valueOf } from "./fields.js";
import { picker } from "./picker.js";
import { store } from "./store.js";
import { W } from "./words.js";

/** All the choices of a list select: [{label, value, group?, whole: what the payload carries}]. */
function choices(element) {
    if (/users_select$/.test(element.type)) {
        return [...store.people.values()]
            .filter((p) => !p.deleted)
            .map((p) => ({ value: p.id, label: p.real_name, note: p.role_label, whole: p.id }));
    }
    if (/(conversations|channels)_select$/.test(element.type)) {
        const dms = /conversations/.test(element.type) && !element.filter?.include?.every((kind) => kind !== "im");
        return [...store.channels.values()]
            .filter((c) => c.kind !== "dm" || dms)
            .map((c) => ({
                value: c.id,
                label: c.kind === "dm" ? W.dmTitle(store.app.name) : `#${c.name}`,
                whole: c.id,
            }));
    }
    const groups = element.option_groups ?? [{ options: element.options ?? [] }];
    return groups.flatMap((group) =>
        group.options.map((option) => ({ ...entry(option), group: group.label && plain(group.label) })),
    );
}

const entry = (option) => ({
    value: option.value,
    label: plain(option.text),
    note: option.description && plain(option.description),
    whole: option,
});

export function select(element, place) {
    const all = choices(element);
    const current = valueOf(place.surface.key, place.block.block_id, element);
    const value = current?.value ?? current ?? "";
    const groups = [...new Set(all.map((one) => one.group))];
    const options = (group) =>
        all
            .filter((one) => one.group === group)
            .map((one) => el("option", { value: one.value, text: one.label, selected: one.value === value }));
    const node = el(
        "select",
        { class: "field", ...attributes(element, place) },
        el("option", {
            value: "",
            text: plain(element.placeholder) || W.choose,
            selected: !value,
            disabled: !place.block.optional,
        }),
        groups.map((group) => (group ? el("optgroup", { label: group }, options(group)) : options(group))),
    );
    const mark = marked(el("span", { class: "select" }, node, icon("chevron")));
    let before = value;
    node.addEventListener("change", () => {
        const whole = all.find((one) => one.value === node.value)?.whole ?? null;
        const chosen = node.value;
        changed(element, place, whole, mark, () => (node.value = before)).then(
            () => (before = node.value === chosen ? chosen : before),
        );
    });
    return mark.node;
}

export function searching(element, place, multi) {
    const local = element.type.includes("external") ? null : choices(element);
    const known = (whole) => (typeof whole === "string" ? local.find((one) => one.value === whole) : entry(whole));
    const current = valueOf(place.surface.key, place.block.block_id, element) ?? [];
    const options = local
        ? async (query) => local.filter((one) => one.label.toLowerCase().includes(query.toLowerCase()))
        : (query) => suggested(element, place, query);
    const { node, input } = picker({
        options,
        chosen: [current].flat().map(known).filter(Boolean),
        multi,
        most: element.max_selected_items ?? Infinity,
        minLetters: local ? 0 : (element.min_query_length ?? 3),
        placeholder: plain(element.placeholder),
        attributes: attributes(element, place),
        onChange: (chosen) => {
            const values = chosen.map((one) => one.whole);
            changed(element, place, multi ? values : values[0], mark, () => {});
        },
    });
    const mark = marked(node);
    input.dataset.search = local ? "local" : "app";
    return mark.node;
}

async function suggested(element, place, query) {
    const answer = await post("suggest", {
        user: store.me,
        container: place.surface.container,
        block_id: place.block.block_id,
        action_id: element.action_id,
        value: query,
    });
    if (answer.error) return answer;
    const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
    return groups.flatMap((group) =>
        group.options.map((option) => ({ ...entry(option), group: group.label && plain(group.label) })),
    );
}
