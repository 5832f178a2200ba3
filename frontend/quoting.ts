// Quoting: a comment, or the passage that the reader selected, as Markdown lines.

/** "> " before each line, and room below for the answer. */
export function quoteLines(text: string): string {
  return `${text.trim().replace(/\n{3,}/g, "\n\n").replace(/^/gm, "> ").replace(/^> $/gm, ">")}\n\n`;
}

/** What is selected inside this element, else its own words without those it quotes. */
export function quotableText(text: HTMLElement): string {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && text.contains(selection.anchorNode) && text.contains(selection.focusNode)) {
    return selection.toString();
  }
  const own = [...text.children].filter((block) => block.tagName !== "BLOCKQUOTE");
  return own.map((block) => (block as HTMLElement).innerText.trim()).join("\n\n");
}

/** A word beside selected text; `quote` gets the words and the element that they stand in. */
export class Quoter {
  readonly #button = document.createElement("button");
  readonly #quote: (text: string, source: HTMLElement) => void;
  #timer = 0;

  constructor(word: string, quote: (text: string, source: HTMLElement) => void) {
    this.#quote = quote;
    this.#button.type = "button";
    this.#button.className = "quoter";
    this.#button.textContent = word;
    this.#button.hidden = true;
    document.body.append(this.#button);
  }

  // actions

  watch(signal: AbortSignal): void {
    document.addEventListener("selectionchange", () => this.#soon(), { signal });
    this.#button.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#button.addEventListener("click", () => this.#take(), { signal });
    signal.addEventListener("abort", () => this.#button.remove());
  }

  // private

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#show(), 200);
  }

  #show(): void {
    const selection = getSelection();
    this.#button.hidden = !selection || !sourceOf(selection);
    if (this.#button.hidden || !selection) return;
    const box = selection.getRangeAt(0).getBoundingClientRect();
    const room = document.documentElement.clientWidth - this.#button.offsetWidth - 8;
    this.#button.style.top = `${box.bottom + scrollY + 8}px`;
    this.#button.style.left = `${Math.max(8, Math.min(box.left, room)) + scrollX}px`;
  }

  #take(): void {
    const selection = getSelection();
    const source = selection && sourceOf(selection);
    if (!selection || !source) return;
    const text = selection.toString();
    this.#button.hidden = true;
    selection.removeAllRanges();
    this.#quote(text, source);
  }
}

function sourceOf(selection: Selection): HTMLElement | null {
  if (selection.isCollapsed || !selection.toString().trim()) return null;
  const source = selection.anchorNode?.parentElement?.closest<HTMLElement>(".comment .text, .prose") ?? null;
  return source?.contains(selection.focusNode) ? source : null;
}
