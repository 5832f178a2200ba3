// The reader's own comment: where it stands, editing it, deleting it, and a minute to undo that.

import { attempt } from "./attempt.ts";
import { announce, line, wordButton } from "./dom.ts";
import { editInPlace } from "./editing.ts";
import { articleOf, commentId } from "./place.ts";
import { ask, markerOf, type OwnComment } from "./server.ts";
import { showStaffVerbs } from "./staff.ts";
import { showClock } from "./times.ts";
import { say } from "./words.ts";

const UNDO_MS = 60_000;
const AUTHORS_VERBS = ["edit", "delete", "undo-delete"];

/** Say where an own comment stands, and offer what this reader may do with it. */
export function showStanding(discussion: HTMLElement, item: HTMLElement, own: OwnComment): void {
  const article = articleOf(item);
  if (!article) return;
  item.dataset["state"] = own.status;
  if (own.can.includes("delete")) item.dataset["own"] = "";
  article.querySelectorAll(":scope > .state, .mine").forEach((element) => element.remove());
  const standing = standingOf(own);
  if (standing) article.querySelector(".who")?.after(line("state", standing));

  const until = new Date(own.edit_until ?? 0);
  if (own.can.includes("edit") && until > new Date()) {
    offer(item, say("editUntil", { time: showClock(until) }), () => void change(discussion, item));
  }
  if (own.can.includes("delete")) offer(item, say("delete"), () => void remove(discussion, item));
  showStaffVerbs(discussion, item, own.can.filter((verb) => !AUTHORS_VERBS.includes(verb)));
}

function standingOf({ status, waits, can }: OwnComment): string {
  if (status === "published") return waits ? say("is_changed") : "";
  return say(`${can.includes("approve") ? "staff" : "is"}_${status}`);
}

function offer(item: HTMLElement, word: string, act: () => void): void {
  const row = articleOf(item)?.querySelector(":scope > .do");
  const button = wordButton(word, act);
  button.classList.add("mine");
  row?.insertBefore(button, row.querySelector(".votes"));
}

async function change(discussion: HTMLElement, item: HTMLElement): Promise<void> {
  const saved = await editInPlace(item, markerOf(discussion));
  if (!saved) return;
  showStanding(discussion, item, saved);
  announce(discussion, say("saved"));
}

async function remove(discussion: HTMLElement, item: HTMLElement): Promise<void> {
  const article = articleOf(item);
  const path = `/comments/${commentId(item)}`;
  if (!article || !(await attempt(item, () => ask<object>("DELETE", path, markerOf(discussion))))) return;

  const gone = line("state", `${say("is_deleted")} `);
  const timer = setTimeout(() => gone.querySelector("button")?.remove(), UNDO_MS);
  const undo = wordButton(say("undo"), () => {
    void attempt(gone, async () => {
      await ask("POST", `${path}/undo-delete`, markerOf(discussion), {});
      clearTimeout(timer);
      gone.remove();
      article.hidden = false;
    });
  });
  gone.append(undo);
  article.hidden = true;
  article.after(gone);
  undo.focus();
  announce(discussion, say("is_deleted"));
}
