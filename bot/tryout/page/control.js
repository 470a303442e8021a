// What all interactive elements share: their names, and what happens on a change.
import { act, confirmedBy } from "./acting.js";
import { withEmoji } from "./emoji.js";
import { KEYS, setValue } from "./fields.js";
import { W } from "./words.js";

export const plain = (object) => (object ? withEmoji(object.text) : "");

/** What every field carries: how it is found again after a redraw, and who names it. */
export function attributes(element, place) {
    return {
        id: place.label?.control,
        "data-key": `${place.block.block_id}/${element.action_id}`,
        "data-action": element.action_id,
        "aria-labelledby": place.label?.id,
        "aria-describedby": place.label?.describedby,
        "aria-label": place.label ? null : plain(element.placeholder) || place.name || W.choose,
        "aria-required": place.input && !place.block.optional ? "true" : null,
        autofocus: element.focus_on_load ? true : null,
    };
}

/** Keeps a value and tells the app where the element does so on change. undo() where the person says no after all. */
export async function changed(element, place, value, mark, undo) {
    const tells = !place.input || place.block.dispatch_action;
    if (tells && !(await confirmedBy(element))) return undo();
    setValue(place.surface.key, place.block.block_id, element, value);
    if (tells) await act(place.surface, place.block, element, { [KEYS[element.type][0]]: value }, mark);
}
