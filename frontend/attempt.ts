// Doing something that the server may refuse.

import { line } from "./dom.ts";
import { articleOf } from "./place.ts";
import { Refused } from "./server.ts";
import { say } from "./words.ts";

/** Do it, or say below this element why not; what was written stays. */
export async function attempt<T>(element: HTMLElement, work: () => Promise<T>): Promise<T | undefined> {
  element.querySelectorAll(":scope > .fault").forEach((fault) => fault.remove());
  try {
    return (await work()) ?? ({} as T);
  } catch (error) {
    const fault = line("fault", reasonOf(error));
    fault.setAttribute("role", "alert");
    (element.matches(".comment") ? articleOf(element) : element)?.append(fault);
    return undefined;
  }
}

/** Why it did not work, in words for the reader. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message || say("failed");
  return say("offline");
}
