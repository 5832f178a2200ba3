// Where a comment that the server drew goes in the page.

import { showLocalTimes } from "./times.ts";

export function commentId(item: Element): string {
  return item.id.slice("comment-".length);
}

/** What was said and the row below it, without the replies. */
export function articleOf(item: HTMLElement): HTMLElement | null {
  return item.querySelector<HTMLElement>(":scope > article");
}

export function findComment(root: ParentNode, id: string): HTMLElement | null {
  return root.querySelector(`#comment-${id}`);
}

/** The list item of a fragment; the parser closes what the server left open. */
export function fromFragment(fragment: string): HTMLElement | null {
  const template = document.createElement("template");
  template.innerHTML = fragment;
  showLocalTimes(template.content);
  return template.content.querySelector<HTMLElement>("li.comment");
}

/** Put a comment below its parent, or among the first ones; at the last indent it stands beside its parent. */
export function placeComment(discussion: HTMLElement, item: HTMLElement, parentId: string | null): void {
  const parent = parentId ? findComment(discussion, parentId) : null;
  if (parent) listBelow(parent, Number(discussion.dataset["indent"] ?? 5)).append(item);
  else if (discussion.dataset["sort"] === "newest") listOf(discussion).prepend(item);
  else listOf(discussion).append(item);
}

/** Show a comment as the server now draws it; the replies below it stay. */
export function redrawComment(old: HTMLElement, fragment: string): void {
  const fresh = fromFragment(fragment);
  if (fresh) old.querySelector(":scope > article")?.replaceWith(...fresh.children);
}

function listBelow(parent: HTMLElement, indent: number): HTMLElement {
  if (levelOf(parent) >= indent) return parent.parentElement ?? parent;
  return parent.querySelector<HTMLElement>(":scope > .replies") ?? newList(parent, "replies");
}

function listOf(discussion: HTMLElement): HTMLElement {
  const list = discussion.querySelector<HTMLElement>(":scope > .comments:not(.pinned)");
  if (list) return list;
  const made = newList(discussion, "comments");
  discussion.querySelector(":scope > .empty")?.replaceWith(made);
  return made;
}

function newList(parent: HTMLElement, kind: string): HTMLElement {
  const list = document.createElement("ol");
  list.className = kind;
  parent.append(list);
  return list;
}

function levelOf(item: Element): number {
  let level = 0;
  for (let list = item.closest(".replies"); list; list = list.parentElement?.closest(".replies") ?? null) level += 1;
  return level;
}
