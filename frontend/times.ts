// Times are drawn absolute, in the site's zone, for everybody; here they become the reader's own.

import { language } from "./words.ts";

/** Turn the time of every comment below this node into the reader's zone; what the server wrote stays as its title. */
export function showLocalTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>(".when > time:not([title])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.title = time.textContent.trim();
    time.textContent = showMoment(moment);
  }
}

/** "12 May, 09:14"; the year only when it is not this one. */
export function showMoment(moment: Date): string {
  const thisYear = moment.getFullYear() === new Date().getFullYear();
  const day = format(moment, { day: "numeric", month: "long", ...(thisYear ? {} : { year: "numeric" }) });
  return `${day}${language() === "ar" ? "،" : ","} ${showClock(moment)}`;
}

/** "09:14". */
export function showClock(moment: Date): string {
  return format(moment, { hour: "2-digit", minute: "2-digit" });
}

function format(moment: Date, options: Intl.DateTimeFormatOptions): string {
  // As the server writes English: the day before its month, and 24 hours.
  const locale = language() === "en" ? "en-GB" : language();
  return new Intl.DateTimeFormat(locale, options).format(moment);
}
