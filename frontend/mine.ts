// What of the page belongs to this reader: one answer, asked for once, merged into what everybody sees.

import { showStanding } from "./own.ts";
import { commentId, findComment, fromFragment, placeComment } from "./place.ts";
import { ask, markerOf, type Mine, type OwnComment } from "./server.ts";
import { showStaffVerbs } from "./staff.ts";
import { showOwnVote } from "./votes.ts";

/** Mark the reader's votes and comments, add those the page lacks; for staff, what waits and what they may do. */
export async function showMine(discussion: HTMLElement): Promise<void> {
  const mine = await ask<Mine>("GET", `/threads/${discussion.dataset["thread"]}/mine`, markerOf(discussion)).catch(() => undefined);
  if (!mine) return;
  for (const own of [...mine.comments, ...(mine.staff?.held ?? [])]) showOwn(discussion, own);
  if (mine.signed_in_as) signAsPerson(discussion, mine.signed_in_as);
  for (const [id, value] of Object.entries(mine.votes)) {
    const form = findComment(discussion, id)?.querySelector<HTMLFormElement>(":scope > article .votes");
    if (form) showOwnVote(form, value);
  }
  if (mine.staff) offerVerbs(discussion, mine.staff.verbs);
}

function offerVerbs(discussion: HTMLElement, verbs: Record<string, string[]>): void {
  for (const item of discussion.querySelectorAll<HTMLElement>(".comment")) {
    const usual = item.querySelector(":scope > .gone") ? [] : verbs[item.closest(".replies") ? "reply" : "top"];
    const menu = item.querySelector(":scope > article > .staff");
    if (!menu) showStaffVerbs(discussion, item, verbs[commentId(item)] ?? usual ?? []);
  }
}

/** Who is signed in signs with their own name: there is nothing to fill in. */
function signAsPerson(discussion: HTMLElement, name: string): void {
  const fields = discussion.querySelector<HTMLElement>(":scope > rejoinder-form .fields");
  const enter = discussion.querySelector<HTMLAnchorElement>(".talk .enter");
  if (enter) {
    enter.href = "/me";
    enter.dir = "auto";
    enter.textContent = name;
  }
  if (!fields) return;
  fields.hidden = true;
  fields.querySelectorAll("input").forEach((field) => (field.required = false));
}

function showOwn(discussion: HTMLElement, own: OwnComment): void {
  const item = findComment(discussion, own.id) ?? insert(discussion, own);
  if (item) showStanding(discussion, item, own);
}

function insert(discussion: HTMLElement, own: OwnComment): HTMLElement | null {
  // A published comment that isn't here stands on another page of the discussion, unless this page is its place.
  const parentHere = own.parent_id !== null && findComment(discussion, own.parent_id) !== null;
  const elsewhere = own.parent_id !== null ? !parentHere : discussion.querySelector(".pages") !== null;
  if (elsewhere && own.status === "published") return null;
  const item = fromFragment(own.fragment);
  if (item) placeComment(discussion, item, own.parent_id);
  return item;
}
