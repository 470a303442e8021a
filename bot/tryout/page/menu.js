// Menus that open at a button: arrow keys, Home and End, Esc; they close where one looks elsewhere.
import { el, newId } from "./dom.js";

/** Makes a button open a menu. items(): [{label, note?, danger?, run}] asked each time it opens. */
export function menuButton(button, label, items) {
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    let openedBy = null;
    button.addEventListener("pointerdown", () => (openedBy = document.querySelector(".menu")?.dataset.owner));
    button.addEventListener("click", () => {
        if (openedBy && openedBy === button.dataset.menu)
            openedBy = null; // the press has closed it already
        else openMenu(button, label, items());
    });
    button.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowDown") return;
        event.preventDefault();
        openMenu(button, label, items());
    });
}

function openMenu(button, label, items) {
    button.dataset.menu ??= newId("menu");
    const menu = el("div", {
        class: "menu popover",
        role: "menu",
        "aria-label": label,
        popover: "auto",
        "data-owner": button.dataset.menu,
    });
    menu.append(
        ...items.map((item) =>
            el(
                "button",
                {
                    type: "button",
                    role: "menuitem",
                    tabindex: "-1",
                    class: item.danger ? "menu-item danger" : "menu-item",
                    onclick: () => {
                        menu.hidePopover();
                        item.run();
                    },
                },
                el("span", null, item.label),
                item.note ? el("span", { class: "menu-note" }, item.note) : null,
            ),
        ),
    );
    menu.addEventListener("keydown", (event) => walk(event, menu));
    menu.addEventListener("toggle", (event) => {
        if (event.newState !== "closed") return;
        button.setAttribute("aria-expanded", "false");
        if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
        menu.remove();
    });
    (button.closest("dialog") ?? document.body).append(menu);
    menu.showPopover();
    button.setAttribute("aria-expanded", "true");
    placeAt(menu, button);
    menu.querySelector("[role=menuitem]")?.focus();
}

function walk(event, menu) {
    const all = [...menu.querySelectorAll("[role=menuitem]")];
    const at = all.indexOf(document.activeElement);
    const to = {
        ArrowDown: (at + 1) % all.length,
        ArrowUp: (at - 1 + all.length) % all.length,
        Home: 0,
        End: all.length - 1,
    }[event.key];
    if (to !== undefined) {
        event.preventDefault();
        all[to].focus();
    } else if (event.key === "Tab") menu.hidePopover();
}

/** Puts an open popover below its button, or above where there is no room; inside the window at any rate. */
export function placeAt(popover, button) {
    const at = button.getBoundingClientRect();
    const size = popover.getBoundingClientRect();
    const wanted = at.left + at.right < innerWidth ? at.left : at.right - size.width; // opens towards the middle
    const left = Math.min(wanted, innerWidth - size.width - 8);
    const below = at.bottom + 4;
    const top = below + size.height > innerHeight - 8 ? Math.max(8, at.top - size.height - 4) : below;
    popover.style.left = `${Math.max(8, left)}px`;
    popover.style.top = `${top}px`;
}
