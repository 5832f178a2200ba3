// Votes without leaving the page. Whose they are, the script shows; the page is the same for everyone.

import { reasonOf } from "./attempt.ts";
import { commentId } from "./place.ts";
import { ask, type Tally } from "./server.ts";
import { say, showNumber } from "./words.ts";

/** Send the vote that this button stands for, or take it back; gives what to tell the reader. */
export async function vote(form: HTMLFormElement, button: HTMLButtonElement, marker: string): Promise<string> {
  const item = form.closest(".comment");
  if (!item) return "";
  const path = `/comments/${commentId(item)}/vote`;
  const back = button.getAttribute("aria-pressed") === "true";
  try {
    const tally = back
      ? await ask<Tally>("DELETE", path, marker)
      : await ask<Tally>("PUT", path, marker, { value: Number(button.value) });
    showTally(form, tally);
    return say(back ? "unvoted" : tally.counted ? "voted" : "votedLater");
  } catch (error) {
    return reasonOf(error);
  }
}

/** Press the button of the reader's own vote. */
export function showOwnVote(form: HTMLFormElement, mine: number): void {
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(Number(button.value) === mine));
  }
}

function showTally(form: HTMLFormElement, tally: Tally): void {
  const score = form.querySelector(".score");
  const sum = tally.up - tally.down;
  if (score) score.textContent = (sum < 0 ? "−" : "") + showNumber(Math.abs(sum));
  showOwnVote(form, tally.mine ?? 0);
}
