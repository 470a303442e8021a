// The server's /_page/* (bot/tryout/slack/page.py says what each takes and gives).

/** Does something for a person. The answer; {error} where it was refused or nobody answered. Never rejects. */
export async function post(name, body) {
    try {
        const response = await fetch(`/_page/${name}`, {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-Himitsu-Page": "1" },
            body: JSON.stringify(body),
        });
        const answer = await response.json();
        return response.ok || answer.error ? answer : { error: String(response.status) };
    } catch {
        return { error: "offline" };
    }
}

/** All that a person sees. reload: the page was loaded anew, so what only they saw is gone. Rejects where it cannot be read. */
export async function readState(user, { reload = false } = {}) {
    const query = new URLSearchParams({ user, ...(reload ? { reload: "1" } : {}) });
    const response = await fetch(`/_page/state?${query}`, { cache: "no-store" });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
}

/** Follows a person's changes. onOpen also after each reconnect. Returns what ends it. */
export function follow(user, { onOpen, onChange, onLost }) {
    const source = new EventSource(`/_page/events?user=${encodeURIComponent(user)}`);
    source.addEventListener("open", onOpen);
    source.addEventListener("error", onLost);
    source.addEventListener("message", (event) => onChange(JSON.parse(event.data)));
    return () => source.close();
}
