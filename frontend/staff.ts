// What staff may do with a comment, in place: the verbs the server names, one reason, an answer to show.

import { attempt } from "./attempt.ts";
import { announce, wordButton } from "./dom.ts";
import { showStanding } from "./own.ts";
import { commentId, redrawComment } from "./place.ts";
import { ask, markerOf, type OwnComment } from "./server.ts";
import { say } from "./words.ts";

/** Put a menu of these verbs below the comment. */
export function showStaffVerbs(discussion: HTMLElement, item: HTMLElement, verbs: string[]): void {
  item.querySelector(":scope > article > .staff")?.remove();
  if (!verbs.length) return;
  const { menu, reason, row } = drawMenu();
  const decide = async (verb: string): Promise<void> => {
    const path = `/comments/${commentId(item)}/status`;
    const body = { verb, reason: reason.value };
    const decided = await attempt(menu, () => ask<OwnComment>("PUT", path, markerOf(discussion), body));
    if (!decided) return;
    redrawComment(item, decided.fragment);
    showStanding(discussion, item, decided);
    announce(discussion, say("decided"));
  };
  row.append(...verbs.map((verb) => wordButton(say(verb), () => void decide(verb))));
  item.querySelector(":scope > article")?.append(menu);
}

function drawMenu(): { menu: HTMLElement; reason: HTMLInputElement; row: HTMLElement } {
  const menu = document.createElement("details");
  const title = document.createElement("summary");
  const reason = document.createElement("input");
  const row = document.createElement("div");
  menu.className = "staff";
  title.className = "word";
  title.textContent = say("moderate");
  Object.assign(reason, { maxLength: 500, placeholder: say("reason"), ariaLabel: say("reason"), dir: "auto" });
  row.className = "buttons";
  menu.append(title, reason, row);
  return { menu, reason, row };
}
