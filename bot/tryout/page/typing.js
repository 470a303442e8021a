// What people type: who and what can be named, and a message's text as one would type it. The server makes @names references.
import { unescaped } from "./mrkdwn.js";
import { nameOf, store } from "./store.js";

/** What can follow @ and #: [{text, note}], the bot first. */
export function mentionable() {
    const people = [...store.people.values()]
        .filter((p) => !p.deleted)
        .map((p) => ({ text: `@${p.real_name}`, note: p.role_label }));
    const channels = [...store.channels.values()]
        .filter((c) => c.kind !== "dm")
        .map((c) => ({ text: `#${c.name}`, note: "" }));
    return [{ text: `@${store.app.name}`, note: "" }, ...people, ...channels];
}

/** A message's text as one would type it. */
export function forEditing(text) {
    return unescaped(
        text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, target, label) => {
            if (target.startsWith("@")) return `@${nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
            if (target.startsWith("#"))
                return `#${store.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
            if (target.startsWith("!")) return `@${target.slice(1)}`;
            return label || target;
        }),
    );
}
