// What the page knows, and who wants to hear of changes. Filled by /_page/state, kept by the stream of changes.

export const store = {
    me: "",
    app: null,
    people: new Map(), // id -> person
    channels: new Map(), // id -> channel
    messages: new Map(), // channel -> Map(ts -> message), oldest first
    home: null,
    modals: [], // the one on top last
    clock: { now: 0, offset: 0, read: 0 }, // read: performance.now() when it was told
    connected: 0,
    bot: "starting",
    link: "opening", // "opening", "open", "lost"
    place: "", // id of a conversation, or "home"
    actedAt: 0, // when a control was pressed or a modal sent off (Date.now())
    thread: null, // ts of the message whose thread is open
    unreadOf: new Map(), // person -> unread messages (count), of those who are not me
};

const listeners = new Map();

/** topics: state, messages, message (a new one), home, modals, clock, status, channels, people, place, thread, link. */
export function on(topics, listener) {
    for (const topic of topics.split(" ")) listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function emit(topic, detail) {
    for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** Takes a whole state over. */
export function take(state) {
    store.me = state.me;
    store.app = state.app;
    store.people = new Map(state.people.map((person) => [person.id, person]));
    store.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    store.messages = new Map(
        Object.entries(state.messages).map(([channel, messages]) => [channel, new Map(messages.map((m) => [m.ts, m]))]),
    );
    store.home = state.home;
    store.modals = state.modals;
    store.connected = state.connected;
    store.bot = state.bot;
    setClock(state.clock);
    if (store.place !== "home" && !store.channels.has(store.place)) {
        store.place = dm().id;
        store.thread = null;
    }
    emit("state");
}

function setClock(clock) {
    store.clock = { ...clock, read: performance.now() };
}

/** The bot's time now (epoch seconds). */
export function now() {
    return store.clock.now + (performance.now() - store.clock.read) / 1000;
}

export function dm() {
    return [...store.channels.values()].find((channel) => channel.kind === "dm");
}

/** The conversation shown; App Home belongs to the DM. */
export function channel() {
    return store.channels.get(store.place) ?? dm();
}

/** Name of whoever wrote: a person or the bot. null: nobody known. */
export function nameOf(id) {
    if (id === store.app.user_id) return store.app.name;
    return store.people.get(id)?.real_name ?? null;
}

/** Messages of a conversation, oldest first; thread: those of one thread with the message it hangs on. */
export function messagesOf(channelId, thread = null) {
    const all = [...(store.messages.get(channelId)?.values() ?? [])].sort((a, b) => (a.ts < b.ts ? -1 : 1));
    if (thread) return all.filter((m) => m.ts === thread || m.thread_ts === thread);
    return all.filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast");
}

const CHANGES = {
    message: (change) => putMessage(change.channel, change.message, true),
    message_changed: (change) => putMessage(change.channel, change.message, false),
    ephemeral: (change) => putMessage(change.channel, { ...change.message, ephemeral: true }, true),
    message_deleted: (change) => dropMessage(change.channel, change.ts),
    ephemeral_deleted: (change) => dropMessage(change.channel, change.ts),
    home: (change) => {
        store.home = change.view;
        emit("home");
    },
    modal_open: (change) => {
        const at = store.modals.findIndex((view) => view.id === change.view.previous_view_id);
        store.modals = [...store.modals.slice(0, at + 1), change.view];
        emit("modals");
    },
    modal_update: (change) => {
        store.modals = store.modals.map((view) => (view.id === change.view.id ? change.view : view));
        emit("modals");
    },
    modal_close: (change) => {
        store.modals = store.modals.filter((view) => view.id !== change.view_id);
        emit("modals");
    },
    unread: (change) => {
        const found = store.channels.get(change.channel);
        if (found) found.unread = change.unread;
        emit("channels");
    },
    clock: (change) => {
        setClock(change.clock);
        emit("clock");
    },
    status: (change) => {
        store.connected = change.connected;
        store.bot = change.bot;
        emit("status");
    },
};

/** One change of the stream. Kinds that are not known change nothing. */
export function apply(change) {
    CHANGES[change.type]?.(change);
}

function putMessage(channelId, message, fresh) {
    const messages = store.messages.get(channelId);
    if (!messages) return;
    const known = messages.has(message.ts);
    messages.set(message.ts, message);
    emit("messages", channelId);
    if (fresh && !known) emit("message", { channelId, message });
}

function dropMessage(channelId, ts) {
    if (store.messages.get(channelId)?.delete(ts)) emit("messages", channelId);
}

/** Shows a conversation or "home"; the thread pane closes. */
export function goTo(place) {
    store.place = place;
    store.thread = null;
    emit("place");
}

export function openThread(ts) {
    store.thread = ts;
    emit("thread");
}
