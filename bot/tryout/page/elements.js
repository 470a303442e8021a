// The interactive elements of Block Kit. `place` says where one stands:
// {surface, block, input: whether it is a field of an input block, label: {id, describedby}}
import { act, confirmedBy, marked } from "./acting.js";
import { attributes, changed, plain } from "./control.js";
import { el, icon, newId } from "./dom.js";
import { setValue, valueOf } from "./fields.js";
import { menuButton } from "./menu.js";
import { textOf } from "./mrkdwn.js";
import { searching, select } from "./selects.js";
import { fromField, toField } from "./time.js";
import { W } from "./words.js";

/** An element as a node; a note where it is of a kind that the page does not know. */
export function elementNode(element, place) {
    const draw = DRAW[element.type];
    if (!draw) return el("p", { class: "unsupported", text: W.unsupportedBlock(element.type) });
    return draw(element, place);
}

function button(element, place) {
    const node = el(
        "button",
        {
            type: "button",
            class: `btn ${element.style ?? ""}`.trim(),
            "data-key": `${place.block.block_id}/${element.action_id}`,
            "data-action": element.action_id,
            "aria-label": element.accessibility_label,
            onclick: async () => {
                if (mark.waiting || !(await confirmedBy(element))) return;
                if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
                act(place.surface, place.block, element, { value: element.value ?? null }, mark);
            },
        },
        el("span", { class: "btn-text", text: plain(element.text) }),
    );
    const mark = marked(node);
    return mark.node;
}

function overflow(element, place) {
    const node = el(
        "button",
        {
            type: "button",
            class: "btn icon-only",
            "data-key": `${place.block.block_id}/${element.action_id}`,
            "data-action": element.action_id,
            "aria-label": W.more,
        },
        icon("dots"),
    );
    const mark = marked(node);
    menuButton(node, W.more, () =>
        element.options.map((option) => ({
            label: plain(option.text),
            note: option.description ? plain(option.description) : null,
            run: async () => {
                if (!(await confirmedBy(element))) return;
                if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
                act(place.surface, place.block, element, { selected_option: option }, mark);
            },
        })),
    );
    return mark.node;
}

// --- boxes

function boxes(element, place) {
    const many = element.type === "checkboxes";
    const name = newId("choice");
    const current = [valueOf(place.surface.key, place.block.block_id, element) ?? []]
        .flat()
        .map((option) => option.value);
    const inputs = element.options.map((option) =>
        el("input", {
            type: many ? "checkbox" : "radio",
            name,
            value: option.value,
            checked: current.includes(option.value),
            "data-key": `${place.block.block_id}/${element.action_id}/${option.value}`,
        }),
    );
    const rows = element.options.map((option, at) =>
        el(
            "label",
            { class: "box" },
            inputs[at],
            el(
                "span",
                null,
                el("span", { class: "box-text" }, textOf(option.text)),
                option.description ? el("span", { class: "box-note" }, textOf(option.description)) : null,
            ),
        ),
    );
    const { "data-key": _, autofocus, ...rest } = attributes(element, place);
    if (autofocus) inputs[0].autofocus = true;
    const node = el("div", { class: "boxes", role: many ? "group" : "radiogroup", ...rest }, rows);
    const mark = marked(node);
    let before = current;
    node.addEventListener("change", () => {
        const chosen = element.options.filter((_, at) => inputs[at].checked);
        const undo = () => inputs.forEach((input) => (input.checked = before.includes(input.value)));
        changed(element, place, many ? chosen : (chosen[0] ?? null), mark, undo).then(
            () => (before = inputs.filter((i) => i.checked).map((i) => i.value)),
        );
    });
    return mark.node;
}

// --- typed and picked

function typed(element, place) {
    const kinds = {
        email_text_input: "email",
        url_text_input: "url",
        number_input: "text",
        datepicker: "date",
        timepicker: "time",
        datetimepicker: "datetime-local",
    };
    const current = valueOf(place.surface.key, place.block.block_id, element);
    const moment = element.type === "datetimepicker";
    const shown = moment && current ? toField(current) : (current ?? "");
    const common = {
        class: "field",
        placeholder: plain(element.placeholder) || null,
        maxlength: element.max_length ?? (element.type === "plain_text_input" ? 3000 : null),
        value: shown,
        ...attributes(element, place),
    };
    const node = element.multiline
        ? el("textarea", { rows: "4", ...common })
        : el("input", {
              type: kinds[element.type] ?? "text",
              inputmode: element.type === "number_input" ? "decimal" : null,
              ...common,
          });
    const mark = marked(node);
    const value = () => (moment ? fromField(node.value) || null : node.value || null);
    const picks = /picker$/.test(element.type);
    node.addEventListener("input", () => picks || setValue(place.surface.key, place.block.block_id, element, value()));
    if (picks) {
        let before = shown;
        node.addEventListener("change", () =>
            changed(element, place, value(), mark, () => (node.value = before)).then(() => (before = node.value)),
        );
    } else if (place.block.dispatch_action) tellsWhileTyping(element, place, node, mark);
    return mark.node;
}

/** Text fields with dispatch_action tell the app on Enter (default) or on each letter. */
function tellsWhileTyping(element, place, node, mark) {
    const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const tell = () => act(place.surface, place.block, element, { value: node.value }, mark);
    if (on.includes("on_character_entered")) node.addEventListener("input", (event) => event.isComposing || tell());
    if (!on.includes("on_enter_pressed")) return;
    node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
        event.preventDefault();
        tell();
    });
}

const DRAW = {
    button,
    workflow_button: button,
    overflow,
    static_select: select,
    users_select: select,
    conversations_select: select,
    channels_select: select,
    external_select: (element, place) => searching(element, place, false),
    multi_static_select: (element, place) => searching(element, place, true),
    multi_external_select: (element, place) => searching(element, place, true),
    multi_users_select: (element, place) => searching(element, place, true),
    multi_conversations_select: (element, place) => searching(element, place, true),
    multi_channels_select: (element, place) => searching(element, place, true),
    radio_buttons: boxes,
    checkboxes: boxes,
    plain_text_input: typed,
    email_text_input: typed,
    url_text_input: typed,
    number_input: typed,
    datepicker: typed,
    timepicker: typed,
    datetimepicker: typed,
};
