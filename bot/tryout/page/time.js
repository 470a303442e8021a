// Times as people in Japan read them. Moments are epoch seconds; Japan has no summer time, so its offset is a constant.
import { holiday } from "./holidays.js";
import { W } from "./words.js";

const OFFSET = 9 * 3600;
const DAY = 86_400;
const two = (n) => String(n).padStart(2, "0");

export function parts(epoch) {
    const date = new Date((epoch + OFFSET) * 1000);
    return {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        weekday: date.getUTCDay(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
    };
}

const dayNumber = (epoch) => Math.floor((epoch + OFFSET) / DAY);
const atNine = (day) => day * DAY - OFFSET + 9 * 3600;

export function timeOf(epoch) {
    const at = parts(epoch);
    return `${at.hour}:${two(at.minute)}`;
}

/** Month, day and weekday. */
function dateOf(epoch) {
    const at = parts(epoch);
    return W.monthDay(at.month, at.day, W.weekdays[at.weekday]);
}

/** The whole moment, in words. */
export function whenOf(epoch) {
    return `${W.year(parts(epoch).year)}${dateOf(epoch)} ${timeOf(epoch)}`;
}

export function shortWhen(epoch) {
    const at = parts(epoch);
    return `${at.month}/${at.day}(${W.weekdays[at.weekday]}) ${timeOf(epoch)}`;
}

/** Heading of a day in a conversation; now decides what is today. */
export function dayLabel(epoch, now) {
    const label = dateOf(epoch);
    const year = parts(epoch).year === parts(now).year ? "" : W.year(parts(epoch).year);
    const near = nearDay(epoch, now);
    return near ? `${near} ${label}` : year + label;
}

function nearDay(epoch, now) {
    return { 0: W.today, 1: W.tomorrow, "-1": W.yesterday }[dayNumber(epoch) - dayNumber(now)];
}

export const sameDay = (a, b) => dayNumber(a) === dayNumber(b);

export function holidayOf(epoch) {
    const at = parts(epoch);
    return holiday(at.year, at.month, at.day);
}

/** The next 9:00 that is still to come. */
export function nextMorning(now) {
    const today = atNine(dayNumber(now));
    return today > now ? today : today + DAY;
}

/** 9:00 of the next day that is neither weekend nor holiday. */
export function nextWorkday(now) {
    let at = atNine(dayNumber(now) + 1);
    while ([0, 6].includes(parts(at).weekday) || holidayOf(at)) at += DAY;
    return at;
}

/** The value of a datetime-local field, and back (epoch; NaN where it is blank). */
export function toField(epoch) {
    const at = parts(epoch);
    return `${at.year}-${two(at.month)}-${two(at.day)}T${two(at.hour)}:${two(at.minute)}`;
}

export function fromField(value) {
    return Date.parse(`${value}:00+09:00`) / 1000;
}

export function spanOf(seconds) {
    const whole = Math.round(Math.abs(seconds) / 60);
    return W.span(Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60);
}

/** The text of Slack's <!date^epoch^format|fallback>; now decides what is today. */
export function formatted(epoch, format, now) {
    const at = parts(epoch);
    const long = W.year(at.year) + W.monthDay(at.month, at.day);
    const near = nearDay(epoch, now);
    const tokens = {
        date_num: `${at.year}-${two(at.month)}-${two(at.day)}`,
        date_slash: `${at.year}/${two(at.month)}/${two(at.day)}`,
        date: long,
        date_short: long,
        date_long: W.year(at.year) + dateOf(epoch),
        date_pretty: near ?? long,
        date_short_pretty: near ?? long,
        date_long_pretty: near ?? W.year(at.year) + dateOf(epoch),
        day_divider_pretty: near ?? long,
        time: timeOf(epoch),
        time_secs: `${timeOf(epoch)}:${two(at.second)}`,
        ago: epoch > now ? W.later(spanOf(epoch - now)) : W.ago(spanOf(epoch - now)),
    };
    return format.replace(/\{(\w+)\}/g, (whole, name) => tokens[name] ?? whole);
}
