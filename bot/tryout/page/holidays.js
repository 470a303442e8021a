// Japan's public holidays by the law as it stands (国民の祝日に関する法律), for years from 2022. The page only needs them to
// find the next working day; what the bot does on holidays it decides itself.
import { W } from "./words.js";

const FIXED = {
    "1-1": "newYear",
    "2-11": "foundation",
    "2-23": "emperor",
    "4-29": "showa",
    "5-3": "constitution",
    "5-4": "green",
    "5-5": "children",
    "8-11": "mountain",
    "11-3": "culture",
    "11-23": "labour",
};
const MONDAYS = { "1-2": "adult", "7-3": "sea", "9-3": "aged", "10-2": "sports" }; // month-nth Monday

const weekday = (year, month, day) => new Date(Date.UTC(year, month - 1, day)).getUTCDay();

function shifted(year, month, day, by) {
    const date = new Date(Date.UTC(year, month - 1, day + by));
    return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

/** The usual formula for the equinoxes, right until 2099. */
function equinox(year, offset) {
    return Math.floor(offset + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));
}

function named(year, month, day) {
    if (FIXED[`${month}-${day}`]) return FIXED[`${month}-${day}`];
    if (weekday(year, month, day) === 1 && MONDAYS[`${month}-${Math.ceil(day / 7)}`])
        return MONDAYS[`${month}-${Math.ceil(day / 7)}`];
    if (month === 3 && day === equinox(year, 20.8431)) return "spring";
    if (month === 9 && day === equinox(year, 23.2488)) return "autumn";
    return null;
}

/** The holiday's name, or null. A holiday on a Sunday moves to the next free day; a day between two holidays is one too. */
export function holiday(year, month, day) {
    const own = named(year, month, day);
    if (own) return W.holiday[own];
    for (let by = -1; named(...shifted(year, month, day, by)); by -= 1) {
        if (weekday(...shifted(year, month, day, by)) === 0) return W.holiday.substitute;
    }
    const between = named(...shifted(year, month, day, -1)) && named(...shifted(year, month, day, 1));
    return between && weekday(year, month, day) !== 0 ? W.holiday.between : null;
}
