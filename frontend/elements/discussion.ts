// A discussion: what a reader does with its comments, in place. Every act here is a link or a form that works without it.

import { announce, leadTo, wordButton } from "../dom.ts";
import { showMine } from "../mine.ts";
import { showStanding } from "../own.ts";
import { commentId, findComment, fromFragment, placeComment } from "../place.ts";
import { Quoter, quotableText, quoteLines } from "../quoting.ts";
import { isKnown, markerOf } from "../server.ts";
import { vote } from "../votes.ts";
import { say, sayCount } from "../words.ts";
import type { Posted, WriteForm } from "./form.ts";

export class Discussion extends HTMLElement {
  #listening = new AbortController();

  // lifecycle

  connectedCallback(): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.addEventListener("rejoinder:posted", (event) => this.#posted(event as CustomEvent<Posted>), { signal });
    if (this.#mainForm()) new Quoter(say("quote"), (text, source) => this.#quote(text, source)).watch(signal);
    this.querySelectorAll<HTMLElement>(".comment:has(> .replies)").forEach((item) => this.#offerFolding(item));
    if (isKnown(markerOf(this)) && this.dataset["thread"]) void showMine(this);
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }

  // actions

  #click(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a");
    const item = link?.closest<HTMLElement>(".comment");
    if (!link || !item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const act = this.#actOf(link, item);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #actOf(link: HTMLAnchorElement, item: HTMLElement): (() => void) | undefined {
    const form = this.#mainForm();
    if (link.matches(".reply")) return form && (() => this.#reply(form, item));
    if (link.matches(".quote")) return form && (() => this.#reply(form, item, quotableText(textOf(item))));
    if (link.matches(".share")) return () => void this.#share(link);
    const parent = link.matches(".to") && findComment(this, link.pathname.split("/").at(-1) ?? "");
    return parent ? () => leadTo(parent) : undefined;
  }

  // private

  #reply(form: WriteForm, item: HTMLElement, quote = ""): void {
    let reply = item.querySelector<WriteForm>(":scope > rejoinder-form");
    if (!reply) {
      const close = (): void => {
        reply?.remove();
        item.querySelector<HTMLElement>(":scope > article .reply")?.focus();
      };
      reply = form.replyTo(commentId(item), item.querySelector("h3")?.textContent ?? "", close);
      item.querySelector(":scope > article")?.after(reply);
    }
    reply.write(quote ? quoteLines(quote) : "");
  }

  #quote(text: string, source: HTMLElement): void {
    const form = this.#mainForm();
    const item = source.closest<HTMLElement>(".comment");
    if (!form) return;
    if (item) this.#reply(form, item, text);
    else form.write(quoteLines(text));
  }

  async #share(link: HTMLAnchorElement): Promise<void> {
    try {
      if (navigator.maxTouchPoints && navigator.share) return await navigator.share({ url: link.href });
      await navigator.clipboard.writeText(link.href);
    } catch (error) {
      if ((error as Error).name !== "AbortError") location.assign(link.href);
      return;
    }
    const word = link.textContent;
    link.textContent = say("copied");
    announce(this, say("copied"));
    setTimeout(() => (link.textContent = word), 2000);
  }

  #submit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!form.matches(".votes") || !(event.submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void vote(form, event.submitter, markerOf(this)).then((words) => announce(this, words));
  }

  #posted({ detail: { answer, parentId }, target }: CustomEvent<Posted>): void {
    if (parentId) (target as Element).remove();
    const item = findComment(this, answer.id) ?? fromFragment(answer.fragment);
    if (!item) return location.assign(answer.permalink);
    if (!item.isConnected) {
      placeComment(this, item, parentId);
      if (answer.status === "published") this.#count();
    }
    showStanding(this, item, answer);
    announce(this, say(answer.status === "published" ? "posted" : "is_held"));
    leadTo(item);
  }

  #count(): void {
    const heading = this.querySelector<HTMLElement>("#count");
    if (!heading) return;
    const count = Number(heading.dataset["count"]) + 1;
    heading.dataset["count"] = String(count);
    heading.textContent = sayCount(count);
  }

  #offerFolding(item: HTMLElement): void {
    const fold = wordButton(say("fold"), () => {
      const folded = item.classList.toggle("folded");
      fold.textContent = say(folded ? "unfold" : "fold");
      fold.setAttribute("aria-expanded", String(!folded));
    });
    fold.setAttribute("aria-expanded", "true");
    const row = item.querySelector(":scope > article > .do");
    const votes = row?.querySelector(".votes");
    if (votes) votes.before(fold);
    else row?.append(fold);
  }

  #mainForm(): WriteForm | undefined {
    return this.querySelector<WriteForm>(":scope > rejoinder-form") ?? undefined;
  }
}

function textOf(item: HTMLElement): HTMLElement {
  return item.querySelector<HTMLElement>(":scope > article > .text") ?? item;
}
