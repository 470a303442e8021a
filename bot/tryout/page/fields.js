// What people have filled in on a surface (a message or a view), kept while the surface is redrawn.

/** Element type -> the key of its value, and the key of what it starts with; as in the payloads. */
export const KEYS = {
    plain_text_input: ["value", "initial_value"],
    email_text_input: ["value", "initial_value"],
    url_text_input: ["value", "initial_value"],
    number_input: ["value", "initial_value"],
    static_select: ["selected_option", "initial_option"],
    external_select: ["selected_option", "initial_option"],
    radio_buttons: ["selected_option", "initial_option"],
    users_select: ["selected_user", "initial_user"],
    conversations_select: ["selected_conversation", "initial_conversation"],
    channels_select: ["selected_channel", "initial_channel"],
    checkboxes: ["selected_options", "initial_options"],
    multi_static_select: ["selected_options", "initial_options"],
    multi_external_select: ["selected_options", "initial_options"],
    multi_users_select: ["selected_users", "initial_users"],
    multi_conversations_select: ["selected_conversations", "initial_conversations"],
    multi_channels_select: ["selected_channels", "initial_channels"],
    datepicker: ["selected_date", "initial_date"],
    timepicker: ["selected_time", "initial_time"],
    datetimepicker: ["selected_date_time", "initial_date_time"],
};

const kept = new Map(); // surface key -> {block_id: {action_id: {type, [key]: value}}}

export function valuesOf(surface) {
    if (!kept.has(surface)) kept.set(surface, {});
    return kept.get(surface);
}

/** What stands in a field: what was put in, or what it starts with. */
export function valueOf(surface, blockId, element) {
    const [key, initial] = KEYS[element.type];
    const given = valuesOf(surface)[blockId]?.[element.action_id];
    return given ? given[key] : (element[initial] ?? null);
}

export function setValue(surface, blockId, element, value) {
    const values = valuesOf(surface);
    values[blockId] ??= {};
    values[blockId][element.action_id] = { type: element.type, [KEYS[element.type][0]]: value };
}

export function forget(surface) {
    kept.delete(surface);
}

export function forgetAll() {
    kept.clear();
}
