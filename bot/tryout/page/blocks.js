// Blocks of messages, modals and App Home as nodes.
import { el, icon, newId } from "./dom.js";
import { elementNode } from "./elements.js";
import { textOf } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";
import { W } from "./words.js";

/** errors: {block_id: text} of a modal that came back. */
export function blockNodes(blocks, surface, errors = {}) {
    return blocks.map((block) => {
        const draw = DRAW[block.type];
        if (!draw) return el("p", { class: "unsupported", text: W.unsupportedBlock(block.type) });
        const node = draw(block, surface, errors);
        node.dataset.block = block.block_id ?? "";
        return node;
    });
}

function section(block, surface) {
    const name = block.text?.text;
    const body = el(
        "div",
        { class: "section-body" },
        block.text ? el("div", { class: "prose" }, textOf(block.text)) : null,
        block.fields
            ? el(
                  "div",
                  { class: "pairs" },
                  block.fields.map((field) => el("div", { class: "prose" }, textOf(field))),
              )
            : null,
    );
    const accessory =
        block.accessory && el("div", { class: "accessory" }, accessoryNode(block.accessory, { surface, block, name }));
    return el("div", { class: "block section" }, body, accessory);
}

function accessoryNode(element, place) {
    return element.type === "image" ? picture(element, "thumb") : elementNode(element, place);
}

function context(block) {
    return el(
        "div",
        { class: "block context" },
        block.elements.map((element) =>
            element.type === "image" ? picture(element, "tiny") : el("div", { class: "prose" }, textOf(element)),
        ),
    );
}

/** A picture of this server; one from elsewhere is described, as the page asks nobody outside for anything. */
function picture(element, size) {
    const here = element.image_url && new URL(element.image_url, location.href).origin === location.origin;
    if (here || element.image_url?.startsWith("data:image/")) {
        return el("img", { class: `picture ${size}`, src: element.image_url, alt: element.alt_text, loading: "lazy" });
    }
    return el(
        "span",
        {
            class: `picture missing ${size}`,
            role: "img",
            "aria-label": element.alt_text || W.image,
            title: W.imageOutside,
        },
        icon("image"),
        size === "wide" ? el("span", { text: element.alt_text || W.imageOutside }) : null,
    );
}

function input(block, surface, errors) {
    const label = newId("label");
    const hint = newId("hint");
    const error = newId("error");
    const field = newId("field");
    const told = errors[block.block_id];
    const describedby = [told && error, block.hint && hint].filter(Boolean).join(" ") || null;
    const control = elementNode(block.element, {
        surface,
        block,
        input: true,
        label: { id: label, control: field, describedby },
    });
    if (told)
        control
            .querySelector("input, textarea, select, [role=group], [role=radiogroup]")
            ?.setAttribute("aria-invalid", "true");
    return el(
        "div",
        { class: told ? "block input is-wrong" : "block input" },
        el(
            "label",
            { class: "label", id: label, for: field },
            textOf(block.label),
            block.optional ? el("span", { class: "optional", text: W.optional }) : null,
        ),
        control,
        told ? el("p", { class: "field-error", id: error }, icon("warning"), told) : null,
        block.hint ? el("p", { class: "hint", id: hint }, textOf(block.hint)) : null,
    );
}

const DRAW = {
    header: (block) => el("h3", { class: "block header" }, textOf(block.text)),
    section,
    divider: () => el("hr", { class: "block divider" }),
    context,
    actions: (block, surface) =>
        el(
            "div",
            { class: "block actions" },
            block.elements.map((element) => elementNode(element, { surface, block })),
        ),
    input,
    image: (block) =>
        el(
            "figure",
            { class: "block figure" },
            block.title ? el("figcaption", null, textOf(block.title)) : null,
            picture(block, "wide"),
        ),
    rich_text: (block) => el("div", { class: "block rich" }, richText(block.elements)),
    markdown: (block) => el("div", { class: "block rich" }, markdown(block.text)),
    table: (block) => el("div", { class: "block" }, table(block)),
};
