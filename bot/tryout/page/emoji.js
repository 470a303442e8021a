// The short names that bots write most; others stay as typed, as in a client that lacks the picture.
const NAMES = {
  lock: "🔒", unlock: "🔓", closed_lock_with_key: "🔐", globe_with_meridians: "🌐", question: "❓", grey_question: "❔",
  rotating_light: "🚨", warning: "⚠️", exclamation: "❗", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", no_entry: "⛔",
  no_entry_sign: "🚫", information_source: "ℹ️", bulb: "💡", memo: "📝", clipboard: "📋", calendar: "📅", date: "📅",
  alarm_clock: "⏰", hourglass_flowing_sand: "⏳", bell: "🔔", no_bell: "🔕", telephone_receiver: "📞", phone: "☎️", email: "📧",
  file_folder: "📁", page_facing_up: "📄", books: "📚", mag: "🔍", link: "🔗", shield: "🛡️", key: "🔑", house: "🏠", office: "🏢",
  tada: "🎉", "+1": "👍", thumbsup: "👍", "-1": "👎", eyes: "👀", wave: "👋", pray: "🙏", bow: "🙇", smile: "😄", slightly_smiling_face: "🙂",
  point_right: "👉", arrow_right: "➡️", arrow_left: "⬅️", speech_balloon: "💬", bar_chart: "📊", chart_with_upwards_trend: "📈",
  one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", large_green_circle: "🟢", red_circle: "🔴", large_yellow_circle: "🟡",
};

export function emojiOf(name) {
  return NAMES[name] ?? `:${name}:`;
}

/** A text with its :short_names: drawn. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emojiOf(name));
}
