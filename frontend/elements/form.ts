// The form in which a comment is written: preview and post in place, a draft kept, a name remembered on request.
// On a page without the discussion (reply, preview) it posts as any form does.

import { reasonOf } from "../attempt.ts";
import { line, wordButton } from "../dom.ts";
import { keepAuthor, keepDraft, recallAuthor, recallDraft } from "../memory.ts";
import { Refused, ask, markerOf, randomName, type OwnComment } from "../server.ts";
import { say } from "../words.ts";

export interface Posted {
  answer: OwnComment;
  parentId: string | null;
}

export class WriteForm extends HTMLElement {
  #form!: HTMLFormElement;
  #listening = new AbortController();
  #key: string | undefined;
  #begun: number | undefined;
  #leaving = false;

  // lifecycle

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    this.#form = form;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    form.addEventListener("focusin", () => this.#begin(), { signal });
    form.addEventListener("input", () => this.#written(), { signal });
    form.addEventListener("keydown", (event) => this.#shortcut(event), { signal });
    form.addEventListener("submit", (event) => this.#submit(event), { signal });
    addEventListener("beforeunload", (event) => this.#warn(event), { signal });
    this.#recall();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }

  // actions

  /** A form of its own for a reply to this comment; `close` is called when the reader gives up. */
  replyTo(parentId: string, name: string, close: () => void): WriteForm {
    const copy = this.cloneNode(true) as WriteForm;
    const form = copy.querySelector("form") as HTMLFormElement;
    form.reset();
    for (const field of form.querySelectorAll<HTMLInputElement>(".fields input")) {
      field.value = (this.#form.elements.namedItem(field.name) as HTMLInputElement).value;
    }
    form.removeAttribute("id");
    form.classList.add("open");
    copy.querySelectorAll(".fault, .preview").forEach((element) => element.remove());
    form.querySelector("label > .unseen")?.replaceChildren(say("replyTo", { name }));
    const reply = document.createElement("input");
    Object.assign(reply, { type: "hidden", name: "reply_to", value: parentId });
    form.prepend(reply);
    form.querySelector(".buttons")?.append(wordButton(say("cancel"), close));
    return copy;
  }

  /** Put this in front of what is written, and the cursor behind it. */
  write(text: string): void {
    const { text: area } = this.#fields();
    if (!area.value.includes(text.trim())) area.value = area.value ? `${area.value.trimEnd()}\n\n${text}` : text;
    this.#form.classList.add("open");
    this.#written();
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  // private

  #begin(): void {
    this.#begun ??= performance.now();
    this.#form.classList.add("open");
  }

  #written(): void {
    this.#key = undefined;
    keepDraft(this.#place(), this.#fields().text.value);
  }

  #shortcut(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    this.#form.requestSubmit(this.#form.querySelector<HTMLButtonElement>("button.primary"));
  }

  #warn(event: BeforeUnloadEvent): void {
    const { text } = this.#fields();
    if (!this.#leaving && text.value.trim() && text.value !== text.defaultValue) event.preventDefault();
  }

  #submit(event: SubmitEvent): void {
    const discussion = this.closest<HTMLElement>("rejoinder-discussion");
    if (!discussion) {
      this.#leaving = true;
      this.#remember();
      keepDraft(this.#place(), "");
      return;
    }
    event.preventDefault();
    const button = event.submitter as HTMLButtonElement | null;
    const marker = markerOf(discussion);
    void this.#busy(button, () => (button?.name === "preview" ? this.#preview(marker) : this.#post(marker)));
  }

  async #busy(button: HTMLButtonElement | null, work: () => Promise<void>): Promise<void> {
    const word = button?.textContent ?? "";
    this.#clearFaults();
    if (button) button.disabled = true;
    if (button?.className === "primary") button.textContent = say("posting");
    try {
      await work();
    } catch (error) {
      this.#fail(error);
    } finally {
      if (button) Object.assign(button, { disabled: false, textContent: word });
    }
  }

  async #post(marker: string): Promise<void> {
    const { thread, url, text, reply_to, homepage } = this.#fields();
    const body = {
      thread: thread ? { id: thread.value } : { url: url?.value },
      text: text.value,
      ...(reply_to ? { reply_to: reply_to.value } : {}),
      author: this.#author(),
      homepage: homepage?.value ?? "",
      elapsed: Math.round(performance.now() - (this.#begun ?? 0)),
    };
    // The same key for the same words: a second try after a lost answer makes no second comment.
    this.#key ??= randomName();
    const answer = await ask<OwnComment>("POST", "/comments", marker, body, this.#key);
    const detail: Posted = { answer, parentId: reply_to?.value ?? null };
    this.#done();
    this.dispatchEvent(new CustomEvent("rejoinder:posted", { bubbles: true, detail }));
  }

  async #preview(marker: string): Promise<void> {
    const { html } = await ask<{ html: string }>("POST", "/preview", marker, { text: this.#fields().text.value });
    const box = document.createElement("div");
    box.className = "preview";
    box.setAttribute("role", "status");
    const text = document.createElement("div");
    text.className = "text";
    text.dir = "auto";
    text.innerHTML = html;
    box.append(line("hint", say("preview")), text);
    this.#form.querySelector(".preview")?.remove();
    this.#form.append(box);
  }

  #done(): void {
    keepDraft(this.#place(), "");
    this.#remember();
    this.#fields().text.value = "";
    this.#key = this.#begun = undefined;
    this.#form.querySelector(".preview")?.remove();
    this.#form.classList.remove("open");
  }

  #remember(): void {
    keepAuthor(this.#fields().remember?.checked ? this.#author() : undefined);
  }

  #recall(): void {
    const { text, name, email, website, remember } = this.#fields();
    const author = recallAuthor();
    if (author) {
      name.value ||= author.name ?? "";
      if (email) email.value ||= author.email ?? "";
      if (website) website.value ||= author.website ?? "";
      if (remember) remember.checked = true;
    }
    text.value ||= recallDraft(this.#place());
  }

  #author(): Record<string, string> {
    const { name, email, website } = this.#fields();
    return Object.fromEntries([name, email, website].flatMap((field) => (field?.value ? [[field.name, field.value]] : [])));
  }

  #fail(error: unknown): void {
    const refused = error instanceof Refused ? error : undefined;
    const fault = line("fault", reasonOf(error));
    fault.setAttribute("role", "alert");
    const field = refused?.field && this.#form.elements.namedItem(refused.field.split(".").at(-1) ?? "");
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      field.setAttribute("aria-invalid", "true");
      field.closest("label")?.append(fault);
      field.focus();
    } else this.#form.querySelector(".buttons")?.before(fault);
  }

  #clearFaults(): void {
    this.#form.querySelectorAll(".fault").forEach((fault) => fault.remove());
    this.#form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  }

  /** What a draft belongs to: the discussion and, in it, the comment that is answered. */
  #place(): string {
    const { thread, url, reply_to } = this.#fields();
    return [thread?.value ?? url?.value, reply_to?.value].filter(Boolean).join("/");
  }

  #fields(): Fields {
    return this.#form.elements as unknown as Fields;
  }
}

interface Fields {
  text: HTMLTextAreaElement;
  name: HTMLInputElement;
  email?: HTMLInputElement;
  website?: HTMLInputElement;
  remember?: HTMLInputElement;
  homepage?: HTMLInputElement;
  thread?: HTMLInputElement;
  url?: HTMLInputElement;
  reply_to?: HTMLInputElement;
}
