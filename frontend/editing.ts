// Changing a comment where it stands: the text as it was written, and two words below it.

import { attempt } from "./attempt.ts";
import { wordButton } from "./dom.ts";
import { articleOf, commentId, redrawComment } from "./place.ts";
import { ask, type OwnComment } from "./server.ts";
import { say } from "./words.ts";

/** Let the author change this comment; gives what became of it, or nothing when the author gave up. */
export async function editInPlace(item: HTMLElement, marker: string): Promise<OwnComment | undefined> {
  const article = articleOf(item);
  if (!article || article.hidden) return undefined;
  const path = `/comments/${commentId(item)}`;
  const stored = await attempt(item, () => ask<OwnComment>("GET", path, marker));
  if (!stored) return undefined;

  const { form, area } = drawForm(stored.text);
  article.hidden = true;
  article.after(form);
  area.focus();
  const saved = await finished(form, () => {
    return ask<OwnComment>("PATCH", path, marker, { text: area.value, revision: stored.revision });
  });
  form.remove();
  article.hidden = false;
  if (saved) redrawComment(item, saved.fragment);
  return saved;
}

/** Wait until it is saved or given up; a refusal is said in the form, which stays. */
function finished(form: HTMLFormElement, save: () => Promise<OwnComment>): Promise<OwnComment | undefined> {
  return new Promise((resolve) => {
    form.querySelector(".buttons")?.append(wordButton(say("cancel"), () => resolve(undefined)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void attempt(form, save).then((saved) => saved && resolve(saved));
    });
  });
}

function drawForm(text: string): { form: HTMLFormElement; area: HTMLTextAreaElement } {
  const form = document.createElement("form");
  const area = document.createElement("textarea");
  const buttons = document.createElement("div");
  const save = document.createElement("button");
  form.className = "write open";
  buttons.className = "buttons";
  Object.assign(area, { value: text, dir: "auto", required: true, ariaLabel: say("edit") });
  Object.assign(save, { className: "primary", textContent: say("save") });
  buttons.append(save);
  form.append(area, buttons);
  return { form, area };
}
