// The reader's own comment: where it stands, editing it, deleting it, and a minute to undo that.

import { attempt } from "./attempt.ts";
import { announce, line, wordButton } from "./dom.ts";
import { editInPlace } from "./editing.ts";
import { articleOf, commentId } from "./place.ts";
import { ask, markerOf, type OwnComment } from "./server.ts";
import { showClock } from "./times.ts";
import { say } from "./words.ts";

const UNDO_MS = 60_000;
const STANDINGS = ["held", "rejected", "removed"];

type Standing = Pick<OwnComment, "id" | "status" | "edit_until" | "can">;

/** Say where an own comment stands, and offer what its author may do. */
export function showStanding(discussion: HTMLElement, item: HTMLElement, own: Standing): void {
  const article = articleOf(item);
  if (!article) return;
  item.dataset["state"] = own.status;
  if (own.can) item.dataset["own"] = "";
  article.querySelectorAll(":scope > .state, .mine").forEach((element) => element.remove());
  if (STANDINGS.includes(own.status)) article.querySelector(".who")?.after(line("state", say(own.status)));

  const until = own.edit_until ? new Date(own.edit_until) : undefined;
  if (own.can?.includes("edit") && until && until > new Date()) {
    offer(item, say("editUntil", { time: showClock(until) }), () => void change(discussion, item, own));
  }
  if (own.can?.includes("delete")) offer(item, say("delete"), () => void remove(discussion, item));
}

function offer(item: HTMLElement, word: string, act: () => void): void {
  const row = articleOf(item)?.querySelector(":scope > .do");
  const button = wordButton(word, act);
  button.classList.add("mine");
  row?.insertBefore(button, row.querySelector(".votes"));
}

async function change(discussion: HTMLElement, item: HTMLElement, own: Standing): Promise<void> {
  const saved = await editInPlace(item, markerOf(discussion));
  if (!saved) return;
  showStanding(discussion, item, { ...own, status: saved.status });
  announce(discussion, say("saved"));
}

async function remove(discussion: HTMLElement, item: HTMLElement): Promise<void> {
  const article = articleOf(item);
  const path = `/comments/${commentId(item)}`;
  if (!article || !(await attempt(item, () => ask<object>("DELETE", path, markerOf(discussion))))) return;

  const gone = line("state", `${say("deleted")} `);
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
  announce(discussion, say("deleted"));
}
