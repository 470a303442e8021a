// Building the page: elements and icons. Text always goes in as text, never as markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "textContent", "readOnly", "inert"]);

/** An element. props: `class`, `text`, on… (listener), properties above, else attributes (null, undefined, false: left out). */
export function el(tag, props, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props ?? {})) {
        if (value === null || value === undefined) continue;
        if (key === "class") node.className = value;
        else if (key === "text") node.textContent = value;
        else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else if (PROPERTIES.has(key)) node[key] = value;
        else if (value !== false) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
}

const PATHS = {
    menu: ["M4 6h16", "M4 12h16", "M4 18h16"],
    close: ["M6 6l12 12", "M18 6L6 18"],
    back: ["M15 5l-7 7 7 7"],
    chevron: ["M6 9l6 6 6-6"],
    bolt: ["M13 3L5 14h6l-1 7 8-11h-6z"],
    dots: ["M5 12h.01", "M12 12h.01", "M19 12h.01"],
    thread: ["M4 5h16v11H10l-4 4v-4H4z", "M8 9h8", "M8 12.5h5"],
    send: ["M4 12l16-8-5 16-3.5-6.5z", "M11.5 13.5L20 4"],
    clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 7.5V12l3 2"],
    lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3", "M12 14.5v2"],
    eye: [
        "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z",
        "M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    ],
    hash: ["M9.5 4L7.5 20", "M16.5 4l-2 16", "M4.5 9h16", "M3.5 15h16"],
    shared: ["M9 7h-4v12h12v-4", "M13 5h6v6", "M19 5l-9 9"],
    home: ["M4 11l8-7 8 7", "M6 9.5V20h12V9.5", "M10 20v-5h4v5"],
    chat: ["M4 5h16v11H10l-4 4v-4H4z"],
    warning: ["M12 4l9 16H3z", "M12 10v4.5", "M12 17.2h.01"],
    file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
    image: ["M4 5h16v14H4z", "M4 16l5-5 4 4 3-3 4 4", "M9 9h.01"],
    restart: ["M20 12a8 8 0 1 1-2.5-5.8", "M20 3.5v4.2h-4.2"],
    check: ["M5 12.5l4.5 4.5L19 7.5"],
    down: ["M12 5v14", "M6 13l6 6 6-6"],
    sun: [
        "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
        "M12 2.5v2.5",
        "M12 19v2.5",
        "M2.5 12H5",
        "M19 12h2.5",
        "M5.3 5.3L7 7",
        "M17 17l1.7 1.7",
        "M5.3 18.7L7 17",
        "M17 7l1.7-1.7",
    ],
    moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"],
    contrast: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 3v18", "M12 8h5.5", "M12 12h9", "M12 16h7"],
    pulse: ["M3 12h4l2.5-6 4.5 12 2.5-6H21"],
};

/** A drawn sign beside words; hidden from screen readers, as the words say it. */
export function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", `icon icon-${name}`);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const d of PATHS[name]) {
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", d);
        svg.append(path);
    }
    return svg;
}

let count = 0;

/** An id for label and description, never given twice. */
export function newId(prefix) {
    count += 1;
    return `${prefix}-${count}`;
}

/** Makes a node hold exactly these children, moving only what has to move: focus and scrolling stay. */
export function arrange(parent, wanted) {
    const keep = new Set(wanted);
    for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
    let at = parent.firstChild;
    for (const child of wanted) {
        if (child === at) at = at.nextSibling;
        else parent.insertBefore(child, at);
    }
}

/** Draws anew without losing the place: the focused control is found again, else the message that it stood in. */
export function keepingFocus(root, draw) {
    const active = document.activeElement;
    const held = active && root.contains(active) ? active : null;
    const marks = ["key", "action", "ts"].map((name) => [name, held?.closest(`[data-${name}]`)?.dataset[name]]);
    const range = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : null;
    draw();
    if (!held || held.isConnected) return;
    const again = marks
        .filter(([, value]) => value)
        .map(([name, value]) => root.querySelector(`[data-${name}="${CSS.escape(value)}"]`))
        .find(Boolean);
    (again ?? root).focus({ preventScroll: true });
    if (again && range && range[0] !== null) again.setSelectionRange?.(...range);
}

export function announce(text) {
    const region = document.getElementById("announcer");
    region.append(el("p", { text }));
    while (region.children.length > 5) region.firstChild.remove();
}
