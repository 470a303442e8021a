// On top: the bot's clock that can be moved, how the bot is, and the page's brightness.
import { post } from "./api.js";
import { confirmed } from "./confirm.js";
import { announce, el, icon, newId } from "./dom.js";
import { forgetAll } from "./fields.js";
import { placeAt } from "./menu.js";
import { now, on, store } from "./store.js";
import { fromField, holidayOf, nextMorning, nextWorkday, parts, shortWhen, spanOf, toField, whenOf } from "./time.js";
import { W } from "./words.js";

export function topbar({ toggleNav }) {
    return el(
        "header",
        { class: "top" },
        el(
            "button",
            {
                type: "button",
                class: "tool nav-toggle",
                "aria-label": W.openNav,
                "aria-controls": "nav",
                onclick: toggleNav,
            },
            icon("menu"),
        ),
        el(
            "h1",
            { class: "brand" },
            el("span", { class: "avatar bot small", "aria-hidden": "true" }, icon("lock")),
            el("span", { class: "brand-name", text: W.brand }),
            el("span", { class: "badge", text: W.brandNote }),
        ),
        el("div", { class: "top-tools" }, clockControl(), botControl(), themeControl()),
    );
}

/** A button that opens a panel; the panel closes by Esc or a press elsewhere. */
function panelButton(button, label, children) {
    const id = newId("panel");
    const title = newId("title");
    const panel = el(
        "div",
        { id, class: "panel popover", popover: "auto", role: "dialog", "aria-labelledby": title },
        el("h2", { class: "panel-title", id: title, text: label }),
        children,
    );
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("popovertarget", id);
    panel.addEventListener("toggle", (event) => {
        button.setAttribute("aria-expanded", String(event.newState === "open"));
        if (event.newState === "open") placeAt(panel, button);
    });
    return el("div", { class: "panel-place" }, button, panel);
}

// --- clock

function clockControl() {
    const text = el("span", { class: "chip-text" });
    const button = el("button", { type: "button", class: "chip-button clock-button" }, icon("clock"), text);
    const time = el("p", { class: "clock-time" });
    const day = el("p", { class: "clock-day" });
    const offset = el("p", { class: "clock-offset" });
    const field = el("input", { type: "datetime-local", class: "field", id: newId("moment") });
    const move = async (body) => {
        await post("clock", body);
        field.value = toField(now());
    };
    const jump = (label, body) =>
        el("button", { type: "button", class: "btn", onclick: () => move(body()), text: label });
    const set = () => {
        const moment = fromField(field.value);
        if (Number.isFinite(moment)) move({ set: moment });
    };
    const draw = () => {
        const at = now();
        const two = (n) => String(n).padStart(2, "0");
        const moved = store.clock.offset;
        text.textContent = shortWhen(at);
        button.setAttribute("aria-label", W.clockButton(whenOf(at)));
        button.classList.toggle("is-moved", Math.abs(moved) >= 30);
        time.textContent = `${parts(at).hour}:${two(parts(at).minute)}:${two(parts(at).second)}`;
        day.textContent = [whenOf(at).split(" ")[0], holidayOf(at), W.jst].filter(Boolean).join(" · ");
        offset.textContent =
            Math.abs(moved) < 30 ? W.clockReal : (moved > 0 ? W.clockAhead : W.clockBehind)(spanOf(moved));
    };
    on("state clock", draw);
    on("clock", () => announce(W.clockButton(whenOf(now()))));
    setInterval(() => store.app && draw(), 1000);
    const control = panelButton(button, W.clock, [
        time,
        day,
        offset,
        el(
            "div",
            { class: "jumps" },
            jump(W.plusHour, () => ({ advance_s: 3600 })),
            jump(W.nextMorning, () => ({ set: nextMorning(now()) })),
            jump(W.nextWorkday, () => ({ set: nextWorkday(now()) })),
            jump(W.plusWeek, () => ({ advance_s: 7 * 86_400 })),
        ),
        el("label", { class: "label", for: field.id, text: W.pickTime }),
        el(
            "div",
            { class: "row" },
            field,
            el("button", { type: "button", class: "btn", onclick: set, text: W.setTime }),
        ),
        el(
            "button",
            { type: "button", class: "btn wide", onclick: () => move({ reset: true }) },
            icon("restart"),
            W.backToNow,
        ),
        el("p", { class: "hint", text: W.clockNote }),
    ]);
    button.addEventListener("click", () => (field.value = toField(now())));
    return control;
}

// --- bot

const BOT = { running: W.botRunning, starting: W.botStarting, stopped: W.botStopped };

function botControl() {
    const text = el("span", { class: "chip-text" });
    const dot = el("span", { class: "dot", "aria-hidden": "true" });
    const button = el("button", { type: "button", class: "chip-button bot-button" }, dot, text);
    const status = el("p", { class: "bot-status", role: "status" });
    const links = el("p", { class: "hint" });
    const failed = el("p", { class: "field-error", role: "alert", hidden: true });
    const restart = el("button", { type: "button", class: "btn wide" }, icon("restart"), W.restart);
    restart.addEventListener("click", async () => {
        restart.disabled = true;
        failed.hidden = true;
        status.textContent = W.restarting;
        const answer = await post("bot", { do: "restart" });
        restart.disabled = false;
        failed.hidden = !answer.error;
        if (answer.error) failed.replaceChildren(icon("warning"), W.restartFailed(answer.error));
        draw();
    });
    const reset = el("button", { type: "button", class: "btn wide", onclick: () => startAnew(button) }, W.reset);
    const draw = () => {
        const said = BOT[store.bot] ?? store.bot;
        text.textContent = said;
        dot.className = `dot is-${store.bot}`;
        button.setAttribute("aria-label", W.botButton(said));
        if (!restart.disabled) status.textContent = said;
        links.textContent = W.connections(store.connected);
    };
    on("state status", draw);
    return panelButton(button, W.bot, [
        status,
        links,
        restart,
        el("p", { class: "hint", text: W.botNote }),
        failed,
        el("hr"),
        reset,
        el("p", { class: "hint", text: W.resetNote }),
    ]);
}

async function startAnew(button) {
    button.parentElement.querySelector(".panel").hidePopover();
    if (!(await confirmed({ title: W.resetAsk, text: W.resetNote, yes: W.resetDo, no: W.cancel, danger: true })))
        return;
    forgetAll();
    await post("reset", {});
}

// --- brightness

const THEMES = [
    ["auto", W.themeAuto, "contrast"],
    ["light", W.themeLight, "sun"],
    ["dark", W.themeDark, "moon"],
];

function themeControl() {
    const button = el("button", { type: "button", class: "tool theme-button" });
    const at = () =>
        Math.max(
            0,
            THEMES.findIndex(([name]) => name === document.documentElement.dataset.theme),
        );
    const draw = () => {
        const [, label, sign] = THEMES[at()];
        button.replaceChildren(icon(sign));
        button.setAttribute("aria-label", W.themeButton(label));
        button.title = W.themeButton(label);
    };
    button.addEventListener("click", () => {
        const [name] = THEMES[(at() + 1) % THEMES.length];
        if (name === "auto") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = name;
        try {
            localStorage.setItem("himitsu-theme", name);
        } catch {
            // storage is switched off: it holds until the page is closed
        }
        draw();
    });
    draw();
    return button;
}
